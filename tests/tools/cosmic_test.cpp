#include "tools/omega/cosmic.hpp"

#include "tests/feeds/capture/temporary.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sstream>

using nlohmann::json;
using testing::HasSubstr;

namespace {

struct Outcome {
    int exit_code{};
    std::string out, err;
};

Outcome cosmic(const omega::CosmicOptions& options) {
    std::ostringstream out, err;
    const int code = omega::cosmic_command(options, out, err);
    return {code, out.str(), err.str()};
}

json at(const std::string& time, std::vector<std::string> sets = {}) {
    const auto outcome =
        cosmic({.config = {.file = {}, .sets = std::move(sets)}, .at = time, .plot = {}, .json = true});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_TRUE(outcome.err.empty()) << outcome.err;
    return json::parse(outcome.out);
}

}  // namespace

TEST(CosmicVerb, HasTheSpecifiedShape) {
    const auto now = at("2025-03-14T06:55:00Z");

    EXPECT_EQ(now.at("time"), 1741935300000000000);
    EXPECT_EQ(now.at("moon").at("band"), "full");
    ASSERT_EQ(now.at("factors").size(), 9U);
    for (const auto* name : {"moon_phase", "mercury_retrograde", "schumann_resonance", "market_liquidity",
                             "global_sentiment", "time_cycle", "circadian", "geographic", "placebo"}) {
        const auto& factor = now.at("factors").at(name);
        EXPECT_TRUE(factor.at("weight").is_number()) << name;
        EXPECT_TRUE(factor.at("enabled").is_boolean()) << name;
        EXPECT_EQ(factor.at("condition").is_null(), factor.at("value").is_null()) << name;
    }
    EXPECT_EQ(now.at("factors").at("moon_phase").at("value"), .5);
    EXPECT_EQ(now.at("factors").at("moon_phase").at("weight"), .5);
    EXPECT_TRUE(now.at("factors").at("global_sentiment").at("value").is_null()) << "no source: unknown";
    EXPECT_TRUE(now.at("factors").at("market_liquidity").at("condition").is_null());
    EXPECT_FALSE(now.at("enabled")) << "the master switch, as configured";
    // Full moon .25, Friday 6 h .08, circadian .06, latitude 0: tropic .02.
    EXPECT_NEAR(now.at("influence").at("risk"), .25 + .02, 1e-12);
    EXPECT_NEAR(now.at("influence").at("confidence"), .25 + .08 + .06 + .02, 1e-12);
    EXPECT_NEAR(now.at("influence").at("intensity"), .5, 1e-12);
    EXPECT_NEAR(now.at("influence").at("mistake"), .05, 1e-12);
    EXPECT_EQ(now.at("influence").at("insight"), 0);
    EXPECT_NEAR(now.at("weights").at("exit_impulse"), 1.5, 1e-12);
}

TEST(CosmicVerb, ShowsTheSkyOfTheSpecification) {
    const struct {
        const char* time;
        double elongation, illumination;
        const char* band;
    } moons[] = {{"2000-01-06T18:14:00Z", 359.989, 0, "new"},
                 {"2024-01-18T03:53:00Z", 89.988, .4999, "first quarter"},
                 {"2024-01-25T17:54:00Z", 179.985, 1, "full"},
                 {"2024-02-02T23:18:00Z", 269.986, .5001, "last quarter"},
                 {"2023-06-15", 322.456, .1036, "waning crescent"}};
    for (const auto& row : moons) {
        const auto moon = at(row.time).at("moon");
        EXPECT_NEAR(moon.at("elongation_deg"), row.elongation, .05) << row.time;
        EXPECT_NEAR(moon.at("illumination"), row.illumination, .001) << row.time;
        EXPECT_EQ(moon.at("band"), row.band) << row.time;
    }
    const struct {
        const char* time;
        double longitude, rate;
    } mercuries[] = {{"2023-05-01", 41.955, -.632},
                     {"2023-06-15", 66.009, 1.766},
                     {"2024-07-01", 117.304, 1.784},
                     {"2024-12-01", 260.576, -.868},
                     {"2025-03-25", 4.261, -.879}};
    for (const auto& row : mercuries) {
        const auto mercury = at(row.time).at("mercury");
        EXPECT_NEAR(mercury.at("longitude_deg"), row.longitude, .01) << row.time;
        EXPECT_NEAR(mercury.at("rate_deg_per_day"), row.rate, .005) << row.time;
        EXPECT_EQ(mercury.at("retrograde"), row.rate < 0) << row.time;
    }
}

