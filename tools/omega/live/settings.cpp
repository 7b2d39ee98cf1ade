#include "tools/omega/live/settings.hpp"

#include "core/net/url.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string_view>

namespace omega {

using core::above;
using core::Range;
using core::Schema;

namespace {

/// "localhost" or an address of this host's loopback, as it is written.
bool is_loopback(const std::string& host) {
    in_addr v4{};
    in6_addr v6{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
    if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6) != 0;
    return host == "localhost";
}

/// What is signed, and what is traded by, crosses a network only encrypted.
bool is_origin(const std::string& text, std::string_view plain, std::string_view encrypted) {
    if (text.empty()) return true;
    const auto url = core::parse_url(text);
    return url && url->target == "/" && !text.ends_with('/') &&
           (text.starts_with(encrypted) || (text.starts_with(plain) && is_loopback(url->to.host)));
}

void describe(Schema& s, VenueSettings& venue) {
    s.add("instruments", venue.instruments,
          "unified symbols: BTC/USDT is spot, BTC/USDT:USDT the perpetual; of coinbase and kraken with their decimals "
          "of price and quantity: 'BTC/USD 1 8'");
    s.add("trade", venue.trade, "orders of its instruments go there, in modes testnet and prod");
    s.add("account", venue.account, "name of its entry in the keystore or the environment; empty: the venue's name");
    s.add("redundant", venue.redundant, Range{1, 4}, "connections that bring the same market data");
    s.add("websocket", venue.websocket, "origin in place of the venue's: wss://host[:port]");
    s.add("rest", venue.rest, "origin in place of the venue's: https://host[:port]");
    s.require(
        {"websocket"}, [&venue] { return is_origin(venue.websocket, "ws://", "wss://"); },
        "expected wss://host[:port]; ws:// only of this host (127.0.0.1, [::1], localhost)");
    s.require(
        {"rest"}, [&venue] { return is_origin(venue.rest, "http://", "https://"); },
        "expected https://host[:port]; http:// only of this host (127.0.0.1, [::1], localhost)");
    s.add("accept", venue.accept,
          "positions seen at the venue, such as 'BTC/USDT:USDT -0.010': where ledger and venue differ at the start and "
          "the venue says exactly this, the ledger takes it over, once");
}

}  // namespace

void add_live(Schema& s, LiveSettings& live) {
    s.add_map("venues", live.venues, describe,
              "binance, bitget, bybit, okx, coinbase, kraken; none: the synthetic market");
    auto& sim = live.simulation;
    s.add("venue_sim.enabled", sim.enabled, "venues are simulated in this process, over TLS on loopback");
    s.add("venue_sim.seed", sim.seed, core::any_number, "of its market");
    s.add("venue_sim.pairs", sim.pairs, Range{1, 500},
          "bases against USDT, each listed spot and as a perpetual: BTC, ETH, SOL, XRP, then others");
    s.add("venue_sim.events_per_s", sim.events_per_s, Range{1, 10'000}, "of its market, an instrument");
    s.add("venue_sim.volatility", sim.volatility, Range{0, 20}, "scales swings and noise of its market");
    s.add("venue_sim.speed", sim.speed, above(0, 1000), "its market's time per time on the wall");
    s.add("venue_sim.faults", sim.faults, "script of what goes wrong (tools/venue/README.md); empty: nothing does");
    s.add("net.ca_file", live.ca_file, "PEM of further authorities whom TLS trusts");
    s.add("live.state", live.state,
          "folder of the order ledgers and the start counter; empty: omega/<mode> in XDG_STATE_HOME or ~/.local/state, "
          "of simulated venues one for the run");
    s.add("live.adopt_orders", live.adopt_orders,
          "orders that others place on the account are left alone; else they are cancelled");
    s.add("live.adopt_position", live.adopt_position,
          "a ledger without history takes what the account holds; else entries wait until a person says so");
    s.add("live.stop_limit_s", live.stop_limit, Range{1, 600}, "time to have every order cancelled in the end");
    s.add("live.keep_stops", live.keep_stops, "in the end the stops of positions still held stay at the venue");
    s.add("live.watchdog_s", live.watchdog, Range{0, 600},
          "silence of the engine (killed, hung) after which a process beside it cancels its entries and leaves stops and "
          "exits; 0: no such process");
    s.add("live.dead_man", live.dead_man,
          "venue timers that cancel everything, stops too, when they hear nothing from us for 30 s");
    s.add("record.enabled", live.record_enabled, "keep raw captures of all live frames");
    s.add("record.folder", live.record,
          "where; empty: captures in live.state, or where that would be; of venues simulated in this process nowhere");
    s.add("record.budget_mb", live.record_budget_mb, Range{1, 10'000'000},
          "of all captures there, and at most half of what the disk has for them; the oldest go first");
    s.add("run.epoch", live.epoch, Range{1, (1 << 23) - 1}, "of the order ids; live runs count it by themselves");
}

bool is_local(const std::string& origin) {
    const auto url = core::parse_url(origin);
    return url && is_loopback(url->to.host);
}

}  // namespace omega
