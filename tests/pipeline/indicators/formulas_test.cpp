#include "tests/pipeline/indicators/formulas.hpp"

#include "pipeline/indicators/fields.hpp"
#include "pipeline/indicators/indicator_set.hpp"
#include "tests/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zstd.h>

#include <fstream>
#include <iterator>
#include <sstream>

using namespace pipeline;
using test::SeriesBar;

namespace {

std::vector<IndicatorValues> run(const std::vector<SeriesBar>& bars, const IndicatorSettings& settings = {},
                                 double bar_s = 60) {
    IndicatorSet set{settings, bar_s};
    std::vector<IndicatorValues> out(bars.size());
    for (std::size_t i = 0; i < bars.size(); ++i)
        set.add({bars[i].high, bars[i].low, bars[i].close, bars[i].volume}, out[i]);
    return out;
}

/// The first difference between the pipeline and the formulas beyond 1e-9 relative, or nothing.
std::string difference(const std::vector<SeriesBar>& bars, const IndicatorSettings& settings, double bar_s) {
    const auto fast = run(bars, settings, bar_s);
    const auto slow = test::formula::all(bars, settings, bar_s);
    for (const auto& field : indicator_fields) {
        if (field.name == "vwap_session") continue;
        const auto found = slow.find(std::string{field.name});
        if (found == slow.end()) return "no formula for " + std::string{field.name};
        for (std::size_t i = 0; i < bars.size(); ++i) {
            const double a = fast[i].*field.value, b = static_cast<double>(found->second[i]);
            const double unit =
                std::max({std::abs(a), std::abs(b), test::formula::natural_size(found->first, bars[i].close)});
            if (core::known(a) == core::known(b) && !(std::abs(a - b) > 1e-9 * unit)) continue;
            std::ostringstream text;
            text.precision(17);
            text << field.name << " at " << i << ": " << a << " but by its formula " << b;
            return text.str();
        }
    }
    return {};
}

/// The Bybit candles, read here by the simplest means.
std::vector<SeriesBar> recorded_bars() {
    std::ifstream in{test::shared("ohlcv/bybit_5m/BTCUSDT_5m.csv.zst"), std::ios::binary};
    const std::string packed{std::istreambuf_iterator<char>{in}, {}};
    std::string text(8 << 20, '\0');
    text.resize(ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size()));
    std::istringstream lines{text};
    std::string line;
    std::getline(lines, line);
    std::vector<SeriesBar> bars;
    while (std::getline(lines, line)) {
        SeriesBar bar{};
        if (std::sscanf(line.c_str() + line.find(','), ",%lf,%lf,%lf,%lf,%lf", &bar.open, &bar.high, &bar.low,
                        &bar.close, &bar.volume) == 5)
            bars.push_back(bar);
    }
    return bars;
}

/// Bars around levels tiny and huge; some flat, some without volume, some repeating the one before.
std::vector<SeriesBar> random_bars() {
    const double scale = *rc::gen::element(1e-9, 1e-4, 1.0, 1e5);
    const auto moves = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-50, 51));
    const bool often_still = *rc::gen::arbitrary<bool>();
    std::vector<SeriesBar> bars;
    int close = 1000;
    for (const int move : moves) {
        const int open = close;
        if (!often_still || move % 3 == 0) close = std::max(100, close + move);
        const int above = often_still ? 0 : *rc::gen::inRange(0, 20), below = *rc::gen::inRange(0, 3);
        bars.push_back({open * scale, (std::max(open, close) + above) * scale, (std::min(open, close) - below) * scale,
                        close * scale, static_cast<double>(*rc::gen::inRange(0, 4))});
        if (move % 7 == 0) bars.push_back(bars.back());
    }
    return bars;
}

IndicatorSettings random_settings() {
    const auto n = [] { return *rc::gen::inRange(2, 25); };
    IndicatorSettings s;
    for (int* period : {&s.ema_fast,
                        &s.ema_slow,
                        &s.rsi,
                        &s.atr,
                        &s.adx,
                        &s.sma,
                        &s.wma,
                        &s.macd_signal,
                        &s.bollinger,
                        &s.stochastic,
                        &s.stochastic_slow_k,
                        &s.stochastic_slow_d,
                        &s.cci,
                        &s.choppiness,
                        &s.donchian,
                        &s.efficiency,
                        &s.momentum,
                        &s.vwap,
                        &s.volatility,
                        &s.parkinson,
                        &s.z_score,
                        &s.percentile})
        *period = n();
    s.macd_fast = n();
    s.macd_slow = s.macd_fast + n();
    return s;
}

