#include "bench/pipeline/tape.hpp"

#include <benchmark/benchmark.h>

namespace {

constexpr std::size_t ticks = 1 << 12;

/// Every tick passes here. 1 ms apart: a second closes every thousand ticks; 100 ms apart: every tenth.
void bar_stage(benchmark::State& state) {
    const auto step = std::chrono::milliseconds{state.range(0)};
    auto events = bench::walk(ticks, step);
    const auto table = bench::one_instrument();
    pipeline::BarStage stage{{}, table};
    pipeline::Bars bars;
    for (auto _ : state) {
        for (const auto& event : events) {
            stage.on(event.tick, event.market, bars);
            benchmark::DoNotOptimize(bars.bucket_mask);
        }
        state.PauseTiming();
        bench::continue_tape(events, step);
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ticks));
}
BENCHMARK(bar_stage)->Name("bar_stage/omega/every_ms")->Arg(1)->Arg(100);

/// An inner level of a book event: the most frequent tick, and nothing to do.
void inner_level(benchmark::State& state) {
    const auto table = bench::one_instrument();
    pipeline::BarStage stage{{}, table};
    pipeline::Bars bars;
    core::Tick tick;
    tick.kind = core::TickKind::level;
    tick.instrument = core::InstrumentId{0};
    const pipeline::Market market;
    for (auto _ : state) {
        stage.on(tick, market, bars);
        benchmark::DoNotOptimize(bars.bucket_mask);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(inner_level)->Name("bar_stage/omega/inner_level");

}  // namespace
