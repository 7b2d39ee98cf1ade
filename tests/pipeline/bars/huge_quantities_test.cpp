#include "pipeline/bars/bar_stage.hpp"
#include "pipeline/book/book_stage.hpp"
#include "pipeline/indicators/second_buckets.hpp"
#include "pipeline/indicators/signed_flow.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace pipeline {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t huge = 9'000'000'000'000'000'000;

}  // namespace

TEST(SaturatingSum, StopsAtTheLargestNumber) {
    EXPECT_EQ(core::saturating_sum(std::int64_t{2}, std::int64_t{3}), 5);
    EXPECT_EQ(core::saturating_sum(huge, huge), most);
    EXPECT_EQ(core::saturating_sum(-huge, -huge), -most - 1);
    EXPECT_EQ(core::saturating_sum(huge, -huge), 0);
}

/// Nineteen digits fit into a quantity, and two such trades into a second.
TEST(BarStage, NeverCountsAVolumeBelowZero) {
    const auto instruments = test::instruments();
    BookStage book{{}, instruments};
    BarStage stage{{}, instruments};
    Market market;
    Bars bars;
    const auto send = [&](const core::Tick& tick) {
        book.on(tick, market);
        stage.on(tick, market, bars);
    };
    for (int i = 0; i < 90; ++i)
        send(test::trade(60s + i * 500ms, 100, huge, i % 2 == 0 ? core::Side::buy : core::Side::sell));
    send(test::trade(120s, 100, 1));

    ASSERT_TRUE(bars.bar_closed(0) && bars.bucket_closed(0) && bars.bucket_closed(2));
    for (const Bar& bar : {bars.bars[0], bars.buckets[2].bucket}) {
        EXPECT_EQ(bar.buy_volume.units, most);
        EXPECT_EQ(bar.sell_volume.units, most);
        EXPECT_EQ(bar.volume().units, most);
    }
}

TEST(SecondBuckets, ForgetWhatDidNotFitAsTheyCountedIt) {
    SecondBuckets buckets{3};
    for (std::int64_t second = 1; second <= 3; ++second) {
        buckets.advance(second);
        for (int i = 0; i < 3; ++i) buckets.add(huge);
    }
    EXPECT_EQ(buckets.total(), most);
    buckets.advance(4);
    buckets.add(-7);
    buckets.advance(5);
    EXPECT_EQ(buckets.total(), most - 7) << "one full bucket and the small one are left";
    buckets.advance(6);
    EXPECT_EQ(buckets.total(), -7);
    buckets.clear();
    EXPECT_EQ(buckets.total(), 0);
}

TEST(SignedFlow, StaysBetweenMinusOneAndOne) {
    SignedFlow flow{60};
    for (int i = 0; i < 4; ++i) flow.add(i, core::Side::sell, {huge});
    flow.add(4, core::Side::buy, {huge});
    const double value = flow.value(4);
    EXPECT_LE(value, 1);
    EXPECT_GE(value, -1);
    EXPECT_LT(value, 0);
}

/// One candle stamped in 2100 is not the end of all candles.
TEST(BarStage, IgnoresACandleFromTheFuture) {
    const auto instruments = test::instruments();
    BookStage book{{}, instruments};
    BarStage stage{{}, instruments};
    Market market;
    Bars bars;
    const auto candle = [&](core::Nanoseconds start, core::Nanoseconds received) {
        auto tick = test::tick(core::TickKind::bar, start);
        tick.receive_time = received;
        tick.flags = core::tick_flag::closed;
        tick.bar = {{100}, {1}, 0, 1, 0, 60};
        book.on(tick, market);
        stage.on(tick, market, bars);
        return bars.bar_closed(0);
    };
    const core::Nanoseconds noon = std::chrono::hours{12};
    candle(noon, noon + 60s);
    EXPECT_FALSE(candle(noon + std::chrono::hours{600'000}, noon + 90s));
    EXPECT_TRUE(candle(noon + 60s, noon + 120s));
    EXPECT_EQ(bars.bars[0].start, noon);
    EXPECT_TRUE(candle(noon + 120s, noon + 180s));
}

}  // namespace pipeline
