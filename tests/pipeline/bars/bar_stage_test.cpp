#include "pipeline/bars/bar_stage.hpp"

#include "tests/pipeline/bars/slow_bars.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <stdexcept>

using namespace pipeline;
using namespace test;
using core::Price;
using core::Quantity;

namespace {

/// A stage with its section, fed one tick at a time.
struct Fed {
    explicit Fed(const BarSettings& settings = {}) : table{instruments(2)}, stage{settings, table} {}

    const Bars& on(const core::Tick& tick, Market market) {
        stage.on(tick, market, bars);
        return bars;
    }
    const Bars& on(const core::Tick& tick) { return on(tick, at(tick.venue_time)); }

    core::InstrumentTable table;
    BarStage stage;
    Bars bars;
};

}  // namespace

TEST(BarStage, ClosesABucketWithTheFirstLaterEventOfAnyKind) {
    Fed fed;

    fed.on(trade(100ms, 1000, 3, core::Side::buy));
    fed.on(trade(400ms, 1010, 2, core::Side::sell));
    EXPECT_EQ(fed.on(trade(999ms, 990, 1)).bucket_mask, 0);
    const Bars& bars = fed.on(quote(1s));

    ASSERT_EQ(bars.bucket_mask, 1);
    const auto& [bucket, empties] = bars.buckets[0];
    EXPECT_EQ(bucket.start, 0s);
    EXPECT_EQ(bucket.end(), 1s);
    EXPECT_EQ(bucket.open, Price{1000});
    EXPECT_EQ(bucket.high, Price{1010});
    EXPECT_EQ(bucket.low, Price{990});
    EXPECT_EQ(bucket.close, Price{990});
    EXPECT_EQ(bucket.buy_volume, Quantity{4});
    EXPECT_EQ(bucket.sell_volume, Quantity{2});
    EXPECT_EQ(bucket.trades, 3U);
    EXPECT_EQ(empties, 0U);
}

TEST(BarStage, CarriesThePriceThroughEmptyBuckets) {
    Fed fed;

    fed.on(trade(16500ms, 1000));
    const auto after = fed.on(quote(20200ms)).buckets[0];
    const auto carried = fed.on(trade(21s, 1100)).buckets[0];
    const auto traded = fed.on(quote(22s)).buckets[0];

    EXPECT_EQ(after.bucket.start, 16s);
    EXPECT_EQ(after.empties_after, 3U);
    EXPECT_EQ(carried.bucket.start, 20s);
    EXPECT_EQ(carried.bucket.trades, 0U);
    EXPECT_EQ(carried.bucket.open, Price{1000});
    EXPECT_EQ(carried.bucket.close, Price{1000});
    EXPECT_EQ(carried.bucket.volume(), Quantity{0});
    EXPECT_EQ(traded.bucket.open, Price{1100}) << "a bucket with trades knows only them";
}

TEST(BarStage, ClosesEveryWidthThatTheTimeHasPassed) {
    Fed fed;

    fed.on(trade(299s, 1000));
    const Bars& bars = fed.on(quote(300s));

    EXPECT_EQ(bars.bucket_mask, 0b1111);
    EXPECT_EQ(bars.buckets[1].bucket.start, 285s);
    EXPECT_EQ(bars.buckets[2].bucket.start, 240s);
    EXPECT_EQ(bars.buckets[3].bucket.start, 0s);
    for (const auto& [bucket, empties] : bars.buckets) EXPECT_EQ(bucket.close, Price{1000});
}

TEST(BarStage, MakesBarsOnlyOfIntervalsWithTrades) {
    Fed fed{with_timeframes({60, 300})};

    fed.on(trade(61s, 1000));
    fed.on(trade(119s, 1020));
    EXPECT_EQ(fed.on(quote(120s)).bar_mask, 0b01);
    EXPECT_EQ(fed.bars.bars[0].start, 60s);
    EXPECT_EQ(fed.bars.bars[0].high, Price{1020});
    EXPECT_EQ(fed.on(quote(240s)).bar_mask, 0) << "nothing traded in the third and fourth minute";
    fed.on(trade(250s, 1010));
    EXPECT_EQ(fed.on(quote(300s)).bar_mask, 0b11);
    EXPECT_EQ(fed.bars.gap_mask, 0) << "two missing minutes are no gap";
    EXPECT_EQ(fed.bars.bars[1].open, Price{1000});
    EXPECT_EQ(fed.bars.bars[1].close, Price{1010});
    EXPECT_EQ(fed.bars.bars[1].trades, 3U);
}

TEST(BarStage, ReportsAGapOfMoreThanThreeMissingBars) {
    Fed fed{with_timeframes({60})};

    fed.on(trade(0s, 1000));
    fed.on(trade(4 * 60s, 1000));  // three missing
    EXPECT_EQ(fed.on(quote(5 * 60s)).gap_mask, 0);
    fed.on(trade(9 * 60s, 1000));  // four missing
    EXPECT_EQ(fed.on(quote(10 * 60s)).gap_mask, 1);
}

