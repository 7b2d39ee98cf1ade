#include "tests/gateways/live/calls_rig.hpp"

#include <map>
#include <set>

using namespace test;

namespace {

const char* side_text(Side side) {
    return side == Side::buy ? "buy" : "sell";
}

class AccountOf : public ::testing::TestWithParam<Venue> {
protected:
    CallsRig rig{GetParam()};

    /// Every open order that the engine has, by our id, and nothing else.
    void expect_open_orders(const gateways::AccountSnapshot& snapshot) {
        std::set<std::uint64_t> told;
        for (const auto& event : snapshot.open_orders) {
            EXPECT_EQ(event.kind, VenueEventKind::order_update);
            EXPECT_EQ(event.source, gateways::EventSource::query);
            EXPECT_TRUE(told.insert(event.order.value).second) << "told twice";
            const auto* there = rig.simulator.engine().order(CallsRig::number_of(event.venue_order));
            ASSERT_NE(there, nullptr);
            EXPECT_EQ(there->quantity, event.update.quantity);
            EXPECT_EQ(there->filled, event.update.filled);
            EXPECT_EQ(there->side, event.side);
        }
        EXPECT_EQ(told.size(), rig.simulator.engine().account(1).open.size());
    }
    void expect_fills(const gateways::AccountSnapshot& snapshot, Nanoseconds since) {
        std::map<std::string, std::int64_t> told, there;
        for (const auto& event : snapshot.fills)
            EXPECT_TRUE(told.emplace(std::to_string(CallsRig::number_of(event.fill.trade)) + side_text(event.side),
                                     event.fill.quantity.units)
                            .second);
        for (const auto& fill : rig.simulator.engine().account(1).fills)
            if (fill.time >= since)
                there.emplace(std::to_string(fill.trade) + side_text(fill.side), fill.quantity.units);
        EXPECT_EQ(told, there);
    }
    void expect_positions(const gateways::AccountSnapshot& snapshot) {
        std::map<std::uint16_t, std::int64_t> told;
        for (const auto& event : snapshot.positions) told[event.instrument.value] += event.position.quantity.units;
        for (const auto& instrument : rig.instruments) {
            SCOPED_TRACE(instrument.name());
            if (instrument.market == Market::linear) {
                EXPECT_EQ(told[instrument.id.value], rig.held(instrument));
                continue;
            }
            const auto base = instrument.symbol.substr(0, 3);
            const auto total = rig.simulator.engine().account(1).wallet[base].total();  // 1e-8
            std::int64_t unit = 1;
            for (int i = instrument.quantity_decimals; i < 8; ++i) unit *= 10;
            EXPECT_EQ(told[instrument.id.value], total / unit);
        }
    }
};

}  // namespace

