#include "pipeline/fibonacci/fibonacci_stage.hpp"

#include "pipeline/fibonacci/measures.hpp"

#include "tests/pipeline/fibonacci/golden_bars.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace pipeline;
using namespace test;

namespace {

/// One-minute swings of 50 bps, whatever else is set.
FibonacciSettings minute_settings() {
    FibonacciSettings settings;
    settings.timeframes[0].min_swing_bps = 50;
    return settings;
}

/// A stage fed with the bars of the first timeframe, prices with two decimals.
struct Fed {
    explicit Fed(const FibonacciSettings& settings = minute_settings())
        : table{instruments()}, stage{settings, Timeframes{}, table} {}

    const Levels& close(const SwingBar& swing, std::uint16_t mask = 1, std::uint16_t gap_mask = 0) {
        const auto price = [](double p) { return core::Price{static_cast<std::int64_t>(p * 100)}; };
        Bars bars;
        bars.bar_mask = mask;
        bars.gap_mask = gap_mask;
        bars.bars.fill({.start = swing.start,
                        .high = price(swing.high),
                        .low = price(swing.low),
                        .close = price(swing.close),
                        .width_s = 60});
        stage.on(quote(swing.end), at(swing.end), bars, levels);
        return levels;
    }
    const Levels& trade(core::Nanoseconds time, double price) {
        stage.on(test::trade(time, static_cast<std::int64_t>(price * 100)), at(time), {}, levels);
        return levels;
    }
    const Levels& sample(core::Nanoseconds time, double mid, double bid = 50, double ask = 50) {
        auto market = at(time);
        market.valid = market.depth_sampled = true;
        market.mid = mid;
        market.bid_depth25 = bid;
        market.ask_depth25 = ask;
        stage.on(quote(time), market, {}, levels);
        return levels;
    }

    core::InstrumentTable table;
    FibonacciStage stage;
    Levels levels;
};

std::size_t count_of(const Levels& levels, Ratio ratio) {
    return static_cast<std::size_t>(std::count_if(levels.active.begin(), levels.active.begin() + levels.active_count,
                                                  [=](const auto& level) { return level.ratio == ratio; }));
}

}  // namespace

TEST(FibonacciStage, PublishesLegsAndLevelsAsPivotsAreConfirmed) {
    Fed fed;
    const auto bars = golden_bars();

    for (std::size_t i = 0; i < bars.size(); ++i) {
        SCOPED_TRACE(i);
        const Levels& levels = fed.close(bars[i]);
        EXPECT_EQ(levels.pivot_mask != 0, i == 3 || i == 6 || i == 11 || i == 15);
        if (i == 3) {
            EXPECT_TRUE(levels.pivots[0].seed);
            EXPECT_FALSE(levels.changed) << "the seed yields no levels";
        }
        if (i == 6) {
            ASSERT_TRUE(levels.changed);
            EXPECT_FALSE(levels.legs[0].known);
            ASSERT_EQ(levels.active_count, 1);
            EXPECT_EQ(levels.active[0].price, 10110);
            EXPECT_EQ(levels.active[0].ratio, Ratio::pivot);
        }
        if (i == 11) {
            ASSERT_TRUE(levels.changed);
            EXPECT_TRUE(levels.legs[0].known);
            EXPECT_FALSE(levels.legs[0].up);
            EXPECT_EQ(levels.legs[0].lo, 10010);
            EXPECT_EQ(levels.legs[0].hi, 10110);
            EXPECT_EQ(levels.active_count, 11 + 2);
            EXPECT_EQ(count_of(levels, Ratio::pivot), 2U);
        }
        if (i == 12) {
            ASSERT_TRUE(levels.changed) << "10140 closes through the high of 10110";
            EXPECT_EQ(count_of(levels, Ratio::pivot), 1U);
        }
        if (i == 15) {
            EXPECT_TRUE(levels.legs[0].up);
            EXPECT_EQ(levels.legs[0].hi, 10150);
        }
        for (std::size_t j = 1; levels.changed && j < levels.active_count; ++j) {
            EXPECT_LE(levels.active[j - 1].price, levels.active[j].price);
        }
    }
}

TEST(FibonacciStage, PutsLevelsOfEveryTimeframeIntoOneListAndItsClusters) {
    FibonacciSettings settings = minute_settings();
    settings.timeframes[1].min_swing_bps = 50;
    Fed fed{settings};
    constexpr std::uint16_t minute_and_quarter = 0b101;  // Timeframes: 1, 5, 15, …

    for (const auto& bar : golden_bars()) {
        const bool known = fed.close(bar, minute_and_quarter).changed;
        if (known && fed.levels.legs[0].known) {
            EXPECT_TRUE(fed.levels.legs[2].known);
            EXPECT_FALSE(fed.levels.legs[1].known) << "five minutes are not configured";
        }
    }
    // Two identical legs: every level has a twin, so no cluster has one timeframe only.
    ASSERT_GT(fed.levels.cluster_count, 0);
    for (std::size_t i = 0; i < fed.levels.cluster_count; ++i) {
        EXPECT_GE(fed.levels.clusters[i].members, 2);
        EXPECT_DOUBLE_EQ(fed.levels.clusters[i].strength, fed.levels.clusters[i].members * (1 + .5 * .4));
    }
}

TEST(FibonacciStage, StartsAgainAfterAGap) {
    Fed fed;
    for (const auto& bar : golden_bars()) fed.close(bar);

    const Levels& levels = fed.close(minute_bar(100, 10050, 10040, 10045), 1, 1);

    ASSERT_TRUE(levels.changed);
    EXPECT_EQ(levels.active_count, 0);
    EXPECT_EQ(levels.cluster_count, 0);
    EXPECT_FALSE(levels.legs[0].known);
}

