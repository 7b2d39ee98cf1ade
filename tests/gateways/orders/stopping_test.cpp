// Protection when it is hardest to give: while the engine stops, and while no request may leave.
#include "tests/gateways/orders/live_world.hpp"

using namespace test;

namespace {

/// A position of ten units, bought with order 1.
struct Holding : World {
    explicit Holding(std::uint32_t limit = 1'000'000) : World{1, limit} {
        settings.account_weight = 1;
        start();
        submit(order_of(1, 10));
        run(50ms);
        for (int i = 0; i < 30; ++i) venue.trade(now);
        run(20ms);
        EXPECT_EQ(ledger.position(btc), Quantity{10});
    }
    bool there(const Order& order) const {
        const auto found = venue.orders.find(order.id.value);
        return found != venue.orders.end() && found->second.open;
    }
    /// Nothing is left of the budget, the reserve included.
    void spend() {
        while (budget.take(1, RateUse::cancel, now).granted()) continue;
    }
    std::size_t alerted(AlertKind kind) const {
        return static_cast<std::size_t>(
            std::count_if(alerts.begin(), alerts.end(), [&](const Alert& alert) { return alert.kind == kind; }));
    }
};

Order exit_of(std::uint64_t n, std::int64_t quantity) {
    auto order = order_of(n, quantity, Side::sell);
    order.type = OrderType::market;
    order.time_in_force = TimeInForce::ioc;
    order.purpose = Purpose::exit;
    order.reduce_only = true;
    order.price = {};
    return order;
}

}  // namespace

TEST(Stopping, LetsAStopReplaceAnotherUntilTheGateIsClosed) {
    Holding world;
    world.submit(stop_of(2, 10));
    world.submit(order_of(3, 5));
    world.run(50ms);
    world.venue.faults.no_cancels = true;  // so that it takes until the deadline
    world.gateway->stop(world.now, 5s);
    world.run(20ms);

    world.submit(stop_of(4, 7));  // a target was filled, say
    world.cancel(stop_of(2, 10));
    world.submit(order_of(5));
    world.run(200ms);

    EXPECT_EQ(world.gateway->gate().state(), GateState::closing);
    EXPECT_EQ(world.heard(stop_of(4, 7)), "accepted");
    EXPECT_TRUE(world.there(stop_of(4, 7)));
    EXPECT_EQ(world.heard(order_of(5)), "rejected") << "no entry";
    world.run(6s);
    EXPECT_EQ(world.gateway->gate().state(), GateState::closed);
    EXPECT_TRUE(world.there(stop_of(4, 7)));
    world.submit(stop_of(6, 7));
    EXPECT_EQ(world.heard(stop_of(6, 7)), "rejected");
}

TEST(Stopping, WaitsForTheStopOfAPositionThatWasJustFilled) {
    Holding world;
    world.gateway->stop(world.now, 10s);
    world.run(100ms);
    ASSERT_EQ(world.gateway->gate().state(), GateState::closing) << "its stop is still to come";

    world.submit(stop_of(2, 10));
    world.run(1s);

    EXPECT_EQ(world.gateway->gate().state(), GateState::closed) << "and then there is nothing to wait for";
    EXPECT_TRUE(world.there(stop_of(2, 10)));
    EXPECT_EQ(world.alerted(AlertKind::left_naked), 0u);
}

TEST(Stopping, SaysWhichPositionItLeavesWithoutAStop) {
    Holding world;
    world.gateway->stop(world.now, 10s);
    world.run(5s);

    EXPECT_EQ(world.gateway->gate().state(), GateState::closed) << "nobody will place one";
    ASSERT_EQ(world.alerted(AlertKind::left_naked), 1u);
    EXPECT_EQ(world.alerts.back().instrument, btc);
}

TEST(Stopping, LetsAnExitOutAndDoesNotCancelIt) {
    Holding world;
    world.submit(stop_of(2, 10));
    world.run(50ms);
    world.gateway->stop(world.now, 5s);

    world.submit(exit_of(3, 10));
    world.submit(exit_of(4, 10));
    auto wrong = exit_of(5, 10);
    wrong.side = Side::buy;
    world.submit(wrong);

    EXPECT_EQ(world.heard(exit_of(3, 10)), "");
    EXPECT_EQ(world.heard(wrong), "rejected") << "it closes nothing";
    world.run(500ms);
    EXPECT_EQ(world.count(ActionKind::cancel), 0u);
}

