#pragma once

#include "tools/venue/faults/fault.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace venue {

/// A script of faults: YAML (so JSON, too).
///
///     seed: 7
///     faults:
///       - {kind: gap, topic: book, after: 5s, count: 1}
///       - {kind: drop, topic: order, probability: 0.05, lasting: 1m}
///       - {kind: lost_ack, match: /order, count: 1}
struct FaultScript {
    std::uint64_t seed{42};
    std::vector<FaultSpec> faults{};
};

/// Throws std::invalid_argument that names the line, the key, its value and what was expected.
FaultScript parse_fault_script(const std::string& yaml);
/// The same from a file; throws std::runtime_error when it cannot be read.
FaultScript read_fault_script(const std::filesystem::path& file);
/// One fault or a list of them, as the control path takes them.
std::vector<FaultSpec> parse_faults(const std::string& yaml);

/// "250ms", "5s", "2m", "1h". Throws std::invalid_argument.
core::Nanoseconds parse_span(const std::string& text);

}  // namespace venue
