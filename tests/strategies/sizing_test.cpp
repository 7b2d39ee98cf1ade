#include "strategies/sizing.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace strategies;

namespace {

struct Row {
    double equity, entry, stop;
    int decimals;  // of one lot
    double min_notional, cap;
    double quantity, notional, loss;
};

core::Instrument instrument_with(int quantity_decimals, double min_notional) {
    core::Instrument instrument;
    instrument.symbol = "TEST";
    instrument.market = core::Market::linear;
    instrument.price_decimals = 2;
    instrument.quantity_decimals = quantity_decimals;
    instrument.min_notional = {static_cast<std::int64_t>(min_notional * 1e8)};
    return instrument;
}

}  // namespace

TEST(SizePosition, MatchesTheTableOfTheSpecification) {
    constexpr Row rows[] = {
        {10000, 60000, 58800, 5, 5, .05, .00833, 499.80, 11.2455},
        {10000, 60000, 59940, 5, 5, .05, .00833, 499.80, 1.7493},
        {10000, 2000, 1960, 3, 5, .05, .250, 500, 11.25},
        {100000, 100, 80, 2, 5, .05, 49.38, 4938, 999.945},
        {10000, 60000, 58800, 5, 5, .5, .07407, 4444.20, 99.9945},
        {80, 60000, 58800, 4, 5, .05, 0, 0, 0},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(testing::Message() << row.equity << " at " << row.entry << ", cap " << row.cap);
        const SizingSettings settings{.max_position = row.cap};
        const auto quantity = size_position(settings, instrument_with(row.decimals, row.min_notional), row.equity,
                                            row.entry, row.stop, 1, .01);
        const double units = static_cast<double>(quantity.units) * std::pow(10, -row.decimals);
        EXPECT_NEAR(units, row.quantity, 1e-9);
        EXPECT_NEAR(units * row.entry, row.notional, .005);
        EXPECT_NEAR(units * (std::abs(row.entry - row.stop) + row.entry * 25e-4), row.loss, 1e-3);
    }
}

TEST(SizePosition, ScalesTheRiskBudgetOnlyAndCapsAfterIt) {
    const auto instrument = instrument_with(2, 5);
    const auto whole = size_position({}, instrument, 100000, 100, 80, 1, .01);
    const auto half = size_position({}, instrument, 100000, 100, 80, .5, .01);
    EXPECT_NEAR(static_cast<double>(half.units) * 2, static_cast<double>(whole.units), 2);
    EXPECT_EQ(size_position({}, instrument, 100000, 100, 99, 5, .01).units, 5000);  // the cap: 5,000 of notional
}

TEST(SizePosition, NeverSizesOnNonsense) {
    const auto instrument = instrument_with(2, 5);
    for (const double bad : {0.0, -1.0, std::nan("")}) {
        EXPECT_EQ(size_position({}, instrument, bad, 100, 80, 1, .01).units, 0);
        EXPECT_EQ(size_position({}, instrument, 1000, bad, 80, 1, .01).units, 0);
        EXPECT_EQ(size_position({}, instrument, 1000, 100, bad, 1, .01).units, 0);
        EXPECT_EQ(size_position({}, instrument, 1000, 100, 80, bad, .01).units, 0);
    }
}
