#include "tools/omega/live/run_live.hpp"

#include "gateways/exchange/service.hpp"
#include "gateways/live/position_mode.hpp"
#include "tools/omega/engine/engine.hpp"
#include "tools/omega/engine/summary.hpp"
#include "tools/omega/herald.hpp"
#include "tools/omega/live/account_binding.hpp"
#include "tools/omega/live/accounts.hpp"
#include "tools/omega/live/equity.hpp"
#include "tools/omega/live/folders.hpp"
#include "tools/omega/live/instruments.hpp"
#include "tools/omega/live/key_check.hpp"
#include "tools/omega/live/live_session.hpp"
#include "tools/omega/live/live_summary.hpp"
#include "tools/omega/live/market_data.hpp"
#include "tools/omega/live/questions.hpp"
#include "tools/omega/live/receive_stamps.hpp"
#include "tools/omega/live/risk_keeper.hpp"
#include "tools/omega/live/simulated_venues.hpp"
#include "tools/omega/live/watchdog.hpp"
#include "tools/omega/live/ways.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace omega {

namespace {

using Limit = std::optional<std::chrono::steady_clock::duration>;
using gateways::exchange::Environment;

struct LoadedInstruments {
    core::InstrumentTable table;
    std::vector<std::string> symbols;  ///< unified, by instrument
    void add(const core::Instrument& instrument, const std::string& symbol) {
        const auto id = table.add(instrument);
        symbols.resize(table.size());
        symbols[id.value] = symbol;
    }
};

/// The rules of every configured instrument, as the venues say them now.
LoadedInstruments load_instruments(const Ways& ways, const LiveSettings& live, RunMode mode) {
    LoadedInstruments loaded;
    for (const auto& [name, configured] : live.venues) {
        const auto venue = *core::parse_venue(name);
        std::vector<InstrumentText> wanted;
        for (const auto& text : configured.instruments) wanted.push_back(parse_instrument(text));
        const auto service = gateways::exchange::make_service(venue);
        if (!service) {
            for (const auto& one : wanted) loaded.add(instrument_of(venue, one), one.symbol);
            continue;
        }
        const auto environment =
            mode == RunMode::testnet && configured.rest.empty() ? Environment::testnet : Environment::live;
        const auto way = [&](std::vector<gateways::exchange::Request> requests) {
            return ways.to(venue, configured, std::move(requests));
        };
        const auto markets = fetch_markets(*service, wanted, environment, way);
        for (const auto& one : wanted) {
            const auto* market = markets.find(one.symbol);
            if (market == nullptr)
                throw std::invalid_argument{
                    fmt::format("venues.{}.instruments: {} is not traded there; {} markets are, `omega exchange {} "
                                "fetch_markets` lists them",
                                name, one.symbol, markets.size(), name)};
            loaded.add(instrument_of(venue, *market), one.symbol);
        }
    }
    return loaded;
}

core::Nanoseconds wall() {
    return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

/// In hedge mode what is meant to close a position opens another one beside it: nothing here is made for that.
void refuse_hedge_mode(const Ways& ways, const LiveSettings& live, RunMode mode, KeyRing& keys,
                       const LoadedInstruments& loaded) {
    for (const auto& instrument : loaded.table) {
        const std::string name{core::name(instrument.venue)};
        const auto& configured = live.venues.at(name);
        if (!configured.trade || instrument.market == core::Market::spot) continue;
        const std::string_view symbol = loaded.symbols[instrument.id.value];
        const auto environment =
            mode == RunMode::testnet && configured.rest.empty() ? Environment::testnet : Environment::live;
        const auto settle = symbol.substr(symbol.find(':') + 1);
        const auto hedged = gateways::live::in_hedge_mode(
            *gateways::exchange::make_service(instrument.venue), instrument, settle,
            keys.find(instrument.venue, configured), wall, environment,
            ways.to(instrument.venue, configured, {gateways::live::position_mode_request(instrument, settle)}));
        if (!hedged) give_up(fmt::format("{}: its position mode could not be had", name), hedged.error());
        if (*hedged)
            throw std::runtime_error{
                fmt::format("{}: the account is in hedge mode for {}; expected one-way mode: close what it holds and "
                            "switch it, `omega exchange {} set_position_mode -- false {}`",
                            name, symbol, name, symbol)};
    }
}

/// The loop: what the sockets brought through the engine, until time is up or a signal came.
template <class Session, class Tell>
void drive(Engine& engine, Session& session, MarketData& market, core::Clock& clock, const Limit& limit,
           const core::StopSignals& signals, RunFacts& facts, Tell&& tell,
           const std::function<bool(const LiveProgress&)>& enough) {
    const auto begin = std::chrono::steady_clock::now();
    ReceiveStamps stamps{engine.settings().sample_every, engine.ns_per_cycle()};
    std::uint64_t rounds = 0, crossed = 0;
    core::InstrumentId crossed_one{core::no_instrument};
    // Of a stage on a thread of its own nothing is known here; its book then waits for the venue's next snapshot.
    const bool sees_books = engine.settings().topology.kind == pipeline::TopologyKind::fused;
    while (!signals.stop_requested()) {
        const auto messages = market.poll(clock, [&](const core::Tick& tick) {
            const auto timing = stamps.of(tick, clock);
            engine.before(tick, [&](const core::Tick& first) { session.on_tick(first, {}); });
            session.on_tick(tick, timing);
            if (sees_books && engine.wiring().book.counters().crossed != crossed) [[unlikely]] {
                crossed = engine.wiring().book.counters().crossed;
                crossed_one = tick.instrument;
            }
        });
        if (crossed_one != core::no_instrument) [[unlikely]]
            market.book_is_wrong(std::exchange(crossed_one, core::no_instrument), clock.now(),
                                 [&](const core::Tick& tick) { session.on_tick(tick, {}); });
        const auto now = clock.now();
        if (messages != 0) {
            if (facts.frames == 0) facts.first = now;
            facts.last = now;
            facts.frames += messages;
        }
        session.advance(now);
        if (messages == 0) std::this_thread::yield();
        if (++rounds % 1024 != 0) continue;
        clock.recalibrate();
        const auto alerts = tell();
        const auto seen = engine.observer().progress();
        if (enough && enough({.frames = facts.frames,
                              .orders = seen.orders,
                              .fills = seen.fills,
                              .alerts = alerts,
                              .waiting = session.waiting(),
                              .ready = market.ready(),
                              .trading = session.trading()}))
            break;
        if (limit && std::chrono::steady_clock::now() - begin >= *limit) break;
    }
    session.finish(clock.now());
    tell();
    facts.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Where the ledgers are: state_folder, or for the time of a run against simulated venues one that ends with it.
class StateFolder {
public:
    StateFolder(LiveSettings& live, RunMode mode) {
        if (live.state.empty() && live.simulation.enabled) {
            auto name = (std::filesystem::temp_directory_path() / "omega-state-XXXXXX").string();
            if (::mkdtemp(name.data()) == nullptr)
                throw std::runtime_error{fmt::format("live.state: no temporary folder could be made at {}", name)};
            temporary_ = name;
            live.state = name;
        }
        live.state = state_folder(live, mode).string();
    }
    ~StateFolder() {
        std::error_code ignored;
        if (!temporary_.empty()) std::filesystem::remove_all(temporary_, ignored);
    }
    StateFolder(const StateFolder&) = delete;
    StateFolder& operator=(const StateFolder&) = delete;

private:
    std::filesystem::path temporary_{};
};

std::string venues_of(const LiveSettings& live) {
    std::string text;
    for (const auto& [name, configured] : live.venues) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string_view name_of(RunMode mode) {
    return mode == RunMode::paper ? "paper" : mode == RunMode::testnet ? "testnet" : "REAL MONEY";
}

/// Tells people what the accounts have to say, and keeps what concerns money. Returns how much of that there was so
/// far.
std::uint64_t tell_notices(Accounts& accounts, Tap& tap, AlertBook& alerts) {
    gateways::live::Notice notice;
    while (accounts.take_notice(notice)) {
        auto text = fmt::format("{}: {}", core::name(notice.venue), notice.text);
        tap.on_notice(notice.alert, text);
        if (notice.alert) alerts.add(std::move(text));
    }
    return alerts.count();
}

core::Notional money(double amount) noexcept {
    return {static_cast<std::int64_t>(amount * 1e8 + .5)};
}

}  // namespace

int run_live(Settings settings, const RunOptions& options, Limit limit, const core::StopSignals& signals,
             std::ostream& out, std::ostream& err) {
    std::optional<SimulatedVenues> simulated;
    LiveSettings live = settings.live;  // with the addresses, the folders and the epoch of this run
    live.record = record_folder(live, settings.mode).string();
    if (live.simulation.enabled) {
        simulated.emplace(live);
        simulated->redirect(live);
    }
    const bool trades = settings.mode != RunMode::paper;
    KeyRing keys{live.simulation.enabled};
    std::optional<EngineWatchdog> watchdog;  // before the first thread; venues of this process end with it
    if (trades && !simulated) watchdog.emplace(live, settings.mode, keys);
    Net net{{.ca_file = live.ca_file,
             .ca_pem = simulated ? simulated->authorities() : std::string{},
             .system_authorities = !simulated}};
    Budgets budgets{live, settings.mode};
    const Ways ways{net, budgets};
    auto loaded = load_instruments(ways, live, settings.mode);
    auto& instruments = loaded.table;
    const StateFolder folder{live, settings.mode};
    std::optional<Accounts> accounts;
    std::optional<RiskKeeper> keeper;
    LiveFacts end;
    if (trades) {
        if (!simulated) {
            const auto environment = settings.mode == RunMode::testnet ? Environment::testnet : Environment::live;
            const auto way = [&](core::Venue venue, const VenueSettings& of) { return ways.to(venue, of); };
            for (const auto& notice : refuse_unfit_keys(live, environment, keys, way, wall()))
                fmt::print(err, "omega run: {}\n", notice);
        }
        accounts.emplace(live, settings.mode, keys, instruments, loaded.symbols);
        refuse_hedge_mode(ways, live, settings.mode, keys, loaded);
        settings.live.epoch = live.epoch;
        const auto held = account_equity(ways, live, settings.mode, keys);
        end.equity = money(held);
        end.cap = money(settings.start_equity);
        keeper.emplace(live.state, instruments);
        settings.start_equity = keeper->start_equity(held, settings.start_equity);
        if (settings.start_equity <= 0)
            throw std::runtime_error{
                fmt::format("the accounts hold {:.2f}, all of it beyond start_equity from the "
                            "beginning: there is nothing to trade with",
                            held)};
    }

    Tap tap{1 << 12, instruments.size()};
    Engine engine{settings, instruments, &tap, nullptr};
    if (keeper) engine.remember(&keeper->notes());
    engine.conditions().start();
    for (const auto& problem : budgets.problems()) tap.on_notice(false, problem);
    MarketData market{net, live, settings.mode, instruments, budgets};
    for (const auto& problem : market.problems()) tap.on_notice(false, problem);
    if (accounts) accounts->connect(net, live, settings.mode, budgets);
    if (watchdog) accounts->beat(watchdog->heartbeat());
    RunFacts facts;
    {
        Herald herald{tap,
                      instruments,
                      engine.ns_per_cycle(),
                      {.screen = !options.plain && !options.json && ::isatty(STDOUT_FILENO) == 1,
                       .silent = options.json,
                       .title = fmt::format("{}{} · {} · {} topology · Ctrl-C ends", venues_of(live),
                                            simulated ? " simulated in this process" : "", name_of(settings.mode),
                                            name(settings.topology.kind)),
                       .start_equity = Wiring::start_equity(settings),
                       .alerts = &err}};
        core::Clock clock;
        engine.with_topology([&](auto& topology) {
            if (accounts) {
                LiveSession session{topology, *accounts, engine.desk(), instruments, clock, live.stop_limit};
                session.remember(&*keeper);
                drive(
                    engine, session, market, clock, limit, signals, facts,
                    [&] { return tell_notices(*accounts, tap, end.alerts); }, options.enough);
            } else {
                PaperSession session{topology, engine.venue(), engine.desk()};
                drive(
                    engine, session, market, clock, limit, signals, facts, [] { return std::uint64_t{}; },
                    options.enough);
            }
        });
    }
    if (accounts) end.left = left_behind(*accounts, instruments);
    // What could still open a position is the watchdog's now.
    if (watchdog && std::ranges::all_of(end.left.orders, [](const auto& one) { return one.guards; })) watchdog->leave();
    if (keeper) {
        keeper->stop();
        if (keeper->failures() + keeper->notes().lost() > 0)
            fmt::print(err, "live.state {}: what risk must know after a restart could not all be kept\n", live.state);
    }
    facts.drops = engine.drops();
    const auto counts = market.counts();
    facts.feed_errors = counts.errors;
    facts.sequence_breaks = counts.sequence_breaks;
    end.recorded = live.record;
    end.instruments = &instruments;
    end.market = &market;
    end.desk = &engine.desk();
    if (accounts) {
        end.accounts = &*accounts;
    }
    if (options.json) {
        auto json = to_json(engine, facts);
        json["live"] = to_json(end);
        out << json.dump() << '\n';
    } else {
        print_summary(out, engine, facts);
        print_summary(out, end);
    }
    const bool full = tell_full_disk(engine, "run", err);
    if (end.left.unsafe())
        fmt::print(err, "omega run: orders, or positions without their whole stop, are left at the venues: {} and {}\n",
                   std::ranges::count_if(end.left.orders, [](const auto& one) { return !one.guards; }),
                   std::ranges::count_if(end.left.positions, [](const auto& one) { return one.naked.units != 0; }));
    return facts.drops == 0 && !full && !end.left.unsafe() ? 0 : 1;
}

}  // namespace omega
