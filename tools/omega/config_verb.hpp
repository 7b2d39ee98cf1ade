#pragma once

#include "tools/omega/options.hpp"

#include <CLI/App.hpp>

#include <iosfwd>

namespace omega {

/// `omega config check`: refuses what `omega run` would refuse before it connects, by the same gate (load_admitted).
/// Problems go to `err`, a line each; with `json` one object to `out`. Exit code: 0 valid, 2 refused.
int config_check(const ConfigOptions& options, bool json, std::ostream& out, std::ostream& err);

/// `omega config check|show|diff|schema`: what the configuration is, where each value comes from, and what it may be.
void add_config(CLI::App& app, int& exit_code);

}  // namespace omega
