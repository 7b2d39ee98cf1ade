#include "pipeline/cosmic/sky.hpp"

#include "pipeline/cosmic/factors.hpp"

#include <gtest/gtest.h>
#include <libnova/lunar.h>
#include <libnova/solar.h>

using namespace pipeline;

namespace {

core::Nanoseconds utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
    using namespace std::chrono;
    const sys_days date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
    return date.time_since_epoch() + hours{hour} + minutes{minute};
}

}  // namespace

TEST(Moon, StandsWhereTheSpecificationSays) {
    const struct {
        core::Nanoseconds time;
        double elongation, illumination;
        MoonBand band;
    } cases[] = {{utc(2000, 1, 6, 18, 14), 359.989, 0, MoonBand::new_moon},
                 {utc(2024, 1, 18, 3, 53), 89.988, .4999, MoonBand::first_quarter},
                 {utc(2024, 1, 25, 17, 54), 179.985, 1, MoonBand::full_moon},
                 {utc(2024, 2, 2, 23, 18), 269.986, .5001, MoonBand::last_quarter},
                 {utc(2023, 6, 15), 322.456, .1036, MoonBand::waning_crescent},
                 {utc(2025, 3, 14, 6, 55), 179.988, 1, MoonBand::full_moon}};
    for (const auto& c : cases) {
        SCOPED_TRACE(core::to_iso8601(c.time));
        const auto moon = moon_at(c.time);
        EXPECT_NEAR(moon.elongation_deg, c.elongation, .05);
        EXPECT_NEAR(moon.illumination, c.illumination, .001);
        EXPECT_EQ(moon_band(moon.elongation_deg), c.band);
    }
}

TEST(Moon, LeavesNothingOutThatADisplayWouldShow) {
    for (int i = 0; i < 100; ++i) {
        const auto time = utc(1995, 1, 1) + std::chrono::hours{i * 2777};
        ln_lnlat_posn moon{}, sun{};
        ln_get_lunar_ecl_coords(julian_day(time), &moon, 0);  // the whole series
        ln_get_solar_ecl_coords(julian_day(time), &sun);
        EXPECT_LT(std::abs(wrap_180(moon_at(time).elongation_deg - (moon.lng - sun.lng))), 1e-4)
            << core::to_iso8601(time);
    }
}

TEST(JulianDay, EqualsTheGoldenRows) {
    const std::pair<core::Nanoseconds, double> cases[] = {{utc(2000, 1, 6, 18, 14), 2451550.25972},
                                                          {utc(2024, 1, 18, 3, 53), 2460327.66181},
                                                          {utc(2024, 1, 25, 17, 54), 2460335.24583},
                                                          {utc(2024, 2, 2, 23, 18), 2460343.47083},
                                                          {utc(2023, 6, 15), 2460110.5},
                                                          {utc(2025, 3, 14, 6, 55), 2460748.78819}};
    for (const auto& [time, day] : cases) EXPECT_NEAR(julian_day(time), day, 5e-6) << core::to_iso8601(time);
}

TEST(MeanMoonAge, IsTheRestOfAMeanMonthAndNearTheTrueMoon) {
    constexpr double month = 29.530588853;
    EXPECT_NEAR(mean_moon_age_days(utc(2000, 1, 6, 18, 14)), .15972, 5e-6);                     // JD − 2451550.1
    EXPECT_NEAR(mean_moon_age_days(utc(2024, 1, 25, 17, 54)), 8785.14583 - 297 * month, 5e-6);  // full: half
    EXPECT_NEAR(mean_moon_age_days(utc(2000, 1, 6, 14, 23)), month - (2451550.1 - 2451550.09931), 5e-6);  // before it
    for (int day = 0; day < 400; day += 7) {
        const auto time = utc(2024, 1, 1) + std::chrono::hours{24 * day};
        const double difference =
            wrap_180(mean_moon_age_days(time) / month * 360 - moon_at(time).elongation_deg) * month / 360;
        EXPECT_LT(std::abs(difference), .9) << core::to_iso8601(time);
    }
}

TEST(Mercury, StandsWhereTheSpecificationSays) {
    const struct {
        core::Nanoseconds time;
        double longitude, rate;
    } cases[] = {{utc(2023, 5, 1), 41.955, -.632},
                 {utc(2023, 6, 15), 66.009, 1.766},
                 {utc(2024, 7, 1), 117.304, 1.784},
                 {utc(2024, 12, 1), 260.576, -.868},
                 {utc(2025, 3, 25), 4.261, -.879}};
    for (const auto& c : cases) {
        SCOPED_TRACE(core::to_iso8601(c.time));
        const auto mercury = mercury_at(c.time);
        EXPECT_NEAR(mercury.longitude_deg, c.longitude, .01);
        EXPECT_NEAR(mercury.rate_deg_per_day, c.rate, .005);
    }
}

TEST(Sky, DependsOnTheTimeAloneToTheLastBit) {
    for (int i = 0; i < 20; ++i) {
        const auto time = utc(2025, 3, 14) + std::chrono::hours{i * 31};
        const auto moon = moon_at(time);
        const auto mercury = mercury_at(time);
        for (const auto before : {std::chrono::minutes{-5}, std::chrono::minutes{71}, std::chrono::minutes{9999}}) {
            static_cast<void>(moon_at(time + before));
            static_cast<void>(mercury_at(time + before));
            EXPECT_EQ(moon_at(time).elongation_deg, moon.elongation_deg);
            static_cast<void>(moon_at(time + before));
            EXPECT_EQ(mercury_at(time).longitude_deg, mercury.longitude_deg);
            EXPECT_EQ(mercury_at(time).rate_deg_per_day, mercury.rate_deg_per_day);
        }
    }
}

TEST(Mercury, TurnsAtItsStations) {
    const struct {
        core::Nanoseconds retrograde, direct;
    } stations[] = {{utc(2024, 4, 1, 22), utc(2024, 4, 25, 13)},
                    {utc(2024, 8, 5, 5), utc(2024, 8, 28, 22)},
                    {utc(2024, 11, 26, 3), utc(2024, 12, 15, 22)},
                    {utc(2025, 3, 15, 7), utc(2025, 4, 7, 12)},
                    {utc(2025, 7, 18, 5), utc(2025, 8, 11, 8)}};
    constexpr auto tolerance = std::chrono::hours{2};
    const auto backwards = [](core::Nanoseconds time) { return mercury_at(time).rate_deg_per_day < 0; };
    for (const auto& [retrograde, direct] : stations) {
        SCOPED_TRACE(core::to_iso8601(retrograde));
        EXPECT_FALSE(backwards(retrograde - tolerance));
        EXPECT_TRUE(backwards(retrograde + tolerance));
        EXPECT_TRUE(backwards(direct - tolerance));
        EXPECT_FALSE(backwards(direct + tolerance));
    }
}
