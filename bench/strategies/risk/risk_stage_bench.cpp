#include "strategies/risk/risk_stage.hpp"

#include "bench/pipeline/tape.hpp"

#include <benchmark/benchmark.h>

namespace {

/// Ticks without a wish: the account follows them and ten times a second the equity is looked at.
void idle(benchmark::State& state) {
    const auto instruments = bench::one_instrument();
    auto events = bench::walk(4096, std::chrono::milliseconds{4});
    strategies::RiskStageSettings settings;
    settings.start_equity = {1'000'000'000'000};
    strategies::RiskStage stage{settings, instruments};
    const strategies::Intents intents;
    strategies::Orders orders;
    for (auto _ : state) {
        for (const auto& [tick, market] : events) {
            stage.on(tick, market, intents, orders);
            benchmark::DoNotOptimize(orders);
        }
        state.PauseTiming();
        bench::continue_tape(events, std::chrono::milliseconds{4});
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
    state.counters["ns_per_tick"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(events.size()) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(idle)->Name("risk_stage/omega/idle_tick")->Unit(benchmark::kMicrosecond);

}  // namespace
