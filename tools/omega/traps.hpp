#pragma once

#include "core/domain/instrument.hpp"
#include "tools/omega/options.hpp"

#include <CLI/App.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace omega {

/// `omega traps`: what the detectors saw, and whether it meant anything.
struct TrapsOptions {
    std::vector<std::filesystem::path> inputs;  ///< captures and candle files
    std::optional<core::Venue> venue;           ///< of all inputs; told by their addresses where absent
    ConfigOptions config;
    bool json{};
    bool evaluate{};
    bool by_instrument{};
    std::string report;                 ///< write an HTML page here; implies evaluate
    std::string market;                 ///< a duration: the synthetic market instead of files
    std::optional<std::uint64_t> seed;  ///< of the synthetic market; as configured where absent
    std::string truth;                  ///< write what the market planted here
};

/// Exit code: 0 done, 1 frames or candles were refused, or a file could not be written, 2 unreadable input or wrong
/// usage.
int traps_command(const TrapsOptions& options, std::ostream& out, std::ostream& err);

void add_traps(CLI::App& app, int& exit_code);

}  // namespace omega
