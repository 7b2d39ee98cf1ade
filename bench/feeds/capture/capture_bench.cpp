#include "bench/feeds/capture/recorded_frames.hpp"
#include "feeds/capture/merged_reader.hpp"
#include "feeds/capture/writer.hpp"

#include <unistd.h>

/// What reading, discovering and recording a session cost a frame; an item is a frame.
namespace {

std::filesystem::path usdm() {
    return std::filesystem::path{OMEGA_SHARED_DATA} / "l2/hftbacktest/usdm_btcusdt_20240808.gz";
}

/// The same tape in Omega's own format, written once.
std::filesystem::path own_format() {
    const auto file = std::filesystem::temp_directory_path() / ("omega-bench-" + std::to_string(::getpid()) + ".omega");
    if (std::filesystem::exists(file)) return file;
    const auto source = usdm();
    feeds::capture::MergedReader reader{{&source, 1}};
    feeds::capture::CaptureWriter writer{file, core::Venue::binance};
    for (feeds::Frame frame; reader.next(frame);) writer.write(frame);
    writer.close();
    return file;
}

void read(benchmark::State& state, const std::filesystem::path& file) {
    std::int64_t frames = 0;
    for (auto _ : state) {
        feeds::capture::MergedReader reader{{&file, 1}};
        for (feeds::Frame frame; reader.next(frame);) ++frames;
    }
    state.SetItemsProcessed(frames);
}

void read_hftbacktest(benchmark::State& state) {
    if (!std::filesystem::exists(usdm())) return state.SkipWithError("no ../shared/data");
    read(state, usdm());
}
void read_omega(benchmark::State& state) {
    if (!std::filesystem::exists(usdm())) return state.SkipWithError("no ../shared/data");
    const auto file = own_format();
    read(state, file);
    std::filesystem::remove(file);
}
void discover(benchmark::State& state) {
    const auto file = usdm();
    if (!std::filesystem::exists(file)) return state.SkipWithError("no ../shared/data");
    const auto tape = feeds::capture::load_into_memory({&file, 1});
    for (auto _ : state) benchmark::DoNotOptimize(feeds::capture::discover(core::Venue::binance, tape).size());
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(tape.size()));
}
void write_omega(benchmark::State& state) {
    const auto file = usdm();
    if (!std::filesystem::exists(file)) return state.SkipWithError("no ../shared/data");
    const auto tape = feeds::capture::load_into_memory({&file, 1});
    for (auto _ : state) {
        feeds::capture::CaptureWriter writer{"/dev/shm/omega-bench-" + std::to_string(::getpid()),
                                             core::Venue::binance};
        for (const auto& frame : tape) writer.write(frame);
        writer.close();
        std::filesystem::remove("/dev/shm/omega-bench-" + std::to_string(::getpid()));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(tape.size()));
}
BENCHMARK(read_hftbacktest)->Name("capture_read/omega/hftbacktest_gz");
BENCHMARK(read_omega)->Name("capture_read/omega/own_format");
BENCHMARK(discover)->Name("capture_discover/omega/usdm");
BENCHMARK(write_omega)->Name("capture_write/omega/own_format");

}  // namespace
