#include "pipeline/cosmic/sky.hpp"

#include <libnova/lunar.h>
#include <libnova/mercury.h>
#include <libnova/nutation.h>
#include <libnova/precession.h>
#include <libnova/solar.h>
#include <libnova/transform.h>

#include <cmath>
#include <mutex>
#include <numbers>

namespace pipeline {
namespace {

std::mutex one_at_a_time;  // libnova keeps its last argument and sums in static variables

/// Radians below which a term of the Moon's series is left out: a ninth of the time, for 0.00003° at most among 300
/// times of 30 years. Universal time taken for terrestrial time costs .01° (spec/cosmic.md section 2).
constexpr double least_term = 1e-8;

/// libnova takes the nutation of a tenth of a day ago for that of now, and its sums begin where the last question left
/// them: what it says would depend, in its last bits, on what it was asked before. Two days of antiquity, asked in this
/// order, leave it in one state whatever came first.
void forget_nutation() noexcept {
    ln_nutation unused{};
    ln_get_nutation(1000, &unused);
    ln_get_nutation(2000, &unused);
}

double longitude_on(double day) noexcept {
    ln_equ_posn j2000{}, of_date{};
    ln_lnlat_posn ecliptic{};
    const std::lock_guard hold{one_at_a_time};
    forget_nutation();
    ln_get_mercury_equ_coords(day, &j2000);
    ln_get_equ_prec(&j2000, day, &of_date);  // libnova's planets are referred to J2000
    ln_get_ecl_from_equ(&of_date, day, &ecliptic);
    return wrap_360(ecliptic.lng);
}

/// With annual aberration, Meeus (23.2) without its terms in the Earth's eccentricity and Mercury's latitude.
double apparent_on(double day) noexcept {
    constexpr double constant_deg = 20.49552 / 3600;
    const double longitude = longitude_on(day);
    ln_lnlat_posn sun{};
    {
        const std::lock_guard hold{one_at_a_time};
        forget_nutation();
        ln_get_solar_ecl_coords(day, &sun);
    }
    return wrap_360(longitude - constant_deg * std::cos((sun.lng - longitude) * std::numbers::pi / 180));
}

}  // namespace

double julian_day(core::Nanoseconds time) noexcept {
    return 2440587.5 + static_cast<double>(time.count()) / 86'400e9;
}

double mean_moon_age_days(core::Nanoseconds time) noexcept {
    constexpr double new_moon = 2451550.1, month = 29.530588853;
    const double age = std::fmod(julian_day(time) - new_moon, month);
    return age < 0 ? age + month : age;
}

double wrap_360(double degrees) noexcept {
    const double rest = std::fmod(degrees, 360);
    return rest < 0 ? rest + 360 : rest;
}

double wrap_180(double degrees) noexcept {
    return wrap_360(degrees + 180) - 180;
}

double illumination(double elongation_deg) noexcept {
    return (1 - std::cos(elongation_deg * std::numbers::pi / 180)) / 2;
}

Moon moon_at(core::Nanoseconds time) noexcept {
    const double day = julian_day(time);
    ln_lnlat_posn moon{}, sun{};
    {
        const std::lock_guard hold{one_at_a_time};
        forget_nutation();
        ln_get_lunar_ecl_coords(day, &moon, least_term);
        ln_get_solar_ecl_coords(day, &sun);
    }
    const double elongation = wrap_360(moon.lng - sun.lng);
    return {.elongation_deg = elongation, .illumination = illumination(elongation)};
}

Mercury mercury_at(core::Nanoseconds time) noexcept {
    const double day = julian_day(time);
    return {.longitude_deg = longitude_on(day),
            .rate_deg_per_day = wrap_180(longitude_on(day + .5) - longitude_on(day - .5))};
}

double lit_disc(core::Nanoseconds time) noexcept {
    const std::lock_guard hold{one_at_a_time};
    forget_nutation();
    return ln_get_lunar_disk(julian_day(time));
}

double apparent_mercury(core::Nanoseconds time) noexcept {
    return apparent_on(julian_day(time));
}

double apparent_mercury_rate(core::Nanoseconds time) noexcept {
    constexpr double reach = .125;  // days
    const double day = julian_day(time);
    return wrap_180(apparent_on(day + reach) - apparent_on(day - reach)) / (2 * reach);
}

}  // namespace pipeline
