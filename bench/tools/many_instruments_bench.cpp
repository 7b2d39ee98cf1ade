#include "bench/tools/moving_tape.hpp"
#include "feeds/binance/feed.hpp"
#include "pipeline/flow/sequencer.hpp"
#include "tools/omega/wiring.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

/// Every stage over many instruments on one core: the ticks of a recorded session dealt out to all of them, event by
/// event, so that each tick meets an instrument whose state the caches have forgotten. An item is a tick, inner levels
/// of book events included.
namespace {

constexpr std::size_t ticks_wanted = 200'000;

/// The session's ticks once decoded; a snapshot is the first event of each instrument.
struct Deal {
    std::vector<core::Tick> snapshot, ticks;
};

Deal decode(const bench::MovingTape& tape) {
    Deal deal;
    auto instruments = tape.instruments();
    feeds::binance::Feed feed{instruments};
    for (const auto& frame : tape) {
        feed.on_frame(frame, [&](const core::Tick& tick) {
            (tick.is(core::TickKind::level) && (tick.flags & core::tick_flag::snapshot) != 0 ? deal.snapshot
                                                                                             : deal.ticks)
                .push_back(tick);
        });
        if (deal.ticks.size() >= ticks_wanted) break;
    }
    while (!deal.ticks.empty() && !deal.ticks.back().whole()) deal.ticks.pop_back();
    return deal;
}

double resident_bytes() {
    std::ifstream in{"/proc/self/statm"};
    double pages = 0;
    in >> pages >> pages;
    return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void many_instruments(benchmark::State& state) {
    const bench::MovingTape tape{"l2/hftbacktest/usdm_btcusdt_20240808.gz"};
    if (tape.empty()) return state.SkipWithError("no ../shared/data");
    const auto count = static_cast<std::size_t>(state.range(0));
    const auto deal = decode(tape);
    core::InstrumentTable instruments;
    for (std::size_t i = 0; i < count; ++i) {
        auto instrument = *tape.instruments().begin();
        instrument.symbol = "X" + std::to_string(i) + "USDT";
        instruments.add(instrument);
    }

    const double before = resident_bytes();
    omega::Settings settings;
    settings.book.window = 1 << 12;  // thousands of instruments are not all Bitcoin
    omega::Wiring wiring{settings, instruments};
    omega::Wiring::Chain::slot_type slot;
    pipeline::Sequencer sequencer{nullptr};
    const auto on = [&](core::Tick tick, std::size_t instrument, core::Nanoseconds later) {
        tick.instrument = core::InstrumentId{static_cast<std::uint16_t>(instrument)};
        tick.venue_time += later;
        tick.receive_time += later;
        sequencer.open(slot, tick, {});
        wiring.chain.on(slot);
    };
    for (std::size_t i = 0; i < count; ++i)
        for (const auto& tick : deal.snapshot) on(tick, i, {});
    const double used = resident_bytes() - before;

    const auto span = deal.ticks.back().receive_time - deal.ticks.front().receive_time;
    core::Nanoseconds later{};
    std::size_t instrument = 0;
    for (auto _ : state) {
        for (const auto& tick : deal.ticks) {
            on(tick, instrument, later);
            if (tick.whole()) instrument = (instrument + 619) % count;  // no neighbour, and every one in turn
        }
        later += span + std::chrono::milliseconds{1};
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(deal.ticks.size()));
    state.counters["kb_per_instrument"] = used / 1024 / static_cast<double>(count);
}
BENCHMARK(many_instruments)
    ->Name("pipeline/omega/many_instruments")
    ->ArgName("instruments")
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
