// What a spot order that waits for its price holds back, and what becomes of it when that is not there.
#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>

namespace spot_conditionals {

using core::Price;
using core::Quantity;
using core::Side;
using core::Venue;
using venue::OrderState;
using venue::Refusal;

namespace {

constexpr std::int64_t coin = 100'000'000;
constexpr Quantity one{100'000}, two{200'000}, three{300'000};  // BTC, of which the account has two

struct World : test::Simulated {
    venue::Engine& engine;
    venue::ListingId spot;
    Price last;

    explicit World(Venue dialect)
        : Simulated{dialect},
          engine{simulator.engine()},
          spot{*engine.find(dialect == Venue::okx ? "BTC-USDT" : "BTCUSDT", core::Market::spot)},
          last{engine.market(spot).last} {}

    /// Sells at the market once the price is one in a thousand lower.
    [[nodiscard]] venue::NewOrder stop(Quantity quantity) const {
        venue::NewOrder wanted;
        wanted.listing = spot;
        wanted.side = Side::sell;
        wanted.kind = venue::OrderKind::stop_market;
        wanted.trigger = Price{last.units - last.units / 1'000};
        wanted.quantity = quantity;
        return wanted;
    }
    void fall() { engine.move_market(spot, Price{last.units - last.units / 500}, Quantity{1}); }
    [[nodiscard]] venue::Balance coins() const { return engine.account(1).wallet.at("BTC"); }
};

}  // namespace

TEST(SpotConditionals, OnlyBinanceTakesTheCoinsOfAStopOutOfTheBalance) {
    for (const auto dialect : {Venue::binance, Venue::bitget, Venue::bybit, Venue::okx}) {
        SCOPED_TRACE(core::name(dialect));
        World world{dialect};
        const bool locks = dialect == Venue::binance;

        ASSERT_TRUE(world.engine.submit(1, world.stop(two)));

        EXPECT_EQ(world.coins().locked, locks ? 2 * coin : 0);
        EXPECT_EQ(world.engine.test(1, world.stop(one)), locks ? Refusal::balance : Refusal::none);
        auto sale = world.stop(one);
        sale.kind = venue::OrderKind::market;
        EXPECT_EQ(world.engine.test(1, sale), locks ? Refusal::balance : Refusal::none);
    }
}

TEST(SpotConditionals, WhatNeedsNothingYetMayBeLargerThanTheBalanceAndFailsWhenItsPriceComes) {
    for (const auto dialect : {Venue::bitget, Venue::bybit, Venue::okx}) {
        SCOPED_TRACE(core::name(dialect));
        World world{dialect};
        const auto first = (*world.engine.submit(1, world.stop(three)))->number;
        const auto second = (*world.engine.submit(1, world.stop(Quantity{1'000})))->number;

        world.fall();

        EXPECT_EQ(world.engine.order(first)->state, OrderState::rejected);
        EXPECT_EQ(world.engine.order(first)->reason, Refusal::balance);
        EXPECT_FALSE(world.engine.order(first)->released);
        EXPECT_EQ(world.engine.order(second)->state, OrderState::filled) << "it has what it needs";
        EXPECT_EQ(world.coins().total(), 2 * coin - coin / 100);
        EXPECT_EQ(world.coins().locked, 0);
        EXPECT_TRUE(world.engine.account(1).open.empty());
    }
}

TEST(SpotConditionals, MayGrowBeyondTheBalanceWhereNothingIsLockedOnly) {
    for (const auto dialect : {Venue::binance, Venue::okx}) {
        SCOPED_TRACE(core::name(dialect));
        World world{dialect};
        const auto number = (*world.engine.submit(1, world.stop(one)))->number;

        const auto made = world.engine.amend(1, number, {.price = {}, .quantity = three, .trigger = {}});

        EXPECT_EQ(static_cast<bool>(made), dialect == Venue::okx);
        EXPECT_EQ(world.coins().locked, dialect == Venue::okx ? 0 : coin);
    }
}

TEST(SpotConditionals, BybitLocksForATpslOrderAndNotForAStopOrder) {
    World world{Venue::bybit};
    auto wanted = world.stop(one);
    wanted.locks_at_once = true;
    const auto number = (*world.engine.submit(1, wanted))->number;
    EXPECT_EQ(world.coins().locked, coin);

    EXPECT_EQ(world.engine.cancel(1, number), Refusal::none);
    EXPECT_EQ(world.coins().locked, 0);
}

TEST(SpotConditionals, ABuyLocksItsMoneyWhereStopsDo) {
    for (const auto dialect : {Venue::binance, Venue::bitget}) {
        SCOPED_TRACE(core::name(dialect));
        World world{dialect};
        auto wanted = world.stop(one);
        wanted.side = Side::buy;
        wanted.kind = venue::OrderKind::stop_limit;
        wanted.trigger = wanted.price = Price{world.last.units + world.last.units / 100};
        ASSERT_TRUE(world.engine.submit(1, wanted));
        EXPECT_EQ(world.engine.account(1).wallet.at("USDT").locked > 0, dialect == Venue::binance);
    }
}

}  // namespace spot_conditionals
