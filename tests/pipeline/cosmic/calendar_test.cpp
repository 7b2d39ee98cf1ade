#include "pipeline/cosmic/calendar.hpp"

#include "pipeline/cosmic/factors.hpp"
#include "pipeline/cosmic/sky.hpp"
#include "tests/support.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <stdexcept>

using namespace pipeline;
using namespace std::chrono_literals;

namespace {

core::Nanoseconds utc(int year, int month, int day, int hour, int minute) {
    using namespace std::chrono;
    const sys_days date{std::chrono::year{year} / month / day};
    return date.time_since_epoch() + hours{hour} + minutes{minute};
}

core::Nanoseconds start_of(int year) {
    return utc(year, 1, 1, 0, 0);
}

constexpr core::Nanoseconds tolerance = 2min;  // as the tables state

std::vector<core::Nanoseconds> times_of(const std::vector<MoonEvent>& events, MoonPhase phase) {
    std::vector<core::Nanoseconds> times;
    for (const auto& event : events)
        if (event.phase == phase) times.push_back(event.time);
    return times;
}

void expect_times(const std::vector<core::Nanoseconds>& found, const std::vector<core::Nanoseconds>& expected) {
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_LE(std::chrono::abs(found[i] - expected[i]), tolerance)
            << core::to_iso8601(found[i]) << " against " << core::to_iso8601(expected[i]);
}

void expect_station(const Station& found, core::Nanoseconds time, bool retrograde, double longitude) {
    SCOPED_TRACE(core::to_iso8601(time));
    EXPECT_LE(std::chrono::abs(found.time - time), tolerance) << core::to_iso8601(found.time);
    EXPECT_EQ(found.retrograde, retrograde);
    EXPECT_NEAR(found.longitude_deg, longitude, .01);
}

/// Calls f(line) for every line of the published tables of new and full moons and of Mercury's stations.
template <class F>
void for_each_published_line(F&& f) {
    std::ifstream file{test::shared("../protocols/cosmic-inputs.md")};
    for (std::string line; std::getline(file, line);) f(line);
}

}  // namespace

TEST(SkyCalendar, HasTheMoonsOfAYear) {
    const auto events = moon_events(start_of(2024), start_of(2025));

    expect_times(times_of(events, MoonPhase::new_moon),
                 {utc(2024, 1, 11, 11, 58), utc(2024, 2, 9, 23, 0), utc(2024, 3, 10, 9, 1), utc(2024, 4, 8, 18, 21),
                  utc(2024, 5, 8, 3, 22), utc(2024, 6, 6, 12, 38), utc(2024, 7, 5, 22, 58), utc(2024, 8, 4, 11, 14),
                  utc(2024, 9, 3, 1, 56), utc(2024, 10, 2, 18, 50), utc(2024, 11, 1, 12, 48), utc(2024, 12, 1, 6, 22),
                  utc(2024, 12, 30, 22, 27)});
    expect_times(
        times_of(events, MoonPhase::full_moon),
        {utc(2024, 1, 25, 17, 55), utc(2024, 2, 24, 12, 31), utc(2024, 3, 25, 7, 1), utc(2024, 4, 23, 23, 50),
         utc(2024, 5, 23, 13, 54), utc(2024, 6, 22, 1, 8), utc(2024, 7, 21, 10, 18), utc(2024, 8, 19, 18, 26),
         utc(2024, 9, 18, 2, 35), utc(2024, 10, 17, 11, 27), utc(2024, 11, 15, 21, 29), utc(2024, 12, 15, 9, 2)});
    EXPECT_LE(std::chrono::abs(times_of(events, MoonPhase::first_quarter).at(0) - utc(2024, 1, 18, 3, 53)), tolerance);
    EXPECT_LE(std::chrono::abs(times_of(events, MoonPhase::last_quarter).at(1) - utc(2024, 2, 2, 23, 18)), tolerance);
}

TEST(SkyCalendar, PutsThePhasesInOrder) {
    const auto events = moon_events(start_of(2025), start_of(2025) + std::chrono::days{60});
    ASSERT_GE(events.size(), 8U);
    for (std::size_t i = 1; i < events.size(); ++i) {
        EXPECT_EQ(static_cast<int>(events[i].phase), (static_cast<int>(events[i - 1].phase) + 1) % 4);
        const auto apart = events[i].time - events[i - 1].time;
        EXPECT_GT(apart, std::chrono::hours{6 * 24});
        EXPECT_LT(apart, std::chrono::hours{9 * 24});
    }
    for (const auto& event : events)
        EXPECT_NEAR(
            wrap_180(moon_at(event.time + terrestrial_ahead).elongation_deg - 90. * static_cast<int>(event.phase)), 0,
            1e-3);
}

