#include "pipeline/flow/journal.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace {

/// Ticks into a journal on disk, over several segments (16 MiB each, prepared one ahead by the journal's cold thread).
/// What the sequencer pays for every tick before its slot opens.
void append_ticks(benchmark::State& state) {
    const auto directory =
        std::filesystem::temp_directory_path() / ("omega_bench_journal_" + std::to_string(::getpid()));
    {
        pipeline::TickJournal journal{{.directory = directory}};
        core::Tick tick;
        tick.kind = core::TickKind::trade;
        tick.instrument = core::InstrumentId{0};
        for (auto _ : state) {
            ++tick.sequence;
            tick.venue_time += core::Nanoseconds{1000};
            tick.trade.trade_id = tick.sequence;
            if (!journal.append(tick)) [[unlikely]] {
                state.SkipWithError("the disk is full");
                break;
            }
        }
        state.counters["segments"] = static_cast<double>(journal.count() >> 18) + 1;
    }
    std::filesystem::remove_all(directory);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(append_ticks)->Name("journal_append/omega/tick")->Iterations(2'000'000);

}  // namespace
