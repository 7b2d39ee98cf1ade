#include "pipeline/trends/trend_stage.hpp"
#include "pipeline/flow/chain.hpp"
#include "tests/pipeline/trends/trend_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

using namespace pipeline;

static_assert(Stage<TrendStage>);

namespace {

struct World {
    core::InstrumentTable instruments = test::two_instruments();
    Timeframes timeframes{};
    TrendSettings settings{};
    TrendStage stage{settings, {}, timeframes, instruments};
    Trends trends{};

    const Trends& on(const test::TrendMoment& m) {
        stage.on(m.tick, m.market, m.bars, m.indicators, m.levels, trends);
        return trends;
    }
};

IndicatorValues some(test::Dice& dice) {
    IndicatorValues v;
    v.adx14 = 10 + 25 * dice.unit();
    v.plus_di14 = 30 * dice.unit();
    v.minus_di14 = 30 * dice.unit();
    v.choppiness14 = 30 + 40 * dice.unit();
    v.volatility20_bps = dice(40) == 0 ? core::unknown : static_cast<double>(dice(300));
    return v;
}

/// One made-up bar of a random timeframe.
struct Step {
    std::size_t index{};
    std::int64_t open{}, close{};
    IndicatorValues values{};
    bool gap{};
};

std::vector<Step> walk(std::size_t count, std::uint64_t seed) {
    test::Dice dice{seed};
    std::vector<Step> steps(count);
    std::int64_t price = 1'000'000;
    for (auto& step : steps) {
        step.index = static_cast<std::size_t>(dice(3)) + 1;  // 5, 15, 30 minutes
        step.open = price;
        price = std::max<std::int64_t>(1000, price + dice(4001) - 2000);
        step.close = price;
        step.values = some(dice);
        step.gap = dice(200) == 0;
    }
    return steps;
}

test::TrendMoment moment(const Step& step, std::int64_t n, std::uint16_t instrument = 0) {
    const Timeframes timeframes;
    auto m =
        test::closing(step.index, timeframes.seconds[step.index], n, step.open, step.close, step.values, instrument);
    if (step.gap) m.bars.gap_mask = m.bars.bar_mask;
    return m;
}

/// The monitor from its definition: everything of a timeframe is kept and read again.
struct SlowFrame {
    std::vector<double> closes, volatilities;
    std::vector<SlowRegime> candidates;
    SlowRegime shown{};

    TimeframeTrend add(const Step& step, double minutes) {
        if (step.gap) *this = {};
        TimeframeTrend t;
        const double close = static_cast<double>(step.close) / 100;
        closes.push_back(close);
        if (closes.size() > 20) t.change_bps = core::bps(close, closes[closes.size() - 21]);
        t.bar_bps = core::bps(close, static_cast<double>(step.open) / 100);
        const double mild = 50 * std::sqrt(minutes / 60), strong = 300 * std::sqrt(minutes / 60);
        if (core::known(t.change_bps))
            t.state = static_cast<TrendState>((t.change_bps > mild) + (t.change_bps > strong) - (t.change_bps < -mild) -
                                              (t.change_bps < -strong));
        t.movement = trends::movement_of(t.bar_bps);
        const double volatility = step.values.volatility20_bps;
        if (core::known(volatility)) {
            volatilities.push_back(volatility);
            if (volatilities.size() > 500) volatilities.erase(volatilities.begin());
            if (volatilities.size() >= 100) {
                double points = 0;
                for (const double v : volatilities) points += v < volatility ? 1 : v == volatility ? .5 : 0;
                t.volatility_rank = points / static_cast<double>(volatilities.size());
            }
        }
        const auto& v = step.values;
        const auto now = trends::classify({v.adx14, v.plus_di14, v.minus_di14, v.choppiness14, t.volatility_rank});
        candidates.push_back(now);
        const bool twice = candidates.size() > 1 && candidates[candidates.size() - 2] == now;
        if (now == SlowRegime::unknown || shown == SlowRegime::unknown || twice) shown = now;
        t.regime = shown;
        return t;
    }
};

bool same(double a, double b) {
    return a == b || (!core::known(a) && !core::known(b));
}
bool same(const TimeframeTrend& a, const TimeframeTrend& b) {
    return same(a.change_bps, b.change_bps) && same(a.bar_bps, b.bar_bps) &&
           same(a.volatility_rank, b.volatility_rank) && a.state == b.state && a.movement == b.movement &&
           a.regime == b.regime;
}
bool same(const TrendFace& a, const TrendFace& b) {
    return same(a.alignment, b.alignment) && same(a.volatility_rank, b.volatility_rank) &&
           a.known_share == b.known_share && a.bias == b.bias && a.regime == b.regime && a.run == b.run &&
           a.run_sign == b.run_sign && a.dominance == b.dominance;
}

}  // namespace

