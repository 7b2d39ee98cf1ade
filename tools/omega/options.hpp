#pragma once

#include "tools/omega/settings.hpp"

#include <CLI/App.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace omega {

/// Where a verb's configuration comes from.
struct ConfigOptions {
    std::string file;               ///< --config, else OMEGA_CONFIG, else none
    std::vector<std::string> sets;  ///< --set key=value
};

/// Adds --config and --set to a verb.
void add_config_options(CLI::App& verb, ConfigOptions& options);

/// Defaults < profile < file < environment < --set into `settings`, whose schema this is. Throws core::ConfigError with
/// every problem.
void load_settings(core::Schema& schema, Settings& settings, const ConfigOptions& options);

}  // namespace omega
