#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/cosmic/settings.hpp"

#include <span>

namespace pipeline {

/// The newest measurements from outside, with the time of each; NaN = never given.
struct ConditionInputs {
    double schumann_hz{core::unknown};
    core::Nanoseconds schumann_time{};
    double sentiment{core::unknown};
    core::Nanoseconds sentiment_time{};
    double liquidity{core::unknown};  ///< L of section 2; not given: the stage ranks its own books
};

inline constexpr std::size_t max_conditions = 8;

/// The `condition` ticks of the bucket that starts at `bucket_start`: a pure function of its arguments, for the cold
/// side (it computes the sky). Only factors that count get a tick; what is unknown or too old is NaN. `value`, `aux`
/// are
///   moon: elongation °, illumination · mercury: rate °/day, longitude ° · time_cycle: local weekday (0 = Sunday), hour
///   · circadian: local hour · geographic: latitude °, month · schumann: Hz · liquidity: L · sentiment: index
/// ticks: room for max_conditions. Returns how many were written; none while nothing asks for any.
std::size_t make_conditions(core::Nanoseconds bucket_start, const CosmicSettings& settings,
                            const ConditionInputs& inputs, std::span<core::Tick> ticks) noexcept;

}  // namespace pipeline
