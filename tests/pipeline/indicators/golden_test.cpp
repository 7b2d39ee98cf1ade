#include "pipeline/indicators/adx.hpp"
#include "pipeline/indicators/atr.hpp"
#include "pipeline/indicators/bollinger.hpp"
#include "pipeline/indicators/ema.hpp"
#include "pipeline/indicators/rsi.hpp"
#include "pipeline/indicators/sma.hpp"

#include "tests/pipeline/indicators/series.hpp"

#include <gtest/gtest.h>

#include <numeric>

using namespace pipeline;

namespace {

struct Golden {
    std::size_t index;
    double value;
};

/// `values` holds one number per bar of series G: unknown before `first`, known from there on, and these.
void expect_series(const std::vector<double>& values, std::size_t first, std::initializer_list<Golden> golden) {
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(core::known(values[i]), i >= first) << "index " << i;
    for (const auto& [index, value] : golden) EXPECT_NEAR(values[index], value, 5.1e-7) << "index " << index;
}

template <class Add>
std::vector<double> over_g(Add add) {
    std::vector<double> values;
    for (const auto& bar : test::series_g()) values.push_back(add(bar));
    return values;
}

}  // namespace

TEST(SeriesG, IsTheSpecifications) {
    const auto bars = test::series_g();
    const double closes[] = {10000, 10027, 10028, 10008, 10010, 10092};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(bars[i].close, closes[i]);

    test::SeriesBar sums{};
    for (const auto& bar : bars) {
        sums.close += bar.close;
        sums.high += bar.high;
        sums.low += bar.low;
        sums.volume += bar.volume;
    }
    EXPECT_EQ(sums.close, 606727);
    EXPECT_EQ(sums.high, 608335);
    EXPECT_EQ(sums.low, 605048);
    EXPECT_EQ(sums.volume, 8056);
}

TEST(Sma, HasTheGoldenValues) {
    Sma sma{20};
    expect_series(over_g([&](const auto& bar) { return sma.add(bar.close); }), 19,
                  {{19, 10050.9}, {40, 10118.9}, {59, 10170.3}});
}

TEST(Ema, HasTheGoldenValues) {
    Ema ema{12};
    expect_series(over_g([&](const auto& bar) { return ema.add(bar.close); }), 11,
                  {{11, 10033.083333}, {12, 10037.070513}, {59, 10183.877967}});
}

TEST(Rsi, HasTheGoldenValues) {
    Rsi rsi{14};
    expect_series(over_g([&](const auto& bar) { return rsi.add(bar.close); }), 14,
                  {{14, 53.941267}, {15, 56.408237}, {40, 54.544238}, {59, 53.120130}});
}

TEST(Atr, HasTheGoldenValues) {
    Atr atr{14};
    expect_series(over_g([&](const auto& bar) { return atr.add(bar.high, bar.low, bar.close); }), 14,
                  {{14, 56.571429}, {15, 55.887755}, {40, 57.512646}, {59, 51.885072}});
}

TEST(Bollinger, HasTheGoldenValues) {
    Bollinger bands{20, 2};
    std::vector<Bollinger::Values> all;
    for (const auto& bar : test::series_g()) all.push_back(bands.add(bar.close));
    const auto column = [&](double Bollinger::Values::*member) {
        std::vector<double> values;
        for (const auto& v : all) values.push_back(v.*member);
        return values;
    };
    using Values = Bollinger::Values;
    expect_series(column(&Values::lower), 19, {{19, 9972.890001}, {59, 10094.278687}});
    expect_series(column(&Values::middle), 19, {{19, 10050.9}, {59, 10170.3}});
    expect_series(column(&Values::upper), 19, {{19, 10128.909999}, {59, 10246.321313}});
    EXPECT_NEAR(all[19].deviation, 39.005, 5e-6);
    EXPECT_NEAR(all[59].deviation, 38.010656, 5.1e-7);
}

TEST(Adx, HasTheGoldenValues) {
    Adx adx{14};
    std::vector<double> plus, minus, average;
    for (const auto& bar : test::series_g()) {
        const auto values = adx.add(bar.high, bar.low, bar.close);
        plus.push_back(values.plus_di);
        minus.push_back(values.minus_di);
        average.push_back(values.adx);
    }
    expect_series(plus, 14, {{14, 18.658808}, {27, 21.876753}, {59, 16.872351}});
    expect_series(minus, 14, {{14, 14.571456}, {27, 14.719647}, {59, 20.146167}});
    expect_series(average, 27, {{27, 10.308721}, {28, 11.120162}, {59, 12.144617}});
}

TEST(Rsi, OfASeriesThatNeverMovedIsUnknown) {
    Rsi rsi{2};
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(core::known(rsi.add(5)));
    rsi.add(6);
    EXPECT_EQ(rsi.add(7), 100);
}

TEST(Adx, OfBarsThatNeverMovedIsZeroWithoutDirection) {
    Adx adx{2};
    Adx::Values last;
    for (int i = 0; i < 10; ++i) last = adx.add(5, 5, 5);
    EXPECT_FALSE(core::known(last.plus_di));
    EXPECT_FALSE(core::known(last.minus_di));
    EXPECT_EQ(last.adx, 0);
}

TEST(Bollinger, OfConstantPricesHasEqualBandsHoweverSmall) {
    Bollinger bands{5};
    Bollinger::Values values;
    for (int i = 0; i < 23; ++i) values = bands.add(3.25e-9);
    EXPECT_EQ(values.lower, values.upper);
    EXPECT_EQ(values.deviation, 0);
}

TEST(Period, OutsideItsRangeIsRefusedByName) {
    for (const int period : {-3, 0, 1, 4097}) {
        EXPECT_THROW(Ema{period}, std::invalid_argument);
        EXPECT_THROW(Sma{period}, std::invalid_argument);
        EXPECT_THROW(Bollinger{period}, std::invalid_argument);
        EXPECT_THROW(Rsi{period}, std::invalid_argument);
        EXPECT_THROW(Atr{period}, std::invalid_argument);
        EXPECT_THROW(Adx{period}, std::invalid_argument);
    }
    try {
        Rsi{1};
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(error.what(), "indicators.rsi: 1 found, 2 to 4096 expected");
    }
}
