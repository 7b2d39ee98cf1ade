#pragma once

#include "core/domain/instrument.hpp"
#include "tools/omega/options.hpp"

#include <CLI/App.hpp>

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

namespace omega {

/// `omega trends`: states, alignment, regime, patterns and predictions of recordings.
struct TrendsOptions {
    std::vector<std::filesystem::path> files{};  ///< captures of sessions, or candles
    std::optional<core::Venue> venue{};          ///< told by the captures where absent
    std::filesystem::path plot{};                ///< an HTML page; empty: none
    bool json{};
    ConfigOptions config{};
};

/// Exit code: 0 done, 2 unreadable input or wrong usage.
int trends_command(const TrendsOptions& options, std::ostream& out, std::ostream& err);

/// Adds the verb; running it sets `exit_code`.
void add_trends(CLI::App& app, int& exit_code);

}  // namespace omega
