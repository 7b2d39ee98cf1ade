#pragma once

#include "core/domain/instrument.hpp"
#include "pipeline/trends/trends.hpp"
#include "tools/omega/trends/foresight.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace omega {

/// What became of one instrument's trends: the newest of every timeframe, its patterns, what is predicted, and samples
/// for a picture.
struct TrendStory {
    struct Sample {
        core::Nanoseconds time{};
        double close{}, alignment{core::unknown};
        pipeline::SlowRegime regime{};
    };
    core::Nanoseconds time{};
    pipeline::TrendFace face{};
    std::array<pipeline::TimeframeTrend, pipeline::max_timeframes> frames{};
    std::array<std::uint64_t, pipeline::max_timeframes> bars{};
    std::vector<pipeline::PatternEvent> patterns;
    std::vector<Sample> samples;          ///< one a closed bar of the shortest timeframe
    pipeline::Predictions predictions{};  ///< the newest; none (`fresh` false) before the first closed minute
    std::uint64_t predicted{};            ///< minutes with a probability

    /// What the slot told.
    struct News {
        bool state{};  ///< the face changed, or the class or band of what is predicted
        bool patterns{};
    };
    News on(const Foresight::Slot& slot, const core::Instrument& instrument);
};

/// The story's present state: `instrument, time, alignment, bias, …, prediction: {…}|null, timeframes: […]`.
nlohmann::ordered_json to_json(const TrendStory& story, const core::Instrument& instrument,
                               const pipeline::Timeframes& timeframes);
nlohmann::ordered_json to_json(const pipeline::PatternEvent& pattern, const core::Instrument& instrument,
                               const pipeline::Timeframes& timeframes);

/// With so many decimals, or "unknown".
std::string number_text(double x, int decimals);

/// "15m", "4h", "1d", "5s".
std::string width_text(std::uint32_t seconds);

}  // namespace omega
