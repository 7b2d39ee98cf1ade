#include "tests/gateways/orders/live_world.hpp"

#include <rapidcheck/gtest.h>

#include <thread>

using namespace test;
using namespace std::chrono_literals;

TEST(LiveGateway, LetsNoEntryOutBeforeClockStreamAndAccountAreKnown) {
    World world;
    world.gateway = std::make_unique<LiveGateway>(world.settings, world.instruments, world.ledger, world.budget);
    world.gateway->open();
    world.submit(order_of(1));
    EXPECT_EQ(world.heard(order_of(1)), "rejected");
    world.start();
    EXPECT_EQ(world.gateway->block(btc), Block::none);

    world.submit(order_of(2));
    world.run(50ms);

    EXPECT_EQ(world.heard(order_of(2)), "accepted");
    EXPECT_EQ(world.venue.placed, 1u);
    const auto placed = std::find_if(world.actions.begin(), world.actions.end(),
                                     [](const Action& a) { return a.kind == ActionKind::place; });
    EXPECT_NE(placed->timestamp.count(), 0);
}

TEST(LiveGateway, FindsAnOrderWhoseAnswerWasLostAndNeverSendsItTwice) {
    World world;
    world.start();
    world.venue.faults = {.lost_answer = 100, .lost_event = 100};
    world.submit(order_of(1));
    world.run(100ms);
    EXPECT_EQ(world.state(order_of(1)), OrderState::unknown);
    EXPECT_EQ(world.gateway->block(btc), Block::order_doubt);
    world.submit(order_of(2));
    EXPECT_EQ(world.heard(order_of(2)), "rejected") << "no entry while one is in doubt";

    world.run(2s);

    EXPECT_EQ(world.state(order_of(1)), OrderState::working);
    EXPECT_EQ(world.count(ActionKind::place), 1u);
    EXPECT_EQ(world.gateway->block(btc), Block::none);
}

TEST(LiveGateway, GivesUpAnOrderThatNeverArrivedOnlyAfterTheVenuesBound) {
    World world;
    world.start();
    world.venue.faults = {.lost_request = 100};
    world.submit(order_of(1));
    world.run(9s);
    EXPECT_EQ(world.state(order_of(1)), OrderState::unknown);
    world.run(15s);
    EXPECT_EQ(world.heard(order_of(1)), "rejected");
    EXPECT_EQ(world.count(ActionKind::place), 1u);
}

TEST(LiveGateway, RepeatsACancelUntilItsOrderIsGone) {
    World world;
    world.start();
    world.submit(order_of(1));
    world.run(50ms);
    world.venue.faults = {.lost_request = 100};
    world.cancel(order_of(1));
    world.run(3s);
    EXPECT_EQ(world.heard(order_of(1)).find("cancelled"), std::string::npos);
    world.venue.faults = {};
    world.run(5s);

    EXPECT_EQ(world.state(order_of(1)), OrderState::cancelled);
    EXPECT_GE(world.venue.cancels, 2u);
    EXPECT_LE(world.venue.cancels, 10u);
}

TEST(LiveGateway, CatchesUpAfterADisconnect) {
    World world;
    world.start();
    world.submit(order_of(1, 10));
    world.run(50ms);
    world.venue.connect(*world.gateway, world.now, world.out, false);
    EXPECT_EQ(world.gateway->block(btc), Block::stream_down);
    for (int i = 0; i < 30; ++i) world.venue.trade(world.now);
    EXPECT_EQ(world.venue.positions[0], 10);
    world.run(1s);

    world.venue.connect(*world.gateway, world.now, world.out, true);
    EXPECT_EQ(world.gateway->block(btc), Block::not_reconciled);
    world.run(100ms);

    EXPECT_EQ(world.ledger.position(btc), Quantity{10});
    EXPECT_EQ(world.state(order_of(1)), OrderState::filled);
    EXPECT_EQ(world.gateway->block(btc), Block::none);
}

TEST(LiveGateway, DoubtsWhatABrokenOrderSocketHadNotAnsweredAndAsks) {
    World world;
    world.start();
    world.submit(order_of(1));
    ASSERT_EQ(world.state(order_of(1)), OrderState::sent);
    world.gateway->entry_lost(world.now, world.out);
    world.carry();
    EXPECT_EQ(world.state(order_of(1)), OrderState::unknown);
    EXPECT_NE(world.gateway->block(btc), Block::none) << "no entry meanwhile";
    world.run(30s);
    EXPECT_EQ(world.state(order_of(1)), OrderState::working);
    EXPECT_EQ(world.gateway->block(btc), Block::none);
}