TEST(TrendStage, KnowsATrendFromTheTwentyFirstBarOn) {
    World world;
    for (std::int64_t i = 0; i < 20; ++i) {
        const auto& trends = world.on(test::closing(2, 900, i, 10000, 10000, {}));
        EXPECT_EQ(trends.frames[2].state, unknown_trend);
        EXPECT_EQ(trends.mask, 1u << 2);
    }
    EXPECT_EQ(world.on(test::closing(2, 900, 20, 10000, 10026, {})).frames[2].state, 1);
    EXPECT_EQ(world.on(test::closing(2, 900, 21, 10000, 10151, {})).frames[2].state, 2);
    EXPECT_EQ(world.on(test::closing(2, 900, 22, 10000, 9975, {})).frames[2].state, 0);
}

TEST(TrendStage, ShowsTheFaceOnEveryTickAndTheFramesOnlyWhenTheyClose) {
    World world;
    for (std::size_t tf : {3u, 4u, 5u, 6u, 7u})
        for (std::int64_t i = 0; i < 21; ++i)
            world.on(test::closing(tf, world.timeframes.seconds[tf], i, 10000 + i * 200, 10000 + i * 200, {}));
    EXPECT_EQ(world.trends.now.bias, Bias::strong_bullish);
    EXPECT_EQ(world.trends.now.run, 5);
    EXPECT_NEAR(world.trends.now.known_share, 9 / 11.25, 1e-12);

    test::TrendMoment quiet;
    quiet.tick.instrument = core::InstrumentId{0};
    world.on(quiet);
    EXPECT_EQ(world.trends.mask, 0u);
    EXPECT_FALSE(world.trends.changed);
    EXPECT_EQ(world.trends.now.bias, Bias::strong_bullish);

    quiet.tick.instrument = core::InstrumentId{1};
    EXPECT_EQ(world.on(quiet).now.bias, Bias::unknown) << "the other instrument's";
    quiet.tick.instrument = core::no_instrument;
    EXPECT_FALSE(core::known(world.on(quiet).now.alignment));
}

TEST(TrendStage, IsFlatOnAFlatSeriesAndUnknownBehindAGap) {
    World world;
    IndicatorValues flat;  // what a flat series gives: no directional movement, no choppiness
    flat.volatility20_bps = 0;
    for (std::int64_t i = 0; i < 200; ++i) world.on(test::closing(2, 900, i, 10000, 10000, flat));
    EXPECT_EQ(world.trends.frames[2].state, 0);
    EXPECT_EQ(world.trends.frames[2].volatility_rank, .5);
    EXPECT_EQ(world.trends.frames[2].regime, SlowRegime::unknown);
    EXPECT_EQ(world.trends.frames[2].movement, Movement::subtle);

    auto gapped = test::closing(2, 900, 300, 10000, 10100, flat);
    gapped.bars.gap_mask = gapped.bars.bar_mask;
    world.on(gapped);
    EXPECT_EQ(world.trends.frames[2].state, unknown_trend);
    EXPECT_FALSE(core::known(world.trends.frames[2].volatility_rank));
}

TEST(TrendStage, TakesIndicatorsOnlyOfTheBarThatClosed) {
    World world;
    IndicatorValues v;
    v.adx14 = 31, v.plus_di14 = 28, v.minus_di14 = 12, v.choppiness14 = 40, v.volatility20_bps = 5;
    for (std::int64_t i = 0; i < 100; ++i) world.on(test::closing(2, 900, i, 10000, 10000, v));
    EXPECT_EQ(world.trends.now.regime, SlowRegime::trending_up);
    auto stale = test::closing(2, 900, 100, 10000, 10000, v);
    stale.indicators.mask = 0;
    EXPECT_EQ(world.on(stale).now.regime, SlowRegime::unknown);
}

