#include "gateways/orders/reconcile.hpp"

#include "tests/gateways/orders/ledger_world.hpp"

#include <rapidcheck/gtest.h>

using namespace test;
using namespace std::chrono_literals;

namespace {

VenueEvent position_of(InstrumentId instrument, std::int64_t quantity) {
    VenueEvent event;
    event.kind = VenueEventKind::position;
    event.source = EventSource::query;
    event.venue = Venue::binance;
    event.instrument = instrument;
    event.position = PositionUpdate{.quantity = {quantity}, .entry = {}, .side = PositionSide::net};
    return event;
}

struct Reconciling : testing::Test {
    InstrumentTable instruments = two_instruments();
    OrderLedger ledger{{}, instruments};
    ReconcileSettings settings{};
    Reconciler reconciler{settings, Venue::binance, ledger, instruments};
    std::vector<Effect> effects;

    static AccountSnapshot snapshot(Nanoseconds asked_at = 1100s) {
        AccountSnapshot answer;
        answer.venue = Venue::binance;
        answer.asked_at = asked_at;
        answer.open_orders_complete = answer.fills_complete = answer.positions_complete = true;
        return answer;
    }
    /// What the comparison found, as words.
    std::string apply(const AccountSnapshot& answer, Nanoseconds now = 1101s) {
        effects.clear();
        reconciler.asked(now, now);
        std::string text;
        for (const auto& difference : reconciler.apply(answer, now, effects))
            text += std::string{text.empty() ? "" : " "} + std::string{name(difference.kind)};
        return text;
    }
    Order send(std::uint64_t n) {
        const auto order = order_of(n);
        EXPECT_TRUE(ledger.create(order, 1000s));
        ledger.sent(order.id);
        ledger.on(acked(order), effects);
        return order;
    }
};

}  // namespace

TEST_F(Reconciling, OpensTheGateOnlyAfterTheStreamIsUpAndTheAccountWasCompared) {
    EXPECT_EQ(reconciler.block(btc), Block::stream_down);
    reconciler.stream(true, 1000s);
    EXPECT_EQ(reconciler.block(btc), Block::not_reconciled);
    EXPECT_TRUE(reconciler.due(1000s));

    EXPECT_EQ(apply(snapshot()), "");

    EXPECT_EQ(reconciler.block(btc), Block::none);
    EXPECT_FALSE(reconciler.due(1130s));
    EXPECT_TRUE(reconciler.due(1131s)) << "and again and again";
    EXPECT_EQ(reconciler.block(no_instrument), Block::unlisted);
}

TEST_F(Reconciling, DoesNotCountAnAnswerFromBeforeTheReconnect) {
    reconciler.stream(true, 1000s);
    reconciler.asked(1000s, 1000s);
    reconciler.stream(false, 1001s);
    reconciler.stream(true, 1002s);

    reconciler.apply(snapshot(1000s), 1003s, effects);

    EXPECT_EQ(reconciler.block(btc), Block::not_reconciled);
    EXPECT_TRUE(reconciler.due(1003s));
}

TEST_F(Reconciling, DoesNotTakeAnOldAnswerForTheOneToTheQuestionAfterTheReconnect) {
    const auto order = send(1);
    reconciler.stream(true, 1000s);
    reconciler.asked(1000s, 1000s);
    reconciler.stream(false, 1001s);
    reconciler.stream(true, 1002s);
    reconciler.asked(1002s, 1002s);

    auto old = snapshot(1000s);
    old.fills.push_back(fill_of(order, "t1", 10));  // a fact, though
    old.positions.push_back(position_of(btc, 3));
    reconciler.apply(old, 1003s, effects);

    EXPECT_EQ(reconciler.block(btc), Block::not_reconciled);
    EXPECT_EQ(reconciler.mismatch(btc), nullptr) << "of then";
    EXPECT_EQ(ledger.position(btc), Quantity{10});
    EXPECT_FALSE(reconciler.due(1003s)) << "the new question is under way";
    auto fresh = snapshot(1002s);
    fresh.positions.push_back(position_of(btc, 10));
    reconciler.apply(fresh, 1004s, effects);
    EXPECT_EQ(reconciler.block(btc), Block::none);
}

