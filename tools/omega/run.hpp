#pragma once

#include "tools/omega/options.hpp"

#include <CLI/App.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace omega {

/// How far a live run is: what a caller that runs it as a function may end it by.
struct LiveProgress {
    std::uint64_t frames{}, orders{}, fills{}, alerts{};
    std::size_t waiting{};  ///< instruments whose accounts do not agree with their venues yet
    bool ready{};           ///< every session brings data, every book is whole
    bool trading{};         ///< accounts agree with their venues in every instrument, or it is paper
};

/// `omega run`: the service. Without a venue it trades the synthetic market on paper.
struct RunOptions {
    ConfigOptions config;
    std::string mode;      ///< paper, testnet, prod; as configured where empty
    std::string duration;  ///< wall time such as 30s, 5m, 2h; empty: until SIGINT
    double speed{10000};   ///< market time per wall time, at most
    std::string journal;   ///< new directory for ticks and orders; as configured where empty
    std::string record;    ///< capture to write every frame of the synthetic market to; of live venues a folder
    bool plain{}, json{}, i_mean_it{};
    std::function<bool(const LiveProgress&)> enough{};  ///< of live runs: asked often, true ends it
};

/// Exit code: 0 done, 1 found a problem, 2 wrong usage or configuration, 3 a venue could not be reached.
int run_command(const RunOptions& options, std::ostream& out, std::ostream& err);

void add_run(CLI::App& app, int& exit_code);

}  // namespace omega
