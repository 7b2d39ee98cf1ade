#include "tools/omega/live/instruments.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

using core::Venue;
using gateways::exchange::Market;
using gateways::exchange::MarketType;
using omega::instrument_of;
using omega::parse_instrument;

TEST(LiveInstruments, TakeTheVenuesRulesExactly) {
    Market market{.id = "BTC-USDT-SWAP", .symbol = "BTC/USDT:USDT", .type = MarketType::swap, .linear = true};
    market.contract_size = "0.01";
    market.price_step = "0.10";
    market.amount_step = "0.01";
    market.min_amount = "0.015";
    market.min_cost = "5";

    const auto made = instrument_of(Venue::okx, market);

    EXPECT_EQ(made.symbol, "BTC-USDT-SWAP");
    EXPECT_EQ(made.market, core::Market::linear);
    EXPECT_EQ(made.price_decimals, 1);
    EXPECT_EQ(made.tick_size.units, 1);
    EXPECT_EQ(made.quantity_decimals, 2);
    EXPECT_EQ(made.lot_size.units, 1);
    EXPECT_EQ(made.min_quantity.units, 2) << "the least whole number of steps that is enough";
    EXPECT_EQ(made.min_notional.units, 500'000'000);
    EXPECT_EQ(made.contract_value.units, 1'000'000);
}

TEST(LiveInstruments, AStepThatIsNoPowerOfTenIsATickOfSeveralUnits) {
    Market market{.id = "XBTUSDT", .symbol = "XBT/USDT"};
    market.price_step = "0.5";
    market.amount_step = "10";

    const auto made = instrument_of(Venue::bybit, market);

    EXPECT_EQ(made.price_decimals, 1);
    EXPECT_EQ(made.tick_size.units, 5);
    EXPECT_EQ(made.quantity_decimals, 0);
    EXPECT_EQ(made.lot_size.units, 10);
}

TEST(LiveInstruments, RulesThatTheVenueDidNotSayAreNotInvented) {
    Market market{.id = "BTCUSDT", .symbol = "BTC/USDT"};
    market.amount_step = "0.001";
    EXPECT_THROW((void)instrument_of(Venue::binance, market), std::invalid_argument) << "no price step";
    market.price_step = "0";
    EXPECT_THROW((void)instrument_of(Venue::binance, market), std::invalid_argument);
    market.price_step = "0.01";
    market.type = MarketType::swap;
    market.linear = true;
    EXPECT_THROW((void)instrument_of(Venue::binance, market), std::invalid_argument) << "no contract size";
}

TEST(LiveInstruments, AreNamedAsCcxtUsersNameThem) {
    EXPECT_EQ(parse_instrument("BTC/USDT:USDT").symbol, "BTC/USDT:USDT");
    const auto kraken = parse_instrument("XBT/USD 1 8");
    EXPECT_EQ(kraken.symbol, "XBT/USD");
    EXPECT_EQ(kraken.price_decimals, 1);
    EXPECT_EQ(kraken.quantity_decimals, 8);
    EXPECT_EQ(instrument_of(Venue::coinbase, parse_instrument("BTC/USD 2 8")).symbol, "BTC-USD");
    for (const char* wrong :
         {"BTCUSDT", "/USDT", "BTC/", "BTC/USD 1", "BTC/USD 1 x", "BTC/USD 1 19", "BTC/USD 1 2 3", ""})
        EXPECT_THROW((void)parse_instrument(wrong), std::invalid_argument) << wrong;
    EXPECT_THROW((void)instrument_of(Venue::kraken, parse_instrument("XBT/USD")), std::invalid_argument)
        << "its decimals are not asked for";
}
