#include "gateways/live/venue_limits.hpp"
#include "tests/gateways/live/calls_rig.hpp"

using namespace test;
using gateways::Refusal;

namespace {

/// Every venue, spot and linear.
class OrderCalls : public ::testing::TestWithParam<std::tuple<Venue, Market>> {
protected:
    CallsRig rig{std::get<0>(GetParam())};
    const core::Instrument& btc = rig.btc(std::get<1>(GetParam()));
    bool spot = btc.market == Market::spot;
    bool buys_at_market = !(rig.venue == Venue::bitget && spot);  // there its size is money

    /// Something to protect.
    void hold(std::int64_t lots) {
        if (spot) return;  // it is in the wallet
        const auto entry = rig.order(btc, Side::buy, lots);
        ASSERT_EQ(words(rig.place(entry).events).substr(0, 12), "acknowledged");
        ASSERT_EQ(rig.held(btc), entry.quantity.units);
    }
};

}  // namespace

TEST_P(OrderCalls, PlaceALimitOrderExactlyAndFindItAgainByOurId) {
    auto order = rig.order(btc, Side::buy, 3, 4'900);
    order.price.units += btc.tick_size.units;

    const auto placed = rig.place(order);

    ASSERT_FALSE(placed.events.empty());
    EXPECT_FALSE(placed.error) << placed.error->message;
    EXPECT_EQ(placed.events[0].kind, VenueEventKind::acknowledged);
    const auto* there = rig.there(order);
    ASSERT_NE(there, nullptr);
    EXPECT_EQ(there->price, order.price);
    EXPECT_EQ(there->quantity, order.quantity);
    EXPECT_EQ(CallsRig::number_of(placed.events[0].venue_order), there->number);

    const auto asked = rig.ask(order);
    ASSERT_EQ(words(asked.events), "order_update:working");
    EXPECT_EQ(asked.events[0].order, order.id);
    EXPECT_EQ(asked.events[0].venue_order, placed.events[0].venue_order);
    EXPECT_EQ(asked.events[0].update.price, order.price);
    EXPECT_EQ(asked.events[0].update.quantity, order.quantity);
    EXPECT_EQ(asked.events[0].side, Side::buy);

    const auto cancelled = rig.cancel(order);
    EXPECT_FALSE(cancelled.error) << cancelled.error->message;
    EXPECT_EQ(rig.there(order)->state, venue::OrderState::cancelled);
    EXPECT_EQ(words(rig.ask(order).events), "order_update:cancelled");
    const auto again = rig.cancel(order);
    ASSERT_EQ(again.events.size(), 1u);
    EXPECT_EQ(again.events[0].kind, VenueEventKind::cancel_rejected);
    EXPECT_TRUE(again.events[0].rejected.refusal == Refusal::unknown_order ||
                again.events[0].rejected.refusal == Refusal::already_final);
}

TEST_P(OrderCalls, EveryTimeInForceArrives) {
    using core::TimeInForce;
    const std::pair<TimeInForce, venue::TimeInForce> all[] = {{TimeInForce::gtc, venue::TimeInForce::gtc},
                                                              {TimeInForce::ioc, venue::TimeInForce::ioc},
                                                              {TimeInForce::post_only, venue::TimeInForce::post_only}};
    for (const auto& [ours, theirs] : all) {
        auto order = rig.order(btc, Side::buy, 1, 4'900);
        order.time_in_force = ours;
        (void)rig.place(order);
        ASSERT_NE(rig.there(order), nullptr);
        EXPECT_EQ(rig.there(order)->time_in_force, theirs);
    }
}

TEST_P(OrderCalls, AMarketOrdersFillsAreToldWithOurId) {
    const auto order = rig.order(btc, buys_at_market ? Side::buy : Side::sell, 2);

    const auto placed = rig.place(order);
    ASSERT_EQ(words(placed.events).substr(0, 12), "acknowledged") << words(placed.events);
    auto ask = rig.action(ActionKind::ask_fills, order);
    ask.venue_order = placed.events[0].venue_order;
    const auto known = rig.run(ask);
    ask.venue_order = {};
    const auto unknown = rig.run(ask);

    ASSERT_EQ(rig.there(order)->state, venue::OrderState::filled);
    for (const auto& answered : {known, unknown}) {
        EXPECT_EQ(filled(answered.events), order.quantity.units);
        for (const auto& event : answered.events) {
            EXPECT_EQ(event.order, order.id);
            EXPECT_EQ(event.side, order.side);
            EXPECT_FALSE(event.fill.fee_asset.empty());
            EXPECT_GT(event.fill.fee.units, 0);
        }
    }
    EXPECT_EQ(words(rig.ask(order).events), "order_update:filled");
}

TEST_P(OrderCalls, AStopRestsIsAskedForAndCancelled) {
    hold(2);
    const auto stop = rig.stop(btc, Side::sell, 2, 4'500);

    const auto placed = rig.place(stop);
    EXPECT_FALSE(placed.error) << placed.error->message;
    const auto* there = rig.there(stop);
    ASSERT_NE(there, nullptr);
    EXPECT_EQ(there->state, venue::OrderState::untriggered);
    EXPECT_EQ(there->kind, venue::OrderKind::stop_market);
    EXPECT_EQ(there->trigger, stop.trigger);
    EXPECT_EQ(there->quantity, stop.quantity);
    EXPECT_EQ(there->trigger_by, venue::TriggerBy::last);
    EXPECT_EQ(there->reduce_only, !spot);

    const auto asked = rig.ask(stop);
    ASSERT_EQ(words(asked.events), "order_update:pending");
    EXPECT_EQ(asked.events[0].update.type, core::OrderType::stop_market);
    EXPECT_EQ(asked.events[0].update.trigger, stop.trigger);
    EXPECT_EQ(asked.events[0].update.quantity, stop.quantity);
    EXPECT_EQ(asked.events[0].order, stop.id);

    const auto snapshot = rig.account();
    ASSERT_TRUE(snapshot.snapshot);
    ASSERT_EQ(snapshot.snapshot->open_orders.size(), 1u);
    EXPECT_EQ(snapshot.snapshot->open_orders[0].order, stop.id);
    EXPECT_EQ(snapshot.snapshot->open_orders[0].update.trigger, stop.trigger);
    EXPECT_EQ(snapshot.snapshot->open_orders[0].update.type, core::OrderType::stop_market);

    EXPECT_FALSE(rig.cancel(stop).error);
    EXPECT_EQ(rig.there(stop)->state, venue::OrderState::cancelled);
    EXPECT_EQ(words(rig.ask(stop).events), "order_update:cancelled");
}

TEST_P(OrderCalls, AReleasedStopIsFollowedIntoTheOrderThatItBecame) {
    hold(2);
    const auto stop = rig.stop(btc, Side::sell, 2, 4'950);
    const auto placed = rig.place(stop);
    ASSERT_FALSE(placed.events.empty());

    rig.trade(btc, 4'940);
    ASSERT_EQ(rig.there(stop)->state, venue::OrderState::filled);
    auto ask = rig.action(ActionKind::ask_fills, stop);
    ask.venue_order = placed.events[0].venue_order;
    const auto fills = rig.run(ask);
    const auto asked = rig.ask(stop);

    EXPECT_EQ(filled(fills.events), stop.quantity.units);
    for (const auto& event : fills.events) EXPECT_EQ(event.order, stop.id);
    ASSERT_EQ(words(asked.events), "order_update:filled");
    EXPECT_EQ(asked.events[0].order, stop.id);
    EXPECT_EQ(asked.events[0].update.filled, stop.quantity);
    const auto cancelled = rig.cancel(stop);
    ASSERT_EQ(cancelled.events.size(), 1u) << words(cancelled.events);
    EXPECT_EQ(cancelled.events[0].kind, VenueEventKind::cancel_rejected);
}

TEST_P(OrderCalls, ARefusalIsToldInTheLedgersWords) {
    const auto refused = [&](core::Order order) {
        const auto answered = rig.place(order);
        EXPECT_EQ(answered.events.size(), 1u);
        EXPECT_TRUE(answered.error);
        if (answered.events.empty() || answered.events[0].kind != VenueEventKind::rejected) return Refusal::other;
        EXPECT_EQ(answered.events[0].order, order.id);
        EXPECT_NE(answered.events[0].rejected.code, 0);
        EXPECT_EQ(rig.there(order) == nullptr, answered.events[0].rejected.refusal != Refusal::duplicate_id);
        return answered.events[0].rejected.refusal;
    };

    auto rich = rig.order(btc, Side::buy, 100'000, 4'900);
    EXPECT_EQ(refused(rich), Refusal::insufficient_balance);

    if (btc.min_notional.units > 0) {
        auto poor = rig.order(btc, Side::buy, 1, 4'900);
        poor.quantity = btc.lot_size;
        poor.price = rig.price(btc, 1);
        EXPECT_EQ(refused(poor), Refusal::min_notional);
    }
    if (btc.tick_size.units > 1) {
        auto crooked = rig.order(btc, Side::buy, 1, 4'900);
        crooked.price.units += 1;
        const auto refusal = refused(crooked);
        EXPECT_TRUE(refusal == Refusal::tick_size || refusal == Refusal::malformed) << gateways::name(refusal);
    }
    const auto order = rig.order(btc, Side::buy, 1, 4'900);
    EXPECT_EQ(words(rig.place(order).events).substr(0, 12), "acknowledged");
    EXPECT_EQ(refused(order), Refusal::duplicate_id);
    auto unknown = rig.order(btc, Side::buy, 1, 4'900);
    EXPECT_EQ(words(rig.ask(unknown).events), "not_found");
    EXPECT_FALSE(rig.ask(unknown).error);
    EXPECT_EQ(words(rig.ask(rig.stop(btc, Side::sell, 1, 4'500)).events), "not_found");
    const auto cancelled = rig.cancel(unknown);
    ASSERT_EQ(cancelled.events.size(), 1u);
    EXPECT_EQ(cancelled.events[0].kind, VenueEventKind::cancel_rejected);
    // OKX says of an order that is not there what it says of one that has ended
    EXPECT_EQ(cancelled.events[0].rejected.refusal,
              rig.venue == Venue::okx ? Refusal::already_final : Refusal::unknown_order);
}

TEST_P(OrderCalls, ALostAnswerIsUnknownAndTheOrderIsFoundByAsking) {
    for (const auto kind : {venue::FaultKind::lost_ack, venue::FaultKind::unknown_outcome}) {
        const auto order = rig.order(btc, Side::buy, 1, 4'900);
        rig.simulator.add_fault({.kind = kind, .count = 1});

        EXPECT_EQ(words(rig.place(order).events), "outcome_unknown");
        ASSERT_NE(rig.there(order), nullptr);
        EXPECT_EQ(words(rig.ask(order).events), "order_update:working");

        rig.simulator.add_fault({.kind = kind, .count = 1});
        EXPECT_EQ(words(rig.cancel(order).events), "outcome_unknown");
        EXPECT_EQ(words(rig.ask(order).events), "order_update:cancelled");
    }
}

TEST_P(OrderCalls, WhatWasStuckOnItsWayIsCarriedOutByNobody) {
    // Then "not found" is the truth for good; what bears a deadline of 5 s is refused long before.
    std::vector<Nanoseconds> delays{gateways::live::not_found_bound(rig.venue)};
    if (rig.venue == Venue::binance || rig.venue == Venue::bybit || (rig.venue == Venue::bitget && spot))
        delays.push_back(6s);
    hold(2);
    for (const auto delay : delays)
        for (const bool stops : {false, true}) {
            if (stops && delay == 6s && rig.venue == Venue::bitget) continue;  // plan orders have no such window
            const auto order = stops ? rig.stop(btc, Side::sell, 1, 4'500) : rig.order(btc, Side::buy, 1, 4'900);
            auto conversation = rig.calls.begin(rig.action(ActionKind::place, order), rig.now);
            const auto sent = rig.now;
            const auto wire = conversation.next(rig.now);
            ASSERT_TRUE(wire);
            rig.pass(delay);
            conversation.answer(rig.send(*wire), sent, rig.now);
            ASSERT_TRUE(conversation.done());
            EXPECT_EQ(words(conversation.take().events), "rejected:clock") << (stops ? "a stop" : "an order");
            EXPECT_EQ(rig.there(order), nullptr);
        }
}

TEST_P(OrderCalls, AServerErrorIsUnknownToo) {
    const auto order = rig.order(btc, Side::buy, 1, 4'900);
    rig.simulator.add_fault({.kind = venue::FaultKind::server_error, .count = 1});

    EXPECT_EQ(words(rig.place(order).events), "outcome_unknown");
    EXPECT_EQ(rig.there(order), nullptr);
    EXPECT_EQ(words(rig.ask(order).events), "not_found");

    rig.simulator.add_fault({.kind = venue::FaultKind::maintenance, .count = 2});
    EXPECT_EQ(words(rig.place(order).events), "outcome_unknown");
    EXPECT_EQ(words(rig.ask(order).events), "") << "a question that is not answered says nothing";
}

TEST_P(OrderCalls, TooManyRequestsIsARefusalThatSaysToBeSilent) {
    const auto order = rig.order(btc, Side::buy, 1, 4'900);
    rig.simulator.add_fault({.kind = venue::FaultKind::too_many_requests, .count = 1});

    EXPECT_EQ(words(rig.place(order).events), "rejected:rate_limited");
    const auto feedback = gateways::live::rate_feedback(rig.venue, rig.responses.back());
    EXPECT_TRUE(feedback.retry_after);
    EXPECT_FALSE(feedback.banned);
    EXPECT_EQ(rig.there(order), nullptr);

    (void)rig.place(order);
    const auto calm = gateways::live::rate_feedback(rig.venue, rig.responses.back());
    EXPECT_FALSE(calm.retry_after);
    EXPECT_EQ(calm.used_weight.has_value(), rig.venue == Venue::binance);
}

TEST_P(OrderCalls, WhatNeverLeftIsSaidToHaveNeverLeft) {
    const auto order = rig.order(btc, Side::buy, 1, 4'900);
    rig.lose_before = 2;

    const auto placed = rig.place(order);
    const auto cancelled = rig.cancel(order);

    EXPECT_TRUE(placed.not_sent);
    EXPECT_TRUE(placed.events.empty());
    EXPECT_FALSE(cancelled.not_sent) << "the order may be there";
    EXPECT_EQ(words(cancelled.events), "cancel_rejected:unavailable");
    EXPECT_TRUE(rig.requests.empty());

    auto unsigned_one = rig.action(ActionKind::place, order);
    unsigned_one.timestamp = {};
    EXPECT_TRUE(rig.run(unsigned_one).not_sent);
    EXPECT_TRUE(rig.requests.empty());
}

TEST_P(OrderCalls, CancelAllEndsEveryOrderAndEveryStop) {
    hold(1);
    for (int i = 0; i < 13; ++i) {
        rig.pass(100ms);
        ASSERT_FALSE(rig.place(rig.order(btc, Side::buy, 1, 4'900 - i)).error);
    }
    (void)rig.place(rig.stop(btc, Side::sell, 1, 4'500));
    ASSERT_EQ(rig.simulator.engine().account(1).open.size(), 14u);
    rig.pass(3s);

    const auto answered = rig.run(rig.action(ActionKind::cancel_all));

    EXPECT_TRUE(answered.events.empty());
    EXPECT_TRUE(rig.simulator.engine().account(1).open.empty()) << (answered.error ? answered.error->message : "");
}

TEST_P(OrderCalls, SomebodyElsesOrderAndStopAreFoundAndCancelledByTheVenuesId) {
    hold(1);
    venue::NewOrder wanted;
    wanted.listing = rig.listing(btc);
    wanted.side = Side::sell;
    wanted.quantity = core::Quantity{rig.lot(btc)};
    wanted.kind = venue::OrderKind::stop_market;
    wanted.trigger = rig.price(btc, 4'500);
    ASSERT_TRUE(rig.simulator.engine().submit(1, wanted));
    wanted.kind = venue::OrderKind::limit;
    wanted.price = rig.price(btc, 5'500);
    ASSERT_TRUE(rig.simulator.engine().submit(1, wanted));

    const auto answered = rig.account();

    ASSERT_TRUE(answered.snapshot);
    ASSERT_EQ(answered.snapshot->open_orders.size(), 2u);
    for (const auto& event : answered.snapshot->open_orders) {
        EXPECT_EQ(event.order.value, 0u);
        auto fence = rig.action(ActionKind::cancel);
        fence.order.id = core::OrderId{gateways::outside_bit | 5};
        fence.order.instrument = event.instrument;
        fence.order.side = event.side;
        fence.order.trigger = event.update.trigger;
        fence.order.type = core::OrderType::cancel;
        fence.venue_order = event.venue_order;
        const auto cancelled = rig.run(fence);
        EXPECT_FALSE(cancelled.error) << cancelled.error->message;
        for (const auto& said : cancelled.events) EXPECT_EQ(said.order.value, 0u);
    }
    EXPECT_TRUE(rig.simulator.engine().account(1).open.empty());
}

INSTANTIATE_TEST_SUITE_P(Venues, OrderCalls,
                         ::testing::Combine(::testing::ValuesIn(venues),
                                            ::testing::Values(Market::spot, Market::linear)),
                         [](const auto& tested) {
                             return std::string{core::name(std::get<0>(tested.param))} + "_" +
                                    std::string{core::name(std::get<1>(tested.param))};
                         });
