#pragma once

#include "core/domain/time.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pipeline {

enum class MoonPhase : std::uint8_t { new_moon, first_quarter, full_moon, last_quarter };
std::string_view name(MoonPhase phase) noexcept;  ///< "new", "first quarter", "full", "last quarter"

struct MoonEvent {
    core::Nanoseconds time{};  ///< UTC, to the second; right within two minutes
    MoonPhase phase{};
};

/// Mercury stands still and turns.
struct Station {
    core::Nanoseconds time{};  ///< UTC, to the second; right within two minutes
    bool retrograde{};         ///< turns backwards, else direct again
    double longitude_deg{};    ///< where it stands, equinox of date
};

/// What the sky does in a year, in order of time. For displays: decisions use the conditions of a bucket.
struct SkyCalendar {
    std::vector<MoonEvent> moon;
    std::vector<Station> mercury;
    bool begins_retrograde{};  ///< Mercury at the first moment of the year
};

inline constexpr int first_calendar_year = 1970, last_calendar_year = 2100;

/// The calendar of a year (UTC). Throws std::invalid_argument outside 1970..2100. About half a second.
SkyCalendar sky_calendar(int year);

/// New and full moons, quarters, of [from, to).
std::vector<MoonEvent> moon_events(core::Nanoseconds from, core::Nanoseconds to);
/// Mercury's stations of [from, to).
std::vector<Station> mercury_stations(core::Nanoseconds from, core::Nanoseconds to);

}  // namespace pipeline
