#pragma once

#include "core/domain/unknown.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Conditions to values (spec/cosmic.md section 2): pure tables. An unknown condition has an unknown value.
namespace pipeline {

/// In the order in which contributions are summed.
enum class Factor : std::uint8_t {
    moon_phase,
    schumann_resonance,
    geographic,
    global_sentiment,
    market_liquidity,
    time_cycle,
    circadian,
    mercury_retrograde,
    placebo
};
inline constexpr std::size_t factor_count = 9;
std::string_view name(Factor factor) noexcept;  ///< "moon_phase", …

/// A condition's name and what it is worth.
struct Reading {
    std::string_view condition{"unknown"};
    double value{core::unknown};
};

enum class MoonBand : std::uint8_t {
    new_moon,
    waxing_crescent,
    first_quarter,
    waxing_gibbous,
    full_moon,
    waning_gibbous,
    last_quarter,
    waning_crescent
};
/// The eighth of the circle around new, first quarter, … that holds an elongation in degrees.
MoonBand moon_band(double elongation_deg) noexcept;
std::string_view name(MoonBand band) noexcept;  ///< "new", "waxing crescent", …

Reading moon_reading(double elongation_deg) noexcept;
Reading mercury_reading(double rate_deg_per_day) noexcept;  ///< "retrograde" or "direct"
Reading schumann_reading(double hz) noexcept;               ///< outside (0, 100): unknown
Reading liquidity_reading(double rank) noexcept;            ///< L, 0..1
Reading sentiment_reading(double index) noexcept;           ///< fear-and-greed index, 0..100

/// L of section 2: depth, spread and volume as percentile ranks 0..1.
constexpr double liquidity_rank(double depth, double spread, double volume) noexcept {
    return (depth + 1 - spread + volume) / 3;
}

/// weekday: 0 = Sunday; hour: 0..23; both local.
double time_cycle_value(int weekday, int hour) noexcept;

struct Circadian {
    double alertness{core::unknown}, discipline{core::unknown};
};
Circadian circadian_value(int hour) noexcept;

struct Geographic {
    std::string_view condition{"unknown"};
    double risk{core::unknown}, vitality{core::unknown};
};
/// latitude: degrees, north positive; month: 1..12.
Geographic geographic_value(double latitude, int month) noexcept;

}  // namespace pipeline
