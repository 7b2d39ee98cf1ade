// "Restart reissues order ids", "restart forgets working orders or invents an opposite fill", "stop vanishes on
// restart", "partial fill leaves a stop of the wrong size", "orders sent after stop".
#include "gateways/orders/protection.hpp"
#include "tests/faults/account_world.hpp"

#include <fstream>
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
    /// What open stops at the venue would close.
    std::int64_t stops_there() {
        std::int64_t sum = 0;
        for (const auto number : account().open) {
            const auto* order = engine().order(number);
            if (order != nullptr && venue::triggered_kind(order->kind)) sum += order->quantity.units;
        }
        return sum / unit;
    }
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
        if (life == 3) std::filesystem::remove(world.folder / "starts");
        world.start();
        ASSERT_TRUE(world.ready()) << world.doubts();
    }
    world.pass(1min);
    EXPECT_EQ(ids.size(), 18u);
    EXPECT_LE(world.ours(), 18u);
    EXPECT_TRUE(world.agree());
}

TEST(RestartForgetsWorkingOrders, KilledAtAnyInstantOfAnOrdersLifeItKnowsThemAllAndSendsNoneAgain) {
    for (const auto dialect : test::account_dialects)
        for (int instant = 0; instant <= 40; instant += 4) {
            SCOPED_TRACE(std::string{core::name(dialect)} + " " + std::to_string(instant) + " ms");
            Started world{{.venue = dialect, .step = 2ms}};
            const auto rest = world.submit(world.limit(Side::buy, "50000", 1));
            const auto take = world.submit(world.market(Side::buy, 1));
            world.pass(std::chrono::milliseconds{instant});
            world.kill();
            world.settings.step = 10ms;
            world.pass(1s);  // nobody is there; what had left arrives or not
            const auto there = world.ours();
            world.start();
            ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none && world.link->stream_up(); }))
                << name(world.block());
            EXPECT_EQ(world.ours(), there) << "nothing was sent again";
            for (const auto id : {rest, take})
                EXPECT_EQ(world.there(id) != nullptr,
                          world.ledger->find(id) != nullptr && world.state(id) != OrderState::rejected);
            EXPECT_TRUE(world.agree());
        }
}

TEST(RestartInventsAnOppositeFill, NoOrderAndNoFillIsMadeByStartingAgain) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect}};
        (void)world.submit(world.market(Side::sell, 3));
        ASSERT_TRUE(world.until(10s, [&] { return world.position() < 0; }));
        const auto held = world.position();
        const auto reached = world.reached();
        for (int life = 0; life < 5; ++life) {
            world.restart();
            EXPECT_EQ(world.position(), held) << "known before anybody was asked";
            ASSERT_TRUE(world.ready()) << world.doubts();
            world.pass(5s);
        }
        EXPECT_EQ(world.position(), held);
        EXPECT_EQ(world.position_there(), held);
        EXPECT_EQ(world.reached(), reached);
        EXPECT_TRUE(world.agree());
    }
}

TEST(StopVanishesOnRestart, IsSeenMissingAndPlacedAgainOnce) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect}};
        (void)world.submit(world.market(Side::buy, 2));
        ASSERT_TRUE(world.until(10s, [&] { return world.position_there() == 2; }));
        const auto stop = world.submit(world.stop(Side::sell, "50000", 2));
        ASSERT_TRUE(world.until(10s, [&] { return world.stops_there() == 2; }));
        world.pass(1s);
        ASSERT_NE(world.there(stop), nullptr);

        world.restart();
        ASSERT_TRUE(world.ready()) << world.doubts();
        world.pass(40s);
        EXPECT_EQ(world.stops_there(), 2) << "it is there: none is added";

        world.kill();
        (void)world.engine().cancel(world.account().id, world.there(stop)->number);  // the venue drops it meanwhile
        world.pass(1s);
        world.start();
        ASSERT_TRUE(world.ready()) << world.doubts();
        ASSERT_TRUE(world.until(1min, [&] { return world.stops_there() == 2; })) << "placed again";
        world.pass(40s);
        EXPECT_EQ(world.stops_there(), 2);
        EXPECT_EQ(protection(*world.ledger, world.instrument.id).naked().units, 0);
        EXPECT_TRUE(world.agree());
    }
}

TEST(PartialFillLeavesAStopOfTheWrongSize, TheRestOfThePositionIsCoveredByItself) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect}};
        world.trade("50100");  // nobody else is left near our price
        const auto entry = world.submit(world.limit(Side::buy, "50000", 10));
        ASSERT_TRUE(world.until(10s, [&] { return world.state(entry) == OrderState::working; }));
        // Somebody sells four into it; the strategy protects the four and hears no more.
        world.engine().outside_order(world.listing, Side::sell,
                                     core::Price{*core::parse_decimal("50000", world.instrument.price_decimals)},
                                     core::Quantity{4 * world.unit});
        ASSERT_TRUE(world.until(1s, [&] { return world.position() == 4; }));
        (void)world.submit(world.stop(Side::sell, "45000", 4));
        world.pass(1s);
        ASSERT_EQ(world.stops_there(), 4);
        world.trade("49900");  // the rest
        ASSERT_TRUE(world.until(10s, [&] { return world.state(entry) == OrderState::filled; }));

        ASSERT_TRUE(world.until(30s, [&] { return world.stops_there() == world.position_there(); }))
            << world.stops_there() << " of " << world.position_there();
        EXPECT_EQ(world.alerts_of(AlertKind::naked_position), 1u) << "and it was said";
        world.pass(40s);
        EXPECT_EQ(world.stops_there(), world.position_there());
        EXPECT_TRUE(world.agree());
    }
}

TEST(OrdersSentAfterStop, NotOneReachesTheVenueAndWhatWasOpenIsGone) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect}};
        for (const char* price : {"50000", "49000", "48000"}) (void)world.submit(world.limit(Side::buy, price, 1));
        world.pass(1s);
        ASSERT_EQ(world.account().open.size(), 3u);
        world.gateway->stop(world.now, 5s);
        for (int i = 0; i < 50; ++i) {
            (void)world.submit(world.market(Side::buy, 1));
            (void)world.submit(world.market(Side::sell, 1, true));
            world.pass(200ms);
        }
        EXPECT_EQ(world.reached(), 3u);
        EXPECT_TRUE(world.account().open.empty());
        EXPECT_EQ(world.gateway->gate().state(), GateState::closed);
        EXPECT_FALSE(world.gateway->open());
        EXPECT_TRUE(world.agree());
    }
}

}  // namespace restart
