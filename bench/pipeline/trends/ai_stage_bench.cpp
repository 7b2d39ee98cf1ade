#include "pipeline/trends/ai_stage.hpp"

#include "bench/pipeline/tape.hpp"

#include <benchmark/benchmark.h>

namespace {

void per_tick(benchmark::State& state, std::size_t ticks) {
    const auto items = static_cast<double>(state.iterations()) * static_cast<double>(ticks);
    state.SetItemsProcessed(static_cast<std::int64_t>(items));
    state.counters["ns_per_tick"] =
        benchmark::Counter(items * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// Ticks with which nothing closes, which is nearly all of them.
void idle(benchmark::State& state) {
    const auto instruments = bench::one_instrument();
    const auto events = bench::walk(4096, std::chrono::milliseconds{4});
    pipeline::AiStage stage{{}, {}, instruments};
    const pipeline::Bars bars;
    const pipeline::Indicators indicators;
    const pipeline::Levels levels;
    const pipeline::Traps traps;
    const pipeline::Trends trends;
    pipeline::Predictions predictions;
    for (auto _ : state)
        for (const auto& [tick, market] : events) {
            stage.on(tick, market, bars, indicators, levels, traps, trends, predictions);
            benchmark::DoNotOptimize(predictions);
        }
    per_tick(state, events.size());
}
BENCHMARK(idle)->Name("ai_stage/omega/idle_tick")->Unit(benchmark::kMicrosecond);

/// The close of a minute: features, two predictions, a matured row scored and learnt by both models.
void close(benchmark::State& state) {
    const auto instruments = bench::one_instrument();
    pipeline::AiSettings settings;
    settings.warmup_bars = 0;
    pipeline::AiStage stage{settings, {}, instruments};
    core::Tick tick;
    tick.instrument = core::InstrumentId{0};
    pipeline::Market market;
    pipeline::Bars bars;
    pipeline::Indicators indicators;
    const pipeline::Levels levels;
    pipeline::Traps traps;
    const pipeline::Trends trends;
    pipeline::Predictions predictions;
    bars.bar_mask = indicators.mask = 1;
    market.imbalance5 = .2;
    traps.threshold_bps = 30;
    auto& v = indicators.values[0];
    v.rsi14 = 55, v.atr14 = 12, v.adx14 = 22, v.plus_di14 = 20, v.minus_di14 = 15, v.choppiness14 = 50;
    v.macd_histogram = 1, v.bollinger_lower = 59000, v.bollinger_upper = 61000;
    std::int64_t n = 0;
    for (auto _ : state) {
        ++n;
        auto& bar = bars.bars[0];
        bar.start = std::chrono::minutes{n};
        bar.width_s = 60;
        bar.close = {6'000'000 + n * 7919 % 50'000};
        bar.high = {bar.close.units + 3000};
        bar.low = {bar.close.units - 3000};
        market.time = bar.end();
        stage.on(tick, market, bars, indicators, levels, traps, trends, predictions);
        benchmark::DoNotOptimize(predictions);
    }
    per_tick(state, 1);
    state.counters["learnt"] = static_cast<double>(stage.counters().learnt[1]);
}
BENCHMARK(close)->Name("ai_stage/omega/minute_close");

}  // namespace
