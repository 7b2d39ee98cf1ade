// "Restart reissues order ids", "restart forgets working orders or invents an opposite fill", "stop vanishes on
// restart", "partial fill leaves a stop of the wrong size", "orders sent after stop".
#include "gateways/orders/protection.hpp"
#include "tests/faults/account_world.hpp"

#include <set>

using namespace gateways;
using namespace std::chrono_literals;
using core::Side;
using venue::FaultKind;

namespace restart {
namespace {

struct Started : test::StartedAccount {
    using StartedAccount::StartedAccount;
    void restart() {
        kill();
        start();
    }
    /// Buys `count` units at the market.
    void buy(std::int64_t count) {
        (void)submit(market(Side::buy, count));
        ASSERT_TRUE(until(10s, [&] { return position() == count && position_there() == count; })) << doubts();
        pass(1s);
    }
    /// All that is held has a stop at the venue, and no more than that.
    [[nodiscard]] bool covered() { return held().units > 0 && stops_there() == held(); }
};

}  // namespace

TEST(RestartReissuesOrderIds, NeverEvenWithoutTheFileThatCountsThem) {
    Started world{{.venue = core::Venue::okx}};
    std::set<std::uint64_t> ids;
    for (int life = 0; life < 6; ++life) {
        for (int i = 0; i < 3; ++i)
            EXPECT_TRUE(ids.insert(world.submit(world.limit(Side::buy, "40000", 1)).value).second);
        world.pass(life % 2 == 0 ? 200ms : 0ms);  // sometimes it dies with orders on their way
        world.kill();
        if (life == 3) {
            ASSERT_TRUE(std::filesystem::remove(world.folder / "starts"));
        }
        world.start();
        ASSERT_TRUE(world.ready()) << world.doubts();
    }
    world.pass(1min);
    EXPECT_EQ(ids.size(), 18u);
    EXPECT_GE(world.ours(), 9u) << "those that had time to arrive";
    EXPECT_LE(world.ours(), 18u);
    EXPECT_TRUE(world.agree());
}

TEST(RestartForgetsWorkingOrders, KilledAtAnyInstantOfAnOrdersLifeItKnowsThemAllAndSendsNoneAgain) {
    for (const auto& place : test::account_places)
        for (int instant = 0; instant <= 40; instant += place.spot() ? 8 : 4) {
            SCOPED_TRACE(place.name() + " " + std::to_string(instant) + " ms");
            Started world{{.venue = place.venue, .market = place.market, .step = 2ms}};
            const auto rest = world.submit(world.limit(Side::buy, "50000", 1));
            const auto take = world.submit(world.market(Side::buy, 1));
            world.pass(std::chrono::milliseconds{instant});
            world.kill();
            world.settings.step = 10ms;
            world.pass(1s);  // nobody is there; what had left arrives or not
            const auto there = world.ours();
            EXPECT_EQ(there, 2u) << "it died behind the sending";
            world.start();
            ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none && world.stream_up(); }))
                << world.doubts();
            EXPECT_EQ(world.ours(), there) << "nothing was sent again";
            EXPECT_EQ(world.state(rest), OrderState::working);
            EXPECT_EQ(world.state(take), OrderState::filled);
            EXPECT_TRUE(world.agree());
        }
}

TEST(RestartInventsAnOppositeFill, NoOrderAndNoFillIsMadeByStartingAgain) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{place};
        (void)world.submit(world.market(place.spot() ? Side::buy : Side::sell, 3));
        ASSERT_TRUE(world.until(10s, [&] { return std::abs(world.position()) == 3; })) << world.doubts();
        const auto held = world.held();
        const auto reached = world.reached();
        for (int life = 0; life < 5; ++life) {
            world.restart();
            EXPECT_EQ(world.held(), held) << "known before anybody was asked";
            ASSERT_TRUE(world.ready()) << world.doubts();
            world.pass(5s);
        }
        EXPECT_EQ(world.held(), held);
        EXPECT_EQ(std::abs(world.position_there()), 3);
        EXPECT_EQ(world.reached(), reached);
        EXPECT_TRUE(world.agree());
    }
}

TEST(StopVanishesOnRestart, IsSeenMissingAndPlacedAgainOnce) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{place};
        world.buy(2);
        const auto stop = world.submit(world.stop(Side::sell, "50000"));
        ASSERT_TRUE(world.until(10s, [&] { return world.covered(); })) << world.doubts();
        world.pass(1s);
        ASSERT_NE(world.there(stop), nullptr);

        world.restart();
        ASSERT_TRUE(world.ready()) << world.doubts();
        const auto reached = world.reached();
        world.pass(40s);
        EXPECT_TRUE(world.covered());
        EXPECT_EQ(world.reached(), reached) << "it is there: none is added";

        world.kill();
        // The venue drops it meanwhile.
        ASSERT_EQ(world.engine().cancel(world.owner().id, world.there(stop)->number), venue::Refusal::none);
        ASSERT_EQ(world.stops_there().units, 0);
        world.pass(1s);
        world.start();
        ASSERT_TRUE(world.ready()) << world.doubts();
        ASSERT_TRUE(world.until(1min, [&] { return world.covered(); })) << "placed again: " << world.doubts();
        EXPECT_EQ(world.state(stop), OrderState::cancelled);
        world.pass(40s);
        EXPECT_TRUE(world.covered());
        EXPECT_EQ(world.reached(), reached + 1) << "once";
        EXPECT_EQ(protection(*world.ledger, world.instrument.id).naked().units, 0);
        EXPECT_TRUE(world.agree());
    }
}

