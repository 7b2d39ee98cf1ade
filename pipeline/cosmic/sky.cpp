#include "pipeline/cosmic/sky.hpp"

#include <libnova/lunar.h>
#include <libnova/mercury.h>
#include <libnova/precession.h>
#include <libnova/solar.h>
#include <libnova/transform.h>

#include <cmath>
#include <numbers>

namespace pipeline {
namespace {

double julian_day(core::Nanoseconds time) noexcept {
    return 2440587.5 + static_cast<double>(time.count()) / 86'400e9;
}

double wrap_360(double degrees) noexcept {
    const double rest = std::fmod(degrees, 360);
    return rest < 0 ? rest + 360 : rest;
}

double mercury_longitude(double day) noexcept {
    ln_equ_posn j2000{}, of_date{};
    ln_lnlat_posn ecliptic{};
    ln_get_mercury_equ_coords(day, &j2000);
    ln_get_equ_prec(&j2000, day, &of_date);  // libnova's planets are referred to J2000
    ln_get_ecl_from_equ(&of_date, day, &ecliptic);
    return wrap_360(ecliptic.lng);
}

}  // namespace

double illumination(double elongation_deg) noexcept {
    return (1 - std::cos(elongation_deg * std::numbers::pi / 180)) / 2;
}

Moon moon_at(core::Nanoseconds time) noexcept {
    const double day = julian_day(time);
    ln_lnlat_posn moon{}, sun{};
    ln_get_lunar_ecl_coords(day, &moon, 0);
    ln_get_solar_ecl_coords(day, &sun);
    const double elongation = wrap_360(moon.lng - sun.lng);
    return {.elongation_deg = elongation, .illumination = illumination(elongation)};
}

Mercury mercury_at(core::Nanoseconds time) noexcept {
    const double day = julian_day(time);
    const double moved = mercury_longitude(day + .5) - mercury_longitude(day - .5);
    return {.longitude_deg = mercury_longitude(day), .rate_deg_per_day = wrap_360(moved + 180) - 180};
}

}  // namespace pipeline
