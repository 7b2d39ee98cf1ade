#include "pipeline/indicators/indicator_set.hpp"

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

TEST(BarIndicators, HaveTheGoldenValues) {
    IndicatorSet set{{}, 60};
    std::vector<IndicatorValues> all;
    for (const auto& bar : test::series_g()) set.add({bar.high, bar.low, bar.close, bar.volume}, all.emplace_back());
    const auto column = [&](double IndicatorValues::*field) {
        std::vector<double> values;
        for (const auto& v : all) values.push_back(v.*field);
        return values;
    };
    using V = IndicatorValues;
    expect_series(column(&V::wma10), 9, {{9, 10039.727273}, {40, 10142.490909}, {59, 10190.836364}});
    expect_series(column(&V::rsi_cutler14), 14, {{14, 53.941267}, {15, 54.434251}, {40, 55.674847}, {59, 54.067797}});
    expect_series(column(&V::macd), 25, {{25, 23.75}, {33, 23.610619}, {59, 20.712422}});
    expect_series(column(&V::macd_signal), 33, {{33, 24.223832}, {59, 20.986687}});
    expect_series(column(&V::macd_histogram), 33, {{33, -.613213}, {59, -.274265}});
    expect_series(column(&V::stochastic_k), 4, {{4, 35.555556}});
    expect_series(column(&V::stochastic_slow_k), 6, {{6, 45.095987}, {8, 53.753754}, {59, 69.658120}});
    expect_series(column(&V::stochastic_slow_d), 8, {{8, 52.639901}, {59, 65.400443}});
    expect_series(column(&V::obv), 0, {{0, 100}, {1, 229}, {19, 984}, {40, 1567}, {59, 1658}});
    expect_series(column(&V::cci20), 19, {{19, 170.087445}, {40, 115.742175}, {59, 71.956629}});
    expect_series(column(&V::choppiness14), 14, {{14, 74.119743}, {40, 67.655752}, {59, 68.623643}});
    expect_series(column(&V::donchian_high20), 20, {{20, 10127}, {40, 10207}, {59, 10234}});
    expect_series(column(&V::donchian_low20), 20, {{20, 9991}, {40, 10028}, {59, 10094}});
    expect_series(column(&V::efficiency10), 10, {{10, .155056}, {40, .022989}, {59, .003021}});
    expect_series(column(&V::vwap20), 19, {{59, 10169.187742}});
    expect_series(column(&V::volatility20_bps), 20, {{59, 238.398113}});
    expect_series(column(&V::volatility20_annual), 20, {{59, 3.864697}});
    expect_series(column(&V::parkinson20_bps), 19, {{59, 36.846705}});
    expect_series(column(&V::z_score20), 19, {{59, .649818}});
    expect_series(column(&V::momentum10), 10, {{59, 1}});
    expect_series(column(&V::roc10_bps), 10, {{59, .980969}});
    expect_series(column(&V::tr), 1, {});
    expect_series(column(&V::percentile_rank20), 20, {});
    // The same as the classes that the tests above feed by themselves.
    expect_series(column(&V::sma20), 19, {{19, 10050.9}, {40, 10118.9}, {59, 10170.3}});
    expect_series(column(&V::ema12), 11, {{11, 10033.083333}, {12, 10037.070513}, {59, 10183.877967}});
    expect_series(column(&V::rsi14), 14, {{14, 53.941267}, {59, 53.120130}});
    expect_series(column(&V::atr14), 14, {{14, 56.571429}, {59, 51.885072}});
    expect_series(column(&V::bollinger_lower), 19, {{19, 9972.890001}, {59, 10094.278687}});
    expect_series(column(&V::bollinger_upper), 19, {{19, 10128.909999}, {59, 10246.321313}});
    expect_series(column(&V::adx14), 27, {{27, 10.308721}, {28, 11.120162}, {59, 12.144617}});
}

TEST(Vwap, OverAllBarsHasTheGoldenValue) {
    Vwap vwap{60};
    expect_series(over_g([&](const auto& bar) { return vwap.add(bar.high, bar.low, bar.close, bar.volume); }), 59,
                  {{59, 10111.281364}});
}

TEST(Adx, HasTheGoldenDirectionalIndexAtItsFirstBar) {
    Adx adx{14};
    Adx::Values values;
    const auto bars = test::series_g();
    for (std::size_t i = 0; i <= 14; ++i) values = adx.add(bars[i].high, bars[i].low, bars[i].close);
    const double dx = 100 * std::abs(values.plus_di - values.minus_di) / (values.plus_di + values.minus_di);
    EXPECT_NEAR(dx, 12.300087, 5.1e-7);
}

TEST(PercentileRank, HasTheGoldenValues) {
    const auto rank = [](std::initializer_list<double> before, double x) {
        PercentileRank ranks{static_cast<int>(before.size())};
        for (const double value : before) EXPECT_FALSE(core::known(ranks.add(value)));
        return ranks.add(x);
    };
    EXPECT_DOUBLE_EQ(rank({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 5), .45);
    EXPECT_DOUBLE_EQ(rank({10, 1, 9, 2, 8, 3, 7, 4, 6, 5}, 11), 1);
    EXPECT_DOUBLE_EQ(rank({2, 2, 2, 2}, 2), .5);
    EXPECT_DOUBLE_EQ(rank({2, 2, 2, 2}, 1), 0);
}

TEST(RealisedVolatility, RestartsAtAPriceThatHasNoLogarithm) {
    RealisedVolatility volatility{2, 60};
    for (const double x : {1.0, 2.0, 4.0}) volatility.add(x);
    EXPECT_TRUE(core::known(volatility.add(8).bps));
    EXPECT_FALSE(core::known(volatility.add(0).bps));
    EXPECT_FALSE(core::known(volatility.add(1).bps));
    EXPECT_FALSE(core::known(volatility.add(1).bps));
    EXPECT_EQ(volatility.add(1).bps, 0);
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
