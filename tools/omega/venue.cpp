#include "tools/omega/venue.hpp"

#include "core/runtime/lifecycle.hpp"
#include "tools/venue/server/server.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace omega {

namespace {

struct VenueOptions {
    std::string dialect;
    std::string listen{"127.0.0.1:0"};
    std::string market{"synthetic"};
    std::string faults;
    std::string ca_out;
    std::string warm_up{"10m"};
    std::uint64_t seed{42};
    std::size_t pairs{4};
    double events_per_s{20};
    bool tls{}, json{}, hold{};
};

void read_listen(const std::string& text, venue::ServerSettings& settings) {
    const auto colon = text.rfind(':');
    unsigned port = 65'536;
    if (colon != std::string::npos) {
        const auto* from = text.data() + colon + 1;
        const auto* end = text.data() + text.size();
        if (const auto [stop, error] = std::from_chars(from, end, port); error != std::errc{} || stop != end)
            port = 65'536;
    }
    if (colon == std::string::npos || colon == 0 || port > 65'535)
        throw std::invalid_argument{fmt::format("--listen {}: expected an address and a port, 127.0.0.1:0", text)};
    settings.host = text.substr(0, colon);
    settings.port = static_cast<std::uint16_t>(port);
}

int venue_command(const VenueOptions& options) {
    try {
        venue::ServerSettings server;
        read_listen(options.listen, server);
        server.tls = options.tls;
        server.ca_out = options.ca_out;
        venue::SimulatorSettings simulator;
        simulator.dialect = *core::parse_venue(options.dialect);
        simulator.pairs = options.pairs;
        simulator.source.market = options.market;
        simulator.source.recorded_by = simulator.dialect;
        simulator.source.seed = options.seed;
        simulator.source.events_per_s = options.events_per_s;
        simulator.source.warm_up = venue::parse_span(options.warm_up);
        if (!options.faults.empty()) simulator.faults = venue::read_fault_script(options.faults);
        const auto account = simulator.accounts.front();

        const core::StopSignals signals;
        venue::Server running{std::move(server), std::move(simulator)};
        running.start();
        if (options.hold) running.with([](venue::Simulator& inside) { inside.feeder().hold(true); });
        if (options.json) {
            nlohmann::ordered_json line{{"listening", running.address()}, {"dialect", options.dialect}};
            line["account"] = {{"key", account.key}, {"secret", account.secret}, {"passphrase", account.passphrase}};
            if (options.tls && !options.ca_out.empty()) line["ca"] = options.ca_out;
            std::cout << line.dump() << std::endl;
        } else {
            fmt::print("{} simulator on {}{}, key {}, secret {}, passphrase {}; Ctrl-C ends\n", options.dialect,
                       options.tls ? "https and wss " : "http and ws ", running.address(), account.key, account.secret,
                       account.passphrase);
            std::cout << std::flush;
            std::fflush(stdout);
        }
        while (!signals.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds{50});
        running.stop();
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "omega venue: {}\n", error.what());
        return 2;
    }
}

}  // namespace

void add_venue(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<VenueOptions>();
    auto* verb =
        app.add_subcommand("venue", "A simulated venue: orders, fills and streams as the real one speaks them");
    verb->footer(
        "Examples:\n"
        "  omega venue --dialect binance --listen 127.0.0.1:18080\n"
        "  omega venue --dialect binance --listen 127.0.0.1:0 --tls --ca-out /tmp/ca.pem --json\n"
        "  omega venue --dialect binance --faults faults.yaml\n"
        "Its account and secret are the simulator's own and open nothing else. Exit codes: 0 ended by a signal, 2 "
        "wrong "
        "usage.");
    verb->add_option("--dialect", options->dialect, "whose language: binance, okx, bitget or bybit")
        ->required()
        ->check(CLI::IsMember({"binance", "bitget", "bybit", "okx"}));
    verb->add_option("--listen", options->listen, "address and port; port 0 picks one")->capture_default_str();
    verb->add_flag("--tls", options->tls, "https and wss, by an authority made for this run");
    verb->add_option("--ca-out", options->ca_out, "write that authority's certificate (PEM) here");
    verb->add_option("--market", options->market, "synthetic, or a recording of the dialect's venue")
        ->capture_default_str();
    verb->add_option("--pairs", options->pairs,
                     "bases against USDT, each listed spot and as a perpetual: BTC, ETH, SOL, XRP, then others")
        ->check(CLI::Range(std::size_t{1}, venue::max_pairs))
        ->capture_default_str();
    verb->add_option("--seed", options->seed, "of the synthetic market")->capture_default_str();
    verb->add_option("--events", options->events_per_s, "of the synthetic market: a second and listing")
        ->check(CLI::Range(.1, 10'000.))
        ->capture_default_str();
    verb->add_option("--warm-up", options->warm_up, "market that lies behind when it opens: 10m, 1h")
        ->capture_default_str();
    verb->add_option("--faults", options->faults, "script of faults (YAML, tools/venue/README.md)");
    verb->add_flag("--hold", options->hold, "the market stands still after the warm-up");
    verb->add_flag("--json", options->json, "the first line as a JSON object");
    verb->callback([options, &exit_code] { exit_code = venue_command(*options); });
}

}  // namespace omega