TEST(LiveGateway, KeepsAReserveForCancelsAndStopsEverythingOnABan) {
    World world{1, 200};  // half of it reserved
    world.settings.account_weight = 1;
    world.start();
    std::uint64_t n = 0;
    while (world.gateway->held_back() == 0 && n < 500) world.submit(order_of(++n));
    EXPECT_LE(world.count(ActionKind::place), 100u);
    world.cancel(order_of(1));
    EXPECT_EQ(world.actions.back().kind, ActionKind::cancel);

    world.budget.banned(60s, world.now);
    const auto before = world.actions.size();
    world.cancel(order_of(2));
    world.run(1s);
    EXPECT_EQ(world.actions.size(), before);
}

TEST(LiveGateway, HealsItsClockWhenTheVenueRefusesATimestamp) {
    World world;
    world.start();
    const auto asked = world.count(ActionKind::ask_time);
    auto refused = refused_of(VenueEventKind::rejected, order_of(1), Refusal::clock);
    world.gateway->on(refused, world.now, world.out);
    world.carry();
    world.submit(order_of(2));
    EXPECT_EQ(world.heard(order_of(2)), "rejected") << "no entry with a clock nobody trusts";
    world.run(50ms);
    EXPECT_GT(world.count(ActionKind::ask_time), asked);
    world.submit(order_of(3));
    world.run(50ms);
    EXPECT_EQ(world.heard(order_of(3)), "accepted");
}

TEST(LiveGateway, PutsBackAStopThatVanished) {
    World world;
    world.start();
    world.submit(order_of(1, 10));
    world.run(50ms);
    for (int i = 0; i < 30; ++i) world.venue.trade(world.now);
    world.run(20ms);
    world.submit(stop_of(2, 10));
    world.run(100ms);
    EXPECT_EQ(protection(world.ledger, btc).naked(), Quantity{0});
    auto& there = world.venue.orders.at(stop_of(2, 10).id.value);
    there.open = false;  // the venue threw it out, and the stream lost the word
    there.end = VenueStatus::cancelled;

    world.run(40s);

    EXPECT_EQ(protection(world.ledger, btc).naked(), Quantity{0});
    EXPECT_EQ(world.alerts.size(), 1u);
    const auto& again = world.venue.orders.rbegin()->second;
    EXPECT_NE(again.order.id.value & gateway_lane, 0u);
    EXPECT_EQ(again.order.quantity, Quantity{10});
    EXPECT_EQ(again.order.trigger, Price{5'880'000});
    world.submit(order_of(3));
    EXPECT_EQ(world.count(ActionKind::place), 4u) << "the engine's ids go on beside the gateway's";
}

TEST(LiveGateway, SendsNothingAfterStopAndEndsWithWhatRemains) {
    World world;
    world.start();
    for (std::uint64_t n = 1; n <= 3; ++n) world.submit(order_of(n));
    world.run(50ms);
    world.gateway->stop(world.now, 5s);
    world.submit(order_of(4));
    EXPECT_EQ(world.heard(order_of(4)), "rejected");
    world.run(1s);

    EXPECT_EQ(world.gateway->gate().state(), GateState::closed);
    for (const auto& [id, there] : world.venue.orders) EXPECT_FALSE(there.open);
    const auto before = world.actions.size();
    world.submit(order_of(5));
    world.cancel(order_of(1));
    EXPECT_FALSE(world.gateway->open());
    EXPECT_EQ(world.actions.size(), before);
}

TEST(LiveGateway, SaysWhenThePositionStaysDifferentAndWhenAStopIsIncomplete) {
    World world;
    world.start();
    world.venue.positions[0] = 5;  // somebody else's doing
    world.run(40s);
    ASSERT_EQ(world.alerts.size(), 1u);
    EXPECT_EQ(name(world.alerts[0].kind), "position_mismatch");
    world.submit(order_of(1));
    EXPECT_EQ(world.heard(order_of(1)), "rejected");
    EXPECT_TRUE(world.gateway->reconciler().accept(btc, world.now, world.ignored));
    world.submit(order_of(2));
    world.run(50ms);

    world.venue.faults = {.lost_request = 100, .lost_event = 100, .silent_queries = true};
    world.gateway->stop(world.now, 2s);
    world.run(3s);
    EXPECT_EQ(world.gateway->gate().state(), GateState::closed);
    EXPECT_EQ(name(world.alerts.back().kind), "stop_incomplete");
    EXPECT_EQ(world.count(ActionKind::cancel_all), 1u);
}

