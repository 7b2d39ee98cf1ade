#include "pipeline/flow/journal.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

namespace {

constexpr std::uint64_t segment = std::uint64_t{1} << 18;  // records, as by default

/// Ticks into a journal on disk: what the sequencer pays for every one before its slot opens. An iteration appends a
/// segment's worth (16 MiB) across the change of segments. In between the journal's cold thread has the time to prepare
/// the next that it has at a million ticks a second; appended without a breath, what is measured is how fast the system
/// makes files.
void append_ticks(benchmark::State& state) {
    const auto directory =
        std::filesystem::temp_directory_path() / ("omega_bench_journal_" + std::to_string(::getpid()));
    {
        pipeline::TickJournal journal{{.directory = directory, .segment_records = segment}};
        core::Tick tick;
        tick.kind = core::TickKind::trade;
        tick.instrument = core::InstrumentId{0};
        bool whole = true;
        const auto append = [&](std::uint64_t count) {
            for (std::uint64_t i = 0; i < count; ++i) {
                ++tick.sequence;
                tick.venue_time += core::Nanoseconds{1000};
                tick.trade.trade_id = tick.sequence;
                whole &= journal.append(tick);
            }
        };
        append(segment / 2);
        for (auto _ : state) {
            std::this_thread::sleep_for(std::chrono::nanoseconds{segment * 1000});
            const auto begin = std::chrono::steady_clock::now();
            append(segment);
            state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        }
        if (!whole) state.SkipWithError("the disk is full");
        state.counters["segments"] = static_cast<double>(journal.count() / segment + 1);
    }
    std::filesystem::remove_all(directory);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(segment));
    state.counters["ns_per_tick"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(segment) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(append_ticks)
    ->Name("journal_append/omega/tick")
    ->UseManualTime()
    ->Iterations(12)
    ->Unit(benchmark::kMillisecond);

}  // namespace
