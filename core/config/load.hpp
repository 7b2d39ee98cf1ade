#pragma once

#include "core/config/schema.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace core {

/// The layers over the defaults, lowest first.
struct ConfigSources {
    std::string file{};                 ///< path of the YAML file, "" for none
    std::optional<std::string> text{};  ///< the file's text when it was read already; `file` is then only its name
    std::vector<std::pair<std::string, std::string>> environment{};  ///< name and value, see config_environment
    std::vector<std::string> flags{};  ///< "risk.max_position=0.03", as after --set; of one key the last wins
};

/// The OMEGA_… variables of the process that are configuration: without those whose name looks like a secret's (the
/// environment is where secrets may stand, so they are no mistake) and without OMEGA_CONFIG, which names the file.
std::vector<std::pair<std::string, std::string>> config_environment(const char* const* variables);

/// Reads every layer into the fields that `schema` is bound to: OMEGA_RISK__MAX_POSITION is risk.max_position.
/// Returns every problem found, in the order of the layers; then some fields have been set and some not: use none of
/// them.
std::vector<Problem> load(Schema& schema, const ConfigSources& sources);

/// The same, throwing ConfigError when there is any problem.
void load_or_throw(Schema& schema, const ConfigSources& sources);

}  // namespace core
