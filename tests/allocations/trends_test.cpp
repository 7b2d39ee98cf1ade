#include "pipeline/trends/ai_stage.hpp"
#include "pipeline/trends/trend_stage.hpp"
#include "tests/allocations/counting_new.hpp"
#include "tests/pipeline/trends/trend_world.hpp"

#include <gtest/gtest.h>

/// Three thousand minutes through both stages, labels, traps, pivots and a feed gap included: the recordings of the
/// other tests are too short for a matured row.
TEST(Allocations, NoneWhereTrendsAreJudgedAndModelsLearn) {
    const auto instruments = test::two_instruments();
    pipeline::TrendStage trend_stage{{}, {}, {}, instruments};
    pipeline::AiSettings settings;
    settings.warmup_bars = 100;
    pipeline::AiStage ai_stage{settings, {}, instruments};
    pipeline::Trends trends;
    pipeline::Predictions predictions;
    test::Dice dice;
    pipeline::IndicatorValues v;
    v.rsi14 = 50, v.atr14 = 10, v.adx14 = 30, v.plus_di14 = 20, v.minus_di14 = 10, v.choppiness14 = 50;
    v.macd_histogram = 1, v.bollinger_lower = 9000, v.bollinger_upper = 11000;
    std::int64_t price = 1'000'000;
    std::uint64_t taken = 0, predicted = 0;
    for (std::int64_t n = 0; n < 3000; ++n) {
        const auto open = price;
        price += dice(4001) - 2000;
        v.volatility20_bps = static_cast<double>(dice(100));
        auto m = test::closing(0, 60, n, open, price, v);
        m.market.imbalance5 = dice.unit();
        m.bars.bucket_mask = 2;
        m.bars.buckets[1].bucket.start = m.bars.bars[0].end() - std::chrono::seconds{15};
        m.bars.cleared = n == 1500;
        if (n % 20 == 10) {
            m.levels.pivot_mask = 1;
            m.levels.pivots[0] = {.high = n % 40 == 10, .price = static_cast<double>(price) / 100, .bar = n - 5};
            m.traps.count = 1;
            m.traps.events[0].severity = pipeline::Severity::high;
            m.traps.events[0].time = m.market.time;
        }
        const auto before = test::allocations();
        trend_stage.on(m.tick, m.market, m.bars, m.indicators, m.levels, trends);
        ai_stage.on(m.tick, m.market, m.bars, m.indicators, m.levels, m.traps, trends, predictions);
        taken += test::allocations() - before;
        predicted += core::known(predictions.direction.p) ? 1u : 0u;
    }
    EXPECT_EQ(taken, 0u);
    EXPECT_GT(predicted, 2500u);
    EXPECT_GT(ai_stage.counters().learnt[0], 1000u);
    EXPECT_GT(ai_stage.counters().dropped, 0u);
}
