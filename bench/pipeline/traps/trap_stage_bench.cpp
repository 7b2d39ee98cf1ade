#include "pipeline/traps/trap_stage.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

/// The trap stage alone, on ticks whose other sections are already written. The mix is Binance USD-M's: three quotes to
/// a trade, some 250 ticks a second, seconds and minutes closing as they do. An item is a tick.
namespace {

using core::Side;
using core::Tick;
using core::TickKind;

struct Dice {
    std::uint64_t state{88172645463325252ULL};
    std::int64_t operator()(std::int64_t below) noexcept {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<std::int64_t>(state % static_cast<std::uint64_t>(below));
    }
};

core::InstrumentTable table() {
    core::InstrumentTable instruments;
    core::Instrument btc;
    btc.symbol = "BTCUSDT";
    btc.price_decimals = 2;
    btc.quantity_decimals = 3;
    instruments.add(btc);
    return instruments;
}

struct Tape {
    std::vector<Tick> ticks;
    std::vector<std::uint32_t> bars_of;  ///< index into `bars`, 0 = nothing closed
    std::vector<pipeline::Bars> bars{1};
};

void add(pipeline::Bar& bar, const Tick& tick, std::uint32_t width_s) {
    const auto price = tick.trade.price;
    if (bar.width_s == 0)
        bar = {.start = core::floor_to(tick.venue_time, std::chrono::seconds{width_s}),
               .open = price,
               .high = price,
               .low = price,
               .close = price,
               .width_s = width_s};
    ++bar.trades;
    bar.high = std::max(bar.high, price);
    bar.low = std::min(bar.low, price);
    bar.close = price;
    auto& volume = tick.side == Side::buy ? bar.buy_volume : bar.sell_volume;
    volume = volume + tick.trade.quantity;
}

/// Ten minutes. `jump` is the largest price step in ticks of 0.1: 2 is a calm market, 300 one whose every second passes
/// T/2.
Tape make_tape(std::int64_t jump) {
    Tape tape;
    Dice dice;
    pipeline::Bar second{}, minute{};
    std::int64_t price = 6'000'000;
    for (core::Nanoseconds now{}; now < std::chrono::minutes{10}; now += std::chrono::microseconds{1000 + dice(6000)}) {
        Tick tick;
        tick.instrument = core::InstrumentId{0};
        tick.venue_time = now;
        tick.kind = dice(4) == 0 ? TickKind::trade : TickKind::quote;
        if (tick.is(TickKind::trade)) {
            if (dice(5) == 0) price += (dice(2 * jump + 1) - jump) * 10;
            tick.side = dice(2) == 0 ? Side::buy : Side::sell;
            tick.trade = {{price}, {1 + dice(2000)}, 0};
        }
        pipeline::Bars closed;
        if (second.width_s != 0 && second.end() <= now) {
            closed.bucket_mask = 1;
            closed.buckets[0] = {second, 0};
            second = {.start = second.end(),
                      .open = second.close,
                      .high = second.close,
                      .low = second.close,
                      .close = second.close,
                      .width_s = 1};
        }
        if (minute.width_s != 0 && minute.end() <= now) {
            closed.bar_mask = 1;
            closed.bars[0] = minute;
            minute = {};
        }
        const bool any = (closed.bucket_mask | closed.bar_mask) != 0;
        tape.bars_of.push_back(any ? static_cast<std::uint32_t>(tape.bars.size()) : 0);
        if (any) tape.bars.push_back(closed);
        tape.ticks.push_back(tick);
        if (!tick.is(TickKind::trade)) continue;
        add(second, tick, 1);
        add(minute, tick, 60);
    }
    return tape;
}

void play(benchmark::State& state, std::int64_t jump) {
    const Tape tape = make_tape(jump);
    const auto instruments = table();
    const pipeline::Levels levels;
    pipeline::Market market;
    pipeline::Traps traps;
    std::uint64_t events = 0;
    for (auto _ : state) {
        state.PauseTiming();
        pipeline::TrapStage stage{{}, instruments};
        events = 0;
        state.ResumeTiming();
        for (std::size_t i = 0; i < tape.ticks.size(); ++i) {
            market.time = tape.ticks[i].venue_time;
            stage.on(tape.ticks[i], market, tape.bars[tape.bars_of[i]], levels, traps);
            events += traps.count;
            benchmark::DoNotOptimize(traps);
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(tape.ticks.size()));
    state.counters["ns_per_tick"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(tape.ticks.size()) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["events"] = static_cast<double>(events);
}

void calm(benchmark::State& state) {
    play(state, 3);
}
void stormy(benchmark::State& state) {
    play(state, 300);
}
BENCHMARK(calm)->Name("trap_stage/omega/calm_mix")->Unit(benchmark::kMicrosecond);
BENCHMARK(stormy)->Name("trap_stage/omega/stormy_mix")->Unit(benchmark::kMicrosecond);

/// Trades alone inside one second, in a market that has moved nowhere: what nearly every trade costs.
void trades(benchmark::State& state) {
    pipeline::TrapStage stage{{}, table()};
    const pipeline::Bars bars;
    const pipeline::Levels levels;
    pipeline::Market market;
    pipeline::Traps traps;
    Tick tick;
    tick.kind = TickKind::trade;
    tick.instrument = core::InstrumentId{0};
    std::int64_t n = 0;
    for (auto _ : state) {
        ++n;
        market.time = tick.venue_time = core::Nanoseconds{n * 2'000'000};
        tick.side = (n & 1) == 0 ? Side::buy : Side::sell;
        tick.trade = {{6'000'000 + (n >> 2 & 3) * 10}, {100}, 0};
        stage.on(tick, market, bars, levels, traps);
        benchmark::DoNotOptimize(traps);
    }
}
BENCHMARK(trades)->Name("trap_stage/omega/trade");

/// The first trade after an hour of silence: it closes every second in which a window could still change. The worst
/// that one tick can cost.
void after_silence(benchmark::State& state) {
    pipeline::TrapStage stage{{}, table()};
    const pipeline::Levels levels;
    pipeline::Market market;
    pipeline::Traps traps;
    const auto tape = make_tape(3);
    for (std::size_t i = 0; i < tape.ticks.size(); ++i) {
        market.time = tape.ticks[i].venue_time;
        stage.on(tape.ticks[i], market, tape.bars[tape.bars_of[i]], levels, traps);
    }
    Tick tick;
    tick.kind = TickKind::trade;
    tick.instrument = core::InstrumentId{0};
    tick.trade = {{6'000'000}, {100}, 0};
    pipeline::Bars closed;
    pipeline::Bar second{};
    add(second, tick, 1);
    closed.bucket_mask = 1;
    constexpr auto silence = std::chrono::hours{1};
    core::Nanoseconds now = silence;
    for (auto _ : state) {
        second.start = now;
        closed.buckets[0] = {second, 3599};
        market.time = tick.venue_time = now += silence;
        stage.on(tick, market, closed, levels, traps);
        benchmark::DoNotOptimize(traps);
    }
}
BENCHMARK(after_silence)->Name("trap_stage/omega/trade_after_an_hour")->Unit(benchmark::kMicrosecond);

}  // namespace
