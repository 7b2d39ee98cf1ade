#include "pipeline/indicators/indicator_stage.hpp"

#include "tests/pipeline/indicators/series.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace pipeline;
using namespace test;

namespace {

Timeframes two_timeframes() {
    Timeframes timeframes;
    timeframes.seconds = {60, 300};
    timeframes.count = 2;
    return timeframes;
}

Bar bar_of(const SeriesBar& g) {
    const auto price = [](double p) { return core::Price{static_cast<std::int64_t>(p * 100)}; };
    return {.open = price(g.open), .high = price(g.high), .low = price(g.low), .close = price(g.close)};
}

Bars closing(std::uint16_t mask, const Bar& bar, std::uint16_t gap_mask = 0) {
    Bars bars;
    bars.bar_mask = mask;
    bars.gap_mask = gap_mask;
    bars.bars.fill(bar);
    return bars;
}

}  // namespace

TEST(IndicatorStage, SaysTheGoldenValuesOfSeriesG) {
    const auto table = instruments(2);
    IndicatorStage stage{{}, two_timeframes(), table};
    Indicators out;

    for (const auto& g : series_g()) stage.on(quote(0s), {}, closing(0b10, bar_of(g)), out);

    EXPECT_EQ(out.mask, 0b10);
    const auto& values = out.values[1];
    EXPECT_NEAR(values.ema12, 10183.877967, 1e-6);
    EXPECT_NEAR(values.ema12 - values.ema26, 20.712422, 1e-2) << "MACD seeds EMA12 fourteen bars later";
    EXPECT_NEAR(values.rsi14, 53.120130, 1e-6);
    EXPECT_NEAR(values.atr14, 51.885072, 1e-6);
    EXPECT_NEAR(values.plus_di14, 16.872351, 1e-6);
    EXPECT_NEAR(values.minus_di14, 20.146167, 1e-6);
    EXPECT_NEAR(values.adx14, 12.144617, 1e-6);
}

TEST(IndicatorStage, KeepsInstrumentsAndTimeframesApart) {
    const auto table = instruments(2);
    IndicatorStage stage{{.ema_fast = 2, .ema_slow = 2, .rsi = 2, .atr = 2, .adx = 2}, two_timeframes(), table};
    Indicators out;
    const auto bar = [](std::int64_t p) {
        return Bar{.open = core::Price{p}, .high = core::Price{p}, .low = core::Price{p}, .close = core::Price{p}};
    };

    stage.on(tick(core::TickKind::quote, 0s, 0), {}, closing(0b11, bar(100)), out);
    stage.on(tick(core::TickKind::quote, 0s, 1), {}, closing(0b01, bar(900)), out);
    stage.on(tick(core::TickKind::quote, 0s, 0), {}, closing(0b01, bar(300)), out);
    EXPECT_EQ(out.values[0].ema12, 2);
    stage.on(tick(core::TickKind::quote, 0s, 0), {}, closing(0b10, bar(500)), out);
    EXPECT_EQ(out.values[1].ema12, 3);
    stage.on(tick(core::TickKind::quote, 0s, 1), {}, closing(0b01, bar(100)), out);
    EXPECT_EQ(out.values[0].ema12, 5);
}

TEST(IndicatorStage, RestartsATimeframeAtAGap) {
    const auto table = instruments();
    IndicatorStage stage{{}, two_timeframes(), table};
    Indicators out;
    const auto bars = series_g();

    for (const auto& g : bars) stage.on(quote(0s), {}, closing(0b11, bar_of(g)), out);
    stage.on(quote(0s), {}, closing(0b11, bar_of(bars[0]), 0b01), out);

    EXPECT_FALSE(core::known(out.values[0].ema12));
    EXPECT_FALSE(core::known(out.values[0].adx14));
    EXPECT_TRUE(core::known(out.values[1].ema12));
}

TEST(IndicatorStage, SaysNothingOnATickThatClosesNoBar) {
    const auto table = instruments();
    IndicatorStage stage{{}, two_timeframes(), table};
    Indicators out;

    stage.on(quote(0s), {}, closing(0b11, bar_of(series_g()[0])), out);
    stage.on(quote(0s), {}, {}, out);

    EXPECT_EQ(out.mask, 0);
}

TEST(IndicatorStage, RefusesAPeriodOutsideItsRange) {
    const auto table = instruments();
    EXPECT_THROW((IndicatorStage{{.adx = 1}, two_timeframes(), table}), std::invalid_argument);
}
