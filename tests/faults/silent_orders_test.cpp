// "Order stream silent while pongs arrive", "fills dropped during a disconnect or on a healthy link".
#include "core/random/xoshiro.hpp"
#include "tests/faults/account_world.hpp"

#include <gmock/gmock.h>

#include <array>

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
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Trading world{place};
        // Answers and pongs come, news does not.
        const auto orders = world.fault("{kind: drop, topic: order, lasting: 30s}");
        const auto fills = world.fault("{kind: drop, topic: fill, lasting: 30s}");
        world.fault("{kind: drop, topic: account, lasting: 30s}");
        const auto quiet = world.submit(world.limit(Side::buy, "49000", 1));
        world.trade("49500");  // and the first one is filled in silence

        ASSERT_TRUE(world.until(15s, [&] { return world.block() != Block::none; })) << "no entries on a dead stream";
        ASSERT_TRUE(world.until(15s, [&] { return world.position() != 0; })) << "found by asking";
        EXPECT_EQ(world.state(world.resting), OrderState::filled);
        EXPECT_GT(world.strokes(orders), 0u);
        EXPECT_GT(world.strokes(fills), 0u);

        ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; })) << world.doubts();
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
        ASSERT_TRUE(world.until(3min, [&] { return world.block() == Block::none && world.stream_up(); }))
            << world.doubts();
        // What was submitted reached the venue once, or was refused here.
        EXPECT_LE(world.ours(), 2u);
        EXPECT_EQ(world.there(next) != nullptr, world.heard(next) != "rejected");
        EXPECT_TRUE(world.agree());
    }
}

TEST(FillsDropped, DuringADisconnectAreBookedAfterwards) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Trading world{place};
        world.network = false;
        const auto cut = world.fault("{kind: disconnect, count: 1}");
        ASSERT_TRUE(world.until(5s, [&] { return world.block() == Block::stream_down; }));
        EXPECT_EQ(world.strokes(cut), 1u);
        world.trade("49500");
        world.pass(20s);
        EXPECT_EQ(world.position_there(), 1);
        EXPECT_EQ(world.position(), 0) << "nobody could know";
        world.network = true;

        ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; })) << world.doubts();
        EXPECT_EQ(world.state(world.resting), OrderState::filled);
        EXPECT_NE(world.position(), 0);
        EXPECT_TRUE(world.agree());
    }
}

TEST(FillsDropped, OnAHealthyLinkAreMissedByCountAndFetched) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Trading world{place};
        world.fault("{kind: lost_fill, count: 4}");
        world.trade("49500");
        ASSERT_TRUE(world.until(40s, [&] { return world.state(world.resting) == OrderState::filled; }))
            << "the next comparison at the latest";
        EXPECT_GT(world.struck(FaultKind::lost_fill), 0u);
        EXPECT_TRUE(world.stream_up()) << "the link was healthy";
        ASSERT_TRUE(world.until(1min, [&] { return world.block() == Block::none; }));
        EXPECT_TRUE(world.agree());
    }
}

TEST(FillsDropped, LateDoubledAndSwappedAreBookedOnce) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Trading world{place};
        world.fault("{kind: duplicate_fill, probability: 0.5}");
        world.fault("{kind: late_fill, probability: 0.3, delay: 3s}");
        const auto swapped = world.fault("{kind: reorder, topic: fill, probability: 0.3}");
        for (int i = 0; i < 150; ++i) {
            (void)world.submit(world.market(i % 3 == 2 && world.position() > 0 ? Side::sell : Side::buy, 1));
            world.pass(500ms);
        }
        EXPECT_GT(world.strokes(swapped), 0u);
        world.simulator.faults().clear();
        world.pass(70s);
        EXPECT_GT(world.struck(FaultKind::duplicate_fill), 0u);
        EXPECT_GT(world.struck(FaultKind::late_fill), 0u);
        EXPECT_TRUE(world.agree());
        EXPECT_EQ(world.block(), Block::none);
    }
}

TEST(FillsDropped, InAStormOfLossesCutsAndRepetitionsEndInTheBooksOfTheVenue) {
    constexpr std::array topics{"order", "fill", "ack"};
    std::array<std::uint64_t, topics.size()> struck{};
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Trading world{place};
        core::Xoshiro chance{2024};
        std::array<std::size_t, 3> losses{};
        for (std::size_t i = 0; i < topics.size(); ++i)
            losses[i] = world.fault("{kind: drop, topic: " + std::string{topics[i]} + ", probability: 0.06}");
        const auto twice = world.fault("{kind: duplicate, probability: 0.1}");
        const auto opened = world.opened;
        world.cut_after = [&](std::string_view text) {
            return text.find("o00000") != std::string_view::npos && chance.below(12) == 0;
        };

        std::vector<core::OrderId> open;
        for (int round = 0; round < 60; ++round) {
            if (!open.empty() && chance.below(3) == 0) {
                world.cancel(open.front());
                open.erase(open.begin());
            } else if (chance.below(4) == 0) {
                (void)world.submit(world.market(Side::buy, 1));
            } else {
                open.push_back(world.submit(world.limit(Side::buy, chance.below(2) == 0 ? "50000" : "49000", 1)));
            }
            if (round % 15 == 14) world.trade("49500");
            world.pass(500ms);
        }
        world.cut_after = nullptr;
        for (std::size_t i = 0; i < topics.size(); ++i) struck[i] += world.strokes(losses[i]);
        EXPECT_GT(world.struck(FaultKind::drop), 2u);
        EXPECT_GT(world.strokes(twice), 0u);
        EXPECT_GT(world.opened, opened) << "sockets were cut";
        EXPECT_GT(world.owner().fills.size(), 10u);
        EXPECT_GT(world.account->counts().by_socket, 15u);
        world.simulator.faults().clear();
        ASSERT_TRUE(world.until(3min, [&] { return world.block() == Block::none && world.agree(); })) << world.doubts();
        EXPECT_TRUE(world.agree());
    }
    EXPECT_THAT(struck, testing::Each(testing::Gt(0u))) << "each of them somewhere";
}

}  // namespace silent_orders