TEST_F(Reconciling, ANewLedgerBeginsByTheVenuesClock) {
    for (const auto off : {-60s, 60s}) {
        OrderLedger books{{}, instruments};
        Reconciler first{settings, Venue::binance, books, instruments};
        first.stream(true, 1000s);
        first.asked(1000s, 1000s + off);
        EXPECT_EQ(first.fills_since(), 995s + off);
        auto mine = fill_of(order_of(1), "new", 4);
        mine.venue_time = 1001s + off;
        auto theirs = fill_of(order_of(2), "old", 7);
        theirs.venue_time = 990s + off;
        auto answer = snapshot(1000s);
        answer.fills = {theirs, mine};
        answer.positions = {position_of(btc, 4)};
        first.apply(answer, 1002s, effects);
        EXPECT_EQ(books.position(btc), Quantity{4}) << off.count();
    }
}

TEST_F(Reconciling, NeverAddsUpTheTwoSidesOfHedgeMode) {
    reconciler.stream(true, 1000s);
    auto answer = snapshot();
    const auto side = [](std::int64_t quantity, PositionSide of) {
        auto row = position_of(btc, quantity);
        row.position.side = of;
        return row;
    };
    answer.positions = {side(5, PositionSide::long_only), side(-5, PositionSide::short_only)};
    EXPECT_EQ(apply(answer), "hedge_mode") << "their sum is what we hold";
    EXPECT_EQ(name(reconciler.block(btc)), "hedge_mode");
    EXPECT_EQ(reconciler.block(eth), Block::none);
    EXPECT_FALSE(reconciler.accept(btc, 1102s, effects));

    answer.positions = {side(5, PositionSide::long_only)};
    EXPECT_EQ(apply(answer), "hedge_mode");
    answer.positions = {side(0, PositionSide::long_only), side(0, PositionSide::short_only)};
    EXPECT_EQ(apply(answer), "");
    EXPECT_EQ(reconciler.block(btc), Block::none);
}

TEST_F(Reconciling, GivesUpFillsOfBeforeItsTimeThatAStrangersOrderClaims) {
    settings.adopt_first_position = true;
    Reconciler first{settings, Venue::binance, ledger, instruments};
    first.stream(true, 2000s);
    first.asked(2000s, 2000s);
    auto theirs = update_of(order_of(1), VenueStatus::partially_filled, 4, EventSource::query);
    theirs.order = {};
    auto answer = snapshot(2000s);
    answer.open_orders = {theirs};
    answer.positions = {position_of(btc, 4)};
    first.apply(answer, 2001s, effects);
    EXPECT_EQ(first.block(btc), Block::order_doubt) << "four are missing";

    auto old = fill_of(order_of(1), "of last week", 4);
    old.order = {};
    ledger.due(2002s, effects);
    effects.clear();
    ledger.on(old, effects);

    EXPECT_EQ(told(effects), "") << "nothing to doubt";
    EXPECT_EQ(first.block(btc), Block::none);
    EXPECT_EQ(ledger.position(btc), Quantity{4});
}

TEST_F(Reconciling, GivesUpFillsThatNobodyTellsWhenThePositionsAgree) {
    const auto order = send(1);
    reconciler.stream(true, 1000s);
    ledger.on(closed_of(VenueEventKind::cancelled, order, 3), effects);
    EXPECT_EQ(apply(snapshot()), "");
    EXPECT_EQ(reconciler.block(btc), Block::order_doubt);
    for (int i = 0; i < 3; ++i) ledger.due(1110s + i * 60s, effects);
    auto differs = snapshot(1300s);
    differs.positions = {position_of(btc, 3)};
    EXPECT_EQ(apply(differs, 1300s), "position_mismatch");
    EXPECT_EQ(ledger.find(order.id)->waived, false);

    EXPECT_EQ(apply(snapshot(1301s), 1301s), "");

    EXPECT_EQ(reconciler.block(btc), Block::none);
    EXPECT_EQ(told(effects), "cancelled") << "its end is told now";
}

TEST_F(Reconciling, BooksTheFillThatTheStreamLost) {
    const auto order = send(1);
    reconciler.stream(true, 1000s);
    auto answer = snapshot();
    answer.fills.push_back(fill_of(order, "t1", 10));
    answer.positions.push_back(position_of(btc, 10));

    EXPECT_EQ(apply(answer), "missing_fill order_gone");

    EXPECT_EQ(told(effects), "filled_maker");
    EXPECT_EQ(ledger.find(order.id)->state(), OrderState::filled);
    EXPECT_EQ(reconciler.block(btc), Block::none);
    EXPECT_EQ(apply(answer), "") << "twice is once";
}

