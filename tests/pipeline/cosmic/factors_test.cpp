#include "pipeline/cosmic/factors.hpp"

#include <gtest/gtest.h>

using namespace pipeline;

TEST(MoonTable, HasABandForEveryEighth) {
    const struct {
        double elongation;
        std::string_view condition;
        double value;
    } cases[] = {{0, "new", 0},
                 {22.49, "new", 0},
                 {22.5, "waxing crescent", .2},
                 {90, "first quarter", .3},
                 {135, "waxing gibbous", .4},
                 {180, "full", .5},
                 {225, "waning gibbous", .3},
                 {270, "last quarter", .2},
                 {315, "waning crescent", .1},
                 {337.4, "waning crescent", .1},
                 {337.5, "new", 0}};
    for (const auto& c : cases) {
        const auto reading = moon_reading(c.elongation);
        EXPECT_EQ(reading.condition, c.condition) << c.elongation;
        EXPECT_EQ(reading.value, c.value) << c.elongation;
        EXPECT_EQ(name(moon_band(c.elongation)), c.condition);
    }
    EXPECT_FALSE(core::known(moon_reading(core::unknown).value));
}

TEST(BandedTables, PutTheirEdgesIntoTheUpperBand) {
    EXPECT_EQ(schumann_reading(6.4999).value, -.3);
    EXPECT_EQ(schumann_reading(6.5).condition, "low");
    EXPECT_EQ(schumann_reading(7.3999).condition, "low");
    EXPECT_EQ(schumann_reading(7.83).condition, "baseline");
    EXPECT_EQ(schumann_reading(8.6).value, .2);
    EXPECT_EQ(schumann_reading(9.6).condition, "high");
    EXPECT_EQ(schumann_reading(12).condition, "very high");
    EXPECT_EQ(schumann_reading(12).value, .6);
    for (const double impossible : {-1.0, 0.0, 100.0, core::unknown})
        EXPECT_FALSE(core::known(schumann_reading(impossible).value));

    EXPECT_EQ(sentiment_reading(9).condition, "despair");
    EXPECT_EQ(sentiment_reading(10).condition, "fearful");
    EXPECT_EQ(sentiment_reading(39).value, -.3);
    EXPECT_EQ(sentiment_reading(46).value, -.1);
    EXPECT_EQ(sentiment_reading(50).condition, "neutral");
    EXPECT_EQ(sentiment_reading(79).value, .2);
    EXPECT_EQ(sentiment_reading(80).condition, "euphoric");
    EXPECT_FALSE(core::known(sentiment_reading(101).value));

    EXPECT_NEAR(liquidity_rank(.9, .2, .8), .8333, 5e-5);
    EXPECT_EQ(liquidity_reading(liquidity_rank(.9, .2, .8)).condition, "flowing");
    EXPECT_NEAR(liquidity_rank(.05, .95, .1), .0667, 5e-5);
    EXPECT_EQ(liquidity_reading(liquidity_rank(.05, .95, .1)).condition, "dry");
    EXPECT_EQ(liquidity_reading(liquidity_rank(.5, .5, .5)).condition, "normal");
    EXPECT_EQ(liquidity_reading(.1).value, -.1);
    EXPECT_EQ(liquidity_reading(.9).value, .2);
    EXPECT_FALSE(core::known(liquidity_reading(core::unknown).value));
}

TEST(MercuryTable, KnowsOnlyTheDirection) {
    EXPECT_EQ(mercury_reading(-.001).value, .2);
    EXPECT_EQ(mercury_reading(0).value, 0);
    EXPECT_FALSE(core::known(mercury_reading(core::unknown).value));
}

TEST(TimeCycle, AddsWeekdayAndHour) {
    constexpr int sunday = 0, monday = 1, friday = 5;
    EXPECT_EQ(time_cycle_value(sunday, 12), 0);
    EXPECT_EQ(time_cycle_value(monday, 8), -.15);
    EXPECT_NEAR(time_cycle_value(monday, 9), -.05, 1e-15);
    EXPECT_NEAR(time_cycle_value(friday, 15), .25, 1e-15);
    EXPECT_EQ(time_cycle_value(sunday, 10), .1);
    EXPECT_EQ(time_cycle_value(sunday, 16), .15);
    EXPECT_EQ(time_cycle_value(sunday, 17), 0);
}

TEST(Circadian, HasAValueForEveryHour) {
    const struct {
        int first, last;
        double alertness, discipline;
    } rows[] = {{1, 4, -.3, -.1},   {5, 9, .1, 0},      {10, 14, .3, .1}, {15, 17, .1, 0},
                {18, 21, .2, -.05}, {22, 23, -.1, -.1}, {0, 0, -.1, -.1}};
    for (const auto& row : rows)
        for (int hour = row.first; hour <= row.last; ++hour) {
            EXPECT_EQ(circadian_value(hour).alertness, row.alertness) << hour;
            EXPECT_EQ(circadian_value(hour).discipline, row.discipline) << hour;
        }
}

TEST(Geographic, KnowsTheSeasonsOfBothHemispheres) {
    const struct {
        double latitude;
        int month;
        std::string_view condition;
    } cases[] = {{0, 1, "tropic"},   {-9.9, 7, "tropic"}, {50, 12, "winter"}, {50, 2, "winter"},  {50, 3, "neutral"},
                 {50, 5, "summer"},  {50, 8, "summer"},   {50, 9, "neutral"}, {-30, 1, "summer"}, {-30, 11, "summer"},
                 {-30, 6, "winter"}, {-30, 4, "neutral"}, {10, 1, "winter"},  {-10, 1, "summer"}};
    for (const auto& [latitude, month, condition] : cases)
        EXPECT_EQ(geographic_value(latitude, month).condition, condition) << latitude << ", " << month;
    EXPECT_EQ(geographic_value(50, 7).risk, .2);
    EXPECT_EQ(geographic_value(50, 7).vitality, .3);
    EXPECT_EQ(geographic_value(50, 1).risk, -.1);
    EXPECT_EQ(geographic_value(50, 1).vitality, -.2);
}
