#pragma once

#include "gateways/exchange/service.hpp"

#include <CLI/App.hpp>

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace omega {

/// `omega exchange`: one unified call of a venue by hand.
struct ExchangeOptions {
    std::string venue, call;
    std::vector<std::string> arguments{};  ///< each JSON or a bare word
    bool dry_run{};                        ///< show the request instead of sending it
    std::filesystem::path response{};      ///< read this recorded answer instead of asking the venue
    std::filesystem::path markets{};       ///< a recorded answer to fetch_markets; empty: the main pairs
    bool testnet{};
    std::filesystem::path budgets{};  ///< folder of the request budgets that engines share; empty: nothing is paid for
};

/// Makes who sends; called only when something is to be sent.
using TransportMaker = std::function<gateways::exchange::Transport()>;

/// Prints one JSON object (of a call with several requests, --dry-run prints one line each). What went wrong goes to
/// `err`, a venue's refusal as JSON to `out`. The keys of an account come from the environment:
/// OMEGA_KEY_<VENUE>, OMEGA_SECRET_<VENUE>, OMEGA_PASSPHRASE_<VENUE>. An order that is really sent bears a client order
/// id, which `err` is told before it leaves.
/// Exit code: 0 done, 1 the venue refused, 2 wrong usage or unreadable input, 3 not reached or outcome unknown.
int exchange_command(const ExchangeOptions& options, const TransportMaker& transport, std::ostream& out,
                     std::ostream& err);

/// Adds the verb; running it sets `exit_code`.
void add_exchange(CLI::App& app, int& exit_code);

}  // namespace omega
