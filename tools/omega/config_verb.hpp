#pragma once

#include <CLI/App.hpp>

namespace omega {

/// `omega config check|show|diff|schema`: what the configuration is, where each value comes from, and what it may be.
void add_config(CLI::App& app, int& exit_code);

}  // namespace omega
