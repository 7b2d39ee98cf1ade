#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/fibonacci/levels.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace strategies {

/// A Fibonacci level of a leg, as it lies to a position.
struct PositionLevel {
    pipeline::Ratio ratio{};
    double price{};
};
std::string_view label(pipeline::Ratio ratio) noexcept;  ///< "61.8 %", …

/// Where a position may end (spec/bots.md section 8). Advice only.
struct PositionLevels {
    std::vector<PositionLevel> favourable, adverse;  ///< nearest first; a level at the price itself is neither
    std::optional<PositionLevel> target;             ///< favourable .618, else the nearest favourable
    std::optional<PositionLevel> stop;               ///< adverse .382, else the nearest adverse
};

/// Levels of the instrument's active leg around `price` (the mark). Nothing without a leg, or for one shorter than
/// `min_range_bps`: then there is no advice.
std::optional<PositionLevels> levels_for(const pipeline::Leg& leg, core::Side side, double price,
                                         double min_range_bps = 10);

}  // namespace strategies
