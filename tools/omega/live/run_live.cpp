#include "tools/omega/live/run_live.hpp"

#include "gateways/exchange/service.hpp"
#include "tools/omega/engine/engine.hpp"
#include "tools/omega/engine/summary.hpp"
#include "tools/omega/herald.hpp"
#include "tools/omega/live/instruments.hpp"
#include "tools/omega/live/market_data.hpp"
#include "tools/omega/live/receive_stamps.hpp"
#include "tools/omega/live/simulated_venues.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <ostream>
#include <stdexcept>
#include <thread>

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
template <class Session>
void drive(Engine& engine, Session& session, MarketData& market, const Limit& limit, const core::StopSignals& signals,
           RunFacts& facts) {
    const auto begin = std::chrono::steady_clock::now();
    core::Clock clock;
    ReceiveStamps stamps{engine.settings().sample_every, engine.ns_per_cycle()};
    std::uint64_t rounds = 0;
    while (!signals.stop_requested()) {
        const auto messages = market.poll(clock, [&](const core::Tick& tick) {
            const auto timing = stamps.of(tick, clock);
            engine.before(tick, [&](const core::Tick& first) { session.on_tick(first, {}); });
            session.on_tick(tick, timing);
        });
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
        if (limit && std::chrono::steady_clock::now() - begin >= *limit) break;
    }
    session.finish(clock.now());
    facts.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int run_live(Settings settings, const RunOptions& options, Limit limit, const core::StopSignals& signals,
             std::ostream& out, std::ostream& err) {
    check_venues(settings.live);
    std::optional<SimulatedVenues> simulated;
    LiveSettings live = settings.live;
    if (live.simulation.enabled) {
        simulated.emplace(live);
        simulated->redirect(live);
    }
    Net net{{.ca_file = live.ca_file,
             .ca_pem = simulated ? simulated->authorities() : std::string{},
             .system_authorities = !simulated}};
    auto instruments = load_instruments(net, live, settings.mode);

    Tap tap{1 << 12};
    Engine engine{settings, instruments, &tap, nullptr};
    engine.conditions().start();
    MarketData market{net, live, settings.mode, instruments};
    RunFacts facts;
    {
        Herald herald{
            tap,
            instruments,
            engine.ns_per_cycle(),
            {.screen = !options.plain && !options.json && ::isatty(STDOUT_FILENO) == 1,
             .silent = options.json,
             .title = fmt::format("{} venues{} · {} · {} topology · Ctrl-C ends", live.venues.size(),
                                  simulated ? " (simulated here)" : "", "paper", name(settings.topology.kind)),
             .start_equity = Wiring::start_equity(settings)}};
        engine.with_topology([&](auto& topology) {
            PaperSession session{topology, engine.venue(), engine.desk()};
            drive(engine, session, market, limit, signals, facts);
        });
    }
    facts.drops = engine.drops();
    const auto counts = market.counts();
    facts.feed_errors = counts.errors;
    facts.sequence_breaks = counts.sequence_breaks;
    if (options.json)
        out << to_json(engine, facts).dump() << '\n';
    else
        print_summary(out, engine, facts);
    for (const auto& line : market.status())
        fmt::print(err, "{} {} ready {} trouble {} unconfirmed {}\n", core::name(line.venue), line.session.url,
                   line.session.ready, line.session.trouble, line.session.unconfirmed);
    const bool full = tell_full_disk(engine, "run", err);
    return facts.drops == 0 && !full ? 0 : 1;
}

}  // namespace omega
