#pragma once

#include "pipeline/trends/predictions.hpp"

/// From probabilities to what is told of them (spec/trends.md section 3): pure functions.
namespace pipeline::ai {

/// Weighted mean of two probabilities in logits; `share` is the second's. One unknown: the other alone.
[[nodiscard]] double blend(double online, double trees, double share) noexcept;

/// p >= .55 bullish, <= .45 bearish.
[[nodiscard]] constexpr TrendClass trend_class(double p) noexcept {
    if (!core::known(p)) return TrendClass::unknown;
    return p >= .55 ? TrendClass::bullish : p <= .45 ? TrendClass::bearish : TrendClass::neutral;
}

/// 2·|p − .5|.
[[nodiscard]] constexpr double confidence(double p) noexcept {
    return p < .5 ? 2 * (.5 - p) : 2 * (p - .5);
}

/// 0..10 from the confidences of trend and price, the probability of a trap, and whether the class agrees with the last
/// 20-bar change. An unknown part leaves it unknown.
[[nodiscard]] double harmony(double trend_confidence, double price_confidence, double p_trap, TrendClass trend,
                             double change_bps) noexcept;

[[nodiscard]] constexpr HarmonyBand harmony_band(double score) noexcept {
    if (!core::known(score)) return HarmonyBand::unknown;
    if (score > 8) return HarmonyBand::excellent;
    if (score > 6) return HarmonyBand::good;
    return score > 4 ? HarmonyBand::mixed : HarmonyBand::poor;
}

}  // namespace pipeline::ai
