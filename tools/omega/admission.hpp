#pragma once

#include "core/config/problem.hpp"
#include "core/config/schema.hpp"
#include "tools/omega/options.hpp"
#include "tools/omega/settings.hpp"

#include <vector>

namespace omega {

/// Everything for which `omega run` refuses a configuration before it connects to anything, each with the place of the
/// key that is to be changed: what no single value shows to be wrong. Mode and venues, instruments and accounts, what
/// only the stages know to be impossible, files and folders that cannot be used. `schema` is that of `settings`, which
/// were read without a problem. Files are looked at, nothing is written. Empty: `run` begins.
std::vector<core::Problem> objections(const core::Schema& schema, const Settings& settings);

/// load_settings, and then those objections: the one gate of `omega run` and `omega config check`. Throws
/// core::ConfigError with every problem.
void load_admitted(core::Schema& schema, Settings& settings, const ConfigOptions& options);

}  // namespace omega
