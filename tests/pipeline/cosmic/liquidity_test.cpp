#include "pipeline/cosmic/liquidity.hpp"

#include "core/random/xoshiro.hpp"
#include "pipeline/cosmic/conditions.hpp"
#include "pipeline/cosmic/cosmic_stage.hpp"
#include "pipeline/cosmic/factors.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

using namespace pipeline;
using namespace test;

namespace {

constexpr core::InstrumentId first{0}, second{1};

Market market(core::Nanoseconds time, double depth, double spread) {
    Market m;
    m.time = time;
    m.valid = true;
    m.bid_depth10 = m.ask_depth10 = depth / 2;
    m.spread_bps = spread;
    return m;
}

/// A minute: a tick that samples the one before, then a trade of `volume`.
void minute(LiquidityRanks& ranks, int number, double depth, double spread, std::int64_t volume,
            std::uint16_t instrument = 0) {
    const auto start = number * 60s;
    ranks.on(tick(core::TickKind::quote, start, instrument), market(start, depth, spread));
    if (volume == 0) return;
    auto t = trade(start + 30s, 100, volume);
    t.instrument = core::InstrumentId{instrument};
    ranks.on(t, market(start + 30s, depth, spread));
}

double mid_rank(const std::deque<double>& samples, double x) {
    double below = 0;
    for (const double s : samples) below += s < x ? 1 : s == x ? .5 : 0;
    return below / static_cast<double>(samples.size());
}

}  // namespace

TEST(LiquidityRanks, AreUnknownBelowSixtySamples) {
    LiquidityRanks ranks{1};
    // The first five minutes fill the volume; the minute in which it began counts for none.
    for (int i = 0; i < 6 + 58; ++i) minute(ranks, i, 1000, 2, 10);
    EXPECT_FALSE(core::known(ranks.of(first, 64 * 60s)));
    minute(ranks, 64, 1000, 2, 10);
    EXPECT_FALSE(core::known(ranks.of(first, 64 * 60s))) << "59 samples";
    minute(ranks, 65, 1000, 2, 10);
    EXPECT_DOUBLE_EQ(ranks.of(first, 65 * 60s), .5) << "a market that never changes is normal";
}

TEST(LiquidityRanks, RiseWithDepthAndVolumeAndFallWithTheSpread) {
    const auto after = [](double depth, double spread, std::int64_t volume) {
        LiquidityRanks ranks{1};
        for (int i = 0; i < 200; ++i) minute(ranks, i, 1000 + i % 7, 5 + i % 5, 100 + i % 3);
        for (int i = 200; i < 206; ++i) minute(ranks, i, depth, spread, volume);
        return ranks.of(first, 205 * 60s);
    };
    EXPECT_EQ(liquidity_reading(after(9000, 1, 900)).condition, "abundant");
    EXPECT_EQ(liquidity_reading(after(1, 50, 1)).condition, "dry");
    EXPECT_EQ(liquidity_reading(after(1003, 7, 101)).condition, "normal");
}

TEST(LiquidityRanks, AreUnknownWithoutABookAndForThreeHundredSecondsAfter) {
    LiquidityRanks ranks{1};
    int i = 0;
    for (; i < 100; ++i) minute(ranks, i, 1000, 2, 10);
    ASSERT_TRUE(core::known(ranks.of(first, i * 60s)));
    auto invalid = market(i * 60s, 1000, 2);
    invalid.valid = false;
    ranks.on(quote(i * 60s), invalid);
    for (int k = 1; k < 5; ++k) minute(ranks, i + k, 1000, 2, 10);
    EXPECT_FALSE(core::known(ranks.of(first, (i + 4) * 60s))) << "the newest sample is too old, the next not taken yet";
    minute(ranks, i + 5, 1000, 2, 10);
    EXPECT_TRUE(core::known(ranks.of(first, (i + 5) * 60s)));
}

TEST(LiquidityRanks, LeaveOutSamplesOfUnknownDepth) {
    LiquidityRanks ranks{1};
    for (int i = 0; i < 200; ++i) minute(ranks, i, core::unknown, 2, 10);
    EXPECT_FALSE(core::known(ranks.of(first, 199 * 60s)));
    for (int i = 200; i < 400; ++i) minute(ranks, i, 100, core::unknown, 10);
    EXPECT_FALSE(core::known(ranks.of(first, 399 * 60s)));
}

