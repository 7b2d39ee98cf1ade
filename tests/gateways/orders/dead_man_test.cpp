// The venue's own timers: renewed in time, never stormed, and ended before the engine leaves.
#include "gateways/orders/dead_man.hpp"

#include "tests/gateways/orders/live_world.hpp"

using namespace test;

namespace {

InstrumentTable table_of(Venue venue, const std::vector<Market>& markets) {
    InstrumentTable table;
    for (const auto market : markets) {
        Instrument instrument;
        instrument.venue = venue;
        instrument.market = market;
        instrument.symbol = "BTCUSDT";
        instrument.price_decimals = 2;
        instrument.quantity_decimals = 3;
        table.add(instrument);
    }
    return table;
}

/// Everything that is due, asked for.
std::size_t ask(DeadManTimers& timers, Nanoseconds now) {
    std::size_t asked = 0;
    for (; const auto due = timers.due(now); ++asked) timers.asked(*due, now);
    return asked;
}

/// A world whose timers run, with a position and its stop.
struct Timed : World {
    explicit Timed(std::size_t more = 0) {
        Instrument other = instruments[eth];
        for (std::size_t i = 0; i < more; ++i) {
            other.symbol = "COIN" + std::to_string(i) + "USDT";
            instruments.add(other);
        }
        ledger = OrderLedger{settings.ledger, instruments};
        settings.dead_man = true;
        start();
        submit(order_of(1, 10));
        run(50ms);
        for (int i = 0; i < 30; ++i) venue.trade(now);
        run(20ms);
        submit(stop_of(2, 10));
        run(100ms);
    }
    std::size_t alerted(AlertKind kind) const {
        return static_cast<std::size_t>(
            std::count_if(alerts.begin(), alerts.end(), [&](const Alert& alert) { return alert.kind == kind; }));
    }
};

}  // namespace

TEST(DeadManTimers, AreChosenByMarketAndInstrument) {
    const auto both = table_of(Venue::binance, {Market::spot, Market::linear});
    DeadManTimers binance{Venue::binance, both};
    const auto due = binance.due(0s);
    ASSERT_TRUE(due) << "although spot comes first and has none";
    EXPECT_EQ(due->instrument, InstrumentId{1});
    EXPECT_EQ(ask(binance, 0s), 1u);

    const auto okx = table_of(Venue::okx, {Market::spot, Market::linear});
    DeadManTimers of_account{Venue::okx, okx};
    EXPECT_EQ(ask(of_account, 0s), 1u) << "one for the account";
    const auto bitget = table_of(Venue::bitget, {Market::linear});
    DeadManTimers none{Venue::bitget, bitget};
    EXPECT_EQ(ask(none, 0s), 0u);
    EXPECT_TRUE(none.off());
}

TEST(DeadManTimers, AreRefusedWhereTheVenueHasNoneOrCannotEndThem) {
    constexpr std::array spot{Market::spot};
    constexpr std::array linear{Market::linear};
    constexpr std::array both{Market::spot, Market::linear};
    EXPECT_TRUE(dead_man_trouble(Venue::binance, both, true).empty());
    EXPECT_FALSE(dead_man_trouble(Venue::binance, spot, true).empty());
    EXPECT_FALSE(dead_man_trouble(Venue::bitget, linear, true).empty());
    EXPECT_FALSE(dead_man_trouble(Venue::bybit, linear, true).empty()) << "it would cancel the stops that stay";
    EXPECT_TRUE(dead_man_trouble(Venue::bybit, linear, false).empty());
    EXPECT_TRUE(dead_man_trouble(Venue::okx, spot, true).empty());
}