bool same(double a, double b) {
    return a == b || (!core::known(a) && !core::known(b));
}

}  // namespace

TEST(IndicatorSet, AgreesWithTheFormulasOnEveryRecordedBar) {
    NEEDS_SHARED_DATA();
    const auto bars = recorded_bars();
    ASSERT_EQ(bars.size(), 25920u);
    EXPECT_EQ(difference(bars, {}, 300), "");
}

TEST(IndicatorSet, KnowsEverythingAfterItsWarmUp) {
    NEEDS_SHARED_DATA();
    const auto values = run(recorded_bars(), {}, 300);
    for (const auto& field : indicator_fields) {
        if (field.name == "vwap_session") continue;
        for (std::size_t i = 33; i < values.size(); ++i)
            ASSERT_TRUE(core::known(values[i].*field.value)) << field.name << i;
    }
}

RC_GTEST_PROP(IndicatorSet, AgreesWithTheFormulas, ()) {
    const auto bars = random_bars();
    const auto found = difference(bars, random_settings(), 60);
    if (!found.empty()) RC_FAIL(found);
}

RC_GTEST_PROP(IndicatorSet, OfAPrefixIsThePrefix, ()) {
    auto bars = random_bars();
    const auto settings = random_settings();
    const auto whole = run(bars, settings);
    bars.resize(*rc::gen::inRange<std::size_t>(0, bars.size() + 1));
    const auto part = run(bars, settings);
    for (const auto& field : indicator_fields)
        for (std::size_t i = 0; i < part.size(); ++i) RC_ASSERT(same(part[i].*field.value, whole[i].*field.value));
}

RC_GTEST_PROP(IndicatorSet, KeepsItsOscillatorsWhenPricesAreScaled, ()) {
    auto bars = random_bars();
    const auto settings = random_settings();
    const auto before = run(bars, settings);
    constexpr double s = 0x1p7;  // exact, so that nothing but the scale changes
    for (auto& bar : bars) bar = {bar.open * s, bar.high * s, bar.low * s, bar.close * s, bar.volume};
    const auto after = run(bars, settings);
    for (const auto field :
         {&IndicatorValues::rsi14, &IndicatorValues::rsi_cutler14, &IndicatorValues::adx14, &IndicatorValues::plus_di14,
          &IndicatorValues::stochastic_k, &IndicatorValues::stochastic_slow_d, &IndicatorValues::cci20,
          &IndicatorValues::choppiness14, &IndicatorValues::z_score20, &IndicatorValues::efficiency10,
          &IndicatorValues::percentile_rank20, &IndicatorValues::obv})
        for (std::size_t i = 0; i < bars.size(); ++i) RC_ASSERT(same(before[i].*field, after[i].*field));
}

RC_GTEST_PROP(IndicatorSet, StaysInsideItsRanges, ()) {
    const auto bars = random_bars();
    auto settings = random_settings();
    settings.sma = settings.bollinger;
    const auto values = run(bars, settings);
    double low = 1e300, high = -1e300;
    const auto within = [](double x, double lo, double hi) {
        const double slack = 1e-12 * std::max(std::abs(lo), std::abs(hi));
        return !core::known(x) || (x >= lo - slack && x <= hi + slack);
    };
    for (std::size_t i = 0; i < bars.size(); ++i) {
        low = std::min(low, bars[i].close);
        high = std::max(high, bars[i].close);
        const auto& v = values[i];
        for (const double average : {v.sma20, v.ema12, v.ema26, v.wma10, v.bollinger_middle})
            RC_ASSERT(within(average, low, high));
        for (const double oscillator : {v.rsi14, v.rsi_cutler14, v.adx14, v.plus_di14, v.minus_di14, v.stochastic_k,
                                        v.stochastic_slow_k, v.stochastic_slow_d})
            RC_ASSERT(within(oscillator, 0, 100));
        for (const double share : {v.efficiency10, v.percentile_rank20}) RC_ASSERT(within(share, 0, 1));
        for (const double size : {v.tr, v.atr14, v.volatility20_bps, v.volatility20_annual, v.parkinson20_bps})
            RC_ASSERT(!(size < 0));
        RC_ASSERT(same(v.sma20, v.bollinger_middle));
        RC_ASSERT(!(v.donchian_high20 < v.donchian_low20));
        RC_ASSERT(!(v.bollinger_upper < v.bollinger_lower));
        for (const auto& field : indicator_fields) RC_ASSERT(!std::isinf(v.*field.value));
    }
}