TEST(TrendStage, AgreesWithItsSlowTwin) {
    World world;
    std::vector<SlowFrame> slow(8);
    const auto steps = walk(6000, 7);
    std::vector<TrendState> states(8, unknown_trend);
    std::int64_t n = 0;
    for (const auto& step : steps) {
        const auto& trends = world.on(moment(step, n++));
        const auto expected = slow[step.index].add(step, world.timeframes.seconds[step.index] / 60.0);
        ASSERT_TRUE(same(trends.frames[step.index], expected)) << "bar " << n;
        states[step.index] = expected.state;
        const auto aligned = trends::align(states, world.settings.weights);
        ASSERT_TRUE(same(trends.now.alignment, aligned.value));
        ASSERT_EQ(trends.now.bias, trends::bias_of(aligned.value));
    }
}

TEST(TrendStage, SaysTheSameWhateverComesLater) {
    World one, two;
    auto steps = walk(2000, 11), other = steps;
    const auto later = walk(1000, 12);
    std::copy(later.begin(), later.end(), other.begin() + 1000);
    for (std::size_t i = 0; i < 1000; ++i) {
        const auto a = one.on(moment(steps[i], static_cast<std::int64_t>(i)));
        const auto b = two.on(moment(other[i], static_cast<std::int64_t>(i)));
        ASSERT_TRUE(same(a.frames[steps[i].index], b.frames[steps[i].index]));
        ASSERT_TRUE(same(a.now, b.now));
    }
}

TEST(TrendStage, DoesNotCareInWhichOrderInstrumentsSpeak) {
    World together, apart;
    const auto first = walk(1500, 21), second = walk(1500, 22);
    std::vector<TrendFace> faces;
    for (std::size_t i = 0; i < first.size(); ++i) {
        together.on(moment(first[i], static_cast<std::int64_t>(i), 0));
        faces.push_back(together.trends.now);
        together.on(moment(second[i], static_cast<std::int64_t>(i), 1));
        faces.push_back(together.trends.now);
    }
    for (std::size_t i = 0; i < second.size(); ++i) {
        apart.on(moment(second[i], static_cast<std::int64_t>(i), 1));
        ASSERT_TRUE(same(apart.trends.now, faces[2 * i + 1]));
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
        apart.on(moment(first[i], static_cast<std::int64_t>(i), 0));
        ASSERT_TRUE(same(apart.trends.now, faces[2 * i]));
    }
}

TEST(TrendStage, TellsPatternsOfConfirmedPivots) {
    World world;
    const std::vector<double> turns{100, 200, 138.2, 169.1, 121.4};
    double price = 150;
    std::int64_t n = 0;
    std::vector<PatternEvent> told;
    Pivot pending;
    bool waiting = false;
    for (const double turn : {100., 200., 138.2, 169.1, 121.4, 150.}) {
        const double from = price;
        for (int i = 1; i <= 6; ++i) {
            price = from + (turn - from) * i / 6;
            auto m = test::closing(2, 900, n, std::llround(price * 100), std::llround(price * 100), {});
            m.bars.bars[2].high = m.bars.bars[2].low = m.bars.bars[2].close;
            if (waiting && n == pending.bar + 3) {
                m.levels.pivot_mask = 1u << 2;
                m.levels.pivots[2] = pending;
                waiting = false;
            }
            const auto& trends = world.on(m);
            for (std::size_t k = 0; k < trends.pattern_count; ++k) told.push_back(trends.patterns[k]);
            ++n;
        }
        pending = {.high = turn > from, .price = turn, .bar = n - 1};
        waiting = true;
    }
    ASSERT_EQ(told.size(), 2u);
    EXPECT_TRUE(told[0].forming);
    EXPECT_FALSE(told[1].forming);
    EXPECT_EQ(told[1].kind, PatternKind::gartley);
    EXPECT_EQ(told[1].timeframe, 2);
    EXPECT_EQ(world.stage.lost_patterns(), 0u);
}

TEST(TrendStage, RefusesImpossibleSettings) {
    const auto instruments = test::two_instruments();
    const auto refused = [&](auto change) {
        TrendSettings settings;
        change(settings);
        EXPECT_THROW((TrendStage{settings, {}, {}, instruments}), std::invalid_argument);
    };
    refused([](auto& s) { s.timeframes_min.clear(); });
    refused([](auto& s) { s.timeframes_min[2] = 7; });
    refused([](auto& s) { s.weights.pop_back(); });
    refused([](auto& s) { s.weights[0] = 0; });
    refused([](auto& s) { s.mild_bps_60 = 300; });
    refused([](auto& s) { s.mild_bps = {1}; });
    refused([](auto& s) { s.change_bars = 0; });
    refused([](auto& s) { s.regime_timeframe_min = 2; });
    refused([](auto& s) { s.regime_hold_bars = 0; });
    refused([](auto& s) { s.volatility_min = 501; });
}