TEST(BarStage, CountsALateTradeInTheNewestInterval) {
    Fed fed;

    fed.on(trade(1500ms, 1000));
    auto late = at(1500ms);
    late.late = true;
    fed.on(trade(900ms, 1234), late);
    const auto& [bucket, empties] = fed.on(quote(2s)).buckets[0];

    EXPECT_EQ(bucket.start, 1s);
    EXPECT_EQ(bucket.close, Price{1234});
    EXPECT_EQ(bucket.trades, 2U);
}

TEST(BarStage, ForgetsBucketsAtAFeedGapButGoesOnWithBars) {
    Fed fed{with_timeframes({60})};

    fed.on(trade(10s, 1000));
    auto gap = at(20500ms);
    gap.gap = true;
    EXPECT_TRUE(fed.on(tick(core::TickKind::session, 20500ms), gap).cleared);
    EXPECT_EQ(fed.bars.bucket_mask, 0);
    EXPECT_FALSE(fed.on(quote(25s)).cleared);
    EXPECT_EQ(fed.bars.bucket_mask, 0) << "there is no price to carry";
    fed.on(trade(30s, 1100));
    EXPECT_EQ(fed.on(quote(31s)).buckets[0].bucket.open, Price{1100});
    ASSERT_EQ(fed.on(quote(60s)).bar_mask, 1);
    EXPECT_EQ(fed.bars.bars[0].open, Price{1000});
    EXPECT_EQ(fed.bars.bars[0].trades, 2U);
}

TEST(BarStage, ClosesABarOnTimeAlsoWhenAGapForgotTheBuckets) {
    Fed fed{with_timeframes({60})};

    fed.on(trade(59500ms, 1000));
    auto gap = at(59600ms);
    gap.gap = true;
    fed.on(quote(59600ms), gap);

    EXPECT_EQ(fed.on(quote(60s)).bar_mask, 1);
    EXPECT_EQ(fed.bars.bars[0].close, Price{1000});
}

TEST(BarStage, ClearsEveryInstrumentOfALostVenueWithItsNextTick) {
    Fed fed;
    auto lost = tick(core::TickKind::session, 2s, core::no_instrument.value);
    lost.code = static_cast<std::uint16_t>(core::Session::disconnected);

    fed.on(trade(1s, 1000));
    EXPECT_FALSE(fed.on(lost).cleared);

    EXPECT_TRUE(fed.on(quote(1500ms)).cleared);
    EXPECT_FALSE(fed.on(quote(1600ms)).cleared);
}

TEST(BarStage, SaysNothingTwice) {
    Fed fed;

    fed.on(trade(0s, 1000));
    fed.on(quote(300s));
    auto inner = tick(core::TickKind::level, 400s);
    fed.on(inner);

    EXPECT_EQ(fed.bars.bucket_mask | fed.bars.bar_mask | fed.bars.gap_mask, 0);
}

TEST(BarStage, RefusesImpossibleTimeframes) {
    EXPECT_THROW(Fed{with_timeframes({})}, std::invalid_argument);
    EXPECT_THROW(Fed{with_timeframes({60, 60})}, std::invalid_argument);
    EXPECT_THROW(Fed{with_timeframes({0, 60})}, std::invalid_argument);
}

RC_GTEST_PROP(BarStage, AgreesWithASlowTwin, ()) {
    const auto settings = with_timeframes({1, 5, 60});
    Fed fed{settings};
    std::vector<core::Tick> trades;
    std::map<std::uint32_t, core::Nanoseconds> next_bucket;
    core::Nanoseconds time{};
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8000));

    for (const int step : steps) {
        time += std::chrono::milliseconds{step};
        const bool is_trade = *rc::gen::inRange(0, 3) != 0;
        const auto tick = is_trade ? trade(time, *rc::gen::inRange(900, 1100), *rc::gen::inRange(1, 9),
                                           *rc::gen::element(core::Side::buy, core::Side::sell))
                                   : quote(time);
        const Bars& bars = fed.on(tick);
        for (std::size_t i = 0; i < bucket_widths_s.size(); ++i) {
            if (!bars.bucket_closed(i)) continue;
            const auto& [bucket, empties] = bars.buckets[i];
            const auto width = std::chrono::seconds{bucket_widths_s[i]};
            if (next_bucket.contains(bucket_widths_s[i])) RC_ASSERT(bucket.start == next_bucket[bucket_widths_s[i]]);
            next_bucket[bucket_widths_s[i]] = bucket.end() + empties * width;
            RC_ASSERT(next_bucket[bucket_widths_s[i]] == core::floor_to(time, width));
            if (const auto twin = bar_of(trades, bucket.start, bucket_widths_s[i])) {
                RC_ASSERT(equal(*twin, bucket));
            } else {
                RC_ASSERT(bucket.trades == 0U && bucket.volume() == Quantity{0});
                const auto& earlier = *std::find_if(trades.rbegin(), trades.rend(), [&bucket = bucket](const auto& t) {
                    return t.venue_time < bucket.start;
                });
                RC_ASSERT(bucket.open == earlier.trade.price && bucket.close == earlier.trade.price);
            }
        }
        for (std::size_t i = 0; i < settings.timeframes.count; ++i)
            if (bars.bar_closed(i)) {
                const auto twin = bar_of(trades, bars.bars[i].start, settings.timeframes.seconds[i]);
                RC_ASSERT(twin && equal(*twin, bars.bars[i]));
                RC_ASSERT(bars.bars[i].end() <= time);
            }
        if (is_trade) trades.push_back(tick);
    }
}

