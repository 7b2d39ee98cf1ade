#include "tools/omega/live/venue_objections.hpp"

#include "core/domain/price.hpp"
#include "feeds/session/plan.hpp"
#include "gateways/orders/dead_man.hpp"
#include "tools/omega/live/instruments.hpp"
#include "tools/omega/live/market_data.hpp"
#include "tools/venue/faults/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

namespace omega {

namespace {

using core::Venue;

/// One venue while it is looked at.
struct Look {
    Objections& all;
    const Settings& settings;
    const std::string& name;
    const VenueSettings& configured;
    Venue venue{};
    std::vector<InstrumentText> instruments{};

    [[nodiscard]] std::string key(std::string_view of) const { return fmt::format("venues.{}.{}", name, of); }
    [[nodiscard]] bool trades() const { return configured.trade && settings.mode != RunMode::paper; }
    [[nodiscard]] bool simulated() const { return settings.live.simulation.enabled; }
};

/// Of market data alone: their rules are not asked for, and nothing is sent there.
bool only_shows(Venue venue) noexcept {
    return venue == Venue::coinbase || venue == Venue::kraken;
}

void read_instruments(Look& look) {
    if (look.configured.instruments.empty()) look.all.add(look.key("instruments"), "expected at least one");
    for (const auto& text : look.configured.instruments)
        look.all.ask(look.key("instruments"), [&] {
            auto one = parse_instrument(text);
            if (only_shows(look.venue)) (void)instrument_of(look.venue, one);
            look.instruments.push_back(std::move(one));
        });
}

/// The sessions that would be opened: a venue without such a market, or without this mode, is told by them.
void plan(Look& look) {
    look.all.ask(look.key("instruments"), [&] {
        core::InstrumentTable table;
        std::vector<core::InstrumentId> ids;
        for (const auto& one : look.instruments) {
            core::Instrument instrument;
            instrument.venue = look.venue;
            instrument.market = market_of(one.symbol);
            instrument.symbol = one.symbol.substr(0, one.symbol.find(':'));
            std::erase(instrument.symbol, '/');
            ids.push_back(table.add(instrument));
        }
        std::optional<feeds::FeedHosts> hosts;
        const auto& own = look.configured.websocket;
        if (look.simulated() || !own.empty())
            hosts = feeds::FeedHosts{own.empty() ? "wss://127.0.0.1:1" : own, look.configured.rest};
        (void)feeds::plan_sessions(look.venue, feed_mode(look.venue, look.settings.mode), table, ids, {}, hosts);
    });
}

void object_to_trading(const Look& look) {
    if (!look.trades()) return;
    std::vector<core::Market> markets;
    std::map<std::string, std::string> held;  // coin to pair
    for (const auto& one : look.instruments) {
        markets.push_back(market_of(one.symbol));
        if (markets.back() == core::Market::inverse)
            look.all.add(look.key("instruments"),
                         fmt::format("{}: inverse contracts are not traded live; expected spot or linear ones, or "
                                     "trade: false",
                                     one.symbol));
        if (markets.back() != core::Market::spot) continue;
        const auto [other, fresh] = held.emplace(one.symbol.substr(0, one.symbol.find('/')), one.symbol);
        if (!fresh && other->second != one.symbol)
            look.all.add(look.key("instruments"),
                         fmt::format("{} and {}: what is held of {} cannot be told apart; expected one spot pair of it",
                                     other->second, one.symbol, other->first));
    }
    if (!look.settings.live.dead_man) return;
    const auto trouble = gateways::dead_man_trouble(look.venue, markets, look.settings.live.keep_stops);
    if (!trouble.empty()) look.all.add("live.dead_man", fmt::format("{}: {}", look.name, trouble));
}

/// "SYMBOL QUANTITY"; how many decimals the quantity may have, the venue will say.
bool is_acceptable(const Look& look, std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return false;
    auto number = text.substr(space + 1);
    if (number.starts_with('-')) number.remove_prefix(1);
    const auto point = number.find('.');
    const auto decimals = point == std::string_view::npos ? 0 : number.size() - point - 1;
    return std::ranges::count(look.instruments, text.substr(0, space), &InstrumentText::symbol) > 0 && decimals <= 18 &&
           core::parse_quantity(number, static_cast<int>(decimals));
}

void object_to_accepted(const Look& look) {
    if (look.settings.mode == RunMode::paper) return;
    for (const auto& text : look.configured.accept)
        if (!look.configured.trade || !is_acceptable(look, text))
            look.all.add(look.key("accept"),
                         fmt::format("{}; expected one of its instruments, a space and the position that the venue "
                                     "shows, such as 'BTC/USDT:USDT -0.010', of a venue that trades",
                                     text));
}

void object_to_origins(const Look& look) {
    if (look.settings.mode != RunMode::testnet || look.simulated()) return;
    for (const auto& [key, origin] :
         {std::pair{"rest", &look.configured.rest}, {"websocket", &look.configured.websocket}})
        if (!origin->empty() && !is_local(*origin))
            look.all.add(look.key(key),
                         "expected with mode: testnet an address of this host (127.0.0.1, [::1], localhost), or none, "
                         "for the venue's own testnet. Real venues need mode: prod, live.enabled: true and "
                         "--i-mean-it");
}

/// All that trade must be paid in one currency: what two of them hold cannot be added.
void object_to_currencies(Objections& all, const Settings& settings) {
    if (settings.mode == RunMode::paper) return;
    std::string first;
    for (const auto& [name, configured] : settings.live.venues) {
        if (!configured.trade) continue;
        for (const auto& text : configured.instruments) {
            const auto currency = paid_in(text.substr(0, text.find(' ')));
            if (first.empty()) first = currency;
            if (currency == first) continue;
            all.add(fmt::format("venues.{}.instruments", name),
                    fmt::format("{} is paid in {}, others in {}; expected one currency for all that trade", text,
                                currency, first));
            return;
        }
    }
}

}  // namespace

void object_to_venues(Objections& all, const Settings& settings) {
    const auto& live = settings.live;
    if (!live.any()) return;
    std::map<std::string, std::string> accounts;  // name to venue
    bool any_trades = false;
    for (const auto& [name, configured] : live.venues) {
        const auto venue = core::parse_venue(name);
        if (!venue || *venue == Venue::omega) {
            all.add("venues." + name, "expected binance, bitget, bybit, okx, coinbase or kraken");
            continue;
        }
        Look look{.all = all, .settings = settings, .name = name, .configured = configured, .venue = *venue};
        any_trades = any_trades || configured.trade;
        if (only_shows(*venue) && configured.trade)
            all.add(look.key("trade"), "expected false: only its market data is taken");
        if (only_shows(*venue) && live.simulation.enabled) {
            all.add("venues." + name, "is not simulated; expected binance, bitget, bybit or okx beside venue_sim");
            continue;
        }
        if (configured.trade) {
            const auto [other, fresh] = accounts.emplace(account_name(name, configured), name);
            if (!fresh)
                all.add(look.key("account"),
                        fmt::format("{} is venues.{}'s, too; expected a name of its own for the key and the ledger of "
                                    "each venue that trades",
                                    other->first, other->second));
        }
        read_instruments(look);
        plan(look);
        object_to_trading(look);
        object_to_accepted(look);
        object_to_origins(look);
    }
    if (settings.mode != RunMode::paper && !any_trades)
        all.add("mode", "no venue trades; expected venues.<name>.trade: true, or mode: paper");
    object_to_currencies(all, settings);
    if (live.simulation.enabled && !live.simulation.faults.empty())
        all.ask("venue_sim.faults", [&] { (void)venue::read_fault_script(live.simulation.faults); });
}

}  // namespace omega
