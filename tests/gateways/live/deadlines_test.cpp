#include "gateways/exchange/value.hpp"
#include "gateways/live/order_entry.hpp"
#include "gateways/live/private_link.hpp"
#include "gateways/live/venue_limits.hpp"
#include "gateways/orders/reconcile.hpp"
#include "tests/gateways/live/calls_world.hpp"

/// What an order says besides itself: until when it may be carried out, and how it is margined.
namespace test {
namespace {

using gateways::exchange::Value;

std::string header(const WireRequest& wire, std::string_view name) {
    for (const auto& one : wire.headers)
        if (one.name == name) return one.value;
    return {};
}

}  // namespace

TEST(OrderDeadline, EveryCreateOverRestBearsOneWhereTheVenueHasIt) {
    for (const auto venue : {Venue::binance, Venue::bitget, Venue::bybit, Venue::okx})
        for (const auto market : {Market::spot, Market::linear}) {
            const CallsWorld world{venue};
            const auto wire = world.first(world.action(ActionKind::place, world.order(market)));
            const auto body = Value::parse(wire.body);
            const auto ms = world.now / std::chrono::milliseconds{1};
            switch (venue) {
                case Venue::binance:
                    EXPECT_NE((wire.body + wire.target).find("recvWindow=5000"), std::string::npos);
                    break;
                case Venue::bybit: EXPECT_EQ(header(wire, "X-BAPI-RECV-WINDOW"), "5000"); break;
                case Venue::okx: EXPECT_EQ(header(wire, "expTime"), std::to_string(ms + 5000)); break;
                default:
                    ASSERT_TRUE(body);
                    EXPECT_EQ((*body)["requestTime"].text(), market == Market::spot ? std::to_string(ms) : "");
                    EXPECT_EQ((*body)["receiveWindow"].text(), market == Market::spot ? "5000" : "");
            }
        }
    const CallsWorld okx{Venue::okx};
    EXPECT_EQ(header(okx.first(okx.action(ActionKind::ask_order, okx.order(Market::linear))), "expTime"), "");
}

TEST(OrderDeadline, NotFoundProvesNothingWhileTheVenueMayStillCarryItOut) {
    using gateways::live::not_found_bound;
    // 5 s until it leaves; then as long as what was signed is taken: 5 s, or 30.
    for (const auto venue : {Venue::binance, Venue::bybit}) EXPECT_GE(not_found_bound(venue), 10s);
    for (const auto venue : {Venue::bitget, Venue::okx}) EXPECT_GE(not_found_bound(venue), 35s);
    EXPECT_EQ(gateways::live::gateway_settings(Venue::okx).ledger.propagation_bound, not_found_bound(Venue::okx));
}

TEST(OrderDeadline, ACreateGivenUpBeforeItsFirstByteWasNeverSent) {
    for (const auto venue : {Venue::binance, Venue::bitget, Venue::bybit, Venue::okx}) {
        const CallsWorld world{venue};
        auto conversation = world.calls.begin(world.action(ActionKind::place, world.order(Market::spot)), world.now);
        ASSERT_NE(conversation.upcoming(world.now), nullptr);
        EXPECT_EQ(conversation.upcoming(world.now + 1s), conversation.upcoming(world.now));
        EXPECT_FALSE(conversation.done());
        conversation.abandon(world.now + 5s);
        ASSERT_TRUE(conversation.done());
        const auto answered = conversation.take();
        EXPECT_TRUE(answered.not_sent);
        EXPECT_TRUE(answered.events.empty());
    }
}

TEST(OrderDeadline, IsSignedWithTheTimeWhenItLeavesAndNotWhenItWasBuilt) {
    const CallsWorld world{Venue::okx};
    auto conversation = world.calls.begin(world.action(ActionKind::place, world.order(Market::spot)), world.now);
    ASSERT_NE(conversation.upcoming(world.now), nullptr);
    const auto wire = conversation.next(world.now + 3s);
    ASSERT_TRUE(wire);
    EXPECT_EQ(header(*wire, "expTime"), std::to_string(world.now / std::chrono::milliseconds{1} + 8000));
}

TEST(MarginMode, OfTheSocketIsThatOfRestStopsAmongThem) {
    for (const auto venue : {Venue::bitget, Venue::okx})
        for (const bool isolated : {false, true}) {
            const auto table = pairs_of(venue);
            gateways::live::AccountSetup setup;
            setup.isolated_margin = isolated;
            const std::vector markets{Market::spot, Market::linear};
            const AccountCalls calls{venue, markets, table, setup, some_keys()};
            gateways::live::OrderEntry entry{venue, markets, table, some_keys(), setup};
            const CallsWorld world{venue};
            const char* const name = venue == Venue::okx ? "tdMode" : "marginMode";
            const auto place = world.action(ActionKind::place, world.order(Market::linear));
            const auto message = entry.write(place, 1);
            ASSERT_TRUE(message);
            const auto frame = Value::parse(message->text);
            ASSERT_TRUE(frame);
            const auto& args = (*frame)["args"].at(0);
            const auto said = venue == Venue::okx ? args[name].text() : args["params"][name].text();
            EXPECT_EQ(said, isolated ? "isolated" : venue == Venue::okx ? "cross" : "crossed");
            for (const bool stop : {false, true}) {
                auto conversation =
                    calls.begin(world.action(ActionKind::place, world.order(Market::linear, stop)), world.now);
                const auto wire = conversation.next(world.now);
                ASSERT_TRUE(wire);
                const auto body = Value::parse(wire->body);
                ASSERT_TRUE(body);
                const auto& order = body->is_array() ? body->at(0) : *body;
                EXPECT_EQ(order[name].text(), said) << core::name(venue) << (stop ? " stop" : " order");
            }
        }
}

TEST(BybitDemo, IsTheDemoOverRestToo) {
    const auto table = pairs_of(Venue::bybit);
    gateways::live::AccountSetup setup;
    setup.environment = gateways::exchange::Environment::testnet;
    setup.bybit_demo = true;
    const AccountCalls calls{Venue::bybit, {Market::spot, Market::linear}, table, setup, some_keys()};
    const CallsWorld world{Venue::bybit};
    auto conversation = calls.begin(world.action(ActionKind::place, world.order(Market::spot)), world.now);
    EXPECT_EQ(conversation.next(world.now)->base, "https://api-demo.bybit.com");
}

/// Sixty idle days: a comparison asks no more than on the first.
TEST(IdleAccount, AsksNoMoreFromDayToDay) {
    const auto table = pairs_of(Venue::bitget);
    gateways::OrderLedger ledger{{}, table};
    gateways::Reconciler reconciler{{}, Venue::bitget, ledger, table};
    auto now = Nanoseconds{std::chrono::hours{480'000}};
    ledger.adjust(core::InstrumentId{0}, core::Quantity{1}, now);  // it has a history
    reconciler.stream(true, now);
    for (int day = 0; day < 60; ++day, now += 24h) {
        reconciler.asked(now, now);
        gateways::AccountSnapshot snapshot;
        snapshot.venue = Venue::bitget;
        snapshot.asked_at = now;
        snapshot.fills_until = now + 3s;  // the venue's clock
        snapshot.open_orders_complete = snapshot.positions_complete = true;
        snapshot.fills_complete = day != 30;
        std::vector<gateways::Effect> effects;
        reconciler.apply(snapshot, now + 1s, effects);
        if (day == 30)
            EXPECT_LE(reconciler.fills_since(), now - 23h) << "a list with a gap proves nothing";
        else
            EXPECT_GE(reconciler.fills_since(), now - 1h);
        EXPECT_LE(reconciler.fills_since(), now - 5min) << "a fill may be told late";
    }
}

}  // namespace test