TEST(BarStage, MakesBarsOfPushedCandlesWhereNothingTrades) {
    Fed fed{with_timeframes({60, 300})};

    EXPECT_EQ(fed.on(candle(0s, 60, 1000, 1010, 990, 1005)).bar_mask, 0) << "a bar closes with the next event";
    EXPECT_EQ(fed.on(candle(60s, 60, 1005, 1020, 1001, 1002, 4)).bar_mask, 0b01);
    const Bar first = fed.bars.bars[0];
    EXPECT_EQ(first.start, 0s);
    EXPECT_EQ(first.width_s, 60U);
    EXPECT_EQ(first.open, Price{1000});
    EXPECT_EQ(first.high, Price{1010});
    EXPECT_EQ(first.low, Price{990});
    EXPECT_EQ(first.close, Price{1005});
    EXPECT_EQ(first.volume(), Quantity{7});
    EXPECT_EQ(fed.bars.bucket_mask, 0) << "a candle has no seconds";

    fed.on(candle(240s, 60, 1002, 1004, 980, 985));
    EXPECT_EQ(fed.on(candle(300s, 60, 985, 986, 984, 985)).bar_mask, 0b11);
    const Bar wide = fed.bars.bars[1];
    EXPECT_EQ(wide.start, 0s);
    EXPECT_EQ(wide.open, Price{1000});
    EXPECT_EQ(wide.high, Price{1020});
    EXPECT_EQ(wide.low, Price{980});
    EXPECT_EQ(wide.close, Price{985});
    EXPECT_EQ(wide.volume(), Quantity{18});
}

TEST(BarStage, TakesNoCandleTwiceAndNoneThatIsNotFinal) {
    Fed fed{with_timeframes({60})};
    fed.on(candle(0s, 60, 1000, 1010, 990, 1005));
    fed.on(candle(0s, 60, 1000, 1010, 990, 1005));
    EXPECT_EQ(fed.on(candle(60s, 60, 2000, 2000, 2000, 2000, 1, false)).bar_mask, 1) << "the next one has begun";
    EXPECT_EQ(fed.bars.bars[0].volume(), Quantity{7});
    EXPECT_EQ(fed.on(candle(120s, 60, 1000, 1010, 990, 1005)).bar_mask, 0) << "the second never became final";
    EXPECT_EQ(fed.on(quote(500s)).bar_mask, 0) << "a quote may be ahead of a candle that is still on its way";
}

TEST(BarStage, FollowsTheNarrowestCandlesOnly) {
    Fed fed{with_timeframes({60, 300})};
    fed.on(candle(0s, 60, 1000, 1010, 990, 1005));
    fed.on(candle(60s, 300, 1, 9999, 1, 1));
    fed.on(candle(60s, 60, 1005, 1005, 1005, 1005));
    fed.on(candle(300s, 60, 1005, 1005, 1005, 1005));
    EXPECT_EQ(fed.bars.bars[1].high, Price{1010});
}

TEST(BarStage, LeavesCandlesAsideOnceThereAreTrades) {
    Fed fed{with_timeframes({60})};
    fed.on(trade(1s, 1000));
    fed.on(candle(0s, 60, 1, 9999, 1, 1));
    EXPECT_EQ(fed.on(quote(60s)).bar_mask, 1);
    EXPECT_EQ(fed.bars.bars[0].high, Price{1000});
}

TEST(BarStage, ReportsMissingCandlesAsItReportsMissingBars) {
    Fed fed{with_timeframes({60})};
    fed.on(candle(0s, 60, 1000, 1000, 1000, 1000));
    fed.on(candle(4 * 60s, 60, 1000, 1000, 1000, 1000));
    EXPECT_EQ(fed.on(candle(9 * 60s, 60, 1000, 1000, 1000, 1000)).gap_mask, 0) << "three missing";
    EXPECT_EQ(fed.on(candle(10 * 60s, 60, 1000, 1000, 1000, 1000)).gap_mask, 1) << "four missing";
}

TEST(BarStage, IgnoresCandlesThatCannotBe) {
    Fed fed{with_timeframes({60, 300})};
    fed.on(candle(0s, 0, 1000, 1000, 1000, 1000));
    fed.on(candle(0s, 60, 0, 0, 0, 0));
    fed.on(candle(30s, 60, 1000, 1000, 1000, 1000));  // across the edge of a minute, inside five
    fed.on(candle(300s, 60, 1000, 1000, 1000, 1000));
    EXPECT_EQ(fed.bars.bar_mask, 0b10);
}
