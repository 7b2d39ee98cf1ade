#include "pipeline/fibonacci/fibonacci_stage.hpp"

#include "pipeline/fibonacci/measures.hpp"

#include "bench/pipeline/tape.hpp"

#include <benchmark/benchmark.h>

namespace {

/// A tape with its bars on short timeframes, so that legs, levels, hits and confluences all happen.
struct Tape {
    static constexpr std::chrono::milliseconds step{250};

    Tape() : table{bench::one_instrument()}, events{bench::walk(1 << 14, step)} {
        bar_settings.timeframes.seconds = {5, 15, 60};
        bar_settings.timeframes.count = 3;
        settings.timeframes = {{{5, 3, 1}, {15, 5, 1}, {60, 10, 1}}};
        settings.count = 3;
        bars = bench::bars_of(events, bar_settings, table);
    }

    core::InstrumentTable table;
    std::vector<bench::Event> events;
    pipeline::BarSettings bar_settings;
    pipeline::FibonacciSettings settings;
    std::vector<pipeline::Bars> bars;
};

/// Every tick of a busy tape, closed bars and rebuilt lists included.
void fibonacci_stage(benchmark::State& state) {
    Tape tape;
    pipeline::FibonacciStage stage{tape.settings, tape.bar_settings.timeframes, tape.table};
    pipeline::Levels levels;
    std::int64_t changes = 0, hits = 0, confluences = 0;
    for (auto _ : state) {
        for (std::size_t i = 0; i < tape.events.size(); ++i) {
            stage.on(tape.events[i].tick, tape.events[i].market, tape.bars[i], levels);
            benchmark::DoNotOptimize(levels);
            changes += levels.changed;
            hits += levels.hit_count;
            confluences += levels.golden;
        }
        state.PauseTiming();
        bench::continue_tape(tape.events, Tape::step);
        state.ResumeTiming();
    }
    const auto ticks = static_cast<double>(state.iterations()) * static_cast<double>(tape.events.size());
    state.SetItemsProcessed(static_cast<std::int64_t>(ticks));
    state.counters["changes_per_1000"] = 1e3 * static_cast<double>(changes) / ticks;
    state.counters["hits_per_1000"] = 1e3 * static_cast<double>(hits) / ticks;
    state.counters["golden_per_1000"] = 1e3 * static_cast<double>(confluences) / ticks;
}
BENCHMARK(fibonacci_stage)->Name("fibonacci_stage/omega/busy_tape");

/// A trade between two edges: what nearly every trade costs.
void fibonacci_trade(benchmark::State& state) {
    const Tape tape;
    pipeline::FibonacciStage stage{tape.settings, tape.bar_settings.timeframes, tape.table};
    pipeline::Levels levels;
    for (std::size_t i = 0; i < tape.events.size(); ++i)
        stage.on(tape.events[i].tick, tape.events[i].market, tape.bars[i], levels);
    const auto& trade = tape.events[tape.events.size() - 4];
    auto market = trade.market;
    market.depth_sampled = false;
    const pipeline::Bars nothing;
    for (auto _ : state) {
        stage.on(trade.tick, market, nothing, levels);
        benchmark::DoNotOptimize(levels.hit_count);
    }
}
BENCHMARK(fibonacci_trade)->Name("fibonacci_stage/omega/quiet_trade");

/// The nearest of 95 levels by binary search, beside a look at each.
void nearest_level(benchmark::State& state) {
    std::vector<pipeline::ActiveLevel> levels;
    for (int i = 0; i < 95; ++i) levels.push_back({60000 + 7.3 * i, pipeline::Ratio::r500, 0});
    double price = 60000;
    for (auto _ : state) {
        price += 13.7;
        if (price > 60700) price -= 700;
        benchmark::DoNotOptimize(pipeline::nearest(levels, price));
    }
}
BENCHMARK(nearest_level)->Name("nearest_level/omega/95");

void nearest_level_linear(benchmark::State& state) {
    std::vector<pipeline::ActiveLevel> levels;
    for (int i = 0; i < 95; ++i) levels.push_back({60000 + 7.3 * i, pipeline::Ratio::r500, 0});
    double price = 60000;
    for (auto _ : state) {
        price += 13.7;
        if (price > 60700) price -= 700;
        const auto* best = levels.data();
        for (const auto& level : levels)
            if (std::abs(level.price - price) < std::abs(best->price - price)) best = &level;
        benchmark::DoNotOptimize(best);
    }
}
BENCHMARK(nearest_level_linear)->Name("nearest_level/linear/95");

}  // namespace
