#include "strategies/bots/bot_stage.hpp"

#include "bench/pipeline/tape.hpp"

#include <benchmark/benchmark.h>

namespace {

/// Ticks on which nothing closed and no level moved, which is nearly all of them: what the bots cost while they wait.
void idle(benchmark::State& state) {
    const auto instruments = bench::one_instrument();
    const auto events = bench::walk(4096, std::chrono::milliseconds{4});
    strategies::BotStageSettings settings;
    settings.start_equity = {1'000'000'000'000};
    strategies::BotStage stage{settings, instruments};
    const pipeline::Bars bars;
    const pipeline::Indicators indicators;
    const pipeline::Levels levels;
    const pipeline::Traps traps;
    const pipeline::Trends trends;
    const pipeline::Weights weights;
    strategies::Intents intents;
    for (auto _ : state)
        for (const auto& [tick, market] : events) {
            stage.on(tick, market, bars, indicators, levels, traps, trends, weights, intents);
            benchmark::DoNotOptimize(intents);
        }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
    state.counters["ns_per_tick"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(events.size()) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(idle)->Name("bot_stage/omega/idle_tick")->Unit(benchmark::kMicrosecond);

}  // namespace