TEST_P(AccountOf, IsToldWholeOverManyPages) {
    constexpr Nanoseconds pace = 100ms;  // no venue takes them faster
    const auto since = rig.now;
    for (const auto market : {Market::spot, Market::linear}) {
        const auto& btc = rig.btc(market);
        // Fills in parts, so that there are more of them than a page has.
        for (int i = 0; i < 120; ++i) {
            auto order = rig.order(btc, Side::sell, 1, 4'999);
            order.time_in_force = core::TimeInForce::ioc;
            ASSERT_FALSE(rig.place(order).error);
            rig.pass(pace);
        }
    }
    for (int i = 0; i < 110; ++i) {
        ASSERT_FALSE(rig.place(rig.order(rig.btc(Market::linear), Side::buy, 1, 4'500 - i)).error);
        rig.pass(pace);
        if (i % 2 != 0) continue;
        ASSERT_FALSE(rig.place(rig.order(rig.btc(Market::spot), Side::buy, 1, 4'500 - i)).error);
    }
    const auto stop = rig.stop(rig.btc(Market::linear), Side::buy, 100, 5'500);
    ASSERT_FALSE(rig.place(stop).error);
    const auto spot_stop = rig.stop(rig.btc(Market::spot), Side::sell, 1, 4'000);
    ASSERT_FALSE(rig.place(spot_stop).error);
    rig.pass(5s);

    const auto asked_at = rig.now;
    const auto answered = rig.account(since);

    ASSERT_TRUE(answered.snapshot);
    EXPECT_FALSE(answered.error) << answered.error->message;
    EXPECT_FALSE(answered.account_failed);
    const auto& snapshot = *answered.snapshot;
    EXPECT_EQ(snapshot.venue, rig.venue);
    EXPECT_EQ(snapshot.asked_at, asked_at);
    EXPECT_TRUE(snapshot.open_orders_complete);
    EXPECT_TRUE(snapshot.fills_complete);
    EXPECT_TRUE(snapshot.positions_complete);
    expect_open_orders(snapshot);
    expect_fills(snapshot, since);
    expect_positions(snapshot);
    EXPECT_EQ(snapshot.fills.size(), 240u);

    const auto later = rig.account(rig.now - 1s);
    ASSERT_TRUE(later.snapshot);
    EXPECT_TRUE(later.snapshot->fills.empty());
    EXPECT_TRUE(later.snapshot->fills_complete);
}

TEST_P(AccountOf, OfOneMarketAsksOnlyThere) {
    CallsRig linear{GetParam(), {Market::linear}};
    ASSERT_FALSE(linear.place(linear.order(linear.btc(Market::linear), Side::buy, 2)).error);

    const auto answered = linear.account(linear.now - 1h);

    ASSERT_TRUE(answered.snapshot);
    EXPECT_TRUE(answered.snapshot->positions_complete);
    EXPECT_FALSE(answered.snapshot->fills.empty());
    for (const auto& event : answered.snapshot->positions)
        EXPECT_EQ(linear.instruments[event.instrument].market, Market::linear);
    EXPECT_TRUE(linear.place(linear.order(linear.btc(Market::spot), Side::buy, 1, 4'900)).error);
}

TEST_P(AccountOf, SaysWhichListIsNotWhole) {
    ASSERT_FALSE(rig.place(rig.order(rig.btc(Market::linear), Side::buy, 2)).error);
    const char* fills = GetParam() == Venue::binance ? "userTrades"
                        : GetParam() == Venue::bybit ? "execution"
                                                     : "fills";
    rig.simulator.add_fault({.kind = venue::FaultKind::server_error, .match = fills, .count = 1});

    const auto answered = rig.account(rig.now - 1h);

    ASSERT_TRUE(answered.snapshot);
    EXPECT_TRUE(answered.error);
    EXPECT_TRUE(answered.snapshot->open_orders_complete);
    EXPECT_FALSE(answered.snapshot->fills_complete);
    EXPECT_TRUE(answered.snapshot->positions_complete);
}

TEST_P(AccountOf, ARefusedKeyOrAFullBudgetEndsTheQuestion) {
    CallsRig stranger{GetParam(), {Market::spot, Market::linear}, "another secret"};
    const auto refused = stranger.account(stranger.now - 1h);
    EXPECT_TRUE(refused.account_failed);
    EXPECT_FALSE(refused.snapshot);
    EXPECT_EQ(stranger.requests.size(), 1u);
    EXPECT_EQ(words(stranger.place(stranger.order(stranger.btc(Market::linear), Side::buy, 1)).events),
              "rejected:credentials");

    rig.simulator.add_fault({.kind = venue::FaultKind::too_many_requests, .count = 1});
    const auto throttled = rig.account(rig.now - 1h);
    EXPECT_TRUE(throttled.account_failed);
    EXPECT_EQ(rig.requests.size(), 1u);
}

TEST_P(AccountOf, TheTimeIsTheVenues) {
    rig.simulator.jump(3s);
    rig.pass(50ms);

    const auto answered = rig.run(rig.action(ActionKind::ask_time));

    ASSERT_TRUE(answered.venue_time);
    EXPECT_GE(*answered.venue_time, rig.now + 3s - 1s);
    EXPECT_LE(*answered.venue_time, rig.now + 3s + 1s);
    ASSERT_EQ(rig.requests.size(), 1u);
    for (const auto& header : rig.requests[0].headers) EXPECT_FALSE(header.secret) << header.name;
}

TEST_P(AccountOf, ATimestampThatIsOffIsTheClocksFault) {
    rig.simulator.jump(-1h);
    rig.simulator.jump(2h);
    rig.pass(50ms);

    EXPECT_EQ(words(rig.place(rig.order(rig.btc(Market::linear), Side::buy, 1, 4'900)).events), "rejected:clock");
}

TEST_P(AccountOf, TheDeadMansTimerIsRenewedWhereThereIsOne) {
    const auto& btc = rig.btc(Market::linear);
    ASSERT_FALSE(rig.place(rig.order(btc, Side::buy, 1, 4'900)).error);
    const auto timer = gateways::dead_man_timer(rig.venue, Market::linear);
    auto renew = rig.action(ActionKind::renew_timer);
    renew.order.instrument = btc.id;
    renew.countdown = timer.countdown.count() > 0 ? timer.countdown : 30s;
    const auto orders = [&] { return rig.simulator.engine().account(1).open.size(); };

    const auto renewed = rig.run(renew);
    ASSERT_TRUE(renewed.timer_renewed);
    EXPECT_EQ(*renewed.timer_renewed, timer.countdown.count() > 0);
    rig.pass(20s);
    renew.timestamp = rig.now;
    (void)rig.run(renew);
    rig.pass(20s);
    EXPECT_EQ(orders(), 1u) << "renewed in time";
    rig.pass(20s);
    // Bybit's counts from the loss of a private stream.
    const bool by_request = rig.venue == Venue::binance || rig.venue == Venue::okx;
    EXPECT_EQ(orders(), by_request ? 0u : 1u);
}

INSTANTIATE_TEST_SUITE_P(Venues, AccountOf, ::testing::ValuesIn(venues),
                         [](const auto& tested) { return std::string{core::name(tested.param)}; });

TEST(AccountCalls, RefuseAtTheStartWhatTheyCannotTell) {
    core::InstrumentTable table;
    core::Instrument odd;
    odd.venue = Venue::binance;
    odd.symbol = "ODDPAIR";
    table.add(odd);
    const auto make = [&](Venue of, std::vector<Market> markets) {
        gateways::live::AccountCalls{of, std::move(markets), table, gateways::exchange::Environment::testnet,
                                     CallsRig::keys("s")};
    };
    EXPECT_THROW(make(Venue::binance, {Market::spot}), std::invalid_argument);
    EXPECT_THROW(make(Venue::kraken, {Market::spot}), std::invalid_argument);
    EXPECT_THROW(make(Venue::okx, {Market::inverse}), std::invalid_argument);
    EXPECT_THROW(make(Venue::okx, {}), std::invalid_argument);
    EXPECT_NO_THROW(make(Venue::okx, {Market::spot}));
    for (const auto* symbol : {"BTCUSDT", "BTCUSDC"}) {
        core::Instrument twin;
        twin.venue = Venue::bybit;
        twin.symbol = symbol;
        table.add(twin);
    }
    EXPECT_THROW(make(Venue::bybit, {Market::spot}), std::invalid_argument);
}

TEST(AccountCalls, BitgetTakesNoMarketOrderThatBuysSpot) {
    CallsRig rig{Venue::bitget};

    const auto answered = rig.place(rig.order(rig.btc(Market::spot), Side::buy, 1));

    EXPECT_EQ(words(answered.events), "rejected:malformed");
    EXPECT_TRUE(rig.requests.empty());
}
