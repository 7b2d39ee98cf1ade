// "Timeout, blind retry, duplicate order", "network error orphans an order that fills later", "same fill booked twice".
#include "tests/faults/account_world.hpp"

using namespace gateways;
using namespace std::chrono_literals;
using core::Side;
using venue::FaultKind;

namespace duplicate_orders {
namespace {

using Started = test::StartedAccount;

}  // namespace

TEST(TimeoutBlindRetryDuplicateOrder, ALostAnswerIsAskedForAndTheOrderIsThereOnce) {
    for (const auto dialect : test::account_dialects)
        for (const bool websocket : {false, true}) {
            SCOPED_TRACE(std::string{core::name(dialect)} + (websocket ? " socket" : " rest"));
            Started world{{.venue = dialect, .websocket_entry = websocket}};
            world.fault("{kind: lost_ack, count: 1}");
            for (const char* topic : {"order", "fill"})
                world.fault("{kind: drop, topic: " + std::string{topic} + ", lasting: 3s}");
            const auto id = world.submit(world.limit(Side::buy, "50000", 1));
            world.pass(2500ms);
            EXPECT_EQ(world.struck(FaultKind::lost_ack), 1u);
            EXPECT_EQ(world.ours(), 1u);

            ASSERT_TRUE(world.until(1min, [&] { return world.state(id) == OrderState::working; }));
            ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; }));
            EXPECT_EQ(world.ours(), 1u) << "sent once, whatever was not heard";
            EXPECT_TRUE(world.agree());
        }
}

TEST(TimeoutBlindRetryDuplicateOrder, AnUnknownOutcomeThatWasCarriedOutIsNotSentAgain) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect, .websocket_entry = false}};
        world.fault("{kind: unknown_outcome, count: 1}");
        const auto id = world.submit(world.market(Side::buy, 1));
        ASSERT_TRUE(world.until(30s, [&] { return world.state(id) == OrderState::filled; }));
        EXPECT_EQ(world.struck(FaultKind::unknown_outcome), 1u);
        EXPECT_EQ(world.ours(), 1u);
        world.pass(40s);
        EXPECT_TRUE(world.agree());
    }
}

TEST(NetworkErrorOrphansAnOrder, ThatFillsLaterAndIsStillOurs) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect, .websocket_entry = false}};
        world.lost_answers = true;
        const auto id = world.submit(world.limit(Side::buy, "50000", 1));
        world.pass(20ms);
        world.network = false;
        world.fault("{kind: disconnect, count: 1}");
        world.pass(5s);
        ASSERT_EQ(world.ours(), 1u) << "it had arrived";
        EXPECT_NE(world.block(), Block::none);
        world.trade("49500");  // it fills while nobody of us is there
        world.pass(20s);
        EXPECT_EQ(world.heard(id).find("filled"), std::string::npos);
        world.lost_answers = false;
        world.network = true;

        ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; })) << name(world.block());
        EXPECT_EQ(world.state(id), OrderState::filled);
        EXPECT_EQ(world.ours(), 1u);
        EXPECT_TRUE(world.agree());
    }
}

TEST(SameFillBookedTwice, BySocketAnswerQueryAndReplayIsBookedOnce) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect}};
        world.fault("{kind: duplicate_fill}");
        world.fault("{kind: duplicate, topic: order}");
        const auto id = world.submit(world.market(Side::buy, 1));
        ASSERT_TRUE(world.until(10s, [&] { return world.state(id) == OrderState::filled; }));
        const auto held = world.position();
        // Told again by the comparison after a reconnect, and once more after a restart.
        world.fault("{kind: disconnect, count: 1}");
        world.pass(35s);
        EXPECT_EQ(world.position(), held);
        world.kill();
        world.start();
        ASSERT_TRUE(world.ready());
        EXPECT_EQ(world.position(), held);
        EXPECT_GT(world.struck(FaultKind::duplicate_fill), 0u);
        EXPECT_TRUE(world.agree());
    }
}

TEST(SameFillBookedTwice, AndNotTakenForItWhenAVenueUsesATradeIdAgain) {
    // Two fills with one trade id, which venues have done: whatever is made of the second, the position decides.
    Started world{{.venue = core::Venue::bybit}};
    const auto first = world.submit(world.market(Side::buy, 1));
    ASSERT_TRUE(world.until(10s, [&] { return world.state(first) == OrderState::filled; }));
    world.fault("{kind: id_reuse, count: 1}");
    world.pass(50ms);
    const auto second = world.submit(world.market(Side::buy, 1));
    ASSERT_TRUE(world.until(10s, [&] { return world.there(second) != nullptr; }));
    world.pass(70s);
    EXPECT_EQ(world.struck(FaultKind::id_reuse), 1u);
    if (!world.agree()) {
        EXPECT_NE(world.block(), Block::none) << "books that differ trade no more";
        EXPECT_GT(world.alerts_of(AlertKind::position_mismatch), 0u) << "and a person hears of it";
    }
}

}  // namespace duplicate_orders
