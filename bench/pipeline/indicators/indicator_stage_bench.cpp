#include "pipeline/indicators/hot_batch.hpp"
#include "pipeline/indicators/indicator_stage.hpp"

#include "bench/pipeline/tape.hpp"

#include <benchmark/benchmark.h>

#include <deque>
#include <span>

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

/// The same as doubles.
std::vector<pipeline::IndicatorBar> double_bars() {
    const auto price = [](core::Price p) { return static_cast<double>(p.units) / 100; };
    std::vector<pipeline::IndicatorBar> bars;
    for (const auto& bar : minute_bars()) bars.push_back({price(bar.high), price(bar.low), price(bar.close), 1});
    return bars;
}

/// RSI14, EMA12, ATR14, Bollinger 20 and ADX14 with both DI at every closed bar of one instrument, prices at hand.
void hot_five(benchmark::State& state) {
    const auto bars = double_bars();
    pipeline::Ema ema{12};
    pipeline::Rsi rsi{14};
    pipeline::Atr atr{14};
    pipeline::Bollinger bollinger{20};
    pipeline::Adx adx{14};
    std::size_t i = 0;
    for (auto _ : state) {
        const auto& bar = bars[i];
        if (++i == bars.size()) i = 0;
        benchmark::DoNotOptimize(ema.add(bar.close));
        benchmark::DoNotOptimize(rsi.add(bar.close));
        benchmark::DoNotOptimize(atr.add(bar.high, bar.low, bar.close));
        auto directional = adx.add(bar.high, bar.low, bar.close);
        auto bands = bollinger.add(bar.close);
        benchmark::DoNotOptimize(directional);
        benchmark::DoNotOptimize(bands);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hot_five)->Name("indicator_stage/omega/hot_five_per_bar");

/// The same for eight instruments at once; items are bars of one instrument.
void hot_batch(benchmark::State& state, pipeline::HotBatch::Way way) {
    if (!pipeline::HotBatch::supported(way)) {
        state.SkipWithError("this processor cannot");
        return;
    }
    const auto single = double_bars();
    std::vector<pipeline::BarOfEight> bars(single.size());
    for (std::size_t i = 0; i < bars.size(); ++i)
        for (std::size_t lane = 0; lane < pipeline::batch_lanes; ++lane) {
            const auto& bar = single[(i + lane * 37) % single.size()];
            bars[i].high.lane[lane] = bar.high;
            bars[i].low.lane[lane] = bar.low;
            bars[i].close.lane[lane] = bar.close;
        }
    // Small enough for the first cache: what is measured is the arithmetic.
    constexpr std::size_t chunk = 16;
    std::vector<pipeline::HotOfEight> out(chunk);
    pipeline::HotBatch batch{{}, way};
    std::size_t i = 0;
    for (auto _ : state) {
        batch.add(std::span{bars}.subspan(i, chunk), out);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
        i = i + 2 * chunk <= bars.size() ? i + chunk : 0;
    }
    const auto per_iteration = static_cast<std::int64_t>(chunk * pipeline::batch_lanes);
    state.SetItemsProcessed(state.iterations() * per_iteration);
    state.counters["ns_per_bar"] = benchmark::Counter(static_cast<double>(state.iterations() * per_iteration) * 1e-9,
                                                      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(hot_batch, avx2, pipeline::HotBatch::Way::avx2)->Name("indicator_stage/omega/hot_five_of_eight_avx2");
BENCHMARK_CAPTURE(hot_batch, avx512, pipeline::HotBatch::Way::avx512)
    ->Name("indicator_stage/omega/hot_five_of_eight_avx512");

/// Every indicator at every closed bar of one timeframe, through the stage.
void indicator_stage(benchmark::State& state) {
    const auto closed = minute_bars();
    const auto table = bench::one_instrument();
    pipeline::Timeframes timeframes;
    timeframes.count = 1;
    pipeline::IndicatorStage stage{{}, timeframes, table};
    core::Tick tick;
    tick.instrument = core::InstrumentId{0};
    tick.kind = core::TickKind::quote;
    const pipeline::Market market;
    pipeline::Bars bars;
    bars.bar_mask = 1;
    pipeline::Indicators indicators;
    std::size_t i = 0;
    for (auto _ : state) {
        bars.bars[0] = closed[i];
        if (++i == closed.size()) i = 0;
        stage.on(tick, market, bars, indicators);
        benchmark::DoNotOptimize(indicators.values[0]);
    }
    state.counters["bytes_per_instrument"] =
        static_cast<double>(pipeline::IndicatorStage{{}, {}, table}.bytes_per_instrument());
}
BENCHMARK(indicator_stage)->Name("indicator_stage/omega/all_per_bar");

/// A walk of trades and quotes where no bar closes: what nearly every tick costs.
void indicator_stage_idle(benchmark::State& state) {
    const auto table = bench::one_instrument();
    pipeline::IndicatorStage stage{{}, {}, table};
    auto events = bench::walk(1 << 12, std::chrono::milliseconds{20});
    for (std::size_t i = 0; i < events.size(); ++i) {
        auto& market = events[i].market;
        market.top_changed = events[i].tick.is(core::TickKind::quote);
        const auto price = static_cast<std::int64_t>(market.mid * 100);
        market.bid = core::Price{price};
        market.ask = core::Price{price + 1};
        market.bid_quantity = market.ask_quantity = core::Quantity{static_cast<std::int64_t>(i % 50)};
    }
    const pipeline::Bars bars;
    pipeline::Indicators indicators;
    std::size_t i = 0;
    for (auto _ : state) {
        stage.on(events[i].tick, events[i].market, bars, indicators);
        benchmark::DoNotOptimize(indicators.mask);
        if (++i == events.size()) i = 0;
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
        pipeline::Ema ema{12};
        pipeline::Rsi rsi{14};
        pipeline::Atr atr{14};
        pipeline::Adx adx{14};
        pipeline::Bollinger bollinger{20};
        double sum = 0;
        for (const auto& bar : bars) {
            const double high = price(bar.high), low = price(bar.low), close = price(bar.close);
            sum = ema.add(close) + rsi.add(close) + atr.add(high, low, close) + adx.add(high, low, close).adx +
                  bollinger.add(close).upper;
        }
        benchmark::DoNotOptimize(sum);
    }
}
BENCHMARK(indicators_recomputed)->Name("indicator_stage/recomputed_window_100/five_per_bar");

}  // namespace
