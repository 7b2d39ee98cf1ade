#include "strategies/analysis/trap_meter.hpp"

#include "tests/strategies/world.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

using namespace std::chrono_literals;
using pipeline::SlowRegime;
using strategies::TrapMeter;

namespace {

/// One instrument's slots, made by hand: a one-minute bar, levels, depth, a regime.
struct Watched {
    test::World world;
    TrapMeter meter{pipeline::Timeframes{}, world.instruments};
    pipeline::Market market;
    pipeline::Bars bars;
    pipeline::Levels levels;
    pipeline::Trends trends;
    int minute{};

    void tick() {
        meter.on(world.tick(core::TickKind::quote), market, bars, levels, trends);
        bars.bar_mask = bars.gap_mask = trends.mask = 0;
        market.depth_sampled = levels.changed = false;
    }
    void bar(std::int64_t close, std::int64_t volume, bool gap = false) {
        bars.bar_mask = 1;
        bars.gap_mask = gap ? 1 : 0;
        bars.bars[0] = {.start = minute++ * 1min,
                        .open = {close},
                        .high = {close},
                        .low = {close},
                        .close = {close},
                        .buy_volume = {volume},
                        .sell_volume = {0},
                        .trades = 1,
                        .width_s = 60};
        tick();
    }
    void flat(int count) {
        for (int i = 0; i < count; ++i) bar(10'000, 100);
    }
    void depth(double bids, double asks) {
        market.valid = market.depth_sampled = true;
        market.bid_depth25 = bids;
        market.ask_depth25 = asks;
        tick();
    }
    [[nodiscard]] pipeline::traps::MeterParts parts() const { return meter.parts(world.id); }
};

}  // namespace

TEST(TrapMeter, IsUnknownBeforeItsWindowsAreFull) {
    Watched watched;
    watched.flat(20);
    EXPECT_FALSE(core::known(watched.parts().price)) << "nineteen minutes lie between the first bar and the last";
    EXPECT_FALSE(core::known(watched.parts().volume));
    watched.flat(1);
    EXPECT_TRUE(core::known(watched.parts().price));
    EXPECT_TRUE(core::known(watched.parts().volume));
    EXPECT_FALSE(core::known(watched.parts().fib));
    EXPECT_FALSE(core::known(watched.parts().book));
    EXPECT_FALSE(core::known(watched.parts().regime));
    EXPECT_FALSE(core::known(watched.meter.value(watched.world.id))) << "price and volume weigh less than half";
}

TEST(TrapMeter, ReadsReturnsAndVolumeOfMinuteBars) {
    Watched watched;
    watched.flat(21);
    EXPECT_EQ(watched.parts().price, .2);
    EXPECT_EQ(watched.parts().volume, .2);

    watched.bar(10'150, 240);  // 1.5 % in five minutes and in twenty; 2.4 times the usual volume

    EXPECT_NEAR(watched.parts().price, 25 * .015, 1e-12);
    EXPECT_NEAR(watched.parts().volume, 2.4 / 3, 1e-12);
}

TEST(TrapMeter, ComparesWithWhatWasKnownThatLongAgoAcrossMissingMinutes) {
    Watched watched;
    watched.flat(21);
    watched.bar(10'300, 100);
    watched.minute += 4;       // nothing traded
    watched.bar(10'100, 100);  // down on the bar five minutes before, up on that of twenty
    EXPECT_NEAR(watched.parts().price, 25 * (1 - 10'100. / 10'300), 1e-12);
}

TEST(TrapMeter, BeginsAnewAfterAGap) {
    Watched watched;
    watched.flat(30);
    watched.bar(10'000, 100, true);
    EXPECT_FALSE(core::known(watched.parts().price));
    EXPECT_FALSE(core::known(watched.parts().volume));
}

TEST(TrapMeter, MeasuresTheNearestLevelInPerCentOfThePrice) {
    struct Row {
        std::vector<double> levels;
        double part;
    };
    // The price is 10 000.
    const Row rows[] = {
        {{9'995, 10'300}, .9}, {{9'980, 10'300}, .7}, {{9'000, 10'040}, .5}, {{9'920}, .3}, {{10'150}, .1}};
    for (const Row& row : rows) {
        Watched watched;
        watched.flat(1);
        watched.levels.active_count = static_cast<std::uint16_t>(row.levels.size());
        for (std::size_t i = 0; i < row.levels.size(); ++i) watched.levels.active[i].price = row.levels[i];
        watched.levels.changed = true;
        watched.tick();
        EXPECT_EQ(watched.parts().fib, row.part) << row.levels[0];
    }
}

TEST(TrapMeter, WeighsTheBookWhileThereIsOne) {
    Watched watched;
    watched.depth(310, 100);
    EXPECT_EQ(watched.parts().book, .75);
    watched.depth(100, 210);
    EXPECT_EQ(watched.parts().book, .6);
    watched.depth(100, 100);
    EXPECT_EQ(watched.parts().book, .3);
    watched.depth(0, 100);
    EXPECT_EQ(watched.parts().book, .75);
    watched.depth(0, 0);
    EXPECT_FALSE(core::known(watched.parts().book));
    watched.depth(100, 100);
    watched.market.valid = false;
    watched.tick();
    EXPECT_FALSE(core::known(watched.parts().book));
}

TEST(TrapMeter, TakesTheSlowRegime) {
    const std::pair<SlowRegime, double> rows[] = {{SlowRegime::volatile_, .8},     {SlowRegime::ranging, .5},
                                                  {SlowRegime::trending_up, .4},   {SlowRegime::quiet, .5},
                                                  {SlowRegime::trending_down, .4}, {SlowRegime::transition, .6}};
    Watched watched;
    for (const auto& [regime, part] : rows) {
        watched.trends.mask = 1;
        watched.trends.now.regime = regime;
        watched.tick();
        EXPECT_EQ(watched.parts().regime, part);
    }
}

TEST(TrapMeter, IsTheWeightedMeanOfWhatIsKnown) {
    Watched watched;
    watched.flat(21);
    watched.depth(310, 100);
    const double without = (.25 * .2 + .20 * .2 + .15 * .75) / .60;
    EXPECT_NEAR(watched.meter.value(watched.world.id), without, 1e-12);
    EXPECT_NEAR(watched.meter.value(watched.world.id, .4), (without * .60 + .15 * .4) / .75, 1e-12);
    EXPECT_FALSE(core::known(watched.meter.value(core::no_instrument)));
}

TEST(TrapMeter, SeesOneLevelThatDwarfsTheOthers) {
    Watched watched;
    watched.flat(1);
    const auto book = [&](double largest, std::int64_t twentieth) {
        watched.market.bids = {
            .tenth = {99}, .twentieth = {twentieth}, .quantity20 = largest + 19, .largest20 = largest};
        watched.market.asks = {.tenth = {110}, .twentieth = {120}, .quantity20 = 20, .largest20 = 1};
        watched.depth(10, 10);
        return watched.parts().book;
    };
    EXPECT_EQ(book(39, 90), .8);  // 39 over (39 + 39)/40
    EXPECT_EQ(book(38, 90), .3);
    EXPECT_EQ(book(39, std::numeric_limits<std::int64_t>::min()), .3) << "fewer than twenty levels are no mean";
    watched.market.valid = false;
    watched.tick();
    EXPECT_FALSE(core::known(watched.parts().book));
}
