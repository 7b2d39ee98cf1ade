#include "core/domain/instrument.hpp"

#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>

using namespace core;
using boost::multiprecision::cpp_int;

namespace {

Instrument instrument(Market market, int price_decimals, int quantity_decimals, std::int64_t contract = 100'000'000) {
    return {.venue = Venue::binance,
            .market = market,
            .symbol = "BTCUSDT",
            .price_decimals = price_decimals,
            .quantity_decimals = quantity_decimals,
            .contract_value = {contract}};
}

cpp_int power_of_ten(int digits) {
    return pow(cpp_int{10}, static_cast<unsigned>(digits));
}

cpp_int floor_divide(const cpp_int& a, const cpp_int& b) {
    cpp_int quotient, rest;
    divide_qr(a, b, quotient, rest);
    return rest != 0 && (rest < 0) != (b < 0) ? cpp_int{quotient - 1} : quotient;
}

Result<Notional> fitted(const cpp_int& value) {
    if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
        return Error::out_of_range;
    return Notional{static_cast<std::int64_t>(value)};
}

/// Any size is as likely as any other.
rc::Gen<std::int64_t> any_magnitude() {
    return rc::gen::map(rc::gen::pair(rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange(0, 63)),
                        [](auto pair) { return pair.first >> pair.second; });
}
rc::Gen<std::int64_t> positive() {
    return rc::gen::map(any_magnitude(),
                        [](std::int64_t x) { return (x & std::numeric_limits<std::int64_t>::max()) | 1; });
}

}  // namespace

TEST(Instrument, SaysItsNameSoThatItIsUniqueInATable) {
    auto btc = instrument(Market::spot, 2, 5);
    EXPECT_EQ(btc.name(), "binance.BTCUSDT");
    btc.market = Market::linear;
    EXPECT_EQ(btc.name(), "binance.linear.BTCUSDT");
    btc.market = Market::inverse;
    btc.symbol = "BTCUSD_PERP";
    EXPECT_EQ(btc.name(), "binance.inverse.BTCUSD_PERP");
}

