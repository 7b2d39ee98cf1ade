#pragma once

#include "core/domain/time.hpp"

namespace pipeline {

/// The sky at a time, by libnova (VSOP87, ELP2000-82B): cold side only, for the Moon takes a fifth of a millisecond.
/// Any thread: libnova's series cache their last argument, so a lock stands before them. `time` is taken as terrestrial
/// time. Conditions pass universal time for it (spec/cosmic.md section 2: an error below .02°); who wants instants adds
/// `terrestrial_ahead` first.

/// Terrestrial time − UTC in 2020–2030 (69.2 s); off by less than half a minute from 1970 to 2050.
inline constexpr core::Nanoseconds terrestrial_ahead = std::chrono::milliseconds{69'200};

struct Moon {
    double elongation_deg{};  ///< ecliptic longitude Moon − Sun, [0, 360): 0 new, 180 full
    double illumination{};    ///< lit share of the disc, 0..1
};
Moon moon_at(core::Nanoseconds time) noexcept;

struct Mercury {
    double longitude_deg{};     ///< geocentric ecliptic longitude, equinox of date, [0, 360)
    double rate_deg_per_day{};  ///< over the day around the time; below zero: retrograde
};
Mercury mercury_at(core::Nanoseconds time) noexcept;

/// The lit share of the disc as it is seen, from Sun, Earth and Moon in space: up to .0013 from `illumination`, which
/// leaves the Moon's distance and latitude out.
double lit_disc(core::Nanoseconds time) noexcept;

/// Where Mercury is seen: its longitude with the aberration of light (up to 20.5″ from `mercury_at`), and the rate of
/// that over the six hours around the time. Sharp enough to find a station to the minute.
double apparent_mercury(core::Nanoseconds time) noexcept;
double apparent_mercury_rate(core::Nanoseconds time) noexcept;

/// The Julian day of a time, days since noon of 1 January 4713 BC.
double julian_day(core::Nanoseconds time) noexcept;
/// Days since the mean new Moon, [0, 29.53…): up to .6 of a day from the true new Moon, .9 elsewhere. For people only.
double mean_moon_age_days(core::Nanoseconds time) noexcept;

/// (1 − cos E)/2 of an elongation in degrees.
double illumination(double elongation_deg) noexcept;

/// Degrees into [0, 360) and into [−180, 180).
double wrap_360(double degrees) noexcept;
double wrap_180(double degrees) noexcept;

}  // namespace pipeline
