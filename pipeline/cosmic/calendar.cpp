#include "pipeline/cosmic/calendar.hpp"

#include "pipeline/cosmic/sky.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace pipeline {
namespace {

using core::Nanoseconds;

constexpr double day_ns = 86'400e9;

Nanoseconds days(double count) noexcept {
    return Nanoseconds{static_cast<std::int64_t>(std::llround(count * day_ns))};
}

Nanoseconds to_the_second(Nanoseconds time) noexcept {
    return core::floor_to(time + std::chrono::milliseconds{500}, std::chrono::seconds{1});
}

/// The Moon's elongation as an unwrapped angle, within .54°: a guess in nanoseconds where the full series takes a
/// millisecond. Source: Meeus, Astronomical Algorithms, 2nd ed., chapter 48.
double rough_elongation(Nanoseconds terrestrial) noexcept {
    const double t = (static_cast<double>(terrestrial.count()) / day_ns - 10957.5) / 36525;  // centuries since J2000
    const double d = 297.8501921 + 445267.1114034 * t - 0.0018819 * t * t;
    const double sun = 357.5291092 + 35999.0502909 * t - 0.0001536 * t * t;
    const double moon = 134.9633964 + 477198.8675055 * t + 0.0087414 * t * t;
    const auto sine = [](double degrees) noexcept { return std::sin(degrees * std::numbers::pi / 180); };
    return d + 6.289 * sine(moon) - 2.100 * sine(sun) + 1.274 * sine(2 * d - moon) + 0.658 * sine(2 * d) +
           0.214 * sine(2 * moon) + 0.110 * sine(d);
}

/// Degrees a day, 11 to 13.5.
double rough_rate(Nanoseconds terrestrial) noexcept {
    constexpr auto reach = std::chrono::hours{1};
    return (rough_elongation(terrestrial + reach) - rough_elongation(terrestrial - reach)) * 12;
}

/// When the elongation, unwrapped, is `target`: first by the rough series, then by the full one.
Nanoseconds when_elongation_is(double target, Nanoseconds guess) noexcept {
    for (int i = 0; i < 20; ++i) guess += days((target - rough_elongation(guess)) / rough_rate(guess));
    for (int i = 0; i < 6; ++i) {
        const double missing = wrap_180(target - moon_at(guess).elongation_deg);
        guess += days(missing / rough_rate(guess));
        if (std::abs(missing) < .002) break;  // the rate is right within a percent: what is left is below a second
    }
    return guess;
}

bool retrograde_at(Nanoseconds time) noexcept {
    return apparent_mercury_rate(time + terrestrial_ahead) < 0;
}

Nanoseconds start_of(int year) noexcept {
    return std::chrono::sys_days{std::chrono::year{year} / 1 / 1}.time_since_epoch();
}

}  // namespace

std::string_view name(MoonPhase phase) noexcept {
    static constexpr std::array<std::string_view, 4> names{"new", "first quarter", "full", "last quarter"};
    return names[static_cast<std::size_t>(phase)];
}

std::vector<MoonEvent> moon_events(Nanoseconds from, Nanoseconds to) {
    std::vector<MoonEvent> events;
    const auto begin = from + terrestrial_ahead;
    // One quarter earlier than the rough series says: it may be an hour off.
    for (double quarter = std::floor(rough_elongation(begin) / 90) - 1;; ++quarter) {
        const double behind = quarter * 90 - rough_elongation(begin);
        const auto time =
            to_the_second(when_elongation_is(quarter * 90, begin + days(behind / 12.19)) - terrestrial_ahead);
        if (time >= to) return events;
        if (time >= from) events.push_back({time, static_cast<MoonPhase>(static_cast<std::int64_t>(quarter) & 3)});
    }
}

std::vector<Station> mercury_stations(Nanoseconds from, Nanoseconds to) {
    constexpr auto step = std::chrono::days{5};  // Mercury is never retrograde for less than nineteen
    std::vector<Station> stations;
    bool before = retrograde_at(from);
    for (auto at = from; at < to; at += step) {
        auto late = std::min<Nanoseconds>(at + step, to), early = at;
        const bool after = retrograde_at(late);
        if (after == before) continue;
        while (late - early > std::chrono::milliseconds{500}) {
            const auto middle = early + (late - early) / 2;
            (retrograde_at(middle) == before ? early : late) = middle;
        }
        stations.push_back({.time = to_the_second(late),
                            .retrograde = after,
                            .longitude_deg = apparent_mercury(late + terrestrial_ahead)});
        before = after;
    }
    return stations;
}

SkyCalendar sky_calendar(int year) {
    if (year < first_calendar_year || year > last_calendar_year)
        throw std::invalid_argument{
            fmt::format("calendar {}: expected a year from {} to {}", year, first_calendar_year, last_calendar_year)};
    const auto from = start_of(year), to = start_of(year + 1);
    return {
        .moon = moon_events(from, to), .mercury = mercury_stations(from, to), .begins_retrograde = retrograde_at(from)};
}

}  // namespace pipeline
