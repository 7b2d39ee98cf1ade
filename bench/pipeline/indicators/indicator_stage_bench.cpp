#include "pipeline/indicators/indicator_stage.hpp"

#include "bench/pipeline/tape.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <deque>
#include <numeric>

namespace {

/// Closed one-minute bars of a walk, ready as sections of one timeframe.
std::vector<pipeline::Bar> minute_bars() {
    pipeline::BarSettings settings;
    settings.timeframes.seconds = {60};
    settings.timeframes.count = 1;
    std::vector<pipeline::Bar> bars;
    for (const auto& section :
         bench::bars_of(bench::walk(1 << 17, std::chrono::seconds{2}), settings, bench::one_instrument()))
        if (section.bar_closed(0)) bars.push_back(section.bars[0]);
    return bars;
}

/// EMA12, EMA26, RSI14, ATR14 and ADX14 with both DI at every closed bar of one timeframe.
void indicator_stage(benchmark::State& state) {
    const auto closed = minute_bars();
    const auto table = bench::one_instrument();
    pipeline::Timeframes timeframes;
    timeframes.count = 1;
    pipeline::IndicatorStage stage{{}, timeframes, table};
    core::Tick tick;
    tick.instrument = core::InstrumentId{0};
    pipeline::Bars bars;
    bars.bar_mask = 1;
    pipeline::Indicators indicators;
    std::size_t i = 0;
    for (auto _ : state) {
        bars.bars[0] = closed[i];
        if (++i == closed.size()) i = 0;
        stage.on(tick, bars, indicators);
        benchmark::DoNotOptimize(indicators.values[0]);
    }
}
BENCHMARK(indicator_stage)->Name("indicator_stage/omega/five_per_bar");

/// The same where no bar closes: what nearly every tick costs.
void indicator_stage_idle(benchmark::State& state) {
    const auto table = bench::one_instrument();
    pipeline::IndicatorStage stage{{}, {}, table};
    core::Tick tick;
    tick.instrument = core::InstrumentId{0};
    pipeline::Bars bars;
    pipeline::Indicators indicators;
    for (auto _ : state) {
        benchmark::DoNotOptimize(bars.bar_mask);
        stage.on(tick, bars, indicators);
        benchmark::DoNotOptimize(indicators.mask);
    }
}
BENCHMARK(indicator_stage_idle)->Name("indicator_stage/omega/no_bar");

/// The usual way: keep a window of bars and compute every indicator from its formula at each bar. The window is 100
/// bars, as batch libraries are called on a live feed.
void indicators_recomputed(benchmark::State& state) {
    const auto closed = minute_bars();
    constexpr std::size_t window = 100;
    std::deque<pipeline::Bar> bars(closed.begin(), closed.begin() + window);
    std::size_t next = window;
    const auto price = [](core::Price p) { return static_cast<double>(p.units) / 100; };
    for (auto _ : state) {
        bars.pop_front();
        bars.push_back(closed[next]);
        if (++next == closed.size()) next = 0;
        pipeline::Ema fast{12}, slow{26};
        pipeline::Rsi rsi{14};
        pipeline::Atr atr{14};
        pipeline::Adx adx{14};
        double sum = 0;
        for (const auto& bar : bars) {
            const double high = price(bar.high), low = price(bar.low), close = price(bar.close);
            sum = fast.add(close) + slow.add(close) + rsi.add(close) + atr.add(high, low, close) +
                  adx.add(high, low, close).adx;
        }
        benchmark::DoNotOptimize(sum);
    }
}
BENCHMARK(indicators_recomputed)->Name("indicator_stage/recomputed_window_100/five_per_bar");

}  // namespace
