#include "pipeline/bars/bar_stage.hpp"
#include "pipeline/book/book_stage.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>

namespace pipeline {
namespace {

using core::Session;
using core::Side;
using core::TickKind;
using namespace std::chrono_literals;

struct Desk {
    core::InstrumentTable instruments{test::instruments()};
    BookStage book{{}, instruments};
    BarStage bars{{}, instruments};
    Market market;
    Bars closed;

    void send(const core::Tick& tick) {
        book.on(tick, market);
        bars.on(tick, market, closed);
    }
    void depth(core::Nanoseconds time) {
        for (const Side side : {Side::buy, Side::sell}) {
            auto tick = test::tick(TickKind::level, time);
            tick.side = side;
            tick.level = {{side == Side::buy ? 10'000 : 10'010}, {5}, 0};
            tick.flags = static_cast<std::uint8_t>(
                core::tick_flag::snapshot | (side == Side::buy ? core::tick_flag::first : core::tick_flag::last));
            send(tick);
        }
    }
    void quote(core::Nanoseconds time, std::int64_t bid) {
        auto tick = test::quote(time);
        tick.quote = {{bid}, {1}, {bid + 10}, {1}};
        send(tick);
    }
    void connected(core::Nanoseconds time) {
        auto tick = test::tick(TickKind::session, time);
        tick.code = static_cast<std::uint16_t>(Session::connected);
        send(tick);
    }
};

}  // namespace

TEST(Reconnect, OfTheTradesClearsTheirWindowsAndLeavesTheBookAlone) {
    Desk desk;
    desk.depth(1s);
    desk.send(test::trade(1500ms, 10'005));

    desk.connected(240s);

    EXPECT_TRUE(desk.market.gap);
    EXPECT_TRUE(desk.closed.cleared);
    EXPECT_EQ(desk.closed.bucket_mask, 0) << "four minutes of empty seconds are no data";
    EXPECT_TRUE(desk.market.valid);
    EXPECT_EQ(desk.book.counters().gaps, 1U);
    desk.send(test::trade(241s, 10'006));
    EXPECT_FALSE(desk.market.gap || desk.closed.cleared);
    EXPECT_EQ(desk.closed.bucket_mask, 0);
}

TEST(Reconnect, HidesATopThatOnlyQuotesKnow) {
    Desk desk;
    desk.quote(1s, 10'000);
    ASSERT_TRUE(desk.market.valid);

    desk.connected(240s);
    EXPECT_FALSE(desk.market.valid);

    desk.quote(241s, 10'100);
    EXPECT_TRUE(desk.market.valid);
    EXPECT_EQ(desk.market.bid, core::Price{10'100});
}

TEST(Reconnect, OfTheQuotesLetsTheDepthShowAgain) {
    Desk desk;
    desk.depth(1s);
    desk.quote(10s, 10'001);
    ASSERT_EQ(desk.market.bid, core::Price{10'001});

    desk.connected(11s);
    desk.depth(9s);  // older than the quote that nobody may believe any more

    EXPECT_EQ(desk.market.bid, core::Price{10'000});
}

}  // namespace pipeline
