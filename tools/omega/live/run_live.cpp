#include "tools/omega/live/run_live.hpp"

#include "gateways/exchange/service.hpp"
#include "tools/omega/engine/engine.hpp"
#include "tools/omega/engine/summary.hpp"
#include "tools/omega/herald.hpp"
#include "tools/omega/live/accounts.hpp"
#include "tools/omega/live/equity.hpp"
#include "tools/omega/live/instruments.hpp"
#include "tools/omega/live/live_session.hpp"
#include "tools/omega/live/market_data.hpp"
#include "tools/omega/live/receive_stamps.hpp"
#include "tools/omega/live/simulated_venues.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace omega {

namespace {

using Limit = std::optional<std::chrono::steady_clock::duration>;
using gateways::exchange::Environment;

/// The rules of every configured instrument, as the venues say them now.
core::InstrumentTable load_instruments(Net& net, const LiveSettings& live, RunMode mode) {
    core::InstrumentTable table;
    for (const auto& [name, configured] : live.venues) {
        const auto venue = *core::parse_venue(name);
        std::vector<InstrumentText> wanted;
        for (const auto& text : configured.instruments) wanted.push_back(parse_instrument(text));
        if (wanted.empty())
            throw std::invalid_argument{fmt::format("venues.{}.instruments: none; expected at least one", name)};
        const auto service = gateways::exchange::make_service(venue);
        if (!service) {
            for (const auto& one : wanted) table.add(instrument_of(venue, one));
            continue;
        }
        const auto environment =
            mode == RunMode::testnet && configured.rest.empty() ? Environment::testnet : Environment::live;
        const auto markets = fetch_markets(*service, wanted, environment, blocking_transport(net, configured.rest));
        for (const auto& one : wanted) {
            const auto* market = markets.find(one.symbol);
            if (market == nullptr)
                throw std::invalid_argument{
                    fmt::format("venues.{}.instruments: {} is not traded there; {} markets are, `omega exchange {} "
                                "fetch_markets` lists them",
                                name, one.symbol, markets.size(), name)};
            table.add(instrument_of(venue, *market));
        }
    }
    return table;
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
        tell();
        const auto& seen = engine.observer().counts();
        if (enough && enough({.frames = facts.frames,
                              .orders = seen.orders,
                              .fills = seen.fills,
                              .ready = market.ready(),
                              .trading = session.trading()}))
            break;
        if (limit && std::chrono::steady_clock::now() - begin >= *limit) break;
    }
    session.finish(clock.now());
    tell();
    facts.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Where the ledgers are: as configured, or for the time of a run against simulated venues.
class StateFolder {
public:
    explicit StateFolder(LiveSettings& live) {
        if (live.state.empty() && live.simulation.enabled) {
            auto name = (std::filesystem::temp_directory_path() / "omega-state-XXXXXX").string();
            if (::mkdtemp(name.data()) == nullptr)
                throw std::runtime_error{fmt::format("live.state: no temporary folder could be made at {}", name)};
            temporary_ = name;
            live.state = name;
        }
        if (live.state.empty()) live.state = "omega-state";
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

/// Tells people what the accounts have to say; what concerns money comes first on a line of its own.
void tell_notices(Accounts& accounts, Tap& tap) {
    gateways::live::Notice notice;
    while (accounts.take_notice(notice))
        tap.on_notice(notice.alert, fmt::format("{}: {}", core::name(notice.venue), notice.text));
}

nlohmann::json to_json(const MarketData& market, const Accounts* accounts) {
    nlohmann::json json{{"sessions", nlohmann::json::array()}, {"accounts", nlohmann::json::array()}};
    for (const auto& line : market.status())
        json["sessions"].push_back({{"venue", core::name(line.venue)},
                                    {"url", line.session.url},
                                    {"ready", line.session.ready},
                                    {"opened", line.session.counts.opened},
                                    {"frames", line.session.frames},
                                    {"trouble", line.session.trouble}});
    if (accounts == nullptr) return json;
    for (const auto& line : accounts->lines()) {
        const auto& counts = line->account->counts();
        json["accounts"].push_back({{"venue", core::name(line->venue)},
                                    {"epoch", accounts->epoch()},
                                    {"stream_up", line->account->link().stream_up},
                                    {"orders_by_socket", counts.by_socket},
                                    {"orders_by_rest", counts.by_rest},
                                    {"requests", counts.rest_requests},
                                    {"held_back", line->account->gateway().held_back()},
                                    {"open_orders", line->ledger->open_orders()}});
    }
    return json;
}

void print(std::ostream& out, const MarketData& market, const Accounts* accounts) {
    for (const auto& line : market.status())
        fmt::print(out, "  session    {:<9} {:>10} frames   opened {}   {}{}\n", core::name(line.venue),
                   line.session.frames, line.session.counts.opened, line.session.ready ? "ready" : "NOT READY",
                   line.session.trouble.empty() ? "" : "   last trouble: " + line.session.trouble);
    if (accounts == nullptr) return;
    for (const auto& line : accounts->lines()) {
        const auto& counts = line->account->counts();
        fmt::print(out,
                   "  account    {:<9} {:>10} orders by socket   {} by REST   {} requests   {} held back   {} open at "
                   "the end\n",
                   core::name(line->venue), counts.by_socket, counts.by_rest, counts.rest_requests,
                   line->account->gateway().held_back(), line->ledger->open_orders());
    }
}

}  // namespace

int run_live(Settings settings, const RunOptions& options, Limit limit, const core::StopSignals& signals,
             std::ostream& out, std::ostream& err) {
    check_venues(settings.live);
    std::optional<SimulatedVenues> simulated;
    LiveSettings live = settings.live;  // with the addresses and the epoch of this run
    if (live.simulation.enabled) {
        simulated.emplace(live);
        simulated->redirect(live);
    }
    Net net{{.ca_file = live.ca_file,
             .ca_pem = simulated ? simulated->authorities() : std::string{},
             .system_authorities = !simulated}};
    auto instruments = load_instruments(net, live, settings.mode);
    const bool trades = settings.mode != RunMode::paper;
    const StateFolder folder{live};
    KeyRing keys{live.simulation.enabled};
    std::optional<Accounts> accounts;
    if (trades) {
        accounts.emplace(live, instruments);
        if (accounts->empty())
            throw std::invalid_argument{"mode: no venue trades; expected venues.<name>.trade: true, or mode: paper"};
        settings.live.epoch = live.epoch;
        settings.start_equity = account_equity(net, live, settings.mode, keys, settings.start_equity);
    }

    Tap tap{1 << 12};
    Engine engine{settings, instruments, &tap, nullptr};
    engine.conditions().start();
    Budgets budgets{instruments, simulated.has_value()};
    MarketData market{net, live, settings.mode, instruments, budgets};
    if (accounts) accounts->connect(net, live, settings.mode, keys, budgets);
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
                       .start_equity = Wiring::start_equity(settings)}};
        core::Clock clock;
        engine.with_topology([&](auto& topology) {
            if (accounts) {
                LiveSession session{topology, *accounts, engine.desk(), instruments, clock, live.stop_limit};
                drive(
                    engine, session, market, clock, limit, signals, facts, [&] { tell_notices(*accounts, tap); },
                    options.enough);
            } else {
                PaperSession session{topology, engine.venue(), engine.desk()};
                drive(
                    engine, session, market, clock, limit, signals, facts, [] {}, options.enough);
            }
        });
    }
    facts.drops = engine.drops();
    const auto counts = market.counts();
    facts.feed_errors = counts.errors;
    facts.sequence_breaks = counts.sequence_breaks;
    const auto* held = accounts ? &*accounts : nullptr;
    if (options.json) {
        auto json = to_json(engine, facts);
        json["live"] = to_json(market, held);
        out << json.dump() << '\n';
    } else {
        print_summary(out, engine, facts);
        print(out, market, held);
    }
    const bool full = tell_full_disk(engine, "run", err);
    return facts.drops == 0 && !full ? 0 : 1;
}

}  // namespace omega
