#include "pipeline/trends/trend_stage.hpp"

#include "bench/pipeline/tape.hpp"

#include <benchmark/benchmark.h>

namespace {

void per_tick(benchmark::State& state, std::size_t ticks) {
    const auto items = static_cast<double>(state.iterations()) * static_cast<double>(ticks);
    state.SetItemsProcessed(static_cast<std::int64_t>(items));
    state.counters["ns_per_tick"] =
        benchmark::Counter(items * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// Ticks with which no bar closes, which is nearly all of them: the face is copied.
void idle(benchmark::State& state) {
    const auto instruments = bench::one_instrument();
    const auto events = bench::walk(4096, std::chrono::milliseconds{4});
    pipeline::TrendStage stage{{}, {}, {}, instruments};
    const pipeline::Bars bars;
    const pipeline::Indicators indicators;
    const pipeline::Levels levels;
    pipeline::Trends trends;
    for (auto _ : state)
        for (const auto& [tick, market] : events) {
            stage.on(tick, market, bars, indicators, levels, trends);
            benchmark::DoNotOptimize(trends);
        }
    per_tick(state, events.size());
}
BENCHMARK(idle)->Name("trend_stage/omega/idle_tick")->Unit(benchmark::kMicrosecond);

/// The close of a minute, with the volatility ring full: what a bar costs.
void close(benchmark::State& state) {
    const auto instruments = bench::one_instrument();
    pipeline::TrendStage stage{{}, {}, {}, instruments};
    core::Tick tick;
    tick.instrument = core::InstrumentId{0};
    const pipeline::Market market;
    pipeline::Bars bars;
    pipeline::Indicators indicators;
    const pipeline::Levels levels;
    pipeline::Trends trends;
    bars.bar_mask = indicators.mask = 1;
    auto& values = indicators.values[0];
    values.adx14 = 22, values.plus_di14 = 20, values.minus_di14 = 15, values.choppiness14 = 50;
    std::int64_t n = 0;
    for (auto _ : state) {
        ++n;
        auto& bar = bars.bars[0];
        bar.start = std::chrono::minutes{n};
        bar.width_s = 60;
        bar.open = bar.close;
        bar.close = bar.high = bar.low = {6'000'000 + n * 7919 % 5000};
        values.volatility20_bps = static_cast<double>(n * 104'729 % 997);
        stage.on(tick, market, bars, indicators, levels, trends);
        benchmark::DoNotOptimize(trends);
    }
    per_tick(state, 1);
}
BENCHMARK(close)->Name("trend_stage/omega/minute_close");

}  // namespace
