#include "gateways/orders/ledger.hpp"

#include "tests/gateways/orders/ledger_world.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

using namespace test;
using namespace std::chrono_literals;

namespace {

struct Ledger : testing::Test {
    InstrumentTable instruments = two_instruments();
    LedgerSettings settings{};
    OrderLedger ledger{settings, instruments};
    std::vector<Effect> effects;

    /// What one event causes.
    std::string on(const VenueEvent& event) {
        effects.clear();
        ledger.on(event, effects);
        return told(effects);
    }
    std::string due(Nanoseconds now) {
        effects.clear();
        ledger.due(now, effects);
        return told(effects);
    }
    Order send(std::uint64_t n, std::int64_t quantity = 10, Side side = Side::buy) {
        const auto order = order_of(n, quantity, side);
        EXPECT_TRUE(ledger.create(order, 1000s));
        ledger.sent(order.id);
        return order;
    }
    OrderState state(const Order& order) { return ledger.find(order.id)->state(); }
};

}  // namespace

TEST_F(Ledger, FollowsAnOrderFromSendToFilled) {
    const auto order = order_of(1);
    ASSERT_TRUE(ledger.create(order, 1000s));
    EXPECT_EQ(state(order), OrderState::pending_send);
    ledger.sent(order.id);
    EXPECT_EQ(state(order), OrderState::sent);

    EXPECT_EQ(on(acked(order)), "accepted");
    EXPECT_EQ(state(order), OrderState::working);
    EXPECT_EQ(on(fill_of(order, "t1", 4, 4)), "filled_maker");
    EXPECT_EQ(state(order), OrderState::partially_filled);
    EXPECT_EQ(effects[0].tick.execution.fee, Notional{240'000});
    EXPECT_EQ(on(fill_of(order, "t2", 6, 10)), "filled_maker");
    EXPECT_EQ(state(order), OrderState::filled);
    EXPECT_EQ(ledger.position(btc), Quantity{10});
    EXPECT_EQ(ledger.open_orders(), 0u);
}

TEST_F(Ledger, BooksAFillThatComesBeforeItsAcknowledgementAndOneThatComesAfterTheCancel) {
    const auto order = send(1);

    EXPECT_EQ(on(fill_of(order, "t1", 4)), "filled_maker accepted");
    EXPECT_EQ(on(acked(order)), "");
    EXPECT_EQ(on(closed_of(VenueEventKind::cancelled, order, 7)), "");  // the end is told after the fills before it
    EXPECT_TRUE(ledger.doubtful(btc));
    EXPECT_EQ(on(fill_of(order, "t2", 3)), "filled_maker cancelled");

    EXPECT_EQ(state(order), OrderState::cancelled);
    EXPECT_FALSE(ledger.doubtful(btc));
    EXPECT_EQ(ledger.position(btc), Quantity{7});
}

TEST_F(Ledger, ChangesNothingForWhatItKnowsAlready) {
    const auto order = send(1);
    for (const auto& event : {acked(order), fill_of(order, "t1", 4, 4), closed_of(VenueEventKind::cancelled, order, 4)})
        on(event);
    const auto digest = ledger.digest();

    EXPECT_EQ(on(fill_of(order, "t1", 4, 4)), "");
    EXPECT_EQ(on(acked(order)), "");
    EXPECT_EQ(on(update_of(order, VenueStatus::partially_filled, 4)), "");
    EXPECT_EQ(on(closed_of(VenueEventKind::cancelled, order, 4)), "");
    EXPECT_EQ(ledger.digest(), digest);
}

TEST_F(Ledger, TellsTheTwoSidesOfATradeWithItselfApart) {
    const auto buy = send(1), sell = send(2, 10, Side::sell);

    EXPECT_EQ(on(fill_of(buy, "same", 5)), "filled_maker accepted");
    EXPECT_EQ(on(fill_of(sell, "same", 5)), "filled_maker accepted");
    EXPECT_EQ(ledger.position(btc), Quantity{0});
}

TEST_F(Ledger, NeverTakesAnIdTwice) {
    const auto order = send(5);

    EXPECT_EQ(ledger.create(order, 1000s), Error::refused);
    EXPECT_EQ(ledger.create(order_of(4), 1000s), Error::refused);
    auto outside = order_of(6);
    outside.id.value |= outside_bit;
    EXPECT_EQ(ledger.create(outside, 1000s), Error::refused);
}

TEST_F(Ledger, AsksForAnOrderWithoutAnswerAndBelievesNotFoundOnlyWhenAskedLateEnough) {
    const auto order = send(1);

    EXPECT_EQ(due(1000s + 999ms), "");
    EXPECT_EQ(due(1001s), "");  // unknown from now on; the first question has a little time
    EXPECT_EQ(state(order), OrderState::unknown);
    EXPECT_TRUE(ledger.doubtful(btc));
    EXPECT_EQ(due(1001s + 250ms), "ask_order");
    EXPECT_EQ(due(1001s + 300ms), "");
    EXPECT_EQ(on(event_of(VenueEventKind::not_found, order, EventSource::query)), "");
    EXPECT_EQ(state(order), OrderState::unknown) << "it may still be on its way through the venue";

    auto now = 1001s + 300ms;
    int asks = 0;
    for (; now < 1010s; now += 50ms) asks += due(now) == "ask_order" ? 1 : 0;
    EXPECT_GE(asks, 3);
    EXPECT_LE(asks, 6) << "each wait is twice the one before";
    for (; now < 1030s; now += 50ms) due(now);
    EXPECT_EQ(on(event_of(VenueEventKind::not_found, order, EventSource::query)), "rejected");
    EXPECT_FALSE(ledger.doubtful(btc));
    EXPECT_EQ(due(1100s), "");
}

TEST_F(Ledger, FindsAnUnknownOrderByAsking) {
    const auto order = send(1);
    on(event_of(VenueEventKind::outcome_unknown, order, EventSource::answer));
    EXPECT_EQ(state(order), OrderState::unknown);

    EXPECT_EQ(on(update_of(order, VenueStatus::partially_filled, 4, EventSource::query)), "accepted");
    EXPECT_EQ(state(order), OrderState::partially_filled);
    EXPECT_TRUE(ledger.doubtful(btc)) << "four are filled, and no fill is here";
    EXPECT_EQ(due(1005s), "ask_fills");
    EXPECT_EQ(on(fill_of(order, "t1", 4)), "filled_maker");
    EXPECT_FALSE(ledger.doubtful(btc));
}

TEST_F(Ledger, RaisesTheAlarmWhenARefusedOrderLives) {
    const auto order = send(1);
    EXPECT_EQ(on(refused_of(VenueEventKind::rejected, order, Refusal::rate_limited)), "rejected");

    EXPECT_EQ(on(update_of(order, VenueStatus::working, 0)), "resurrected cancel accepted");
    EXPECT_EQ(state(order), OrderState::working);
}

TEST_F(Ledger, DoesNotBuryAnOrderThatShowsUpAfterNotFound) {
    const auto order = send(1);
    for (auto now = 1001s + 0ms; now < 1020s; now += 250ms) due(now);
    EXPECT_EQ(on(event_of(VenueEventKind::not_found, order, EventSource::query)), "rejected");

    EXPECT_EQ(on(fill_of(order, "t1", 4)), "filled_maker resurrected cancel accepted");
    EXPECT_EQ(state(order), OrderState::partially_filled);
    EXPECT_TRUE(ledger.doubtful(btc)) << "it is asked about";
    EXPECT_EQ(on(update_of(order, VenueStatus::cancelled, 4, EventSource::query)), "cancelled");
    EXPECT_FALSE(ledger.doubtful(btc));
}

TEST_F(Ledger, TakesADuplicateIdForASignOfLife) {
    const auto order = send(1);

    EXPECT_EQ(on(refused_of(VenueEventKind::rejected, order, Refusal::duplicate_id)), "");
    EXPECT_EQ(state(order), OrderState::unknown);
    EXPECT_EQ(on(update_of(order, VenueStatus::working, 0, EventSource::query)), "accepted");
}

TEST_F(Ledger, AsksWhenACancelIsAnsweredWithNoSuchOrder) {
    const auto order = send(1);
    on(acked(order));
    EXPECT_TRUE(ledger.cancel_asked(order.id, 1002s));
    EXPECT_EQ(state(order), OrderState::cancelling);

    EXPECT_EQ(on(refused_of(VenueEventKind::cancel_rejected, order, Refusal::unknown_order)), "cancel_rejected");
    EXPECT_EQ(due(1003s), "ask_order");
    EXPECT_EQ(on(update_of(order, VenueStatus::filled, 10, EventSource::query)), "");
    EXPECT_EQ(on(fill_of(order, "t1", 10)), "filled_maker");
    EXPECT_EQ(state(order), OrderState::filled);
    EXPECT_FALSE(ledger.cancel_asked(order.id, 1003s));
}

TEST_F(Ledger, ALostCancelIsAskedAboutAndMayBeRepeated) {
    const auto order = send(1);
    on(acked(order));
    ledger.cancel_asked(order.id, 1002s);

    EXPECT_EQ(due(1003s), "");
    EXPECT_EQ(due(1003s + 250ms), "ask_order");
    EXPECT_EQ(on(update_of(order, VenueStatus::working, 0, EventSource::query)), "cancel_rejected");
    EXPECT_EQ(state(order), OrderState::working);
    EXPECT_TRUE(ledger.cancel_asked(order.id, 1004s));
    EXPECT_EQ(on(closed_of(VenueEventKind::cancelled, order, 0)), "cancelled");
}

TEST_F(Ledger, FencesOrdersOfOthersAndCountsTheirFills) {
    auto theirs = order_of(0, 5);
    theirs.id = {};
    auto seen = update_of(theirs, VenueStatus::working, 0);
    seen.venue_order = *VenueId::of("777");
    EXPECT_EQ(on(seen), "outside");
    EXPECT_EQ(due(1001s + 500ms), "");
    EXPECT_EQ(due(1002s), "cancel");
    EXPECT_EQ(effects[0].venue_order.view(), "777");
    EXPECT_EQ(due(1002s + 1ms), "");

    auto fill = fill_of(theirs, "t9", 2);
    fill.venue_order = seen.venue_order;
    EXPECT_EQ(on(fill), "filled_maker");
    EXPECT_EQ(ledger.position(btc), Quantity{2});
}

TEST_F(Ledger, LeavesAdoptedAndLiquidatingOrdersAlone) {
    settings.outside = OutsidePolicy::adopt;
    OrderLedger adopting{settings, instruments};
    auto theirs = order_of(0, 5);
    theirs.id = {};
    adopting.on(update_of(theirs, VenueStatus::working, 0), effects);
    adopting.due(1020s, effects);
    EXPECT_EQ(told(effects), "outside");

    auto closing = update_of(theirs, VenueStatus::working, 0);
    closing.origin = OrderOrigin::liquidation;
    EXPECT_EQ(on(closing), "outside");
    EXPECT_EQ(due(1020s), "");
}

TEST_F(Ledger, AFillKnownByTheVenuesIdOnlyIsOursOnceTheAcknowledgementNamesIt) {
    const auto order = send(1);
    auto nameless = fill_of(order, "t1", 4);
    nameless.order = {};
    EXPECT_EQ(on(nameless), "filled_maker outside");

    EXPECT_EQ(on(acked(order)), "accepted");
    EXPECT_EQ(state(order), OrderState::partially_filled);
    EXPECT_EQ(ledger.find(order.id)->booked, Quantity{4});
    EXPECT_EQ(ledger.position(btc), Quantity{4});
    EXPECT_EQ(due(1020s), "") << "and it is not fenced";
}

TEST_F(Ledger, BooksWhatTheVenueFilledBeyondTheOrderAndSaysSo) {
    const auto order = send(1);

    EXPECT_EQ(on(fill_of(order, "t1", 12)), "filled_maker overfilled accepted");
    EXPECT_EQ(ledger.position(btc), Quantity{12});
    EXPECT_TRUE(ledger.doubtful(btc));
    ledger.drop(order.id, 1002s, effects);
    EXPECT_FALSE(ledger.doubtful(btc));
}

TEST_F(Ledger, RefusesAFillOlderThanItsMemory) {
    settings.remembered_fills = 2;
    OrderLedger small{settings, instruments};
    const auto order = order_of(1, 100);
    ASSERT_TRUE(small.create(order, 1000s));
    for (int i = 0; i < 3; ++i) {
        auto fill = fill_of(order, "t" + std::to_string(i), 1);
        fill.venue_time = 1000s + std::chrono::seconds{i};
        small.on(fill, effects);
    }
    effects.clear();

    auto again = fill_of(order, "t0", 1);
    again.venue_time = 1000s;
    small.on(again, effects);

    EXPECT_EQ(told(effects), "unbooked");
    EXPECT_EQ(small.position(btc), Quantity{3});
}

TEST_F(Ledger, MakesRoomByForgettingWhatIsSettled) {
    settings.max_orders = 2;
    OrderLedger small{settings, instruments};
    for (std::uint64_t n = 1; n <= 10; ++n) {
        const auto order = order_of(n);
        ASSERT_TRUE(small.create(order, 1000s)) << n;
        small.on(fill_of(order, "t" + std::to_string(n), 10), effects);
    }
    EXPECT_EQ(small.position(btc), Quantity{100});
    ASSERT_TRUE(small.create(order_of(11), 1000s));
    ASSERT_TRUE(small.create(order_of(12), 1000s));
    EXPECT_EQ(small.create(order_of(13), 1000s), Error::full);
}

TEST_F(Ledger, HearsNothingNewOfAnOrderThatItHasForgottenButAnotherFill) {
    settings.max_orders = 2;
    OrderLedger small{settings, instruments};
    for (std::uint64_t n = 1; n <= 4; ++n) {
        ASSERT_TRUE(small.create(order_of(n), 1000s)) << n;
        small.on(fill_of(order_of(n), "t" + std::to_string(n), 10, 10), effects);
    }
    ASSERT_EQ(small.find(order_of(1).id), nullptr);
    effects.clear();

    small.on(update_of(order_of(1), VenueStatus::filled, 10), effects);  // the venue says it twice
    small.on(fill_of(order_of(1), "t1", 10, 10), effects);
    small.on(closed_of(VenueEventKind::cancelled, order_of(1), 10), effects);

    EXPECT_EQ(told(effects), "");
    EXPECT_FALSE(small.doubtful(btc)) << "fills would be missing for ever";
    EXPECT_EQ(small.position(btc), Quantity{40});

    small.on(fill_of(order_of(1), "late", 2, 12), effects);

    EXPECT_EQ(small.position(btc), Quantity{42});
    EXPECT_FALSE(small.doubtful(btc));
}

TEST_F(Ledger, FollowsAnOrderToTheVenuesNewIdForIt) {
    const auto stop = send(1);
    ledger.on(acked(stop), effects);
    auto released = update_of(stop, VenueStatus::working, 0);
    released.venue_order = *VenueId::of("released");
    ledger.on(released, effects);
    effects.clear();

    auto fill = fill_of(stop, "t1", 10);  // the released order does not bear our id
    fill.order = {};
    fill.venue_order = *VenueId::of("released");
    ledger.on(fill, effects);

    EXPECT_EQ(told(effects), "filled_maker");
    EXPECT_EQ(ledger.find(stop.id)->state(), OrderState::filled);
    const auto first = *VenueId::of("v" + std::to_string(stop.id.value));
    ASSERT_NE(ledger.find(Venue::binance, first), nullptr) << "what was asked by the old id still finds it";
    EXPECT_EQ(ledger.find(Venue::binance, first)->order.id, stop.id);
}

TEST_F(Ledger, ChargesAFeeOfUnknownValueRatherThanNone) {
    const auto order = send(1);
    auto fill = fill_of(order, "t1", 10);  // 0.010 at 60000
    fill.fill.fee_asset = *Asset::of("BNB");
    EXPECT_EQ(on(fill), "filled_maker accepted");
    EXPECT_FALSE(effects[0].fee_valued);
    EXPECT_EQ(effects[0].tick.execution.fee, Notional{60'000'000}) << "a thousandth of 600";
    EXPECT_EQ(effects[0].fee_asset.view(), "BNB") << "what was really paid is told beside it";
    EXPECT_EQ(ledger.assumed_fees(), 1u);
}

/// Every order of every choice of seven things a venue can say of one order of ten, with and without a cancel asked
/// for.
TEST(LedgerExplored, EndsTheSameInEveryOrderOfEveryChoiceOfEvents) {
    const auto instruments = two_instruments();
    const auto order = order_of(1, 10);
    const std::array events{acked(order),
                            fill_of(order, "t1", 4, 4),
                            fill_of(order, "t2", 6, 10),
                            update_of(order, VenueStatus::partially_filled, 4),
                            closed_of(VenueEventKind::cancelled, order, 4),
                            event_of(VenueEventKind::outcome_unknown, order, EventSource::answer),
                            refused_of(VenueEventKind::rejected, order, Refusal::rate_limited)};
    std::vector<Effect> effects;
    for (const bool cancel : {false, true}) {
        std::map<std::set<std::size_t>, std::uint64_t> ends;
        std::size_t explored = 0;
        const std::function<void(std::vector<std::size_t>&)> explore = [&](std::vector<std::size_t>& told_so_far) {
            OrderLedger ledger{{.max_orders = 4, .remembered_fills = 8}, instruments};
            ASSERT_TRUE(ledger.create(order, 1000s));
            ledger.sent(order.id);
            if (cancel) ledger.cancel_asked(order.id, 1000s);
            for (const auto event : told_so_far) ledger.on(events[event], effects);
            effects.clear();
            ++explored;
            const auto [end, first] =
                ends.emplace(std::set<std::size_t>{told_so_far.begin(), told_so_far.end()}, ledger.digest());
            ASSERT_EQ(end->second, ledger.digest())
                << testing::PrintToString(told_so_far) << " ends " << name(ledger.find(order.id)->state())
                << (ledger.doubtful(btc) ? " in doubt" : "") << (cancel ? ", a cancel was asked for" : "");
            for (std::size_t next = 0; next < events.size(); ++next) {
                if (std::find(told_so_far.begin(), told_so_far.end(), next) != told_so_far.end()) continue;
                told_so_far.push_back(next);
                explore(told_so_far);
                told_so_far.pop_back();
            }
        };
        std::vector<std::size_t> nothing;
        explore(nothing);
        EXPECT_EQ(explored, 13700u);  // Σ 7!/k!
        EXPECT_EQ(ends.size(), 128u);
    }
}

TEST(FeeValue, IsWhatTheFeeIsWorthInTheQuoteCurrencyAndNeverLess) {
    Instrument instrument;
    instrument.symbol = "BTC-USDT-SWAP";
    instrument.price_decimals = 1;
    Fill fill;
    fill.price = {600'005};
    fill.fee = {.units = 1'234'567'891, .decimals = 10};
    Notional fee;

    fill.fee_asset = *Asset::of("USDT");
    EXPECT_TRUE(value_fee(instrument, fill, fee));
    EXPECT_EQ(fee, Notional{12'345'679});
    fill.fee_asset = *Asset::of("BTC");
    EXPECT_TRUE(value_fee(instrument, fill, fee));
    EXPECT_EQ(fee, Notional{740'746'907'440});
    fill.fee_asset = *Asset::of("BNB");
    EXPECT_FALSE(value_fee(instrument, fill, fee));
    fill.fee_asset = {};
    EXPECT_FALSE(value_fee(instrument, fill, fee));
}
