#pragma once

#include "core/domain/time.hpp"

namespace pipeline {

/// The sky at a time, by libnova: cold side only (its series cache their last argument, so one thread at a time).
/// Universal time is used as terrestrial time: an error below .02°.

struct Moon {
    double elongation_deg{};  ///< ecliptic longitude Moon − Sun, [0, 360): 0 new, 180 full
    double illumination{};    ///< lit share of the disc, 0..1
};
Moon moon_at(core::Nanoseconds time) noexcept;

struct Mercury {
    double longitude_deg{};     ///< geocentric ecliptic longitude, equinox of date, [0, 360)
    double rate_deg_per_day{};  ///< below zero: retrograde
};
Mercury mercury_at(core::Nanoseconds time) noexcept;

/// (1 − cos E)/2 of an elongation in degrees.
double illumination(double elongation_deg) noexcept;

}  // namespace pipeline