TEST(LiquidityRanks, KeepInstrumentsApartAndAverageThem) {
    LiquidityRanks ranks{2};
    for (int i = 0; i < 100; ++i) {
        minute(ranks, i, 1000 + i, 2, 10, 0);  // ever deeper
        minute(ranks, i, 5000 - i, 2, 10, 1);  // ever thinner
    }
    EXPECT_GT(ranks.of(first, 100 * 60s), .6);
    EXPECT_LT(ranks.of(second, 100 * 60s), .4);
    EXPECT_NEAR(ranks.of_market(100 * 60s), .5, 1e-9);
    EXPECT_FALSE(core::known(ranks.of_market(200 * 60s))) << "nothing was heard for long";
    EXPECT_FALSE(core::known(ranks.of(core::no_instrument, 100 * 60s)));
}

RC_GTEST_PROP(LiquidityRanks, AreWhatASlowTwinCounts, ()) {
    LiquidityRanks ranks{1};
    std::deque<double> depths, spreads, volumes;
    std::deque<double> minutes;  // full ones
    int now = 0;
    const int steps = *rc::gen::inRange(50, 400);
    core::Xoshiro random{*rc::gen::arbitrary<std::uint64_t>()};
    double expected = core::unknown;
    for (int i = 0; i < steps; ++i) {
        const auto skip = random.below(20) == 0 ? random.below(9) : 0;  // minutes without a tick
        for (std::uint64_t k = 0; k < skip && i > 0; ++k) minutes.push_back(0);
        now += static_cast<int>(i > 0 ? skip : 0);
        const auto depth = static_cast<double>(random.below(9)), spread = static_cast<double>(random.below(5));
        if (minutes.size() >= 6) {  // the first was known in part only
            double volume = 0;
            for (std::size_t k = minutes.size() - 5; k < minutes.size(); ++k) volume += minutes[k];
            depths.push_back(depth);
            spreads.push_back(spread);
            volumes.push_back(volume);
            if (depths.size() >= 60)
                expected =
                    liquidity_rank(mid_rank(depths, depth), mid_rank(spreads, spread), mid_rank(volumes, volume));
        }
        const auto volume = static_cast<std::int64_t>(random.below(4));
        minute(ranks, now, depth, spread, volume);
        minutes.push_back(static_cast<double>(volume));
        ++now;
    }
    const double found = ranks.of(first, (now - 1) * 60s);
    RC_ASSERT(core::known(found) == core::known(expected));
    if (core::known(expected)) RC_ASSERT(std::abs(found - expected) < 1e-12);
}

TEST(CosmicStage, RanksItsOwnBooksWhereTheLiquidityConditionHasNoValue) {
    CosmicSettings settings;
    settings.enabled = true;
    for (auto& factor : settings.factors) factor.enabled = false;
    settings.factor(Factor::market_liquidity) = {true, 1};
    CosmicStage stage{settings, instruments()};
    Weights weights;
    const auto condition = [&](int number, double value = core::unknown) {
        std::vector<core::Tick> ticks(max_conditions);
        ASSERT_EQ(make_conditions(number * 60s, settings, {.liquidity = value}, ticks), 1U);
        stage.on(ticks[0], {}, weights);
    };
    condition(0);
    EXPECT_NE(weights.influence.unknown_mask, 0) << "no ranks yet";
    for (int i = 0; i < 100; ++i) {
        stage.on(quote(i * 60s), market(i * 60s, 1000 + i, 10. / (i + 1)), weights);
        stage.on(trade(i * 60s + 1s, 100, i + 1), market(i * 60s + 1s, 1000 + i, 10. / (i + 1)), weights);
    }

    condition(100);
    EXPECT_EQ(weights.influence.unknown_mask, 0);
    EXPECT_DOUBLE_EQ(weights.influence.risk, .2) << "abundant: ever deeper, tighter and busier";
    condition(101, .05);
    EXPECT_DOUBLE_EQ(weights.influence.risk, -.3) << "a value that is given wins";
}
