#pragma once

#include "core/domain/instrument.hpp"

#include <CLI/App.hpp>

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

namespace omega {

/// `omega decode`: recorded frames as normalised ticks.
struct DecodeOptions {
    std::optional<core::Venue> venue{};          ///< told by the captures where absent (Omega's own format does)
    std::vector<std::filesystem::path> files{};  ///< captures of one session, merged by receive time
    bool summary{};                              ///< one object of counts and books instead of a line a tick
    std::size_t book_levels{10};                 ///< levels a side that the summary shows
};

/// Prints JSON to `out`, problems to `err`.
/// Exit code: 0 done, 1 found a problem (refused frames, sequence breaks, checksums, a torn tail), 2 unreadable input
/// or wrong usage.
int decode_command(const DecodeOptions& options, std::ostream& out, std::ostream& err);

/// Adds the verb; running it sets `exit_code`.
void add_decode(CLI::App& app, int& exit_code);

}  // namespace omega