TEST(PartialFillLeavesAStopOfTheWrongSize, TheRestOfThePositionIsCoveredByItself) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{place};
        world.trade("50100");  // nobody else is left near our price
        const auto entry = world.submit(world.limit(Side::buy, "50000", 10));
        ASSERT_TRUE(world.until(10s, [&] { return world.state(entry) == OrderState::working; })) << world.doubts();
        // Somebody sells four into it; the strategy protects the four and hears no more.
        world.outside(Side::sell, "50000", 4);
        ASSERT_TRUE(world.until(1s, [&] { return world.position() == 4; })) << world.doubts();
        ASSERT_EQ(world.state(entry), OrderState::partially_filled);
        (void)world.submit(world.stop(Side::sell, "45000"));
        ASSERT_TRUE(world.until(1s, [&] { return world.covered(); })) << world.doubts();
        world.trade("49900");  // the rest
        ASSERT_TRUE(world.until(10s, [&] { return world.state(entry) == OrderState::filled; }));
        ASSERT_EQ(world.position(), 10);
        ASSERT_LT(world.stops_there(), world.held()) << "six have none";

        ASSERT_TRUE(world.until(30s, [&] { return world.covered(); }))
            << world.stops_there().units << " of " << world.held().units << "; " << world.doubts();
        EXPECT_EQ(world.alerts_of(AlertKind::naked_position), 1u) << "and it was said";
        world.pass(40s);
        EXPECT_TRUE(world.covered());
        EXPECT_TRUE(world.agree());
    }
}

TEST(OrdersSentAfterStop, NotOneReachesTheVenueAndOfWhatWasOpenOnlyTheStopStays) {
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{place};
        world.buy(3);
        const auto stop = world.submit(world.stop(Side::sell, "45000"));
        for (const char* price : {"50000", "49000", "48000"}) (void)world.submit(world.limit(Side::buy, price, 1));
        ASSERT_TRUE(world.until(10s, [&] { return world.owner().open.size() == 4 && world.covered(); }))
            << world.doubts();
        const auto reached = world.reached();

        world.account->stop(world.now, 5s);
        EXPECT_EQ(world.heard(world.submit(world.market(Side::buy, 1))), "rejected") << "already";
        ASSERT_TRUE(world.until(5s, [&] { return world.account->stopped(); })) << world.doubts();
        EXPECT_EQ(world.alerts_of(AlertKind::stop_incomplete) + world.alerts_of(AlertKind::left_naked), 0u);
        for (int i = 0; i < 20; ++i) {
            EXPECT_EQ(world.heard(world.submit(world.market(Side::buy, 1))), "rejected");
            EXPECT_EQ(world.heard(world.submit(world.market(Side::sell, 1, true))), "rejected");
            world.pass(200ms);
        }
        EXPECT_EQ(world.reached(), reached);
        EXPECT_EQ(world.owner().open.size(), 1u);
        EXPECT_EQ(world.state(stop), OrderState::working);
        EXPECT_TRUE(world.covered());
        EXPECT_FALSE(world.account->open());
        EXPECT_TRUE(world.agree());
    }
}

TEST(OrdersSentAfterStop, WhatWasUnderWayWhenTheAccountEndsIsNobodysAndKnownAfterwards) {
    // Over REST, so that the answer comes back to an account that is gone.
    for (const auto& place : test::account_places) {
        SCOPED_TRACE(place.name());
        Started world{{.venue = place.venue, .market = place.market, .websocket_entry = false}};
        const auto id = world.submit(world.limit(Side::buy, "50000", 1));
        world.pass(10ms);
        ASSERT_EQ(world.ours(), 1u) << "it is there, its answer is not here";
        ASSERT_EQ(world.state(id), OrderState::sent);
        world.restart();
        EXPECT_EQ(world.state(id), OrderState::unknown);
        ASSERT_TRUE(world.until(2min, [&] { return world.state(id) == OrderState::working; })) << world.doubts();
        ASSERT_TRUE(world.ready()) << world.doubts();
        EXPECT_EQ(world.ours(), 1u);
        EXPECT_TRUE(world.agree());
    }
}

}  // namespace restart
