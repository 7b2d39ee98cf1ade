#pragma once

#include "feeds/capture/discover.hpp"
#include "feeds/capture/tape.hpp"
#include "feeds/with_venue.hpp"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The frames of a recorded session that contain `mark`, and the instruments in them.
struct RecordedFrames {
    feeds::capture::Tape tape;
    core::InstrumentTable instruments;
    std::vector<feeds::Frame> frames;

    RecordedFrames(core::Venue venue, const std::string& file, std::string_view mark) {
        const std::filesystem::path path = std::filesystem::path{OMEGA_SHARED_DATA} / file;
        if (!std::filesystem::exists(path)) return;
        tape = feeds::capture::load_into_memory({&path, 1});
        instruments = feeds::capture::discover(venue, tape);
        for (const auto& frame : tape)
            if (frame.origin == feeds::FrameOrigin::socket && frame.bytes.find(mark) != std::string_view::npos)
                frames.push_back(frame);
    }
};

/// Decodes every frame of a recording over and over, by the scanner or by simdjson on-demand: both make the same ticks.
template <class Decoder, bool general>
void frame_to_tick(benchmark::State& state, core::Venue venue, const std::string& file, std::string_view mark) {
    RecordedFrames recorded{venue, file, mark};
    if (recorded.frames.empty()) return state.SkipWithError("no ../shared/data");
    Decoder decoder{recorded.instruments};
    feeds::Batch batch;
    std::size_t ticks = 0;
    for (auto _ : state)
        for (const auto& frame : recorded.frames) {
            batch.clear();
            const auto decoded = general ? decoder.decode_general(frame, batch) : decoder.decode(frame, batch);
            ticks += decoded ? *decoded : 0;
        }
    benchmark::DoNotOptimize(ticks);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(recorded.frames.size()));
}

}  // namespace bench