TEST(Stopping, WithoutKeptStopsNoNewOnePasses) {
    OrderGate gate;
    gate.stop(1000s, 10s, false);
    EXPECT_FALSE(gate.pass(stop_of(1, 10)));
    EXPECT_TRUE(gate.pass(exit_of(1, 10)));
}

TEST(WaitingForBudget, AStopWaitsForTheNextFreeTokenAndIsNotRefused) {
    Holding world{300};
    world.spend();
    world.submit(stop_of(2, 10));
    world.run(2s);
    EXPECT_EQ(world.heard(stop_of(2, 10)), "");
    EXPECT_FALSE(world.there(stop_of(2, 10)));

    world.run(65s);  // the window has passed

    EXPECT_EQ(world.heard(stop_of(2, 10)), "accepted");
    EXPECT_TRUE(world.there(stop_of(2, 10)));
    EXPECT_EQ(world.venue.placed_twice, 0u);
}

TEST(WaitingForBudget, TheNewestOfALegWinsAndTheOldStopGoesBehindIt) {
    Holding world{300};
    world.submit(stop_of(2, 10));
    world.run(50ms);
    world.spend();

    for (std::uint64_t n = 3; n <= 200; ++n) {
        world.submit(stop_of(n, 10));
        world.cancel(stop_of(n - 1, 10));
    }
    world.run(70s);

    EXPECT_EQ(world.count(ActionKind::place), 3u) << "the entry, the first stop and the last";
    EXPECT_TRUE(world.there(stop_of(200, 10)));
    EXPECT_FALSE(world.there(stop_of(2, 10)));
    EXPECT_EQ(world.heard(stop_of(100, 10)), "cancelled") << "it was never there";
    const auto at = [&](ActionKind kind, std::uint64_t n) {
        return std::find_if(world.actions.begin(), world.actions.end(), [&](const Action& action) {
            return action.kind == kind && action.order.id == OrderId::of(1, n);
        });
    };
    EXPECT_LT(at(ActionKind::place, 200), at(ActionKind::cancel, 2));
}

TEST(WaitingForBudget, ABanPagesOnceAndTheExitLeavesAfterIt) {
    Holding world;
    world.budget.banned(60s, world.now);
    world.submit(exit_of(2, 10));
    world.submit(stop_of(3, 10));
    world.run(30s);
    EXPECT_EQ(world.alerted(AlertKind::protection_waits), 1u);
    EXPECT_EQ(world.count(ActionKind::place), 1u);

    world.run(31s);
    EXPECT_EQ(world.count(ActionKind::place), 3u);
    EXPECT_EQ(world.alerted(AlertKind::protection_waits), 1u);
}

TEST(WaitingForBudget, WhatItWasForMayBeGoneByThen) {
    Holding world{300};
    world.spend();
    world.submit(stop_of(2, 10));
    auto fill = fill_of(stop_of(9, 10), "by hand", 10);
    fill.order = {};
    world.gateway->on(fill, world.now, world.out);
    world.carry();
    world.run(70s);

    EXPECT_EQ(world.heard(stop_of(2, 10)), "cancelled");
    EXPECT_EQ(world.count(ActionKind::place), 1u);
}

TEST(WaitingForBudget, IsInTheLedgerWhenTheProcessDies) {
    Folder folder;
    Holding world{300};
    ASSERT_TRUE(world.ledger.open(folder.path / "ledger"));
    world.spend();
    world.submit(stop_of(2, 10));

    OrderLedger again{world.settings.ledger, world.instruments};
    std::filesystem::copy(folder.path / "ledger", folder.path / "copy");
    ASSERT_TRUE(again.open(folder.path / "copy"));

    ASSERT_NE(again.find(stop_of(2, 10).id), nullptr);
    EXPECT_EQ(again.find(stop_of(2, 10).id)->state(), OrderState::unknown) << "whether it left is asked";
}
