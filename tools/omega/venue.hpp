#pragma once

#include <CLI/App.hpp>

namespace omega {

/// `omega venue`: a simulated venue on a port of this machine.
void add_venue(CLI::App& app, int& exit_code);

}  // namespace omega
