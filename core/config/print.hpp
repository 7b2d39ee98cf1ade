#pragma once

#include "core/config/schema.hpp"

#include <string>
#include <vector>

namespace core {

/// What stands behind each value of a printed configuration, as a comment.
struct PrintStyle {
    bool origins{};  ///< "# default", "# omega.yaml:3", "# environment OMEGA_…", "# flag"
    bool help{};     ///< what the key means, on a line of its own before it
};

/// The effective configuration as YAML; loaded again, it gives the same settings.
std::string to_yaml(const Schema& schema, PrintStyle style = {});

/// One line "key: value" for every key, sorted by key: what the hash is taken over. Origins and comments do not enter,
/// so two ways to the same settings give the same text.
std::string canonical_text(const Schema& schema);

/// SHA-256 of canonical_text, 64 lower-case hex digits: stands in the header of a journal.
std::string config_hash(const Schema& schema);

/// A key whose value is not the same in two configurations; "" where one has no such key (entries of maps).
struct Difference {
    std::string key;
    std::string left, right;
    Origin left_origin, right_origin;
};
std::vector<Difference> diff(const Schema& left, const Schema& right);  ///< sorted by key
/// "risk.max_position: 0.05 (default) -> 0.03 (omega.yaml:3)".
std::string to_text(const Difference& difference);

/// JSON Schema (draft 2020-12) of a configuration file, for editors: types, bounds, words, defaults, meanings.
std::string json_schema(const Schema& schema);

}  // namespace core
