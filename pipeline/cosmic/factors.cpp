#include "pipeline/cosmic/factors.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace pipeline {
namespace {

constexpr double above = std::numeric_limits<double>::infinity();

/// One row of a banded table: it holds what lies below `below` and above the row before.
struct Band {
    double below;
    std::string_view condition;
    double value;
};

Reading read(std::span<const Band> table, double x) noexcept {
    for (const Band& band : table)
        if (x < band.below) return {band.condition, band.value};
    return {};  // unknown: NaN is below nothing
}

constexpr std::array<Band, 8> moon_table{{{1, "new", 0},
                                          {2, "waxing crescent", .2},
                                          {3, "first quarter", .3},
                                          {4, "waxing gibbous", .4},
                                          {5, "full", .5},
                                          {6, "waning gibbous", .3},
                                          {7, "last quarter", .2},
                                          {8, "waning crescent", .1}}};

constexpr std::array<Band, 6> schumann_table{{{6.5, "very low", -.3},
                                              {7.4, "low", -.1},
                                              {8.6, "baseline", 0},
                                              {9.6, "elevated", .2},
                                              {12, "high", .4},
                                              {above, "very high", .6}}};

constexpr std::array<Band, 5> liquidity_table{
    {{.1, "dry", -.3}, {.3, "restricted", -.1}, {.7, "normal", 0}, {.9, "flowing", .1}, {above, "abundant", .2}}};

constexpr std::array<Band, 7> sentiment_table{{{10, "despair", -.5},
                                               {25, "fearful", -.3},
                                               {40, "pessimistic", -.3},
                                               {47, "cautious", -.1},
                                               {55, "neutral", 0},
                                               {80, "optimistic", .2},
                                               {above, "euphoric", .4}}};

}  // namespace

std::string_view name(Factor factor) noexcept {
    static constexpr std::array<std::string_view, factor_count> names{
        "moon_phase", "schumann_resonance", "geographic",         "global_sentiment", "market_liquidity",
        "time_cycle", "circadian",          "mercury_retrograde", "placebo"};
    return names[static_cast<std::size_t>(factor)];
}

MoonBand moon_band(double elongation_deg) noexcept {
    return static_cast<MoonBand>(static_cast<int>(std::floor((elongation_deg + 22.5) / 45)) % 8);
}

std::string_view name(MoonBand band) noexcept {
    return moon_table[static_cast<std::size_t>(band)].condition;
}

Reading moon_reading(double elongation_deg) noexcept {
    if (!core::known(elongation_deg)) return {};
    const Band& band = moon_table[static_cast<std::size_t>(moon_band(elongation_deg))];
    return {band.condition, band.value};
}

Reading mercury_reading(double rate_deg_per_day) noexcept {
    if (!core::known(rate_deg_per_day)) return {};
    return rate_deg_per_day < 0 ? Reading{"retrograde", .2} : Reading{"direct", 0};
}

Reading schumann_reading(double hz) noexcept {
    return hz > 0 && hz < 100 ? read(schumann_table, hz) : Reading{};
}
Reading liquidity_reading(double rank) noexcept {
    return rank >= 0 && rank <= 1 ? read(liquidity_table, rank) : Reading{};
}
Reading sentiment_reading(double index) noexcept {
    return index >= 0 && index <= 100 ? read(sentiment_table, index) : Reading{};
}

double time_cycle_value(int weekday, int hour) noexcept {
    constexpr int monday = 1, friday = 5;
    const double day = weekday == monday ? -.15 : weekday == friday ? .10 : 0;
    const double time = hour == 9 || hour == 10 ? .10 : hour == 15 || hour == 16 ? .15 : 0;
    return day + time;
}

Circadian circadian_value(int hour) noexcept {
    if (hour >= 1 && hour <= 4) return {-.3, -.1};
    if (hour >= 5 && hour <= 9) return {.1, 0};
    if (hour >= 10 && hour <= 14) return {.3, .1};
    if (hour >= 15 && hour <= 17) return {.1, 0};
    if (hour >= 18 && hour <= 21) return {.2, -.05};
    return {-.1, -.1};  // 22, 23, 0
}

Geographic geographic_value(double latitude, int month) noexcept {
    if (!core::known(latitude)) return {};
    if (std::abs(latitude) < 10) return {"tropic", .1, .1};
    const bool cold_north = month >= 11 || month <= 2, cold_south = month >= 5 && month <= 8;
    const bool north = latitude > 0;
    if (north ? cold_north : cold_south) return {"winter", -.1, -.2};
    if (north ? cold_south : cold_north) return {"summer", .2, .3};
    return {"neutral", 0, 0};
}

}  // namespace pipeline
