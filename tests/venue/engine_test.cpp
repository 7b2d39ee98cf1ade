#include "tests/venue/rig.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

using core::Price;
using core::Quantity;
using core::Side;
using test::coin;
using test::Rig;
using venue::OrderKind;
using venue::OrderState;
using venue::Refusal;
using venue::TimeInForce;

TEST(VenueEngine, ABuyTakesTheBestLevelsAndPaysTheirPrices) {
    Rig rig;

    const auto* order = rig.placed(Rig::limit(Side::buy, 10'020, 150));

    ASSERT_NE(order, nullptr);
    EXPECT_EQ(order->state, OrderState::filled);
    ASSERT_EQ(rig.ears.fills.size(), 2u);
    EXPECT_EQ(rig.ears.fills[0].price, Price{10'010});
    EXPECT_EQ(rig.ears.fills[1].price, Price{10'020});
    // 1.00 at 100.10 and 0.50 at 100.20 cost 150.20; 0.1 % of the 1.5 bought is the fee.
    EXPECT_EQ(rig.of(1, "USDT").free, 10'000 * coin - 15'020'000'000);
    EXPECT_EQ(rig.of(1, "BTC").free, 10 * coin + 150'000'000 - 150'000);
    EXPECT_EQ(rig.of(1, "USDT").locked, 0);
}

TEST(VenueEngine, ARestingOrderLocksWhatItMayCostAndGivesItBack) {
    Rig rig;

    const auto* order = rig.placed(Rig::limit(Side::buy, 9'900, 200));
    ASSERT_NE(order, nullptr);
    EXPECT_EQ(order->state, OrderState::open);
    EXPECT_EQ(rig.of(1, "USDT").locked, 198 * coin);

    EXPECT_EQ(rig.engine.cancel(1, order->number), Refusal::none);

    EXPECT_EQ(rig.of(1, "USDT").locked, 0);
    EXPECT_EQ(rig.of(1, "USDT").free, 10'000 * coin);
    EXPECT_EQ(rig.engine.cancel(1, order->number), Refusal::finished);
    EXPECT_EQ(rig.engine.cancel(2, order->number), Refusal::unknown_order);
}

TEST(VenueEngine, TradesReachAnOrderOnlyPastWhatStoodBeforeIt) {
    Rig rig;
    const auto number = rig.placed(Rig::limit(Side::buy, 9'990, 50))->number;

    rig.trade(0, Side::sell, 9'990, 60);
    EXPECT_TRUE(rig.ears.fills.empty());
    rig.trade(0, Side::sell, 9'990, 60);

    ASSERT_EQ(rig.ears.fills.size(), 1u);
    EXPECT_EQ(rig.ears.fills[0].quantity, Quantity{20});
    EXPECT_TRUE(rig.ears.fills[0].maker);
    EXPECT_EQ(rig.engine.order(number)->left(), Quantity{30});
}

TEST(VenueEngine, AnOutsideLevelThatCrossesAnOrderTradesWithIt) {
    Rig rig;
    const auto number = rig.placed(Rig::limit(Side::buy, 10'000, 50))->number;

    rig.level(0, Side::sell, 10'000, 80);

    EXPECT_EQ(rig.engine.order(number)->state, OrderState::filled);
    EXPECT_EQ(rig.engine.market(0).book.best(Side::sell), Price{10'000});
    EXPECT_EQ(rig.engine.market(0).book.displayed(Side::sell, Price{10'000}), Quantity{30});
}

TEST(VenueEngine, RefusesWhatTheRulesForbid) {
    Rig rig;
    const auto refusal = [&](venue::NewOrder wanted) {
        const auto made = rig.engine.submit(1, std::move(wanted));
        return made ? Refusal::none : made.error();
    };
    auto reduce = Rig::limit(Side::sell, 10'100, 10, 1);
    reduce.reduce_only = true;
    auto sided = Rig::limit(Side::buy, 9'000, 10, 1);
    sided.position_side = venue::PositionSide::long_;
    const std::pair<venue::NewOrder, Refusal> cases[] = {
        {Rig::limit(Side::buy, 9'905, 10), Refusal::tick_size},
        {Rig::limit(Side::buy, 0, 10), Refusal::bad_price},
        {Rig::limit(Side::buy, 9'900, 0), Refusal::bad_quantity},
        {Rig::limit(Side::buy, 9'900, -1), Refusal::bad_quantity},
        {Rig::limit(Side::buy, 9'900, 2'000'000), Refusal::lot_size},
        {Rig::limit(Side::buy, 9'900, 5), Refusal::min_notional},
        {Rig::limit(Side::buy, 9'900, 20'000), Refusal::balance},
        {Rig::limit(Side::sell, 10'100, 1'001), Refusal::balance},
        {Rig::limit(Side::buy, 9'900, 900'000, 1), Refusal::margin},
        {reduce, Refusal::reduce_only},
        {sided, Refusal::position_side},
    };
    for (const auto& [wanted, expected] : cases) {
        SCOPED_TRACE(venue::name(expected));
        EXPECT_EQ(refusal(wanted), expected);
    }
    EXPECT_EQ(rig.of(1, "USDT").free, 10'000 * coin);
    EXPECT_TRUE(rig.engine.account(1).open.empty());
}

TEST(VenueEngine, PostOnlyThatWouldTakeEndsUntraded) {
    Rig rig;
    auto wanted = Rig::limit(Side::buy, 10'010, 10);
    wanted.time_in_force = TimeInForce::post_only;

    const auto* order = rig.placed(wanted);

    EXPECT_EQ(order->state, OrderState::expired);
    EXPECT_EQ(order->reason, Refusal::post_only);
    EXPECT_TRUE(rig.ears.fills.empty());
}

TEST(VenueEngine, FillOrKillIsAllOrNothingAndImmediateOrCancelWhatThereIs) {
    Rig rig;
    auto wanted = Rig::limit(Side::buy, 10'020, 201);
    wanted.time_in_force = TimeInForce::fok;
    EXPECT_EQ(rig.placed(wanted)->filled, Quantity{0});
    wanted.time_in_force = TimeInForce::ioc;
    const auto* order = rig.placed(wanted);
    EXPECT_EQ(order->filled, Quantity{200});
    EXPECT_EQ(order->state, OrderState::expired);
    EXPECT_EQ(rig.of(1, "USDT").locked, 0);
}

TEST(VenueEngine, AStopWaitsForItsTriggerAndThenTrades) {
    Rig rig;
    auto stop = Rig::market(Side::sell, 50);
    stop.kind = OrderKind::stop_market;
    stop.trigger = Price{9'950};
    const auto number = rig.placed(stop)->number;
    EXPECT_EQ(rig.engine.order(number)->state, OrderState::untriggered);

    rig.trade(0, Side::sell, 9'960, 1);
    EXPECT_EQ(rig.engine.order(number)->state, OrderState::untriggered);
    rig.trade(0, Side::sell, 9'950, 1);

    EXPECT_EQ(rig.engine.order(number)->state, OrderState::filled);
    EXPECT_EQ(rig.of(1, "BTC").free, 10 * coin - 50'000'000);
}

TEST(VenueEngine, ASmallerQuantityKeepsItsPlaceAndAnotherPriceLosesIt) {
    Rig rig;
    const auto first = rig.placed(Rig::limit(Side::buy, 10'000, 50), 1)->number;
    const auto second = rig.placed(Rig::limit(Side::buy, 10'000, 50), 2)->number;
    EXPECT_TRUE(rig.engine.amend(1, first, {.price = {}, .quantity = Quantity{30}}));
    rig.trade(0, Side::sell, 10'000, 40);
    EXPECT_EQ(rig.engine.order(first)->filled, Quantity{30});
    EXPECT_EQ(rig.engine.order(second)->filled, Quantity{10});

    const auto moved = rig.placed(Rig::limit(Side::buy, 9'990, 50), 1)->number;
    EXPECT_TRUE(rig.engine.amend(1, moved, {.price = Price{10'000}}));
    rig.trade(0, Side::sell, 10'000, 40);
    EXPECT_EQ(rig.engine.order(second)->filled, Quantity{50});
    EXPECT_EQ(rig.engine.order(moved)->filled, Quantity{0});
}

TEST(VenueEngine, APositionGainsWhatThePriceDid) {
    Rig rig;
    rig.placed(Rig::market(Side::buy, 100, 1));
    rig.engine.move_market(1, Price{10'050}, Quantity{1});
    rig.level(1, Side::buy, 10'050, 500);
    auto close = Rig::market(Side::sell, 100, 1);
    close.reduce_only = true;

    rig.placed(close);

    // Bought 1.00 at 100.10, sold at 100.50, 0.05 % of each is the fee.
    EXPECT_EQ(rig.of(1, "USDT", true).free, 10'000 * coin + 40'000'000 - 5'005'000 - 5'025'000);
    EXPECT_TRUE(rig.engine.account(1).position(1, venue::PositionSide::net)->held.flat());
    EXPECT_EQ(rig.engine.market(1).open_interest, 0u);
}

TEST(VenueEngine, FundingIsPaidByTheLongWhenItIsDue) {
    Rig rig;
    rig.placed(Rig::market(Side::buy, 100, 1));
    const auto before = rig.of(1, "USDT", true).free;
    rig.engine.set_funding(1, venue::Rate{100'000});

    rig.engine.advance(rig.engine.now() + std::chrono::hours{9});

    // 0.1 % of 1.00 at the mark: the middle of 99.90 and 100.20.
    EXPECT_EQ(rig.of(1, "USDT", true).free, before - 10'005'000);
    EXPECT_EQ(rig.ears.causes.back(), venue::Cause::funding);
}

TEST(VenueEngine, LosesThePositionWhenTheMarginIsGone) {
    Rig rig;
    ASSERT_EQ(rig.engine.set_leverage(1, 1, 100), Refusal::none);
    ASSERT_EQ(rig.engine.set_isolated(1, 1, true), Refusal::none);
    rig.placed(Rig::market(Side::buy, 100, 1));
    const auto* position = rig.engine.account(1).position(1, venue::PositionSide::net);
    const auto at = rig.engine.liquidation_price(rig.engine.account(1), 1, *position);
    EXPECT_GT(at, Price{9'950});
    EXPECT_LT(at, Price{10'010});
    // The book falls below that price.
    for (int i = 0; i < 5; ++i) rig.level(1, Side::buy, 9'990 - 10 * i, 0);
    rig.level(1, Side::buy, 9'800, 1'000);
    for (int i = 0; i < 5; ++i) rig.level(1, Side::sell, 10'010 + 10 * i, 0);
    rig.level(1, Side::sell, 9'810, 1'000);

    EXPECT_TRUE(position->held.flat());
    EXPECT_EQ(rig.ears.causes.back(), venue::Cause::liquidation);
}

TEST(VenueEngine, AMarketBuyByAmountSpendsNoMore) {
    Rig rig;
    auto wanted = Rig::market(Side::buy, 0);
    wanted.quote_amount = core::Notional{150 * coin};

    const auto* order = rig.placed(wanted);

    EXPECT_EQ(order->state, OrderState::filled);
    EXPECT_EQ(order->filled, Quantity{149});  // 1.00 for 100.10, 0.49 for 49.098
    EXPECT_LE(order->filled_quote.units, 150 * coin);
}

TEST(VenueEngine, ItsOwnOrderOnTheOtherSideLeavesInsteadOfTrading) {
    Rig rig;
    const auto resting = rig.placed(Rig::limit(Side::sell, 10'000, 50))->number;

    const auto* order = rig.placed(Rig::limit(Side::buy, 10'000, 50));

    EXPECT_EQ(rig.engine.order(resting)->reason, Refusal::self_trade);
    EXPECT_EQ(order->state, OrderState::open);
    EXPECT_TRUE(rig.ears.fills.empty());
}

// Whatever two accounts and the outside do, money and coins only change hands.
RC_GTEST_PROP(VenueEngine, LosesAndMakesNothing, ()) {
    Rig rig;
    const auto count = *rc::gen::inRange(1, 60);
    for (int i = 0; i < count; ++i) {
        const auto side = *rc::gen::element(Side::buy, Side::sell);
        const auto price = 9'900 + 10 * *rc::gen::inRange(0, 21);
        const auto quantity = *rc::gen::inRange(6, 200);
        switch (*rc::gen::inRange(0, 6)) {
            case 0: rig.level(0, side, side == Side::buy ? price - 110 : price + 110, *rc::gen::inRange(0, 200)); break;
            case 1: rig.trade(0, side, price, quantity); break;
            case 2: (void)rig.engine.submit(1, Rig::market(side, quantity)); break;
            case 3: {
                const auto& open = rig.engine.account(1).open;
                if (!open.empty())
                    (void)rig.engine.amend(1, *open.begin(), {.price = Price{price}, .quantity = Quantity{quantity}});
                break;
            }
            default:
                (void)rig.engine.submit(static_cast<venue::AccountId>(*rc::gen::inRange(1, 3)),
                                        Rig::limit(side, price, quantity));
        }
        RC_ASSERT(rig.ears.updates_chain);
        const auto& book = rig.engine.market(0).book;
        const auto bid = book.best(Side::buy), ask = book.best(Side::sell);
        RC_ASSERT(bid.units == 0 || ask.units == 0 || bid < ask);
        for (const venue::AccountId id : {1u, 2u}) {
            // Twin: the balances from the fills alone, and what is locked from the open orders alone.
            std::map<std::string, std::int64_t> expected{{"USDT", 10'000 * coin}, {"BTC", 10 * coin}}, locked;
            for (const auto& fill : rig.engine.account(id).fills) {
                const int sign = fill.side == Side::buy ? 1 : -1;
                expected["BTC"] += sign * fill.quantity.units * 1'000'000;
                expected["USDT"] -= sign * fill.price.units * fill.quantity.units * 10'000;
                expected[fill.fee_asset] -= fill.fee;
            }
            for (const auto number : rig.engine.account(id).open) {
                const auto* order = rig.engine.order(number);
                if (order->side == Side::buy)
                    locked["USDT"] += order->price.units * order->left().units * 10'000;
                else
                    locked["BTC"] += order->left().units * 1'000'000;
                RC_ASSERT(book.displayed(order->side, order->price) >= order->left());
            }
            for (const auto* asset : {"USDT", "BTC"}) {
                const auto balance = rig.of(id, asset);
                RC_ASSERT(balance.total() == expected[asset]);
                RC_ASSERT(balance.locked == locked[asset]);
                RC_ASSERT(balance.free >= 0);
            }
        }
    }
}
