#pragma once

#include "core/domain/instrument.hpp"
#include "tools/omega/settings.hpp"

#include <filesystem>
#include <string>

namespace omega {

/// Writes `session.json` into the journal's directory: instruments, effective configuration, build. Returns its SHA-256
/// in hex, which the segments carry, so that a journal is never read with another session's instruments. Throws
/// std::runtime_error (path, reason); an older session's file is never overwritten.
std::string write_session_file(const Settings& settings, const core::InstrumentTable& instruments);

/// That file stands there: another journal would be beside one that could never be read again.
bool holds_session(const std::string& journal);

/// Reads it back: fills `settings` (journal left empty) and `instruments` (must be empty). Returns its SHA-256 in hex.
/// Throws std::runtime_error naming file, what was expected and what can be done.
std::string read_session_file(const std::filesystem::path& directory, Settings& settings,
                              core::InstrumentTable& instruments);

}  // namespace omega
