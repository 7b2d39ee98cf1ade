// "Timeout, blind retry, duplicate order", "network error orphans an order that fills later", "same fill booked twice".
#include "gateways/orders/client_id.hpp"
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
    for (const auto& place : test::account_places)
        for (const bool websocket : {false, true}) {
            SCOPED_TRACE(place.name() + (websocket ? " socket" : " rest"));
            Started world{{.venue = place.venue, .market = place.market, .websocket_entry = websocket}};
            world.fault("{kind: lost_ack, count: 1}");
            const auto silence = world.fault("{kind: drop, topic: order, lasting: 3s}");
            const auto carried = world.account->counts();
            const auto id = world.submit(world.limit(Side::buy, "50000", 1));
            world.pass(2500ms);
            EXPECT_EQ(world.struck(FaultKind::lost_ack), 1u);
            EXPECT_GT(world.strokes(silence), 0u) << "the stream did not tell of it either";
            EXPECT_EQ(world.account->counts().by_socket - carried.by_socket, websocket ? 1u : 0u);
            EXPECT_EQ(world.ours(), 1u);

            ASSERT_TRUE(world.until(1min, [&] { return world.state(id) == OrderState::working; })) << world.doubts();
            ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; })) << world.doubts();
            EXPECT_EQ(world.ours(), 1u) << "sent once, whatever was not heard";
            EXPECT_TRUE(world.agree());
        }
}

TEST(TimeoutBlindRetryDuplicateOrder, AnUnknownOutcomeThatWasCarriedOutIsNotSentAgain) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{{.venue = place.venue, .market = place.market, .websocket_entry = false}};
        world.fault("{kind: unknown_outcome, count: 1}");
        const auto id = world.submit(world.market(Side::buy, 1));
        ASSERT_TRUE(world.until(30s, [&] { return world.state(id) == OrderState::filled; })) << world.doubts();
        EXPECT_EQ(world.struck(FaultKind::unknown_outcome), 1u);
        EXPECT_EQ(world.ours(), 1u);
        world.pass(40s);
        EXPECT_TRUE(world.agree());
    }
}

TEST(TimeoutBlindRetryDuplicateOrder, ASocketThatBreaksBehindAnOrderIsNotTakenForARefusal) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{place};
        bool cut = false;
        const auto order = world.limit(Side::buy, "50000", 1);
        char text[client_id_length];
        const std::string id{text, write_client_id(text, order.id)};
        world.cut_after = [&](std::string_view sent) {
            return !cut && sent.find(id) != std::string_view::npos && (cut = true);
        };
        (void)world.submit(order);
        ASSERT_TRUE(cut) << "it went by socket";
        ASSERT_TRUE(world.until(1min, [&] { return world.state(order.id) == OrderState::working; })) << world.doubts();
        ASSERT_TRUE(world.ready()) << world.doubts();
        EXPECT_EQ(world.ours(), 1u);
        EXPECT_TRUE(world.agree());
    }
}

TEST(NetworkErrorOrphansAnOrder, ThatFillsLaterAndIsStillOurs) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{{.venue = place.venue, .market = place.market, .websocket_entry = false}};
        world.lost_answers = true;
        const auto id = world.submit(world.limit(Side::buy, "50000", 1));
        world.pass(20ms);
        world.network = false;
        const auto cut = world.fault("{kind: disconnect, count: 1}");
        world.pass(5s);
        EXPECT_EQ(world.strokes(cut), 1u);
        ASSERT_EQ(world.ours(), 1u) << "it had arrived";
        EXPECT_NE(world.block(), Block::none);
        world.trade("49500");  // it fills while nobody of us is there
        world.pass(20s);
        ASSERT_EQ(world.position_there(), 1);
        EXPECT_EQ(world.heard(id).find("filled"), std::string::npos);
        world.lost_answers = false;
        world.network = true;

        ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; })) << world.doubts();
        EXPECT_EQ(world.state(id), OrderState::filled);
        EXPECT_EQ(world.ours(), 1u);
        EXPECT_TRUE(world.agree());
    }
}

TEST(SameFillBookedTwice, BySocketAnswerQueryAndReplayIsBookedOnce) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{place};
        const auto twice = world.fault("{kind: duplicate_fill}");
        const auto order_twice = world.fault("{kind: duplicate, topic: order}");
        const auto id = world.submit(world.market(Side::buy, 1));
        ASSERT_TRUE(world.until(10s, [&] { return world.state(id) == OrderState::filled; })) << world.doubts();
        world.pass(1s);
        EXPECT_GT(world.strokes(twice), 0u);
        EXPECT_GT(world.strokes(order_twice), 0u);
        const auto held = world.held();
        // Told again by the comparison after a reconnect, and once more after a restart.
        const auto cut = world.fault("{kind: disconnect, count: 1}");
        world.pass(35s);
        EXPECT_EQ(world.strokes(cut), 1u);
        EXPECT_EQ(world.held(), held);
        world.kill();
        world.start();
        ASSERT_TRUE(world.ready()) << world.doubts();
        EXPECT_EQ(world.held(), held);
        EXPECT_TRUE(world.agree());
    }
}

TEST(SameFillBookedTwice, WhereAVenueUsesATradeIdAgainTheBooksThatDifferTradeNoMoreUntilSomebodyTakesItsWord) {
    // The second fill cannot be told from the first told again, be it of the same order or of another.
    for (const auto& place : test::account_places)
        for (const bool same_order : {true, false}) {
            SCOPED_TRACE(place.name() + (same_order ? ", one order" : ", two orders"));
            Started world{place};
            world.trade("50100");  // nobody else is left near our price
            const auto first = world.submit(world.limit(Side::buy, "50000", same_order ? 3 : 1));
            ASSERT_TRUE(world.until(10s, [&] { return world.state(first) == OrderState::working; })) << world.doubts();
            world.outside(Side::sell, "50000", 1);
            ASSERT_TRUE(world.until(10s, [&] { return world.position() == 1; })) << world.doubts();
            const auto again = world.fault("{kind: id_reuse, count: 1}");
            world.pass(1s);
            ASSERT_EQ(world.strokes(again), 1u);
            if (!same_order) {
                const auto second = world.submit(world.limit(Side::buy, "50000", 2));
                ASSERT_TRUE(world.until(10s, [&] { return world.state(second) == OrderState::working; }))
                    << world.doubts();
            }
            world.outside(Side::sell, "50000", 2);
            const auto& fills = world.owner().fills;
            ASSERT_EQ(fills.size(), 2u);
            ASSERT_EQ(fills.front().trade, fills.back().trade);

            // The position decides, and a person hears of it.
            ASSERT_TRUE(world.until(2min, [&] { return world.alerts_of(AlertKind::position_mismatch) > 0; }))
                << world.doubts();
            EXPECT_EQ(world.position(), 1);
            EXPECT_EQ(world.position_there(), 3);
            EXPECT_NE(world.block(), Block::none);
            EXPECT_EQ(world.heard(world.submit(world.limit(Side::buy, "40000", 1))), "rejected");
            const auto told = world.told.size();
            ASSERT_TRUE(
                world.account->accept(world.instrument.id, world.limit(Side::buy, "50000", 1).price, world.now));
            ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; })) << world.doubts();
            world.pass(20ms);
            EXPECT_EQ(world.position(), 3);
            EXPECT_GT(world.told.size(), told) << "the pipeline heard of the rest";
        }
}

}  // namespace duplicate_orders