TEST(DeadManTimers, AreRenewedInTimeAndSetAnewForAnotherConnectionWhereTheyHangOnIt) {
    const auto table = table_of(Venue::okx, {Market::linear});
    DeadManTimers timers{Venue::okx, table};
    EXPECT_EQ(ask(timers, 0s), 1u);
    EXPECT_EQ(ask(timers, 1s), 0u) << "under way";
    timers.answered(InstrumentId{0}, 30s, true, 1s);
    EXPECT_EQ(ask(timers, 9s), 0u);
    EXPECT_EQ(ask(timers, 10s), 1u);
    timers.answered(InstrumentId{0}, 30s, false, 11s);
    EXPECT_FALSE(timers.lapsed(29s));
    EXPECT_TRUE(timers.lapsed(30s)) << "the venue may have cancelled everything";
    EXPECT_FALSE(timers.lapsed(31s)) << "told once";

    const auto of_bybit = table_of(Venue::bybit, {Market::linear});
    DeadManTimers once{Venue::bybit, of_bybit};
    EXPECT_EQ(ask(once, 0s), 1u);
    once.answered(InstrumentId{0}, 30s, true, 1s);
    EXPECT_EQ(ask(once, 10'000s), 0u);
    once.reconnected();
    EXPECT_EQ(ask(once, 10'001s), 1u);
}

TEST(DeadManTimers, ThatTheVenueRefusesAreAskedForSeldomerAndSeldomer) {
    World world;
    world.settings.dead_man = true;
    world.venue.faults.no_timers = true;
    world.start();
    world.run(60s);
    EXPECT_GE(world.venue.timer_requests, 10u);
    EXPECT_LE(world.venue.timer_requests, 24u) << "of two instruments, in a minute";
    const auto before = world.venue.timer_requests;
    world.venue.faults = {};
    world.run(11s);
    EXPECT_EQ(world.venue.timers.size(), 2u);
    EXPECT_GT(world.venue.timer_requests, before);
}

TEST(DeadManTimers, AreAllOffBeforeTheGateIsClosed) {
    Timed world{8};
    ASSERT_EQ(world.venue.timers.size(), 10u);
    world.venue.faults.no_timers = true;  // the way there is broken for a while
    world.gateway->stop(world.now, 10s);
    world.run(3s);
    EXPECT_EQ(world.gateway->gate().state(), GateState::closing);

    world.venue.faults = {};
    world.run(2s);

    EXPECT_TRUE(world.venue.timers.empty());
    EXPECT_EQ(world.gateway->gate().state(), GateState::closed);
    EXPECT_EQ(world.alerted(AlertKind::timer_left), 0u);
    EXPECT_TRUE(world.venue.orders.at(stop_of(2, 10).id.value).open);
}

TEST(DeadManTimers, ThatCannotBeEndedArePagedAtTheDeadline) {
    Timed world;
    world.venue.faults.silent_timers = true;
    world.gateway->stop(world.now, 5s);
    world.run(6s);
    EXPECT_EQ(world.gateway->gate().state(), GateState::closed);
    EXPECT_EQ(world.alerted(AlertKind::timer_left), 1u);
    EXPECT_EQ(world.alerted(AlertKind::stop_incomplete), 0u);
}

TEST(DeadManTimers, AreEndedOnceMoreWhenARenewalWasStillOnItsWay) {
    const auto table = table_of(Venue::okx, {Market::linear});
    DeadManTimers timers{Venue::okx, table};
    const InstrumentId id{0};
    EXPECT_EQ(ask(timers, 0s), 1u);  // no answer
    timers.end();
    EXPECT_EQ(ask(timers, 1s), 0u) << "a moment of patience";
    EXPECT_EQ(ask(timers, 2s), 1u);
    timers.answered(id, 0s, true, 3s);
    EXPECT_FALSE(timers.off()) << "the renewal may arrive after that";

    timers.answered(id, 30s, true, 4s);
    EXPECT_FALSE(timers.off());
    const auto due = timers.due(4s);
    ASSERT_TRUE(due);
    EXPECT_EQ(due->countdown, 0s);
    timers.asked(*due, 4s);
    timers.answered(id, 0s, true, 5s);
    EXPECT_TRUE(timers.off());
    EXPECT_EQ(ask(timers, 100s), 0u);
}

TEST(DeadManTimers, DoTheRestWhereNothingStaysButWhatCouldNotBeCancelled) {
    World world;
    world.settings.dead_man = true;
    world.start();
    world.submit(order_of(1));
    world.run(50ms);
    world.venue.faults = {.lost_event = 100, .silent_queries = true, .no_cancels = true};
    world.gateway->stop(world.now, 2s);
    world.run(3s);
    EXPECT_EQ(world.gateway->gate().state(), GateState::closed);
    EXPECT_EQ(world.venue.timers.size(), 2u) << "they cancel what we could not";
}