TEST(FibonacciStage, ExpiresOldPivots) {
    FibonacciSettings settings = minute_settings();
    settings.max_age_bars = 20;
    Fed fed{settings};
    for (const auto& bar : golden_bars()) fed.close(bar);  // pivots at bars 3, 8 and 12; the first broken

    int changes = 0;
    for (int i = 17; i < 34; ++i) {
        fed.close(minute_bar(i, 10051, 10049, 10050));
        if (fed.levels.pivot_mask != 0) GTEST_FAIL() << "a quiet market has no swings";
        changes += fed.levels.changed;
    }
    EXPECT_EQ(changes, 3) << "each pivot goes once, at 24, 29 and 33";
    EXPECT_EQ(fed.levels.active_count, 0);
}

TEST(FibonacciStage, TellsWhenATradeReachesALevel) {
    Fed fed;
    for (const auto& bar : golden_bars()) fed.close(bar);  // up leg 10010 → 10150, band ± .7
    const double golden = 10150 - 140 * .618;              // 10063.48

    EXPECT_EQ(fed.trade(1100s, golden + 2).hit_count, 0);
    ASSERT_EQ(fed.trade(1101s, golden + .5).hit_count, 1);
    EXPECT_EQ(fed.levels.hits[0].ratio, Ratio::r618);
    EXPECT_EQ(fed.trade(1102s, golden - .5).hit_count, 0);
    EXPECT_EQ(fed.trade(1103s, golden - 3).hit_count, 0);
    EXPECT_EQ(fed.trade(1104s, golden).hit_count, 1);
}

TEST(FibonacciStage, EmitsAGoldenConfluenceFromDepthSamples) {
    Fed fed;
    for (const auto& bar : golden_bars()) fed.close(bar);
    const double golden = 10150 - 140 * .618;

    for (int s = 0; s < 59; ++s) EXPECT_FALSE(fed.sample(1100s + std::chrono::seconds{s}, golden).golden);
    ASSERT_TRUE(fed.sample(1159s, golden, 60, 40).golden);

    EXPECT_EQ(fed.levels.confluence.timeframe, 0);
    EXPECT_NEAR(fed.levels.confluence.level, golden, 1e-9);
    EXPECT_NEAR(fed.levels.confluence.c, .5 + .3 + .2 * 1.2 / 2, 1e-9);
    EXPECT_FALSE(fed.trade(1159s, golden).golden) << "once";
    EXPECT_EQ(fed.stage.golden_counts(core::InstrumentId{0}).emitted, 1U);
}

TEST(FibonacciStage, LearnsFromTheOutcomesOfItsConfluences) {
    Fed fed;
    for (const auto& bar : golden_bars()) fed.close(bar);
    const double golden = 10150 - 140 * .618;
    for (int s = 0; s < 60; ++s) fed.sample(1100s + std::chrono::seconds{s}, golden);

    fed.trade(1170s, golden * 1.0016);  // T is its base of 30 bps: half of it upwards
    ASSERT_TRUE(fed.sample(1219s, golden, 10, 90).golden);

    EXPECT_NEAR(fed.levels.confluence.confluence, std::min(1.0, fed.levels.confluence.c * 1.5), 1e-12);
    EXPECT_GT(fed.levels.confluence.confluence, fed.levels.confluence.c);
}

TEST(FibonacciStage, IgnoresInnerLevelsAndTicksOfNoInstrument) {
    Fed fed;
    for (const auto& bar : golden_bars()) fed.close(bar);
    Bars bars;
    bars.bar_mask = 1;
    auto inner = tick(core::TickKind::level, 2000s);
    fed.levels.changed = fed.levels.golden = true;
    fed.levels.pivot_mask = fed.levels.hit_count = 1;

    fed.stage.on(inner, at(2000s), bars, fed.levels);
    EXPECT_FALSE(fed.levels.changed || fed.levels.golden || fed.levels.pivot_mask != 0 || fed.levels.hit_count != 0);
    fed.stage.on(tick(core::TickKind::timer, 2000s, core::no_instrument.value), at(2000s), bars, fed.levels);
    EXPECT_FALSE(fed.levels.changed);
}

TEST(FibonacciStage, AcceptsShortTimeframesInSeconds) {
    Timeframes timeframes;
    timeframes.seconds = {5, 15, 60};
    timeframes.count = 3;
    FibonacciSettings settings;
    settings.timeframes = {{{5, 3, 1}, {15, 5, 1}}};
    settings.count = 2;
    const auto table = instruments();
    EXPECT_NO_THROW((FibonacciStage{settings, timeframes, table}));
}

TEST(FibonacciStage, RefusesImpossibleSettings) {
    const auto refuse = [](auto change) {
        FibonacciSettings settings;
        change(settings);
        EXPECT_THROW(Fed{settings}, std::invalid_argument);
    };
    refuse([](auto& s) { s.timeframes[0].seconds = 61; });
    refuse([](auto& s) { std::swap(s.timeframes[0], s.timeframes[1]); });
    refuse([](auto& s) { s.timeframes[2].min_swing_bps = 0; });
    refuse([](auto& s) { s.timeframes[2].weight = 0; });
    refuse([](auto& s) { s.count = 0; });
    refuse([](auto& s) { s.count = 7; });
    refuse([](auto& s) { s.confirm_bars = 0; });
    refuse([](auto& s) { s.keep_pivots = 9; });
    refuse([](auto& s) { s.golden.min_depth_samples = 301; });
    refuse([](auto& s) { s.golden.history_size = 0; });
}
