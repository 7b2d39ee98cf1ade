#include "pipeline/trends/predictions.hpp"
#include "pipeline/trends/trends.hpp"

namespace pipeline {

std::string_view name(Movement movement) noexcept {
    static constexpr std::array<std::string_view, 7> names{
        "unknown", "subtle", "mild", "moderate", "aggressive", "very_aggressive", "extremely_aggressive"};
    return names[static_cast<std::size_t>(movement)];
}

std::string_view name(Bias bias) noexcept {
    static constexpr std::array<std::string_view, 6> names{"unknown", "strong_bearish", "bearish",
                                                           "neutral", "bullish",        "strong_bullish"};
    return names[static_cast<std::size_t>(bias)];
}

std::string_view name(SlowRegime regime) noexcept {
    static constexpr std::array<std::string_view, 7> names{"unknown", "volatile", "trending_up", "trending_down",
                                                           "quiet",   "ranging",  "transition"};
    return names[static_cast<std::size_t>(regime)];
}

std::string_view name(PatternKind kind) noexcept {
    static constexpr std::array<std::string_view, pattern_kind_count> names{"gartley", "bat",        "butterfly",
                                                                            "crab",    "double_top", "double_bottom"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name(TrendClass trend) noexcept {
    static constexpr std::array<std::string_view, 4> names{"unknown", "bearish", "neutral", "bullish"};
    return names[static_cast<std::size_t>(trend)];
}

std::string_view name(HarmonyBand band) noexcept {
    static constexpr std::array<std::string_view, 5> names{"unknown", "poor", "mixed", "good", "excellent"};
    return names[static_cast<std::size_t>(band)];
}

std::string_view name(Standing standing) noexcept {
    static constexpr std::array<std::string_view, 3> names{"unproven", "calibrated", "uncalibrated"};
    return names[static_cast<std::size_t>(standing)];
}

std::string_view trend_name(TrendState state) noexcept {
    static constexpr std::array<std::string_view, 5> names{"strong_bearish", "bearish", "neutral", "bullish",
                                                           "strong_bullish"};
    return state < -2 || state > 2 ? "unknown" : names[static_cast<std::size_t>(state + 2)];
}

std::string trend_label(double volatility_rank, Bias bias) {
    if (!core::known(volatility_rank) || bias == Bias::unknown) return "unknown";
    static constexpr std::array<std::string_view, 6> biases{"",        "Strong Bearish", "Bearish",
                                                            "Neutral", "Bullish",        "Strong Bullish"};
    const std::string_view word = volatility_rank >= .8 ? "High" : volatility_rank >= .5 ? "Moderate" : "Low";
    return std::string{word} + " Volatility " + std::string{biases[static_cast<std::size_t>(bias)]};
}

}  // namespace pipeline