TEST(SkyCalendar, HasMercurysStations) {
    const auto stations = mercury_stations(start_of(2025), start_of(2026));

    ASSERT_EQ(stations.size(), 6U);
    expect_station(stations[0], utc(2025, 3, 15, 6, 46), true, 9.59);
    expect_station(stations[1], utc(2025, 4, 7, 11, 9), false, 356.83);
    expect_station(stations[2], utc(2025, 7, 18, 4, 45), true, 135.57);
    expect_station(stations[3], utc(2025, 8, 11, 7, 30), false, 124.25);
    expect_station(stations[4], utc(2025, 11, 9, 19, 1), true, 246.86);
    expect_station(stations[5], utc(2025, 11, 29, 17, 39), false, 230.71);
}

TEST(SkyCalendar, KnowsWhetherAYearBeginsRetrograde) {
    const auto year = sky_calendar(2024);  // Mercury turned on 2023-12-13 and turns back on 2024-01-02 03:08
    EXPECT_TRUE(year.begins_retrograde);
    ASSERT_FALSE(year.mercury.empty());
    expect_station(year.mercury.front(), utc(2024, 1, 2, 3, 8), false, 262.18);
    EXPECT_GE(year.moon.size(), 48U);
}

TEST(SkyCalendar, RefusesYearsItDoesNotKnow) {
    EXPECT_THROW(sky_calendar(1969), std::invalid_argument);
    EXPECT_THROW(sky_calendar(2101), std::invalid_argument);
}

TEST(SkyCalendar, ReproducesEveryPublishedMoon) {
    NEEDS_SHARED_DATA();
    std::map<MoonPhase, std::vector<core::Nanoseconds>> expected;
    for_each_published_line([&](const std::string& line) {  // "N2024: 0111 1158, 0209 2300, …"
        char kind[2]{};
        int year{}, start{};
        if (std::sscanf(line.c_str(), "%1[NF]%d: %n", kind, &year, &start) != 2 || start == 0) return;
        int date{}, time{}, length{};
        for (const char* at = line.c_str() + start; std::sscanf(at, "%d %d%n", &date, &time, &length) == 2;
             at += length + (at[length] == ','))
            expected[kind[0] == 'N' ? MoonPhase::new_moon : MoonPhase::full_moon].push_back(
                utc(year, date / 100, date % 100, time / 100, time % 100));
    });
    ASSERT_GT(expected[MoonPhase::new_moon].size() + expected[MoonPhase::full_moon].size(), 270U);

    const auto events = moon_events(start_of(2020), start_of(2031));

    for (const auto& [phase, times] : expected) expect_times(times_of(events, phase), times);
}

TEST(SkyCalendar, ReproducesEveryPublishedStation) {
    NEEDS_SHARED_DATA();
    const auto stations = mercury_stations(start_of(2020), start_of(2031));
    std::size_t i = 0;
    for_each_published_line([&](const std::string& line) {  // "2020-02-17 00:54 342.89 | 2020-03-10 03:49 328.21"
        std::array<int, 10> at{};
        std::array<double, 2> longitude{};
        if (std::sscanf(line.c_str(), "%d-%d-%d %d:%d %lf | %d-%d-%d %d:%d %lf", &at[0], &at[1], &at[2], &at[3], &at[4],
                        &longitude[0], &at[5], &at[6], &at[7], &at[8], &at[9], &longitude[1]) != 12)
            return;
        ASSERT_LE(i + 2, stations.size());
        expect_station(stations[i++], utc(at[0], at[1], at[2], at[3], at[4]), true, longitude[0]);
        expect_station(stations[i++], utc(at[5], at[6], at[7], at[8], at[9]), false, longitude[1]);
    });
    EXPECT_EQ(i, stations.size());
    EXPECT_GE(i, 70U);
}

TEST(Moon, StandsAtThePublishedAnchors) {
    const struct {
        core::Nanoseconds time;
        double elongation, disc;
    } cases[] = {{utc(2024, 6, 1, 0, 0), 286.94, .3555},
                 {utc(2026, 11, 20, 0, 0), 119.10, .7439},
                 {utc(2025, 3, 14, 6, 55), 180.00, 1},
                 {utc(2024, 1, 18, 3, 53), 90.00, .5012}};
    for (const auto& c : cases) {
        SCOPED_TRACE(core::to_iso8601(c.time));
        EXPECT_NEAR(moon_at(c.time).elongation_deg, c.elongation, .05);
        EXPECT_NEAR(lit_disc(c.time), c.disc, .001);
        EXPECT_NEAR(moon_at(c.time).illumination, c.disc, .0015) << "without distance and latitude";
    }
}
