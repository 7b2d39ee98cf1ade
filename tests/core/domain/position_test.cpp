#include "core/domain/position.hpp"

#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

#include <limits>
#include <vector>

using namespace core;
using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

namespace {

const Instrument spot{.symbol = "BTCUSDT", .price_decimals = 2, .quantity_decimals = 3};
const Instrument coin{
    .market = Market::inverse, .symbol = "BTCUSD_PERP", .price_decimals = 1, .contract_value = {10'000'000'000}};

constexpr Notional dollars(std::int64_t whole) {
    return {whole * 100'000'000};
}

cpp_rational power_of_ten(int digits) {
    return pow(cpp_int{10}, static_cast<unsigned>(digits));
}

/// Average-cost accounting in unbounded fractions, never rounded.
struct ExactTwin {
    const Instrument& instrument;
    cpp_rational quantity{}, basis{},
        realised{};  // basis: money (spot, linear) or coins (inverse) that the position brought in

    [[nodiscard]] cpp_rational flow(const cpp_rational& amount, Price price) const {
        const auto contracts = amount / power_of_ten(instrument.quantity_decimals) * instrument.contract_value.units;
        const auto at = cpp_rational{price.units} / power_of_ten(instrument.price_decimals);
        return instrument.market == Market::inverse ? cpp_rational{contracts / at} : cpp_rational{-contracts * at};
    }
    void fill(Side side, Price price, Quantity amount) {
        const cpp_rational traded = sign(side) * amount.units;
        cpp_rational closes = 0;
        if (quantity * traded < 0) {
            closes = abs(traded) < abs(quantity) ? traded : cpp_rational{-quantity};
            const cpp_rational released = basis * -closes / quantity;
            const cpp_rational gain = released + flow(closes, price);
            const auto at = cpp_rational{price.units} / power_of_ten(instrument.price_decimals);
            realised += instrument.market == Market::inverse ? cpp_rational{gain * at} : gain;
            basis -= released;
        }
        basis += flow(traded - closes, price);
        quantity += traded;
    }
};

}  // namespace

TEST(Position, AveragesEntriesAndRealisesReductions) {
    Position position;

    EXPECT_EQ(position.apply_fill(spot, Side::buy, {10'000'00}, {1'000}, dollars(4)), dollars(0));
    EXPECT_EQ(position.apply_fill(spot, Side::buy, {10'200'00}, {1'000}, dollars(4)), dollars(0));
    EXPECT_EQ(position.quantity(), Quantity{2'000});
    EXPECT_EQ(position.entry(spot), Price{10'100'00});
    EXPECT_EQ(position.unrealised(spot, {10'000'00}), dollars(-200));

    EXPECT_EQ(position.apply_fill(spot, Side::sell, {10'300'00}, {500}, dollars(-1)), dollars(100));
    EXPECT_EQ(position.quantity(), Quantity{1'500});
    EXPECT_EQ(position.entry(spot), Price{10'100'00});
    EXPECT_EQ(position.realised(), dollars(100));
    EXPECT_EQ(position.fees(), dollars(7));
}

TEST(Position, FlipsByClosingAndOpeningTheOtherSide) {
    Position position;
    ASSERT_TRUE(position.apply_fill(spot, Side::sell, {100'00}, {1'000}, {}));
    EXPECT_EQ(position.quantity(), Quantity{-1'000});

    EXPECT_EQ(position.apply_fill(spot, Side::buy, {90'00}, {3'000}, {}), dollars(10));
    EXPECT_EQ(position.quantity(), Quantity{2'000});
    EXPECT_EQ(position.entry(spot), Price{90'00});

    EXPECT_EQ(position.apply_fill(spot, Side::sell, {95'00}, {2'000}, {}), dollars(10));
    EXPECT_TRUE(position.flat());
    EXPECT_EQ(position.entry(spot), Price{0});
    EXPECT_EQ(position.unrealised(spot, {1}), Notional{0});
    EXPECT_EQ(position.realised(), dollars(20));
}

TEST(Position, EarnsCoinsOnInverseContracts) {
    Position position;
    ASSERT_TRUE(position.apply_fill(coin, Side::buy, {500'000}, {10}, {}));
    EXPECT_EQ(position.entry(coin), Price{500'000});

    // 200 USD exactly; 1/60000 is not, and the rest is against us.
    const auto gain = position.apply_fill(coin, Side::sell, {600'000}, {10}, {});
    ASSERT_TRUE(gain);
    EXPECT_GE(*gain, Notional{dollars(200).units - 1});
    EXPECT_LE(*gain, dollars(200));
}

TEST(Position, RoundsTheEntryAgainstUs) {
    Position longer, shorter;
    for (const auto price : {100, 100, 101}) {
        ASSERT_TRUE(longer.apply_fill(spot, Side::buy, {price}, {1}, {}));
        ASSERT_TRUE(shorter.apply_fill(spot, Side::sell, {price}, {1}, {}));
    }
    EXPECT_EQ(longer.entry(spot), Price{101});
    EXPECT_EQ(shorter.entry(spot), Price{100});
}

TEST(Position, RefusesWhatItCannotHoldAndStaysAsItWas) {
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    Position position;
    EXPECT_EQ(position.apply_fill(spot, Side::buy, {0}, {1}, {}), Error::out_of_range);
    EXPECT_EQ(position.apply_fill(spot, Side::buy, {1}, {0}, {}), Error::out_of_range);
    EXPECT_EQ(position.apply_fill(spot, Side::buy, {1}, {-1}, {}), Error::out_of_range);

    ASSERT_TRUE(position.apply_fill(spot, Side::buy, {1'000'000}, {largest}, {}));
    EXPECT_EQ(position.apply_fill(spot, Side::buy, {1}, {1}, dollars(1)), Error::out_of_range);
    EXPECT_EQ(position.apply_fill(spot, Side::sell, {1}, {largest}, dollars(1)),
              Error::out_of_range);  // a loss of 9e19 dollars
    EXPECT_EQ(position.quantity(), Quantity{largest});
    EXPECT_EQ(position.fees(), Notional{0});
    EXPECT_EQ(position.entry(spot), Price{1'000'000});
    EXPECT_EQ(Position{}.apply_fill(spot, Side::buy, {largest}, {largest}, {}), Error::out_of_range);
}

RC_GTEST_PROP(Position, IsNeverBetterThanExactAccountingAndHardlyWorse, ()) {
    const Instrument traded{.market = *rc::gen::element(Market::spot, Market::linear, Market::inverse),
                            .symbol = "ANY",
                            .price_decimals = *rc::gen::inRange(0, 9),
                            .quantity_decimals = *rc::gen::inRange(0, 9),
                            .contract_value = {*rc::gen::element<std::int64_t>(100'000'000, 1'000'000, 123'456'789)}};
    Position position;
    ExactTwin twin{traded};
    const auto fills = *rc::gen::inRange(1, 30);
    for (int i = 0; i < fills; ++i) {
        const auto side = *rc::gen::element(Side::buy, Side::sell);
        const Price price{*rc::gen::inRange<std::int64_t>(1'000, 200'000)};
        const Quantity quantity{*rc::gen::inRange<std::int64_t>(1, 1'000'000)};
        const auto filled = position.apply_fill(traded, side, price, quantity, {});
        if (!filled) {  // with few decimals the money itself leaves the range; nothing may have changed then
            RC_ASSERT(filled.error() == Error::out_of_range);
            RC_ASSERT(position.quantity().units == twin.quantity);
            return;
        }
        twin.fill(side, price, quantity);

        RC_ASSERT(position.quantity().units == twin.quantity);
        // Each fill rounds at most a few units down; what a reduction rounds stays in the basis of the rest.
        RC_ASSERT(position.realised().units <= twin.realised);
        RC_ASSERT(position.realised().units >= twin.realised - 2 * (i + 1));
    }
}