TEST(IndicatorSet, OfASeriesThatStandsStillIsUnknownWhereTheSpecificationSaysSo) {
    const std::vector<SeriesBar> bars(60, {100, 100, 100, 100, 0});
    const auto last = run(bars).back();

    for (const auto field : {&IndicatorValues::rsi14, &IndicatorValues::rsi_cutler14, &IndicatorValues::plus_di14,
                             &IndicatorValues::minus_di14, &IndicatorValues::choppiness14,
                             &IndicatorValues::efficiency10, &IndicatorValues::vwap20, &IndicatorValues::z_score20})
        EXPECT_FALSE(core::known(last.*field));
    for (const auto field :
         {&IndicatorValues::stochastic_k, &IndicatorValues::stochastic_slow_d, &IndicatorValues::cci20,
          &IndicatorValues::adx14, &IndicatorValues::macd, &IndicatorValues::obv, &IndicatorValues::momentum10,
          &IndicatorValues::tr, &IndicatorValues::volatility20_bps, &IndicatorValues::parkinson20_bps})
        EXPECT_EQ(last.*field, 0);
    EXPECT_EQ(last.bollinger_lower, 100);
    EXPECT_EQ(last.bollinger_upper, 100);
    EXPECT_EQ(last.percentile_rank20, .5);
    EXPECT_EQ(last.donchian_high20, 100);
}

TEST(IndicatorSet, RecoversFromACrashToStillness) {
    // What a fall of five orders of magnitude leaves behind in a rolling sum must not show.
    std::vector<SeriesBar> bars(30, {1e5, 1.1e5, 9e4, 1e5, 1e6});
    for (int i = 0; i < 25; ++i) bars.push_back({.5, .5, .5, .5, 0});
    EXPECT_EQ(difference(bars, {}, 60), "");
    const auto last = run(bars).back();
    EXPECT_EQ(last.bollinger_upper, last.bollinger_lower);
    EXPECT_EQ(last.volatility20_bps, 0);
    EXPECT_FALSE(core::known(last.efficiency10));
    EXPECT_FALSE(core::known(last.vwap20));
}

TEST(IndicatorSet, LetsCutlerTakeWildersPlace) {
    const auto bars = test::series_g();
    const auto values = run(bars, {.rsi_mode = RsiMode::cutler}).back();
    EXPECT_EQ(values.rsi14, values.rsi_cutler14);
    EXPECT_NE(values.rsi14, run(bars).back().rsi14);
}

TEST(IndicatorSet, RefusesEveryPeriodOutsideItsRange) {
    for (const auto period : {&IndicatorSettings::ema_fast,
                              &IndicatorSettings::ema_slow,
                              &IndicatorSettings::rsi,
                              &IndicatorSettings::atr,
                              &IndicatorSettings::adx,
                              &IndicatorSettings::sma,
                              &IndicatorSettings::wma,
                              &IndicatorSettings::macd_fast,
                              &IndicatorSettings::macd_slow,
                              &IndicatorSettings::macd_signal,
                              &IndicatorSettings::bollinger,
                              &IndicatorSettings::stochastic,
                              &IndicatorSettings::stochastic_slow_k,
                              &IndicatorSettings::stochastic_slow_d,
                              &IndicatorSettings::cci,
                              &IndicatorSettings::choppiness,
                              &IndicatorSettings::donchian,
                              &IndicatorSettings::efficiency,
                              &IndicatorSettings::momentum,
                              &IndicatorSettings::vwap,
                              &IndicatorSettings::volatility,
                              &IndicatorSettings::parkinson,
                              &IndicatorSettings::z_score,
                              &IndicatorSettings::percentile})
        for (const int wrong : {-1, 0, 1, 4097}) {
            IndicatorSettings settings;
            settings.*period = wrong;
            EXPECT_THROW((IndicatorSet{settings, 60}), std::invalid_argument);
        }
}
