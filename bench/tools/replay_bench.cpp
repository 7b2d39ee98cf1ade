#include "bench/tools/moving_tape.hpp"
#include "feeds/binance/feed.hpp"
#include "tools/omega/engine/engine.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <time.h>

#include <chrono>

/// A whole recorded session from memory through the program: codec, synchroniser, every stage, bot, risk, signed orders
/// and the paper venue, on one thread, as `omega replay` runs it. An item is a frame.
namespace {

omega::Settings replay_settings(bool cosmic) {
    auto settings = omega::short_profile();
    settings.cosmic.enabled = cosmic;
    return settings;
}

double thread_seconds() noexcept {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Played {
    double cpu_s{};          ///< of this thread: what is left of `s` where the machine is not ours alone
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
            const auto cpu_begin = thread_seconds();
            if (pass != 0) on_frame(tape.opened());
            for (const auto& frame : tape) on_frame(frame);
            spent += Clock::now() - begin;
            played.cpu_s += thread_seconds() - cpu_begin;
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
    const auto settings = replay_settings(state.range(1) != 0);
    double wall_s = 0, cpu_s = 0;
    std::uint64_t ticks = 0, orders = 0, fills = 0, faults = 0;
    for (auto _ : state) {
        auto instruments = tape.instruments();
        omega::Engine engine{settings, instruments, nullptr, nullptr};
        const auto played = play(tape, instruments, engine, passes);
        state.SetIterationTime(played.s);
        wall_s += played.s;
        cpu_s += played.cpu_s;
        faults += played.faults;
        ticks = engine.observer().counts().ticks;
        orders = engine.desk().sent();
        fills = engine.observer().counts().fills;
    }
    if (faults != 0) return state.SkipWithError("frames were refused");
    if (orders == 0 || fills == 0) return state.SkipWithError("the session never traded");
    const auto frames = state.iterations() * passes * static_cast<std::int64_t>(tape.size());
    state.SetItemsProcessed(frames);
    state.counters["ns_per_frame"] = wall_s * 1e9 / static_cast<double>(frames);
    state.counters["cpu_ns_per_frame"] = cpu_s * 1e9 / static_cast<double>(frames);
    state.counters["ticks_per_pass"] = static_cast<double>(ticks) / static_cast<double>(passes);
    state.counters["orders"] = static_cast<double>(orders);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    state.counters["peak_rss_mb"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK(usdm_tape)
    ->Name("replay/omega/usdm_tape")
    ->ArgNames({"passes", "cosmic"})
    ->Args({1, 0})
    ->Args({5, 0})
    ->Args({20, 0})
    ->Args({5, 1})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
