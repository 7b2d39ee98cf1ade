#include "pipeline/cosmic/conditions.hpp"
#include "pipeline/cosmic/cosmic_stage.hpp"

#include <benchmark/benchmark.h>

namespace {

/// Any tick: the weights in force are copied into the slot. Arg: the master switch.
void cosmic_stage(benchmark::State& state) {
    pipeline::CosmicSettings settings;
    settings.enabled = state.range(0) != 0;
    core::InstrumentTable instruments;
    instruments.add({.venue = core::Venue::binance, .market = core::Market::spot, .symbol = "BTCUSDT"});
    pipeline::CosmicStage stage{settings, instruments};
    core::Tick tick;
    tick.instrument = core::InstrumentId{0};
    pipeline::Market market;
    market.time = core::Nanoseconds{1'700'000'000'000'000'000};
    pipeline::Weights weights;
    std::array<core::Tick, pipeline::max_conditions> conditions;
    const auto count = pipeline::make_conditions(market.time, settings, {}, conditions);
    for (std::size_t i = 0; i < count; ++i) stage.on(conditions[i], market, weights);
    for (auto _ : state) {
        stage.on(tick, market, weights);
        benchmark::DoNotOptimize(weights);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(cosmic_stage)->Name("cosmic_stage/omega/on")->Arg(0)->Arg(1);

/// One condition tick: the influence is computed anew, once per condition a minute.
void cosmic_condition(benchmark::State& state) {
    pipeline::CosmicSettings settings;
    settings.enabled = true;
    core::InstrumentTable instruments;
    instruments.add({.venue = core::Venue::binance, .market = core::Market::spot, .symbol = "BTCUSDT"});
    pipeline::CosmicStage stage{settings, instruments};
    pipeline::Weights weights;
    std::array<core::Tick, pipeline::max_conditions> conditions;
    const auto count =
        pipeline::make_conditions(core::Nanoseconds{1'700'000'000'000'000'000}, settings, {}, conditions);
    std::size_t i = 0;
    for (auto _ : state) {
        stage.on(conditions[i], {}, weights);
        benchmark::DoNotOptimize(weights);
        if (++i == count) i = 0;
    }
}
BENCHMARK(cosmic_condition)->Name("cosmic_stage/omega/condition");

/// Cold side: the sky and the clocks of one minute.
void make_conditions(benchmark::State& state) {
    pipeline::CosmicSettings settings;
    settings.enabled = true;
    settings.factor(pipeline::Factor::mercury_retrograde) = {true, 1};
    std::array<core::Tick, pipeline::max_conditions> conditions;
    core::Nanoseconds bucket{1'700'000'000'000'000'000};
    for (auto _ : state) {
        bucket += std::chrono::minutes{1};
        benchmark::DoNotOptimize(pipeline::make_conditions(bucket, settings, {}, conditions));
    }
}
BENCHMARK(make_conditions)->Name("make_conditions/omega/minute");

}  // namespace
