#pragma once

#include <CLI/App.hpp>

namespace omega {

/// `omega latency`: measures this machine: the waterfall of the whole pipeline over synthetic frames, and what the
/// machine itself does to a thread that never stops.
void add_latency(CLI::App& app, int& exit_code);

}  // namespace omega
