#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"

#include <benchmark/benchmark.h>
#include <zstd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Frames of one kind, each followed by its padding, and a table that knows their symbols.
struct VenueFrames {
    core::InstrumentTable instruments{};
    std::vector<std::string> held{};

    [[nodiscard]] std::vector<feeds::Frame> frames() const {
        std::vector<feeds::Frame> all;
        for (const auto& text : held)
            all.push_back({.bytes = std::string_view{text}.substr(0, text.size() - feeds::frame_padding),
                           .receive_time = core::Nanoseconds{1}});
        return all;
    }
};

/// The lines of a recording in cryptofeed's format that contain `what`, without their stamps; `own` where there is
/// none.
inline std::vector<std::string> recorded_lines(const std::string& name, std::string_view what,
                                               std::vector<std::string> own) {
    std::ifstream in{std::filesystem::path{OMEGA_SHARED_DATA} / "ws/cryptofeed" / (name + ".zst"), std::ios::binary};
    if (!in) return own;
    const std::string packed{std::istreambuf_iterator<char>{in}, {}};
    std::string text(std::size_t{64} << 20, '\0');
    const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream{ZSTD_createDStream(), ZSTD_freeDStream};
    ZSTD_inBuffer from{packed.data(), packed.size(), 0};
    ZSTD_outBuffer to{text.data(), text.size(), 0};
    while (from.pos < from.size)
        if (ZSTD_isError(ZSTD_decompressStream(stream.get(), &to, &from)) != 0U) return own;
    text.resize(to.pos);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const std::string_view line{text.data() + at, end - at};
        at = end + 1;
        if (!line.empty() && line[0] >= '0' && line[0] <= '9' && line.find(what) != line.npos &&
            line.find("\"event\":") == line.npos)
            lines.emplace_back(line.substr(line.find(": ") + 2));
    }
    return lines.empty() ? own : lines;
}

/// Registers `frame_to_tick/omega/NAME` (the decoder) beside `frame_to_tick/simdjson/NAME` (the same ticks by simdjson
/// on-demand). One pass over all frames an iteration; an item is a frame. Every frame of a venue waits for this.
template <class Decoder>
void register_venue(const std::string& name, const std::string& recording, std::string_view what,
                    std::vector<std::string> own) {
    const auto shared = std::make_shared<VenueFrames>();
    const auto prepare = [=] {
        if (!shared->held.empty()) return;
        shared->held = recorded_lines(recording, what, own);
        Decoder learner{shared->instruments, true};
        feeds::Batch batch;
        for (auto& text : shared->held) text.append(feeds::frame_padding, '\0');
        for (const auto& frame : shared->frames()) static_cast<void>(learner.decode_general(frame, batch));
        // Trades, books: any decimals hold them; those of a real table are smaller than the probes.
        for (std::uint16_t i = 0; i < shared->instruments.size(); ++i)
            shared->instruments[core::InstrumentId{i}].price_decimals = 8;
    };
    const auto run = [=](benchmark::State& state, auto&& decode) {
        prepare();
        Decoder decoder{shared->instruments};
        feeds::Batch batch;
        const auto frames = shared->frames();
        for (auto _ : state)
            for (const auto& frame : frames) {
                if (!decode(decoder, frame, batch)) return state.SkipWithError("a frame was refused");
                benchmark::DoNotOptimize(batch.ticks().data());
                benchmark::ClobberMemory();
            }
        const auto count = static_cast<double>(state.iterations()) * static_cast<double>(frames.size());
        state.SetItemsProcessed(static_cast<std::int64_t>(count));
        state.counters["ns_per_frame"] =
            benchmark::Counter(count * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    };
    benchmark::RegisterBenchmark(("frame_to_tick/omega/" + name).c_str(), [=](benchmark::State& state) {
        run(state, [](Decoder& decoder, const feeds::Frame& frame, feeds::Batch& batch) {
            return decoder.decode(frame, batch).has_value();
        });
    });
    benchmark::RegisterBenchmark(("frame_to_tick/simdjson/" + name).c_str(), [=](benchmark::State& state) {
        run(state, [](Decoder& decoder, const feeds::Frame& frame, feeds::Batch& batch) {
            return decoder.decode_general(frame, batch).has_value();
        });
    });
}

}  // namespace bench
