#include "pipeline/traps/meter.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace pipeline::traps {
namespace {

constexpr double U = core::unknown;

TEST(TrapMeter, EqualsTheGoldenRows) {
    EXPECT_NEAR(meter({.75, .9, .9, .7, .6, .8}), .7775, 1e-4);
    EXPECT_NEAR(meter({.2, .3, .1, U, .3, .5}), .2588, 1e-4);
    EXPECT_NEAR(meter({.9, .8, .7, U, U, U}), .8167, 1e-4);
    EXPECT_FALSE(core::known(meter({.9, U, U, U, .75, U})));
}

TEST(TrapMeter, HalfTheWeightIsEnoughAndLessIsNot) {
    EXPECT_NEAR(meter({U, .5, U, .5, .5, U}), .5, 1e-12);     // .20 + .15 + .15
    EXPECT_NEAR(meter({.4, U, .4, U, U, .4}), .4, 1e-12);     // .25 + .15 + .10
    EXPECT_FALSE(core::known(meter({U, .5, U, .5, U, .5})));  // .45
    EXPECT_FALSE(core::known(meter({U, U, U, U, U, U})));
}

TEST(TrapMeter, ClampsItsPartsToOne) {
    EXPECT_EQ(meter({2, 3, 1.5, 1, 7, 1}), 1);
}

TEST(TrapMeter, ReadsReturnsOfTwoHorizons) {
    constexpr std::tuple<double, double, double> cases[] = {
        {.021, -.01, .63}, {.04, -.01, .9},   {.01, -.01, .25}, {-.019, .002, .475}, {.0199, -.01, .4975},
        {.004, -.01, .08}, {-.012, -.02, .3}, {.04, .01, .75},  {.0005, .02, .65},   {-.0005, -.02, .65},
        {.005, .02, .2},   {.0005, .005, .2}, {0, .02, .65},    {.03, -1e-9, .9},
    };
    for (const auto& [s, m, expected] : cases) EXPECT_NEAR(meter_price(s, m), expected, 1e-12) << s << ' ' << m;
    EXPECT_FALSE(core::known(meter_price(U, .01)));
    EXPECT_FALSE(core::known(meter_price(.01, U)));
}

TEST(TrapMeter, ReadsVolumeDistanceBookAndHistory) {
    constexpr std::pair<double, double> volumes[] = {
        {2.1, .7}, {6, .9}, {2, 1}, {1.6, .6}, {1.5, .8}, {1.3, .4666666666666667}, {1.2, .2}, {.49, .7}, {.5, .2}};
    for (const auto& [q, expected] : volumes) EXPECT_NEAR(meter_volume(q), expected, 1e-12) << q;
    constexpr std::pair<double, double> distances[] = {{0, .9}, {.1, .7}, {.3, .5}, {.5, .3}, {1, .1}, {30, .1}};
    for (const auto& [d, expected] : distances) EXPECT_EQ(meter_fib(d), expected) << d;
    constexpr std::pair<double, double> depths[] = {{3.1, .75}, {.33, .75}, {3, .6}, {.4, .6},
                                                    {2, .3},    {.5, .3},   {1, .3}};
    for (const auto& [ratio, expected] : depths) EXPECT_EQ(meter_book(ratio, U), expected) << ratio;
    EXPECT_EQ(meter_book(1, 20), .8);
    EXPECT_EQ(meter_book(U, 20), .8);
    EXPECT_EQ(meter_book(5, 19.9), .75);
    EXPECT_FALSE(core::known(meter_book(U, U)));
    EXPECT_FALSE(core::known(meter_history(29, 29)));
    EXPECT_EQ(meter_history(18, 30), .6);
    EXPECT_FALSE(core::known(meter_volume(U)));
    EXPECT_FALSE(core::known(meter_fib(U)));
}

TEST(TrapMeter, KnowsEveryRegime) {
    using enum MeterRegime;
    constexpr std::pair<MeterRegime, double> cases[] = {
        {volatile_, .8}, {ranging, .5}, {trending, .4}, {quiet, .5}, {transition, .6}};
    for (const auto& [regime, expected] : cases) EXPECT_EQ(meter_regime(regime), expected);
    EXPECT_FALSE(core::known(meter_regime(unknown)));
}

TEST(TrapMeter, NamesAKindFromItsReportThresholdOn) {
    EXPECT_EQ(report_threshold(TrapKind::stop_hunt_down), .75);
    EXPECT_EQ(report_threshold(TrapKind::liquidity_grab), .70);
    EXPECT_EQ(report_threshold(TrapKind::bear_trap), .70);
    EXPECT_EQ(report_threshold(TrapKind::half_fake_dump), .65);
    EXPECT_EQ(report_threshold(TrapKind::half_liquidity_grab), .60);
    EXPECT_EQ(report_threshold(TrapKind::spoofing), .60);
}

}  // namespace
}  // namespace pipeline::traps
