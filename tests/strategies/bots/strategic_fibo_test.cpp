#include "strategies/bots/strategic_fibo.hpp"

#include "pipeline/cosmic/weights.hpp"
#include "tests/strategies/world.hpp"

#include <gtest/gtest.h>

#include <cstring>

using namespace strategies;
using pipeline::Leg;

namespace {

constexpr Leg up{.known = true, .up = true, .lo = 60000, .hi = 61000};
constexpr Leg down{.known = true, .up = false, .lo = 60000, .hi = 61000};

struct Bench {
    test::World world;
    pipeline::Timeframes timeframes;
    StrategicFibo bot{{}, timeframes, 1, 0};
    pipeline::Levels levels{};
    pipeline::Trends trends{};
    Decision out{};

    bool minute(std::int64_t close, const Holding& holding = {}) {
        world.now += std::chrono::minutes{1};
        pipeline::Bars bars{};
        bars.bar_mask = 1;
        bars.bars[0] = {.start = world.now - std::chrono::minutes{1},
                        .open = {close},
                        .high = {close},
                        .low = {close},
                        .close = {close},
                        .buy_volume = {10},
                        .trades = 1,
                        .width_s = 60};
        const bool decided =
            bot.on(world.trade(close), world.market(close, close + 1), bars, levels, trends, 1, holding, out);
        levels.changed = false;
        return decided;
    }
    void leg(const Leg& leg) {
        levels.changed = true;
        levels.legs[2] = leg;
        levels.cluster_count = 1;
        levels.clusters[0] = {.centre = 60396.2222, .weight = 4.5, .strength = 3.9, .members = 3};
    }
};

}  // namespace

TEST(StrategicFibo, ScoresAsTheSpecificationsExample) {
    EXPECT_NEAR(fibo::score(.9, 3.9, .91, true), .93625, 1e-9);
    EXPECT_NEAR(fibo::score(.9, core::unknown, core::unknown, false), .315, 1e-9);
}

TEST(StrategicFibo, CountsAnAlignmentOfItsOwnSideOnly) {
    using core::Side;
    EXPECT_TRUE(fibo::aligned(.01, Side::buy));
    EXPECT_TRUE(fibo::aligned(-.01, Side::sell));
    EXPECT_FALSE(fibo::aligned(.01, Side::sell));
    EXPECT_FALSE(fibo::aligned(0, Side::buy));
    EXPECT_FALSE(fibo::aligned(core::unknown, Side::buy));

    const auto score = [](double alignment) {
        Bench bench;
        bench.trends.now.alignment = alignment;
        bench.leg(up);
        bench.minute(60380);
        bench.minute(60383);
        EXPECT_EQ(bench.out.action, Action::enter);
        EXPECT_EQ((bench.out.reasons & reason::aligned) != 0, alignment > 0) << "the order says what carried it";
        return bench.out.score;
    };
    const double alone = score(core::unknown);
    EXPECT_NEAR(score(.4), alone + .15, 1e-12);
    EXPECT_EQ(score(-.4), alone);
    EXPECT_EQ(score(0), alone);
}

TEST(StrategicFibo, TriggersWhenACloseReturnsOverALevelInsideTheZone) {
    EXPECT_EQ(fibo::trigger(up, 60380, 60383), 1);     // back above .618 = 60382
    EXPECT_EQ(fibo::trigger(up, 60383, 60384), 0);     // was above already
    EXPECT_EQ(fibo::trigger(up, 60490, 60501), 0);     // out of the zone: above .5
    EXPECT_EQ(fibo::trigger(down, 60620, 60617), -1);  // back below .618 = 60618
    EXPECT_EQ(fibo::trigger(Leg{}, 60380, 60383), 0);
}

TEST(StrategicFibo, EntersOnTheBounceWithAStopBeyondTheLegAndTargetsPastItsEnd) {
    Bench bench;
    bench.leg(up);
    EXPECT_TRUE(bench.minute(60380));
    EXPECT_EQ(bench.out.action, Action::hold);

    EXPECT_TRUE(bench.minute(60385));

    EXPECT_EQ(bench.out.action, Action::enter);
    EXPECT_EQ(bench.out.side, core::Side::buy);
    EXPECT_NEAR(bench.out.score, .35 * (1 - core::bps(60385, 60382) / 40) + .25 * 3.9 / 4, 1e-9);
    EXPECT_NEAR(bench.out.stop_bps, std::abs(core::bps(60000 * (1 - 5e-4), 60385)), 1e-9);
    ASSERT_EQ(bench.out.target_count, 3);
    EXPECT_NEAR(bench.out.targets[0].bps, core::bps(61000, 60385), 1e-9);
    EXPECT_NEAR(bench.out.targets[2].bps, core::bps(61618, 60385), 1e-9);
}

TEST(StrategicFibo, HoldsWithoutALegAndOnAnInvalidBook) {
    Bench bench;
    EXPECT_TRUE(bench.minute(60380));
    EXPECT_EQ(bench.out.action, Action::hold);
    EXPECT_NE(bench.out.reasons & reason::no_leg, 0u);
}

TEST(StrategicFibo, LeavesWhenThePriceClosesBeyondTheLegsStart) {
    Bench bench;
    bench.leg(up);
    const Holding held{.side = 1, .entry = 60385, .own = true};
    bench.minute(60200, held);
    EXPECT_EQ(bench.out.action, Action::hold);
    bench.minute(59990, held);
    EXPECT_EQ(bench.out.action, Action::exit);
    EXPECT_DOUBLE_EQ(bench.out.exit_impulse, .6);
}

TEST(CosmicOverlay, IsTheWishItselfWhenOff) {
    Decision wish;
    wish.score = .7;
    const auto same = pipeline::apply(wish, {});
    EXPECT_EQ(std::memcmp(&same, &wish, sizeof wish), 0);

    const auto scaled =
        pipeline::apply(wish, {.applies = true, .size_factor = 1.25, .entry_factor = .8, .exit_factor = 1.5});
    EXPECT_DOUBLE_EQ(scaled.size_fraction, 1.25);
    EXPECT_DOUBLE_EQ(scaled.entry_threshold, .4);
    EXPECT_EQ(scaled.action, wish.action);
    EXPECT_EQ(scaled.score, wish.score);
}