TEST(Instrument, ValuesAnOrderInTheQuoteCurrency) {
    EXPECT_EQ(instrument(Market::spot, 2, 3).notional({6180030}, {6}),
              Notional{37080180000});  // 61800.30 · 0.006 = 370.8018
    EXPECT_EQ(instrument(Market::linear, 4, 0, 10'000'000).notional({12345}, {3}),
              Notional{37035000});  // 1.2345 · 3 · 0.1
    EXPECT_EQ(instrument(Market::inverse, 1, 0, 10'000'000'000).notional({618003}, {7}),
              Notional{70'000'000'000});                                                 // 7 · 100 USD
    EXPECT_EQ(instrument(Market::spot, 8, 8).notional({1}, {99'999'999}), Notional{0});  // towards zero
    EXPECT_EQ(instrument(Market::spot, 0, 0).notional({92'233'720'369}, {1}), Error::out_of_range);
}

TEST(Instrument, RoundsGainsAgainstUs) {
    const auto tiny = instrument(Market::spot, 8, 8);
    EXPECT_EQ(tiny.gain({1}, {2}, {1}), Notional{0});
    EXPECT_EQ(tiny.gain({2}, {1}, {1}), Notional{-1});
    EXPECT_EQ(tiny.gain({1}, {2}, {-1}), Notional{-1});

    // 10 contracts of 100 USD from 50,000 to 60,000: 10·100·(1/50000 − 1/60000) BTC, at 60,000 = 200 USD.
    const auto coin = instrument(Market::inverse, 1, 0, 10'000'000'000);
    EXPECT_EQ(coin.gain({500'000}, {600'000}, {10}), Notional{20'000'000'000});
    EXPECT_EQ(coin.gain({500'000}, {600'000}, {-10}), Notional{-20'000'000'000});
    EXPECT_EQ(coin.gain({0}, {600'000}, {10}), Error::out_of_range);
}

TEST(Instrument, BecomesDoublesForStatistics) {
    const auto btc = instrument(Market::spot, 2, 5);
    EXPECT_EQ(btc.to_double(Price{6180030}), 61800.30);
    EXPECT_EQ(btc.to_double(Quantity{-12345}), -0.12345);
}

RC_GTEST_PROP(Instrument, ValuesLikeUnboundedIntegers, ()) {
    const auto market = *rc::gen::element(Market::spot, Market::linear, Market::inverse);
    const auto contract = *rc::gen::oneOf(rc::gen::just<std::int64_t>(100'000'000), positive());
    const auto traded = instrument(market, *rc::gen::inRange(0, 19), *rc::gen::inRange(0, 19), contract);
    const auto price = *positive();
    const auto entry = *positive();
    const auto quantity = *any_magnitude();

    // Both divisions at once, towards zero: cpp_int truncates.
    const auto notional = market == Market::inverse
                              ? cpp_int{cpp_int{quantity} * contract / power_of_ten(traded.quantity_decimals)}
                              : cpp_int{cpp_int{price} * quantity * contract /
                                        power_of_ten(traded.price_decimals + traded.quantity_decimals)};
    RC_ASSERT(traded.notional({price}, {quantity}) == fitted(notional));

    const auto moved = (cpp_int{price} - entry) * quantity * contract;
    const auto gain = market == Market::inverse
                          ? floor_divide(moved, entry * power_of_ten(traded.quantity_decimals))
                          : floor_divide(moved, power_of_ten(traded.price_decimals + traded.quantity_decimals));
    RC_ASSERT(traded.gain({entry}, {price}, {quantity}) == fitted(gain));
}

TEST(InstrumentTable, FindsWhatWasAddedAndNothingElse) {
    InstrumentTable table;
    EXPECT_EQ(table.find(Venue::binance, Market::spot, "BTCUSDT"), nullptr);

    const auto spot = table.add(instrument(Market::spot, 2, 5));
    const auto linear = table.add(instrument(Market::linear, 1, 3));

    EXPECT_EQ(table.size(), 2U);
    EXPECT_EQ(table.add(instrument(Market::spot, 9, 9)), spot);
    EXPECT_EQ(table.size(), 2U);
    EXPECT_EQ(table[spot].price_decimals, 2);
    EXPECT_EQ(table.find(Venue::binance, Market::spot, "BTCUSDT"), &table[spot]);
    EXPECT_EQ(table.find(Venue::binance, Market::linear, "BTCUSDT"), &table[linear]);
    EXPECT_EQ(table.find(Venue::binance, Market::inverse, "BTCUSDT"), nullptr);
    EXPECT_EQ(table.find(Venue::okx, Market::spot, "BTCUSDT"), nullptr);
    EXPECT_EQ(table.find(Venue::binance, Market::spot, "BTCUSD"), nullptr);
    EXPECT_EQ(table.find(Venue::binance, Market::spot, std::string_view{"BTCUSDT\0", 8}), nullptr);
    EXPECT_EQ(table.find(Venue::binance, Market::spot, ""), nullptr);
    EXPECT_EQ(table.find(Venue::binance, Market::spot, std::string(32, 'A')), nullptr);
}

TEST(InstrumentTable, RefusesWhatItHasNoRoomFor) {
    InstrumentTable table;
    auto one = instrument(Market::spot, 2, 5);
    one.symbol = std::string(32, 'A');
    EXPECT_THROW(table.add(one), std::invalid_argument);
    for (std::size_t i = 0; i < InstrumentTable::max_instruments; ++i) {
        one.symbol = "S" + std::to_string(i);
        ASSERT_EQ(table.add(one).value, i);
    }
    one.symbol = "ONE_MORE";
    EXPECT_THROW(table.add(one), std::length_error);
    for (std::size_t i = 0; i < InstrumentTable::max_instruments; ++i)
        ASSERT_EQ(table.find(one.venue, one.market, "S" + std::to_string(i)),
                  &table[InstrumentId{static_cast<std::uint16_t>(i)}]);
}

RC_GTEST_PROP(InstrumentTable, AgreesWithAMap, ()) {
    using Key = std::tuple<Venue, Market, std::string>;
    const auto symbols =
        rc::gen::resize(31, rc::gen::container<std::string>(rc::gen::elementOf(std::string{"AB\0", 3})));
    const auto keys = rc::gen::tuple(rc::gen::element(Venue::binance, Venue::okx),
                                     rc::gen::element(Market::spot, Market::linear), symbols);
    InstrumentTable table;
    std::map<Key, InstrumentId> twin;
    for (const auto& key : *rc::gen::container<std::vector<Key>>(keys)) {
        auto one = instrument(std::get<1>(key), 2, 5);
        one.venue = std::get<0>(key);
        one.symbol = std::get<2>(key);
        if (one.symbol.size() > InstrumentTable::max_symbol) continue;
        const auto id = table.add(one);
        RC_ASSERT(twin.try_emplace(key, id).first->second == id);
    }
    for (const auto& key : *rc::gen::container<std::vector<Key>>(keys)) {
        const auto* found = table.find(std::get<0>(key), std::get<1>(key), std::get<2>(key));
        const auto expected = twin.find(key);
        RC_ASSERT((found == nullptr) == (expected == twin.end()));
        if (found != nullptr) RC_ASSERT(found->id == expected->second);
    }
}
