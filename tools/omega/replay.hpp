#pragma once

#include "core/domain/instrument.hpp"
#include "tools/omega/options.hpp"

#include <CLI/App.hpp>

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace omega {

/// `omega replay`: recorded input through the same pipeline that runs live.
struct ReplayOptions {
    std::vector<std::filesystem::path> inputs;  ///< captures of one session, or one journal's directory
    std::optional<core::Venue> venue;           ///< of the captures; told by their addresses where absent
    ConfigOptions config;
    std::string speed{"max"};     ///< max, real, or a factor of real time
    std::string topology;         ///< fused, staged, or as configured
    std::string journal;          ///< directory to keep ticks and orders in
    std::string profile{"auto"};  ///< auto: short for tapes under six hours
    bool verify{}, json{};
};

/// Exit code: 0 done, 1 found a problem (not verified, damaged journal), 2 unreadable input or wrong usage.
int replay_command(const ReplayOptions& options, std::ostream& out, std::ostream& err);

void add_replay(CLI::App& app, int& exit_code);

}  // namespace omega
