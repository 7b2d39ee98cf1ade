#pragma once

#include "core/config/schema.hpp"
#include "feeds/capture/writer.hpp"
#include "feeds/synthetic/market.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/support.hpp"
#include "tools/omega/replay.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// What a verb gave back.
struct Outcome {
    int exit_code{};
    std::string out, err;

    [[nodiscard]] nlohmann::json object() const { return nlohmann::json::parse(out); }
    [[nodiscard]] std::string digest() const { return object().at("digest"); }
};

inline Outcome replay(const omega::ReplayOptions& options) {
    std::ostringstream out, err;
    const int code = omega::replay_command(options, out, err);
    return {code, out.str(), err.str()};
}

/// One perpetual, lively enough to be traded within half an hour of its time.
inline feeds::synthetic::Settings lively(std::vector<feeds::synthetic::PlannedFault> faults = {}) {
    feeds::synthetic::Settings settings{.seed = 8, .events_per_s = 2, .volatility = 8, .traps_per_h = 60};
    settings.depth_interval = std::chrono::milliseconds{250};
    settings.faults = std::move(faults);
    // Those that move the price at once: half an hour has no room for the patient ones.
    settings.kinds = {"liquidity_grab", "fake_pump",  "fake_dump",    "half_fake_pump", "half_fake_dump",
                      "flash_pump",     "flash_dump", "stop_hunt_up", "stop_hunt_down"};
    return settings;
}

/// Writes the first `frames` frames of a synthetic market as a capture of our own.
inline std::filesystem::path capture_market(const std::filesystem::path& file, std::size_t frames,
                                            const feeds::synthetic::Settings& settings = lively()) {
    feeds::synthetic::Market market{settings};
    feeds::capture::CaptureWriter writer{file, core::Venue::binance};
    feeds::Frame frame;
    for (std::size_t i = 0; i < frames && market.next(frame); ++i) writer.write(frame);
    writer.close();
    return file;
}

/// Frames after which the lively market has been traded: entries, protection, fills.
inline constexpr std::size_t traded_frames = 12'000;

inline omega::ReplayOptions json_of(std::vector<std::filesystem::path> inputs, std::vector<std::string> sets = {}) {
    omega::ReplayOptions options;
    options.inputs = std::move(inputs);
    // A second of latency: a staged topology may then run that far ahead, and the test does not measure how fast
    // threads are switched.
    if (!std::filesystem::is_directory(options.inputs.at(0))) options.config.sets = {"paper.entry_latency_us=1000000"};
    options.config.sets.insert(options.config.sets.end(), sets.begin(), sets.end());
    options.profile = "short";
    options.json = true;
    return options;
}

}  // namespace test