TEST_F(Reconciling, AsksForAnOrderOfOursThatIsNotOpenThere) {
    const auto order = send(1);
    reconciler.stream(true, 1000s);

    EXPECT_EQ(apply(snapshot()), "order_gone");

    EXPECT_EQ(reconciler.block(btc), Block::order_doubt);
    ledger.due(1101s, effects);
    EXPECT_EQ(told(effects), "ask_order");
    ledger.on(update_of(order, VenueStatus::cancelled, 0, EventSource::query), effects);
    EXPECT_EQ(reconciler.block(btc), Block::none);
}

TEST_F(Reconciling, DoesNotMissAnOrderThatIsYoungerThanTheQuestion) {
    send(1);
    reconciler.stream(true, 1000s);
    EXPECT_EQ(apply(snapshot(999s)), "");
    EXPECT_EQ(apply(snapshot(1001s)), "order_gone");
    EXPECT_EQ(reconciler.block(btc), Block::none) << "a second old is still on its way";
}

TEST_F(Reconciling, TakesInOrdersItDoesNotKnow) {
    reconciler.stream(true, 1000s);
    auto answer = snapshot();
    auto theirs = update_of(order_of(1), VenueStatus::working, 0, EventSource::query);
    theirs.order = {};
    answer.open_orders.push_back(theirs);

    EXPECT_EQ(apply(answer), "unknown_order");
    EXPECT_EQ(told(effects), "outside");
    EXPECT_EQ(apply(answer), "");
}

TEST_F(Reconciling, BlocksEntriesUntilAPositionMismatchIsResolved) {
    const auto order = send(1);
    ledger.on(fill_of(order, "t1", 10), effects);
    reconciler.stream(true, 1000s);
    auto answer = snapshot();
    answer.positions.push_back(position_of(btc, 7));

    EXPECT_EQ(apply(answer), "position_mismatch");
    EXPECT_EQ(reconciler.block(btc), Block::position_mismatch);
    EXPECT_EQ(reconciler.block(eth), Block::none);
    EXPECT_EQ(ledger.position(btc), Quantity{10}) << "nothing is invented";
    apply(answer);
    EXPECT_EQ(reconciler.mismatch(btc)->seen, 2u);
    EXPECT_TRUE(reconciler.due(1103s)) << "doubt is looked at sooner";

    EXPECT_TRUE(reconciler.accept(btc, 1104s, effects));
    EXPECT_EQ(ledger.position(btc), Quantity{7});
    EXPECT_EQ(reconciler.block(btc), Block::none);
    EXPECT_EQ(apply(answer), "");
}

