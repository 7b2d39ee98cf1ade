#include "feeds/synthetic/market.hpp"

#include <benchmark/benchmark.h>

namespace {

/// One frame of the made-up market, with all that leads to it. It must not be what limits a demonstration or a replay.
void synthetic_market(benchmark::State& state) {
    feeds::synthetic::Settings settings;
    settings.instruments = feeds::synthetic::usual_instruments(static_cast<std::size_t>(state.range(0)));
    feeds::synthetic::Market market{std::move(settings)};
    feeds::Frame frame;
    for (auto _ : state) {
        market.next(frame);
        benchmark::DoNotOptimize(frame);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(synthetic_market)->Name("synthetic/omega/frame")->Arg(1)->Arg(8);

}  // namespace
