#include "tools/omega/exchange.hpp"
#include "tools/omega/exchange_transport.hpp"
#include "tools/omega/live/host_budget.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <iostream>
#include <memory>
#include <string>

namespace omega {

namespace {

std::string footer() {
    std::string text =
        "Examples:\n"
        "  omega exchange binance fetch_ticker BTC/USDT\n"
        "  omega exchange binance create_order --dry-run -- BTC/USDT:USDT limit buy 0.01 60000 '{\"postOnly\":true}'\n"
        "  omega exchange bitget fetch_order_book --response answer.json -- BTC/USDT 5\n"
        "Arguments are ccxt's positional ones, each JSON or a bare word; an object at the end are the options.\n"
        "Keys come from OMEGA_KEY_<VENUE>, OMEGA_SECRET_<VENUE> and OMEGA_PASSPHRASE_<VENUE>.\n"
        "An order that is sent bears a client order id (clientOrderId, or a fresh one, told on standard error): a lost "
        "answer\ncan be asked for. What is sent is taken from the request budget that the engines of this host share.\n"
        "Exit codes: 0 done, 1 the venue refused, 2 wrong usage or unreadable input, 3 not reached or outcome "
        "unknown.\n"
        "Calls:";
    for (const auto& row : gateways::exchange::all_calls()) {
        text += "\n  " + std::string{row.name};
        if (!row.arguments.empty()) text += " " + std::string{row.arguments};
    }
    return text;
}

}  // namespace

void add_exchange(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ExchangeOptions>();
    auto* verb = app.add_subcommand("exchange", "The unified exchange calls, by hand");
    verb->footer(footer());
    verb->add_option("venue", options->venue, "binance, bitget, bybit, okx")->required();
    verb->add_option("call", options->call, "one of the calls below")->required();
    // Positions one by one: a list of them would take a JSON array apart.
    constexpr std::size_t most = 8;
    auto positions = std::make_shared<std::array<std::string, most>>();
    std::array<CLI::Option*, most> given{};
    for (std::size_t i = 0; i < most; ++i) {
        given[i] = verb->add_option(i == 0 ? "arguments" : "argument" + std::to_string(i + 1), (*positions)[i],
                                    "the call's arguments, in its order; behind -- if one begins with a dash");
        if (i > 0) given[i]->group("");
    }
    auto* dry_run = verb->add_flag("--dry-run", options->dry_run, "print the request, send nothing");
    verb->add_option("--response", options->response, "read this recorded answer, send nothing")->excludes(dry_run);
    verb->add_option("--markets", options->markets, "a recorded answer to fetch_markets (built in: the main pairs)");
    verb->add_flag("--testnet", options->testnet, "where the venue lets one practise");
    auto base = std::make_shared<std::string>();
    verb->add_option("--url", *base, "ask this server instead of the venue: a simulator, http://127.0.0.1:PORT");
    verb->callback([options, base, positions, given, &exit_code] {
        for (std::size_t i = 0; i < most && given[i]->count() > 0; ++i) options->arguments.push_back((*positions)[i]);
        if (base->empty()) options->budgets = shared_budgets;  // a simulator has a budget of its own
        const auto transport = [&] { return https_transport(*base); };
        exit_code = exchange_command(*options, transport, std::cout, std::cerr);
    });
}

}  // namespace omega