TEST_F(Reconciling, KnowsThatSpotBuysAreHeldWithoutTheFeeThatWasTakenOfThem) {
    Instrument spot;
    spot.venue = Venue::binance;
    spot.market = Market::spot;
    spot.symbol = "BTCUSDT";
    spot.price_decimals = 2;
    spot.quantity_decimals = 5;
    const auto id = instruments.add(spot);
    OrderLedger books{{}, instruments};
    Reconciler spot_reconciler{settings, Venue::binance, books, instruments};
    for (std::uint64_t n = 1; n <= 100; ++n) {  // 0.01 BTC each, of which a thousandth goes
        const auto order = order_of(n, 1000, Side::buy, id);
        ASSERT_TRUE(books.create(order, 1000s));
        auto fill = fill_of(order, "t" + std::to_string(n), 1000, 1000);
        fill.fill.fee = {.units = 1, .decimals = 5};
        fill.fill.fee_asset = *Asset::of("BTC");
        books.on(fill, effects);
    }
    EXPECT_EQ(books.position(id), Quantity{99'900});
    auto small = fill_of(order_of(200, 1, Side::buy, id), "small", 1, 1);  // whose fee is a thousandth of a unit
    small.fill.fee = {.units = 1, .decimals = 8};
    small.fill.fee_asset = *Asset::of("BTC");
    ASSERT_TRUE(books.create(order_of(200, 1, Side::buy, id), 1000s));
    books.on(small, effects);
    EXPECT_EQ(books.position(id), Quantity{99'900}) << "a part of a unit cannot be sold";

    auto answer = snapshot();
    answer.positions = {position_of(id, 99'901)};  // with the dust that lay there before
    EXPECT_TRUE(compare(books, answer, instruments).empty());
    answer.positions = {position_of(id, 99'950)};
    EXPECT_EQ(compare(books, answer, instruments).size(), 1u);
}

TEST_F(Reconciling, AnEmptyLedgerMayAdoptWhatIsHeldAtTheFirstLookOnly) {
    settings.adopt_first_position = true;
    Reconciler first{settings, Venue::binance, ledger, instruments};
    first.stream(true, 1000s);
    first.asked(1000s, 1000s);
    auto answer = snapshot();
    answer.positions = {position_of(btc, 2)};
    first.apply(answer, 1001s, effects);
    EXPECT_EQ(ledger.position(btc), Quantity{2});
    EXPECT_EQ(first.block(btc), Block::none);

    answer.positions = {position_of(btc, 5)};
    first.asked(1030s, 1030s);
    first.apply(answer, 1031s, effects);
    EXPECT_EQ(first.block(btc), Block::position_mismatch);
}

TEST_F(Reconciling, AnEmptyLedgerDoesNotBookWhatWasTradedBeforeItsTime) {
    reconciler.stream(true, 2000s);
    auto answer = snapshot(2000s);
    answer.fills.push_back(fill_of(order_of(1), "of last year", 7));
    answer.positions.push_back(position_of(btc, 7));

    EXPECT_EQ(apply(answer, 2000s), "position_mismatch");

    EXPECT_EQ(told(effects), "");
    EXPECT_EQ(ledger.position(btc), Quantity{0});
    EXPECT_EQ(reconciler.fills_since(), 1995s);
    EXPECT_TRUE(reconciler.accept(btc, 2001s, effects));
    EXPECT_EQ(ledger.position(btc), Quantity{7});
}

TEST_F(Reconciling, AsksAgainWhenTheAnswerNeverComes) {
    reconciler.stream(true, 1000s);
    reconciler.asked(1000s, 1000s);
    EXPECT_FALSE(reconciler.due(1059s));
    EXPECT_TRUE(reconciler.due(1060s)) << "else nothing would be compared ever again";
    reconciler.asked(1060s, 1060s);
    EXPECT_FALSE(reconciler.due(1100s));
}

TEST_F(Reconciling, AsksAgainSoonerAndSlowerWhenTheVenueDoesNotAnswer) {
    reconciler.stream(true, 1000s);
    auto answer = snapshot();
    answer.fills_complete = false;
    apply(answer, 1000s);
    EXPECT_EQ(reconciler.block(btc), Block::not_reconciled);
    EXPECT_TRUE(reconciler.due(1000s + 500ms));
    auto now = 1000s + 0ms;
    for (int i = 0; i < 20; ++i) {
        reconciler.asked(now, now);
        reconciler.failed(now);
        EXPECT_FALSE(reconciler.due(now + 999ms));
        now += 30s;
        EXPECT_TRUE(reconciler.due(now));
    }
}

RC_GTEST_PROP(ReconcilingAnyStory, FindsExactlyWhatTheStreamLost, ()) {
    const auto instruments = two_instruments();
    OrderLedger ledger{{}, instruments};
    Reconciler reconciler{{}, Venue::binance, ledger, instruments};
    reconciler.stream(true, 1000s);
    reconciler.asked(1002s, 1002s);
    AccountSnapshot answer;
    answer.venue = Venue::binance;
    answer.asked_at = 1002s;
    answer.open_orders_complete = answer.fills_complete = answer.positions_complete = true;
    std::vector<Effect> effects;
    std::int64_t held = 0;
    std::size_t lost = 0;
    const auto count = *rc::gen::inRange<std::uint64_t>(1, 20);
    for (std::uint64_t n = 1; n <= count; ++n) {
        const auto order = order_of(n, 10, *rc::gen::element(Side::buy, Side::sell));
        RC_ASSERT(ledger.create(order, 1000s));
        ledger.sent(order.id);
        const auto part = *rc::gen::inRange<std::int64_t>(0, 11);
        if (part > 0) {
            answer.fills.push_back(fill_of(order, "t" + std::to_string(n), part));
            held += sign(order.side) * part;
            if (*rc::gen::arbitrary<bool>())
                ledger.on(answer.fills.back(), effects);
            else
                ++lost;
        }
        if (part < 10) answer.open_orders.push_back(update_of(order, VenueStatus::working, part, EventSource::query));
    }
    if (held != 0) answer.positions.push_back(position_of(btc, held));

    std::size_t missing = 0, mismatches = 0;
    for (const auto& difference : reconciler.apply(answer, 1003s, effects)) {
        missing += difference.kind == DifferenceKind::missing_fill ? 1u : 0u;
        mismatches += difference.kind == DifferenceKind::position_mismatch ? 1u : 0u;
    }

    RC_ASSERT(missing == lost);
    RC_ASSERT(mismatches == 0u);
    RC_ASSERT(ledger.position(btc).units == held);
    RC_ASSERT(reconciler.block(btc) == Block::none);
    reconciler.asked(1004s, 1004s);
    RC_ASSERT(reconciler.apply(answer, 1005s, effects).empty());
}
