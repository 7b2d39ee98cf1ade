#include "core/domain/believable_time.hpp"
#include "pipeline/book/book_stage.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace pipeline {
namespace {

using core::Nanoseconds;
using core::Session;
using core::Side;
using core::Tick;
using core::TickKind;
using namespace std::chrono_literals;
namespace flag = core::tick_flag;

/// One book that hears of everything a millisecond after it happened, unless a stamp lies.
struct Feed {
    BookStage stage{{}, test::instruments()};
    Market market;

    void send(Tick tick, Nanoseconds received) {
        tick.receive_time = received;
        stage.on(tick, market);
    }
    void book(Nanoseconds stamp, Nanoseconds received, std::int64_t bid, std::int64_t ask, bool snapshot = false) {
        const std::pair<Side, std::int64_t> levels[] = {
            {Side::buy, bid - 1}, {Side::buy, bid}, {Side::sell, ask}, {Side::sell, ask + 1}};
        for (std::size_t i = 0; i < 4; ++i) {
            Tick tick = test::tick(TickKind::level, stamp);
            tick.side = levels[i].first;
            tick.level = {{levels[i].second}, {5}, 0};
            tick.flags = static_cast<std::uint8_t>((i == 0 ? flag::first : 0) | (i == 3 ? flag::last : 0) |
                                                   (snapshot ? flag::snapshot : 0));
            send(tick, received);
        }
    }
    void quote(Nanoseconds stamp, Nanoseconds received, std::int64_t bid, std::int64_t ask) {
        Tick tick = test::tick(TickKind::quote, stamp);
        tick.quote = {{bid}, {3}, {ask}, {4}};
        send(tick, received);
    }
    void trade(Nanoseconds stamp, Nanoseconds received, std::int64_t price) {
        send(test::trade(stamp, price), received);
    }
};

constexpr Nanoseconds noon = 12h, ms = 1ms;

TEST(BelievableTime, IsNeverMoreThanASecondAfterItsArrivalAndKeepsTheOrder) {
    EXPECT_EQ(core::believable_time(noon, noon + ms), noon);
    EXPECT_EQ(core::believable_time(noon + 1s, noon), noon + 1s);
    EXPECT_EQ(core::believable_time(noon + 1001ms, noon), noon + 1s);
    EXPECT_EQ(core::believable_time(Nanoseconds::max(), noon), noon + 1s);
    EXPECT_EQ(core::believable_time(Nanoseconds::max(), Nanoseconds::max() - ms), Nanoseconds::max());
    EXPECT_EQ(core::believable_time(Nanoseconds::min(), noon), Nanoseconds::min());
    EXPECT_EQ(core::believable_time(noon + 1h, {}), noon + 1h) << "nothing is known of its arrival";
    for (int skew = 0; skew < 3000; skew += 7)  // a clock drifting away from ours loses no order on its way
        EXPECT_LE(core::believable_time(noon + skew * ms, noon),
                  core::believable_time(noon + (skew + 7) * ms, noon + ms));
}

TEST(BookStage, AQuoteFromTheFutureHoldsTheTopForASecondAtMost) {
    for (const Nanoseconds lie : {Nanoseconds{1h}, Nanoseconds{59s}, Nanoseconds{2s}}) {
        SCOPED_TRACE(lie.count());
        Feed feed;
        feed.book(noon, noon + ms, 10'000, 10'010, true);
        feed.quote(noon + 1s + lie, noon + 1s, 10'001, 10'011);
        EXPECT_EQ(feed.stage.counters().ahead, 1U);

        feed.quote(noon + 2100ms, noon + 2101ms, 9'900, 9'910);

        EXPECT_EQ(feed.market.bid, core::Price{9'900});
        feed.book(noon + 2200ms, noon + 2201ms, 9'800, 9'810, true);
        EXPECT_EQ(feed.market.bid, core::Price{9'800}) << "nor does it outrank the depth";
        EXPECT_NEAR(feed.market.mid, 98.05, 1e-9);
        EXPECT_EQ(feed.market.time, noon + 2200ms);
        EXPECT_FALSE(feed.market.late);
    }
}

TEST(BookStage, ALevelFromTheFutureSilencesTheQuotesForASecondAtMost) {
    Feed feed;
    feed.book(noon, noon + ms, 10'000, 10'010, true);
    feed.book(noon + 1h, noon + 1s, 10'001, 10'011, true);
    EXPECT_EQ(feed.stage.counters().ahead, 1U);

    feed.quote(noon + 2100ms, noon + 2101ms, 9'900, 9'910);

    EXPECT_EQ(feed.market.bid, core::Price{9'900});
    EXPECT_EQ(feed.market.book_time, noon + 2100ms);
}

TEST(BookStage, AGapForgetsTheTimeOfTheDepthBeforeIt) {
    Feed feed;
    feed.book(noon + 1s, noon + 10ms, 10'000, 10'010, true);  // clocks differ, believably
    auto gap = test::tick(TickKind::session, noon + 20ms);
    gap.code = static_cast<std::uint16_t>(Session::gap);
    feed.send(gap, noon + 20ms);
    feed.book(noon + 30ms, noon + 31ms, 9'990, 10'000, true);

    feed.quote(noon + 40ms, noon + 41ms, 9'980, 9'990);

    EXPECT_EQ(feed.market.bid, core::Price{9'980});
}

TEST(BookStage, ATradeFromTheFutureHoldsTimeForASecondAtMost) {
    Feed feed;
    feed.book(noon, noon + ms, 10'000, 10'010, true);
    feed.trade(noon + 1s + 59s, noon + 1s, 10'005);
    EXPECT_EQ(feed.stage.counters().ahead, 1U);
    EXPECT_EQ(feed.market.time, noon + 2s);

    feed.trade(noon + 2500ms, noon + 2501ms, 10'006);

    EXPECT_FALSE(feed.market.late);
    EXPECT_EQ(feed.market.time, noon + 2500ms);
}

/// What the gate asks of the book's age must not depend on stamps: one from the future holds event time, and with it
/// every age that is counted in event time.
TEST(BookStage, ASilentBookGrowsOldByArrivalWhateverTheStampsSay) {
    Feed feed;
    feed.book(noon, noon + ms, 10'000, 10'010, true);
    EXPECT_EQ(feed.market.book_silence, 0ms);
    feed.trade(noon + 900ms, noon + 100ms, 10'005);
    feed.trade(noon + 800ms, noon + 801ms, 10'005);
    EXPECT_EQ(feed.market.book_silence, 800ms);
    feed.trade(noon + 3s, noon + 3001ms, 10'005);
    EXPECT_EQ(feed.market.book_silence, 3s);

    feed.quote(noon + 3100ms, noon + 3101ms, 10'000, 10'010);

    EXPECT_EQ(feed.market.book_silence, 0ms);
    feed.trade(noon + 3s, noon + 3s, 10'005);
    EXPECT_EQ(feed.market.book_silence, 0ms) << "never negative";
}

TEST(BookStage, WithoutArrivalsThereIsNoSilenceToSpeakOf) {
    Feed feed;
    feed.book(noon, {}, 10'000, 10'010, true);
    feed.trade(noon + 1h, {}, 10'005);
    EXPECT_EQ(feed.market.book_silence, 0ms);
    EXPECT_EQ(feed.market.time, noon + 1h);
    EXPECT_EQ(feed.stage.counters().ahead, 0U);
}

}  // namespace
}  // namespace pipeline
