// "Order stream silent while pongs arrive", "fills dropped during a disconnect or on a healthy link".
#include "tests/faults/account_world.hpp"

using namespace gateways;
using namespace std::chrono_literals;
using core::Side;
using venue::FaultKind;

namespace silent_orders {
namespace {

/// An account that trades: ready, with one order resting far below the market.
struct Trading : test::StartedAccount {
    explicit Trading(const test::AccountWorldSettings& wanted) : StartedAccount{wanted} {
        resting = submit(limit(Side::buy, "50000", 1));
        EXPECT_TRUE(until(5s, [&] { return state(resting) == OrderState::working; }));
    }
    core::OrderId resting{};
};

}  // namespace

TEST(OrderStreamSilentWhilePongsArrive, IsFoundOutByTheNewsItOwes) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Trading world{{.venue = dialect}};
        // Answers and pongs come, news does not.
        for (const char* topic : {"order", "fill", "account"})
            world.fault("{kind: drop, topic: " + std::string{topic} + ", lasting: 30s}");
        const auto quiet = world.submit(world.limit(Side::buy, "49000", 1));
        world.trade("49500");  // and the first one is filled in silence

        ASSERT_TRUE(world.until(15s, [&] { return world.block() != Block::none; })) << "no entries on a dead stream";
        ASSERT_TRUE(world.until(15s, [&] { return world.position() != 0; })) << "found by asking";
        EXPECT_EQ(world.state(world.resting), OrderState::filled);
        EXPECT_GT(world.struck(FaultKind::drop), 0u);

        ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; })) << world.link->status().trouble;
        EXPECT_EQ(world.state(quiet), OrderState::working);
        EXPECT_EQ(world.ours(), 2u);
        EXPECT_TRUE(world.agree());
    }
}

TEST(OrderStreamSilentWhilePongsArrive, AfterALoginThatEndedWithoutAWord) {
    // Bybit and OKX say nothing when a login ends; Binance says listenKeyExpired.
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Trading world{{.venue = dialect, .websocket_entry = false}};
        world.fault("{kind: listen_key_expiry, count: 1}");
        world.pass(100ms);
        ASSERT_EQ(world.struck(FaultKind::listen_key_expiry), 1u);
        world.trade("49500");
        const auto next = world.submit(world.limit(Side::buy, "49000", 1));
        ASSERT_TRUE(world.until(1min, [&] { return world.state(world.resting) == OrderState::filled; }));
        ASSERT_TRUE(world.until(3min, [&] { return world.block() == Block::none && world.link->stream_up(); }))
            << world.link->status().trouble;
        // What was submitted reached the venue once, or was refused here.
        EXPECT_LE(world.ours(), 2u);
        EXPECT_EQ(world.there(next) != nullptr, world.heard(next) != "rejected");
        EXPECT_TRUE(world.agree());
    }
}

TEST(FillsDropped, DuringADisconnectAreBookedAfterwards) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Trading world{{.venue = dialect}};
        world.network = false;
        world.fault("{kind: disconnect, count: 1}");
        ASSERT_TRUE(world.until(5s, [&] { return world.block() == Block::stream_down; }));
        world.trade("49500");
        world.pass(20s);
        EXPECT_EQ(world.position(), 0) << "nobody could know";
        world.network = true;

        ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; }))
            << name(world.block()) << " " << world.link->status().trouble;
        EXPECT_EQ(world.state(world.resting), OrderState::filled);
        EXPECT_NE(world.position(), 0);
        EXPECT_TRUE(world.agree());
    }
}

TEST(FillsDropped, OnAHealthyLinkAreMissedByCountAndFetched) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Trading world{{.venue = dialect}};
        world.fault("{kind: lost_fill, count: 4}");
        world.trade("49500");
        ASSERT_TRUE(world.until(40s, [&] { return world.state(world.resting) == OrderState::filled; }))
            << "the next comparison at the latest";
        EXPECT_GT(world.struck(FaultKind::lost_fill), 0u);
        EXPECT_TRUE(world.link->stream_up()) << "the link was healthy";
        ASSERT_TRUE(world.until(1min, [&] { return world.block() == Block::none; }));
        EXPECT_TRUE(world.agree());
    }
}

TEST(FillsDropped, LateDoubledAndSwappedAreBookedOnce) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Trading world{{.venue = dialect}};
        world.fault("{kind: duplicate_fill, probability: 0.5}");
        world.fault("{kind: late_fill, probability: 0.3, delay: 3s}");
        world.fault("{kind: reorder, topic: fill, probability: 0.3}");
        for (int i = 0; i < 150; ++i) {
            (void)world.submit(world.market(i % 3 == 2 ? Side::sell : Side::buy, 1));
            world.pass(500ms);
        }
        world.simulator->faults().clear();
        world.pass(70s);
        EXPECT_GT(world.struck(FaultKind::duplicate_fill), 0u);
        EXPECT_GT(world.struck(FaultKind::late_fill), 0u);
        EXPECT_TRUE(world.agree());
        EXPECT_EQ(world.block(), Block::none);
    }
}

}  // namespace silent_orders
