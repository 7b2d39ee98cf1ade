#include "strategies/risk/account.hpp"

#include "tests/strategies/world.hpp"

#include <gtest/gtest.h>

using core::Execution;
using core::Notional;
using core::Side;
using strategies::Account;
using test::World;

namespace {

/// A coin at 100.00 with five decimals of quantity, traded in lots of 0.001.
struct SpotWorld : World {
    SpotWorld() : World{core::Market::spot} {
        auto& instrument = instruments[id];
        instrument.price_decimals = 2;
        instrument.quantity_decimals = 5;
        instrument.lot_size = {100};
    }
    core::Tick fill(Side side, std::int64_t quantity, Notional fee, bool in_base) {
        auto tick = execution(core::OrderId::of(1, 1), side, Execution::filled_taker, 10'000, quantity, fee);
        if (in_base) tick.flags = core::tick_flag::fee_in_base;
        return tick;
    }
};

}  // namespace

TEST(SpotAccount, HoldsLessThanItBoughtWhenTheFeeWasTakenInTheCoin) {
    SpotWorld world;
    Account account{{1'000'00000000}, world.instruments};

    // 1 coin at 100, fee 0.001 coins = 0.1 of the quote currency.
    account.on(world.fill(Side::buy, 100'000, {10'000'000}, true), world.market(9'999, 10'001));

    EXPECT_EQ(account.position(world.id).quantity().units, 99'900);
    EXPECT_EQ(account.equity().units, 999'90000000) << "the fee is charged once";
}

TEST(SpotAccount, DustThatCannotBeSoldEndsThePosition) {
    SpotWorld world;
    Account account{{1'000'00000000}, world.instruments};
    // 0.0125 coins, of which 0.00005 are the fee: 0.01245 left, of which 0.012 can be sold.
    account.on(world.fill(Side::buy, 1'250, {500'000}, true), world.market(9'999, 10'001));
    ASSERT_EQ(account.position(world.id).quantity().units, 1'245);

    const auto closed = account.on(world.fill(Side::sell, 1'200, {}, false), world.market(9'999, 10'001));

    EXPECT_TRUE(account.position(world.id).flat());
    ASSERT_TRUE(closed) << "it is a closed trade";
    EXPECT_EQ(closed->net.units, -500'000) << "bought and sold at one price, the fee lost";
    EXPECT_EQ(account.equity().units, 1'000'00000000 - 500'000);
}

TEST(SpotAccount, OfAFeeInMoneyNothingOfTheCoinIsGone) {
    SpotWorld world;
    Account account{{1'000'00000000}, world.instruments};

    account.on(world.fill(Side::buy, 100'000, {10'000'000}, false), world.market(9'999, 10'001));

    EXPECT_EQ(account.position(world.id).quantity().units, 100'000);
    EXPECT_EQ(account.equity().units, 999'90000000);
}
