#include "pipeline/traps/confidence.hpp"

#include "pipeline/traps/kinds.hpp"
#include "pipeline/traps/near_levels.hpp"

#include <gtest/gtest.h>

#include <string>

/// The golden values of spec/traps.md section 10, row by row. U = unknown.
namespace pipeline::traps {
namespace {

constexpr double U = core::unknown;
constexpr double tolerance = 1e-4;

double near_by(double distance) {
    return level_nearness(distance, 10);
}

struct Row {
    std::string what;
    double confidence, impact;
    double expected, expected_impact;
    std::optional<Severity> severity;  ///< none: not emitted
};

TEST(TrapConfidence, EqualsTheGoldenRowsOfEveryKind) {
    using enum Severity;
    const double up_wick = 80. / 110, sweep1 = core::bps(60120, 60060), sweep2 = core::bps(60300, 60060),
                 sweep3 = core::bps(60100, 60080), sweep_down = 1e4 * 70 / 59940;
    const auto bull = [](double level, double ext, double close, double n, double z, double strength) {
        return reversal_confidence(core::bps(ext, level), n, 1e4 * (level - close) / level, z, strength, 3, 30);
    };
    const auto bear = [](double level, double ext, double close, double n, double z, double strength) {
        return reversal_confidence(1e4 * (level - ext) / level, n, core::bps(close, level), z, strength, 3, 30);
    };
    const Row rows[] = {
        {"grab 75", liquidity_grab_confidence(75, 30, 3.1, .3, near_by(2)), 75. / 30, .6950, 2.5, high},
        {"grab 45", liquidity_grab_confidence(45, 30, U, .5, near_by(U)), 1.5, .3, 1.5, low},
        {"grab 36", liquidity_grab_confidence(36, 30, 2.2, .1, near_by(U)), 1.2, .14, 1.2, {}},
        {"grab 120", liquidity_grab_confidence(120, 30, 5, .6, near_by(0)), 4, 1, 4, critical},
        {"half 24", half_liquidity_grab_confidence(24, 30, 2.5, .3, near_by(4)), .8, .4440, .8, low},
        {"half 18", half_liquidity_grab_confidence(18, 30, 3, .4, near_by(8)), .6, .3413, .6, low},
        {"half 27", half_liquidity_grab_confidence(27, 30, 1, .1, near_by(U)), .9, .2560, .9, {}},
        {"fake 260", fake_confidence(260, .525, 200), 260. / 60, .4575, 4.3333, high},
        {"fake 400", fake_confidence(400, 1, 200), 400. / 60, 1, 6.6667, critical},
        {"fake 240", fake_confidence(240, U, 200), 6, .06, 6, {}},
        {"half fake 150", half_fake_confidence(150, .6, 100), 3.75, .45, 3.75, high},
        {"half fake 120", half_fake_confidence(120, .9, 100), 3, .51, 3, high},
        {"half fake 180", half_fake_confidence(180, U, 100), 4.5, .24, 4.5, {}},
        {"stop hunt up", stop_hunt_confidence(sweep1, up_wick, 2, 30), sweep1 / 30, .5650, .3330, low},
        {"stop hunt 60300", stop_hunt_confidence(sweep2, 260. / 290, 3.5, 30), sweep2 / 30, 1, 1.3320, high},
        {"stop hunt 60100", stop_hunt_confidence(sweep3, 50. / 70, .5, 30), sweep3 / 30, .3166, .1110, low},
        {"stop hunt down", stop_hunt_confidence(sweep_down, .75, 1.2, 30), sweep_down / 30, .5326, .3893, low},
        {"accumulation up", accumulation_confidence(24, 30, .35, 1.6), .8, .45, .8, low},
        {"accumulation down", accumulation_confidence(-36, 30, .5, 2.4), 1.2, .82, 1.2, medium},
        {"accumulation weak", accumulation_confidence(18, 30, .2, U), .6, .1, .6, {}},
        {"volatility", volatility_grab_confidence(1.9, 25, 30, 2.5), 25. / 30, .4857, .8333, low},
        {"volatility full", volatility_grab_confidence(2.2, 50, 30, 4.2), 50. / 30, 1, 1.6667, high},
        {"volatility weak", volatility_grab_confidence(1.6, 18, 30, U), .6, .1014, .6, {}},
        {"bull 1", bull(60000, 60150, 59940, 1, -.5, 2), 25. / 30, .6420, .8333, medium},
        {"bull 2", bull(60000, 60300, 59850, 2, 0, 4.5), 50. / 30, .8083, 1.6667, high},
        {"bull 3", bull(60000, 60060, 59990, 3, 1.5, U), 10. / 30, .1252, .3333, {}},
        {"bear 1", bear(30000, 29910, 30045, 2, .2, 3), 1, .6113, 1, medium},
        {"bear 2", bear(30000, 29910, 30045, 1, -1, 3), 1, .7846, 1, medium},
        {"bear 3", bear(30000, 29700, 30090, 1, -1, U), 100. / 30, .9, 3.3333, critical},
        {"spoof", spoofing_confidence(12.5, .98, 800, .2, 1.5), 1.25, .6067, 1.25, medium},
        {"spoof full", spoofing_confidence(25, 1, 150, .6, 4), 2.5, .99, 2.5, critical},
        {"spoof weak", spoofing_confidence(6, .92, 2500, 0, 0), .6, .1033, .6, {}},
        {"layering", layering_confidence(4, .55, .97, 300), 4 * .55, .6075, 2.2, high},
        {"layering full", layering_confidence(7, .8, 1, 50), 4 * .8, .9925, 3.2, critical},
        {"layering weak", layering_confidence(3, .35, .92, 900), 4 * .35, .18, 1.4, {}},
        {"hidden", hidden_liquidity_confidence(3.5, 3, .2), 3.5 / 3, .56, 1.1667, medium},
        {"hidden full", hidden_liquidity_confidence(8, 6, 0), 8. / 3, 1, 2.6667, critical},
        {"hidden weak", hidden_liquidity_confidence(2.1, 2, .9), .7, .2080, .7, {}},
        {"wash", wash_trading_confidence(6, .16, .3), 1.2, .3629, 1.2, low},
        {"wash full", wash_trading_confidence(10, .66, .6), 2.4, 1, 2.4, critical},
        {"wash weak", wash_trading_confidence(4, .1, .05), .2, .0643, .2, {}},
        {"cross", cross_venue_confidence(24, 900, 2, 30), .8, .3614, .8, low},
        {"cross full", cross_venue_confidence(60, 3000, 4, 30), 2, 1, 2, critical},
        {"cross weak", cross_venue_confidence(-16, 250, 1, 30), 16. / 30, .0167, .5333, {}},
        {"flash", flash_confidence(-66, 12, .6, 30), 2.2, .5639, 2.2, high},
        {"flash full", flash_confidence(-150, 40, .95, 30), 5, 1, 5, critical},
        {"flash weak", flash_confidence(31, 3, U, 30), 31. / 30, .0222, 1.0333, {}},
        {"stealth", stealth_confidence(.35, 10, .8, 25), 1.4, .6246, 1.4, medium},
        {"stealth full", stealth_confidence(.6, 4, 1, 25), 2.4, .952, 2.4, critical},
        {"stealth weak", stealth_confidence(-.22, 22, .667, 25), .88, .2304, .88, {}},
        {"fractal", fractal_confidence(18, 1, 9, 3, 30), .6, .5469, .6, low},
        {"fractal full", fractal_confidence(40, 0, 30, 3, 30), 40. / 30, 1, 1.3333, high},
        {"fractal weak", fractal_confidence(6, 3, 2, 3, 30), .2, .1464, .2, {}},
        {"dilation", time_dilation_confidence(-9, 4.5, .2), 1.5, .61, 1.5, medium},
        {"dilation 12", time_dilation_confidence(-12, 0, 0), 2, .8, 2, high},
        {"dilation 14", time_dilation_confidence(14, 6, .1), 14. / 6, .98, 2.3333, critical},
        {"dilation weak", time_dilation_confidence(7, 0, .3), 7. / 6, .24, 1.1667, {}},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.what);
        EXPECT_NEAR(row.confidence, row.expected, tolerance);
        EXPECT_NEAR(row.impact, row.expected_impact, tolerance);
        EXPECT_EQ(row.severity.has_value(), row.expected >= .3);
        if (row.severity) {
            EXPECT_EQ(severity(row.confidence, row.impact), *row.severity);
        }
    }
}

TEST(TrapConfidence, MissingEvidenceNeverRaisesIt) {
    EXPECT_LE(liquidity_grab_confidence(75, 30, U, U, U), liquidity_grab_confidence(75, 30, 0, 0, 0));
    EXPECT_LE(stop_hunt_confidence(9, .6, U, 30), stop_hunt_confidence(9, .6, 0, 30));
    EXPECT_EQ(wash_trading_confidence(U, U, U), 0);
    EXPECT_EQ(stealth_confidence(U, U, U, 25), 0);
    EXPECT_EQ(time_dilation_confidence(U, U, U), 0);
    EXPECT_EQ(reversal_confidence(U, U, U, U, U, 3, 30), 0);
}

TEST(TrapSuspicion, EqualsTheGoldenRows) {
    EXPECT_NEAR(suspicion(2.5, 4, -.3, .2, 1, 10), .5250, tolerance);
    EXPECT_NEAR(suspicion(2.5, 4, .6, 0, 1, 10), .4125, tolerance);
    EXPECT_NEAR(suspicion(U, 4, -.2, .3, 1, 10), .4231, tolerance);
}

TEST(TrapSuspicion, MirrorsForADownMove) {
    EXPECT_DOUBLE_EQ(suspicion(2.5, 4, .3, .2, -1, 10), suspicion(2.5, 4, -.3, .2, 1, 10));
}

TEST(TrapSuspicion, IsUnknownWithFewerThanTwoComponents) {
    EXPECT_FALSE(core::known(suspicion(U, U, U, .3, 1, 10)));
    EXPECT_FALSE(core::known(suspicion(U, U, U, U, 1, 10)));
    EXPECT_TRUE(core::known(suspicion(U, U, .1, .3, 1, 10)));
}

TEST(FibonacciBoost, EqualsTheGoldenRows) {
    EXPECT_NEAR(boosted(.70, .10, 3), .85, 1e-12);
    EXPECT_NEAR(boosted(.70, .08, 1.5), .805, 1e-12);
    EXPECT_NEAR(boosted(.95, .10, 2), .98, 1e-12);
    EXPECT_NEAR(boosted(.60, .05, U), .65, 1e-12);
    EXPECT_EQ(boosted(.60, 0, 3), .60);  // .236 is no boosting ratio
}

TEST(FibonacciBoost, NeverLowersAConfidenceAboveItsCap) {
    EXPECT_EQ(boosted(1, .10, 3), 1);
}

Levels levels_60000_61000() {
    Levels levels;
    levels.changed = true;
    levels.legs[0] = {.known = true, .up = true, .lo = 60000, .hi = 61000};
    levels.active = {ActiveLevel{60382, Ratio::r618, 0}, ActiveLevel{60500, Ratio::r500, 0},
                     ActiveLevel{60618, Ratio::r382, 0}, ActiveLevel{60764, Ratio::r236, 0}};
    levels.active_count = 4;
    return levels;
}

TEST(NearLevels, BoostsInsideTheHitBandOfABoostingRatioOnly) {
    NearLevels near;
    near.update(levels_60000_61000(), .005, 10);

    EXPECT_EQ(near.boost(60386.9), .10);
    EXPECT_EQ(near.boost(60387.1), 0);
    EXPECT_EQ(near.boost(60495), .08);
    EXPECT_EQ(near.boost(60623), .05);
    EXPECT_EQ(near.boost(60764), 0);
}

TEST(NearLevels, MeasuresToTheNearestLevelOnEitherSide) {
    NearLevels near;
    EXPECT_FALSE(core::known(near.distance_bps(60385)));

    near.update(levels_60000_61000(), .005, 10);

    EXPECT_NEAR(near.distance_bps(60385), .4968, 1e-4);
    EXPECT_NEAR(near.distance_bps(59000), 1e4 * 1382 / 60382, 1e-9);
    EXPECT_NEAR(near.distance_bps(62000), 1e4 * 1236 / 60764, 1e-9);
    EXPECT_NEAR(near.distance_bps(60490), 1e4 * 10 / 60500, 1e-9);
    EXPECT_EQ(near.distance_bps(60500), 0);
}

TEST(NearLevels, TellsTheStrengthOfTheClusterThatALevelIsIn) {
    Levels levels;
    levels.active = {ActiveLevel{50000, Ratio::pivot, 0}, ActiveLevel{60000, Ratio::r0, 0},
                     ActiveLevel{60060, Ratio::r236, 1},  ActiveLevel{60061, Ratio::r382, 0},
                     ActiveLevel{60070, Ratio::pivot, 1}, ActiveLevel{70000, Ratio::r1000, 1}};
    levels.active_count = 6;
    levels.clusters = {Cluster{.centre = 60030, .strength = 3, .members = 2},
                       Cluster{.centre = 60065, .strength = 2.5, .members = 2}};
    levels.cluster_count = 2;
    NearLevels near;
    near.update(levels, .005, 10);

    constexpr double expected[] = {0, 3, 3, 2.5, 2.5, 0};  // 60060 lies 10 bps above the first of its cluster
    ASSERT_EQ(near.prices().size(), std::size(expected));
    for (std::size_t i = 0; i < std::size(expected); ++i) EXPECT_EQ(near.strength(i), expected[i]) << i;
}

}  // namespace
}  // namespace pipeline::traps
