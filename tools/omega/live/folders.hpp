#pragma once

#include "tools/omega/live/settings.hpp"
#include "tools/omega/settings.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace omega {

/// Where a run keeps its ledgers: as configured, else default_state; "" where nothing is kept under a name of its own,
/// on paper and for venues simulated in this process. Throws as default_state does.
std::filesystem::path state_folder(const LiveSettings& live, RunMode mode);

/// Where raw captures go, a folder for each venue below it: `record.folder`, else `captures` beside the ledgers (on
/// paper beside where they would be). "" where none are kept: `record.enabled: false`, or venues simulated in this
/// process, whose market a seed makes again. Throws as default_state does.
std::filesystem::path record_folder(const LiveSettings& live, RunMode mode);

/// How many bytes all captures below `folder` may take: `wanted`, but no more than half of what the disk has for them,
/// for ledgers and journals live there, too.
std::uint64_t record_budget(const std::filesystem::path& folder, std::uint64_t wanted);

/// Why this cannot be a folder to write into, or nothing: it is no folder, or one above it may not be written.
std::optional<std::string> why_no_folder(const std::filesystem::path& folder);

/// Ledgers stand in ./omega-state, where they were kept before there was a default.
bool holds_old_ledgers();

}  // namespace omega
