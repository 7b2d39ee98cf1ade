// The gateway's own stops, what a person decides, and strangers in the account.
#include "tests/gateways/orders/live_world.hpp"

using namespace test;

namespace {

/// Ten units are held, and their stop was thrown out by the venue unsaid: the gateway has put back one of its own.
struct PutBack : World {
    PutBack() {
        start();
        submit(order_of(1, 10));
        run(50ms);
        for (int i = 0; i < 30; ++i) venue.trade(now);
        run(20ms);
        submit(stop_of(2, 10));
        run(100ms);
        auto& there = venue.orders.at(stop_of(2, 10).id.value);
        there.open = false;
        there.end = VenueStatus::cancelled;
        run(40s);
    }
    const ScriptedVenue::There* own() const {
        const auto found = std::find_if(venue.orders.begin(), venue.orders.end(), [](const auto& entry) {
            return (entry.first & gateway_lane) != 0 && entry.second.open;
        });
        return found == venue.orders.end() ? nullptr : &found->second;
    }
    /// Somebody sells by hand.
    void sold(std::int64_t quantity) {
        auto fill = fill_of(order_of(900, quantity, Side::sell), "by hand", quantity);
        fill.order = {};
        fill.venue_time = now;
        venue.positions[0] -= quantity;
        venue.fills.push_back(fill);
        gateway->on(fill, now, out);
        carry();
    }
};

}  // namespace

TEST(OwnStops, AreWithdrawnWhenThePositionIsFlat) {
    PutBack world;
    ASSERT_NE(world.own(), nullptr);
    world.sold(10);
    world.run(100ms);
    EXPECT_EQ(world.own(), nullptr) << "the next position would be closed at its trigger";
}

TEST(OwnStops, AreWithdrawnWhenAnotherStopCoversThePosition) {
    PutBack world;
    ASSERT_NE(world.own(), nullptr);
    world.submit(stop_of(3, 4));
    world.run(100ms);
    EXPECT_NE(world.own(), nullptr) << "six would be naked";
    world.submit(stop_of(4, 6));
    world.run(100ms);
    EXPECT_EQ(world.own(), nullptr);
    EXPECT_EQ(protection(world.ledger, btc).naked(), Quantity{0});
    EXPECT_TRUE(world.venue.orders.at(stop_of(3, 4).id.value).open);
}

TEST(OwnStops, AreNotPlacedBeyondTheMarket) {
    World world;
    world.start();
    world.submit(order_of(1, 10));
    world.run(50ms);
    for (int i = 0; i < 30; ++i) world.venue.trade(world.now);
    world.run(20ms);
    world.submit(stop_of(2, 10));
    world.run(50ms);
    world.gateway->price(btc, Price{5'800'000});  // below the trigger
    world.cancel(stop_of(2, 10));
    const auto before = world.count(ActionKind::place);
    world.run(20s);
    EXPECT_EQ(world.count(ActionKind::place), before);
    EXPECT_EQ(name(world.alerts.back().kind), "naked_position");

    world.gateway->price(btc, Price{5'990'000});
    world.run(1s);
    EXPECT_EQ(world.count(ActionKind::place), before + 1);
}

TEST(OwnStops, ThatTheVenueTakesAndEndsAtOnceComeBackEverMoreSeldom) {
    PutBack world;
    const auto before = world.count(ActionKind::place);
    for (const auto until = world.now + 5min; world.now < until; world.run(10ms)) {
        for (auto& [id, order] : world.venue.orders) {
            if ((id & gateway_lane) == 0 || !order.open) continue;
            order.open = false;
            order.end = VenueStatus::cancelled;
            VenueEvent event;
            event.kind = VenueEventKind::cancelled;
            event.source = EventSource::stream;
            event.venue = Venue::binance;
            event.side = Side::sell;
            event.instrument = btc;
            event.venue_time = event.receive_time = world.now;
            event.order = core::OrderId{id};
            world.gateway->on(event, world.now, world.out);
            world.carry();
        }
    }
    EXPECT_LE(world.count(ActionKind::place) - before, 18u);
    EXPECT_GE(world.count(ActionKind::place) - before, 8u) << "but it does not give up";
}

TEST(Accepting, SetsTheLedgerAndTellsThePipelineOfTheDifference) {
    Folder folder;
    World world;
    ASSERT_TRUE(world.ledger.open(folder.path / "ledger"));
    world.start();
    EXPECT_FALSE(world.gateway->accept(btc, Price{6'000'000}, world.now, world.out)) << "there is nothing to accept";
    world.venue.positions[0] = -5;
    world.run(40s);
    ASSERT_EQ(world.gateway->block(btc), Block::position_mismatch);

    EXPECT_TRUE(world.gateway->accept(btc, Price{6'000'000}, world.now, world.out));

    ASSERT_EQ(world.out.executions.size(), 1u);
    const auto& tick = world.out.executions[0];
    EXPECT_EQ(static_cast<Execution>(tick.code & 0xff), Execution::filled_taker);
    EXPECT_EQ(tick.side, Side::sell);
    EXPECT_EQ(tick.execution.quantity, Quantity{5});
    EXPECT_EQ(tick.execution.price, Price{6'000'000});
    EXPECT_EQ(world.gateway->block(btc), Block::none);
    std::filesystem::copy(folder.path / "ledger", folder.path / "copy");
    OrderLedger again{world.settings.ledger, world.instruments};
    ASSERT_TRUE(again.open(folder.path / "copy"));
    EXPECT_EQ(again.position(btc), Quantity{-5}) << "it is in the file";
}

TEST(Strangers, HalfFilledBeforeTheFirstStartBlockNothingForLong) {
    for (const auto policy : {OutsidePolicy::adopt, OutsidePolicy::fence}) {
        World world;
        world.settings.ledger.outside = policy;
        world.ledger = OrderLedger{world.settings.ledger, world.instruments};
        world.settings.reconcile.adopt_first_position = true;
        auto theirs = order_of(77, 10);
        theirs.id.value |= outside_bit;
        world.venue.orders.emplace(theirs.id.value, ScriptedVenue::There{.order = theirs, .filled = 4});
        world.venue.positions[0] = 4;
        auto old = fill_of(theirs, "of last week", 4);
        old.venue_time = 10s;
        world.venue.fills.push_back(old);
        world.start();

        world.run(5s);

        EXPECT_EQ(world.gateway->block(btc), Block::none);
        EXPECT_EQ(world.ledger.position(btc), Quantity{4});
        EXPECT_EQ(world.venue.orders.begin()->second.open, policy == OutsidePolicy::adopt);
    }
}

TEST(Strangers, InTheBookOfWaitingOrdersAreCancelledThere) {
    World world;
    world.start();
    auto theirs = order_of(77, 10);
    auto seen = update_of(theirs, VenueStatus::pending, 0, EventSource::query);  // a take-profit alone: no trigger
    seen.order = {};
    seen.update.conditional = true;
    world.gateway->on(seen, world.now, world.out);
    world.carry();
    world.run(3s);

    const auto cancel = std::find_if(world.actions.begin(), world.actions.end(),
                                     [](const Action& action) { return action.kind == ActionKind::cancel; });
    ASSERT_NE(cancel, world.actions.end());
    EXPECT_EQ(cancel->order.trigger, Price{});
    EXPECT_TRUE(cancel->conditional);
}
