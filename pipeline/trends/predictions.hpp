#pragma once

#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

#include <cstdint>
#include <string_view>

namespace pipeline {

enum class TrendClass : std::uint8_t { unknown, bearish, neutral, bullish };
enum class HarmonyBand : std::uint8_t { unknown, poor, mixed, good, excellent };

/// What is known of a model's worth: not enough labels yet, skill above 0, or none.
enum class Standing : std::uint8_t { unproven, calibrated, uncalibrated };

std::string_view name(TrendClass) noexcept;
std::string_view name(HarmonyBand) noexcept;
std::string_view name(Standing) noexcept;

/// What one model says of the coming `ai.horizon_bars`.
struct Prediction {
    double p{core::unknown};  ///< of the label 1: blend of the two below
    double online{core::unknown}, trees{core::unknown};
    double skill{core::unknown};  ///< 1 − Brier/(ȳ(1−ȳ)) over the rolling window
    std::uint64_t labels{};       ///< learnt from, in total
    Standing standing{};
    bool usable{};  ///< bots may listen: p is known and, with `ai.require_skill`, skill was measured above 0
};

/// Section written by AiStage on the close of a 1-minute bar; a reader that needs the last one keeps it.
struct Predictions {
    bool fresh{};            ///< everything below is new with this tick; else it is of an older one
    std::uint8_t missing{};  ///< features that were unknown
    TrendClass trend{};      ///< of direction.p
    HarmonyBand band{};
    core::Nanoseconds time{};            ///< end of the bar
    Prediction direction{};              ///< +X is reached before −X
    Prediction trap{};                   ///< a directional trap of medium severity or more comes
    double confidence{core::unknown};    ///< of the direction, 0..1
    double forecast_bps{core::unknown};  ///< sign of the trend class times X; the magnitude is X, not an estimate
    double harmony{core::unknown};       ///< 0..10
};

}  // namespace pipeline
