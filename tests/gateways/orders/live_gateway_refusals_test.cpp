// What the gateway does about a venue that says no, fails, or stays silent; and what it leaves behind when it stops.
#include "tests/gateways/orders/live_world.hpp"

using namespace test;

TEST(LiveGateway, AsksAVenueThatRefusesItsStopsSeldomerAndSeldomer) {
    World world{1, 2000};
    world.start();
    world.submit(order_of(1, 10));
    world.run(50ms);
    for (int i = 0; i < 30; ++i) world.venue.trade(world.now);
    world.run(20ms);
    world.venue.faults.no_stops = true;
    world.submit(stop_of(2, 10));
    const auto before = world.count(ActionKind::place);

    world.run(60s);

    EXPECT_GT(world.count(ActionKind::place), before + 3);
    EXPECT_LT(world.count(ActionKind::place), before + 12);
    world.venue.faults = {};
    world.run(31s);
    EXPECT_EQ(protection(world.ledger, btc).naked(), Quantity{0});
}

TEST(LiveGateway, LeavesTheStopOfAHeldPositionAtTheVenueAndDisarmsItsTimer) {
    World world;
    world.settings.dead_man = true;
    world.start();
    world.submit(order_of(1, 10));
    world.run(50ms);
    for (int i = 0; i < 30; ++i) world.venue.trade(world.now);
    world.run(20ms);
    world.submit(stop_of(2, 10));
    world.submit(order_of(3, 5));
    world.run(100ms);
    ASSERT_EQ(protection(world.ledger, btc).naked(), Quantity{0});

    world.gateway->stop(world.now, 5s);
    world.run(6s);

    EXPECT_EQ(world.gateway->gate().state(), GateState::closed);
    EXPECT_TRUE(world.venue.orders.at(stop_of(2, 10).id.value).open);
    EXPECT_FALSE(world.venue.orders.at(order_of(3).id.value).open);
    EXPECT_EQ(world.count(ActionKind::cancel_all), 0u);
    const auto timer = std::find_if(world.actions.rbegin(), world.actions.rend(),
                                    [](const Action& a) { return a.kind == ActionKind::renew_timer; });
    ASSERT_NE(timer, world.actions.rend());
    EXPECT_EQ(timer->countdown, 0s);
    EXPECT_TRUE(world.venue.timers.empty()) << "of both instruments";
    EXPECT_TRUE(world.alerts.empty());
}

TEST(LiveGateway, TriesAnEndpointAgainAfterItHadFailed) {
    World world;
    world.start();
    world.venue.faults = {.lost_request = 100};
    for (std::uint64_t n = 1; n <= 5; ++n) world.submit(order_of(n));
    world.run(100ms);
    ASSERT_EQ(world.gateway->breaker().state(), core::BreakerState::open);
    world.venue.faults = {};
    world.run(30s);  // what became of the five is asked for
    ASSERT_EQ(world.gateway->block(btc), Block::none);

    world.submit(order_of(6));
    world.run(50ms);

    EXPECT_EQ(world.heard(order_of(6)), "accepted") << "one order is the probe";
    EXPECT_EQ(world.gateway->breaker().state(), core::BreakerState::closed);
}

TEST(LiveGateway, CountsOrdersThatCouldNotLeaveAgainstTheEndpoint) {
    World world;
    world.start();
    for (std::uint64_t n = 1; n <= 5; ++n) {
        world.gateway->submit(order_of(n), world.now, world.out);
        world.out.clear();  // the connection is gone
        world.gateway->not_sent(order_of(n).id, world.now, world.out);
    }
    EXPECT_EQ(world.gateway->breaker().state(), core::BreakerState::open);
}

TEST(LiveGateway, PausesEntriesButNoCancelsWhenTheVenueSaysTooMany) {
    World world;
    world.start();
    world.submit(order_of(1));
    world.run(50ms);
    world.gateway->on(refused_of(VenueEventKind::rejected, order_of(2), Refusal::rate_limited), world.now, world.out);
    world.carry();
    world.submit(order_of(3));
    EXPECT_EQ(world.heard(order_of(3)), "rejected");
    world.cancel(order_of(1));
    EXPECT_EQ(world.actions.back().kind, ActionKind::cancel);
    world.run(1s);
    world.submit(order_of(4));
    world.run(50ms);
    EXPECT_EQ(world.heard(order_of(4)), "accepted");

    world.gateway->on(refused_of(VenueEventKind::rejected, order_of(5), Refusal::banned), world.now, world.out);
    EXPECT_EQ(world.budget.take(1, RateUse::cancel, world.now).refusal, RateRefusal::banned);
}

TEST(LiveGateway, RepeatsACancelThatIsRefusedSeldomerAndSeldomer) {
    World world;
    world.start();
    world.submit(order_of(1));
    world.run(50ms);
    world.venue.faults.no_cancels = true;
    world.cancel(order_of(1));
    world.run(60s);
    EXPECT_GT(world.venue.cancels, 5u);
    EXPECT_LT(world.venue.cancels, 15u);
    world.venue.faults = {};
    world.run(31s);
    EXPECT_EQ(world.state(order_of(1)), OrderState::cancelled);
}

TEST(LiveGateway, KeepsTheReserveFromQuestions) {
    World world{1, 200};  // half of it reserved
    world.settings.account_weight = 1;
    world.start();
    world.venue.faults = {.lost_answer = 100, .lost_event = 100, .silent_queries = true};
    for (std::uint64_t n = 1; n <= 40; ++n) world.submit(order_of(n));
    world.run(20s);
    EXPECT_LE(world.budget.used(0, world.now), 102u);
}

TEST(LiveGateway, DoesNotDoubtItsPositionsForWhatSomebodyTradesElsewhere) {
    World world;
    world.start();
    auto fill = fill_of(order_of(1), "theirs", 3);
    fill.order = {};
    fill.instrument = no_instrument;
    world.gateway->on(fill, world.now, world.out);
    EXPECT_EQ(world.gateway->block(btc), Block::none);
    EXPECT_TRUE(world.out.alerts.empty());
}