TEST(CosmicVerb, KnowsTheSentimentOfThatDay) {
    test::TemporaryFolder folder;
    const auto file = test::write_file(
        folder / "fng.json",
        R"({"data":[{"value":"85","timestamp":"1741996800"},{"value":"20","timestamp":"1741910400"}]})");
    const auto set = "cosmic.global_sentiment.file=" + file.string();
    EXPECT_EQ(at("2025-03-14T06:55:00Z", {set}).at("factors").at("global_sentiment").at("condition"), "fearful");
    EXPECT_EQ(at("2025-03-15T06:55:00Z", {set}).at("factors").at("global_sentiment").at("condition"), "euphoric");
    EXPECT_TRUE(at("2025-03-18T06:55:00Z", {set}).at("factors").at("global_sentiment").at("condition").is_null())
        << "older than 36 h";
    const auto gone = cosmic({.config = {.file = {}, .sets = {"cosmic.global_sentiment.file=/no/such.json"}},
                              .at = "2025-03-14",
                              .plot = {},
                              .json = true});
    EXPECT_EQ(gone.exit_code, 0);
    EXPECT_THAT(gone.err, HasSubstr("/no/such.json"));
}

TEST(CosmicVerb, PrintsATableForPeople) {
    const auto outcome = cosmic({.config = {}, .at = "2025-03-25", .plot = {}, .json = false});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    for (const auto* part : {"waning crescent", "retrograde", "placebo", "cosmic off", "exit impulse", "unknown"})
        EXPECT_THAT(outcome.out, HasSubstr(part));
}

TEST(CosmicVerb, PrintsAndDrawsTheCalendarOfAYear) {
    test::TemporaryFolder folder;
    const auto file = folder / "sky.html";
    const auto outcome = cosmic({.config = {}, .at = {}, .calendar = 2024, .plot = file.string(), .json = true});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto calendar = json::parse(outcome.out);
    EXPECT_EQ(calendar.at("year"), 2024);
    EXPECT_EQ(calendar.at("mercury").size(), 7U);
    EXPECT_EQ(calendar.at("mercury").at(1).at("station"), "retrograde");
    std::size_t full = 0;
    for (const auto& event : calendar.at("moon")) full += event.at("phase") == "full";
    EXPECT_EQ(full, 12U);
    const auto page = test::read_file(file);
    for (const auto* part :
         {"<!doctype html>", "<svg", "Mercury retrograde 2024-04-01 22:1", "full moon 2024-01-25 17:5"})
        EXPECT_THAT(page, HasSubstr(part));

    const auto text = cosmic({.config = {}, .at = {}, .calendar = 2026, .plot = {}, .json = false});
    EXPECT_THAT(text.out, HasSubstr("mercury   retrograde"));
    EXPECT_EQ(cosmic({.config = {}, .at = {}, .calendar = 1900, .plot = {}}).exit_code, 2);
    EXPECT_EQ(cosmic({.config = {}, .at = {}, .calendar = 2024, .plot = "/no/such/folder/a.svg"}).exit_code, 2);
    EXPECT_EQ(cosmic({.config = {}, .at = {}, .calendar = 2024, .plot = "a.png"}).exit_code, 2);
}

TEST(CosmicVerb, ReadsMomentsAsPeopleWriteThem) {
    using namespace std::chrono_literals;
    constexpr core::Nanoseconds full_moon = 1741935300s;
    for (const auto* text : {"2025-03-14T06:55:00Z", "2025-03-14T06:55Z", "2025-03-14 06:55",
                             "2025-03-14T08:55:00+02:00", "2025-03-14T01:55-0500", "2025-03-14T06:55:00.000Z"})
        EXPECT_EQ(omega::parse_moment(text), full_moon) << text;
    EXPECT_EQ(omega::parse_moment("2025-03-14"), full_moon - 6h - 55min);
    EXPECT_EQ(omega::parse_moment("2025-03-14T06:55:00.25Z"), full_moon + 250ms);
    for (const auto* text :
         {"", "now", "2025", "2025-02-30", "2025-13-01", "2025-03-14T25:00", "2025-03-14T06:55:61Z",
          "2025-03-14T06:55Zx", "1969-12-31", "2500-01-01", "2025-03-14T06:55+99:00", "2025-03-14T06:55."})
        EXPECT_THROW(static_cast<void>(omega::parse_moment(text)), std::invalid_argument) << text;
    const auto outcome = cosmic({.config = {}, .at = "noon", .plot = {}});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("expected a time such as"));
}

TEST(CosmicVerb, RefusesImpossibleSettings) {
    for (const auto* set : {"cosmic.moon_phase.weight=1.1", "cosmic.update_s=0", "cosmic.latitude=91",
                            "cosmic.global_sentiment.url=ftp://x", "cosmic.global_sentiment.poll_s=1"}) {
        const auto outcome = cosmic({.config = {.file = {}, .sets = {set}}, .at = "2025-03-14", .plot = {}});
        EXPECT_EQ(outcome.exit_code, 2) << set;
        EXPECT_THAT(outcome.err, HasSubstr("expected")) << set;
    }
}