TEST(LiveGateway, RenewsTheVenuesTimerOfEveryInstrumentAndPaysForIt) {
    World world;
    world.settings.dead_man = true;
    world.start();
    world.run(100ms);
    EXPECT_EQ(world.count(ActionKind::renew_timer), 2u);
    const auto before = world.budget.used(0, world.now);
    world.run(10s);
    EXPECT_EQ(world.count(ActionKind::renew_timer), 4u);
    EXPECT_GE(world.budget.used(0, world.now), before + 20);
    EXPECT_EQ(world.actions.back().countdown, 30s);
}

TEST(LiveGateway, KeepsItsFileSmall) {
    Folder folder;
    World world;
    world.settings.compact_above = 20'000;
    ASSERT_TRUE(world.ledger.open(folder.path / "ledger"));
    world.start();
    std::size_t largest = 0, shrunk = 0;
    for (std::uint64_t n = 1; n <= 200; ++n) {
        world.submit(order_of(n));
        world.run(20ms);
        world.cancel(order_of(n));
        world.run(20ms);
        const auto bytes = world.ledger.file_bytes();
        largest = std::max(largest, bytes);
        for (; world.ledger.compacting(); std::this_thread::yield()) world.run(10ms);  // its thread is at the disk
        shrunk += world.ledger.file_bytes() < bytes ? 1U : 0U;
    }
    EXPECT_LT(largest, 200'000u);
    EXPECT_GE(shrunk, 2u);
    EXPECT_EQ(world.venue.placed, 200u);
}

RC_GTEST_PROP(LiveGatewayInAnyWeather, EndsEqualToTheVenueAndNeverPlacesAnOrderTwice, ()) {
    World world{*rc::gen::inRange<std::uint32_t>(1, 1'000'000)};
    world.start();
    const auto percent = [] { return *rc::gen::element(0, 10, 40); };
    std::uint64_t n = 0;
    for (int i = 0; i < 30; ++i) {
        world.venue.faults = {.lost_request = percent(),
                              .lost_answer = percent(),
                              .lost_event = percent(),
                              .double_event = percent(),
                              .late_event = percent(),
                              .silent_queries = *rc::gen::inRange(0, 5) == 0};
        switch (*rc::gen::inRange(0, 6)) {
            case 0: world.venue.connect(*world.gateway, world.now, world.out, !world.venue.stream_up); break;
            case 1:
                if (n > 0) world.cancel(order_of(*rc::gen::inRange<std::uint64_t>(1, n + 1)));
                break;
            case 2: world.venue.trade(world.now); break;
            default: {
                ++n;
                auto order =
                    order_of(n, *rc::gen::inRange<std::int64_t>(1, 20), *rc::gen::element(Side::buy, Side::sell));
                world.submit(order);
            }
        }
        world.run(std::chrono::milliseconds{*rc::gen::inRange(0, 1500)});
    }

    world.venue.faults = {};  // the weather clears
    if (!world.venue.stream_up) world.venue.connect(*world.gateway, world.now, world.out, true);
    world.run(90s);

    RC_ASSERT(world.venue.placed_twice == 0u);
    RC_ASSERT(world.ledger.position(btc).units == world.venue.positions[0]);
    RC_ASSERT(world.gateway->block(btc) == Block::none);
    for (const auto& [id, there] : world.venue.orders) {
        const auto* ours = world.ledger.find(OrderId{id});
        RC_ASSERT(ours != nullptr);
        RC_ASSERT(ours->booked.units == there.filled);
        RC_ASSERT(final(ours->state()) == !there.open);
    }
    std::map<std::uint64_t, std::int64_t> told;  // the pipeline heard of every fill, once
    for (const auto& tick : world.told) {
        const auto what = static_cast<Execution>(tick.code & 0xff);
        if (what == Execution::filled_maker || what == Execution::filled_taker)
            told[tick.execution.order_id] += tick.execution.quantity.units;
    }
    for (const auto& [id, there] : world.venue.orders) RC_ASSERT(told[id] == there.filled);
}
