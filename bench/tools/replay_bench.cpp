#include "bench/tools/moving_tape.hpp"
#include "feeds/binance/feed.hpp"
#include "tools/omega/engine/engine.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>

/// A whole recorded session from memory through the program: codec, synchroniser, every stage, bot, risk, signed orders
/// and the paper venue, on one thread, as `omega replay` runs it. An item is a frame.
namespace {

omega::Settings replay_settings() {
    omega::Settings settings;
    settings.profile = omega::Profile::short_;
    omega::apply_profile(settings);
    return settings;
}

struct Played {
    double s{};              ///< what moves the tape's clocks between passes is not counted
    std::uint64_t faults{};  ///< frames refused, sequences broken
};

Played play(bench::MovingTape& tape, core::InstrumentTable& instruments, omega::Engine& engine, std::int64_t passes) {
    using Clock = std::chrono::steady_clock;
    Clock::duration spent{};
    Played played;
    engine.with_topology([&](auto& topology) {
        omega::PaperSession session{topology, engine.venue(), engine.desk()};
        feeds::binance::Feed feed{instruments};
        pipeline::Timing timing;
        std::uint64_t frames = 0;
        const auto sample = engine.settings().sample_every;
        const auto on_frame = [&](const feeds::Frame& frame) {
            timing.taken = frames++ % sample == 0;
            timing.received = __builtin_ia32_rdtsc();
            feed.on_frame(frame, [&](const core::Tick& tick) {
                if (timing.taken) timing.decoded = __builtin_ia32_rdtsc();
                engine.conditions().before(tick, [&](const core::Tick& condition) { session.on_tick(condition, {}); });
                session.on_tick(tick, timing);
            });
        };
        for (std::int64_t pass = 0; pass < passes; ++pass) {
            const auto begin = Clock::now();
            if (pass != 0) on_frame(tape.opened());
            for (const auto& frame : tape) on_frame(frame);
            spent += Clock::now() - begin;
            tape.advance();
        }
        session.finish(tape.opened().receive_time);
        played.faults = feed.stats().faulted() + feed.stats().sequence_breaks;
    });
    played.s = std::chrono::duration<double>(spent).count();
    return played;
}

void usdm_tape(benchmark::State& state) {
    bench::MovingTape tape{"l2/hftbacktest/usdm_btcusdt_20240808.gz"};
    if (tape.empty()) return state.SkipWithError("no ../shared/data");
    const auto passes = state.range(0);
    const auto settings = replay_settings();
    std::uint64_t ticks = 0, orders = 0, fills = 0, faults = 0;
    for (auto _ : state) {
        auto instruments = tape.instruments();
        omega::Engine engine{settings, instruments, nullptr, nullptr};
        const auto played = play(tape, instruments, engine, passes);
        state.SetIterationTime(played.s);
        faults += played.faults;
        ticks = engine.observer().counts().ticks;
        orders = engine.desk().sent();
        fills = engine.observer().counts().fills;
    }
    if (faults != 0) return state.SkipWithError("frames were refused");
    if (orders == 0 || fills == 0) return state.SkipWithError("the session never traded");
    const auto frames = state.iterations() * passes * static_cast<std::int64_t>(tape.size());
    state.SetItemsProcessed(frames);
    state.counters["ns_per_frame"] = benchmark::Counter(static_cast<double>(frames) * 1e-9,
                                                        benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["ticks_per_pass"] = static_cast<double>(ticks) / static_cast<double>(passes);
    state.counters["orders"] = static_cast<double>(orders);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    state.counters["peak_rss_mb"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK(usdm_tape)
    ->Name("replay/omega/usdm_tape")
    ->ArgName("passes")
    ->Arg(1)
    ->Arg(5)
    ->Arg(20)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
