#include "tools/omega/run.hpp"

#include "core/runtime/lifecycle.hpp"
#include "feeds/any_feed.hpp"
#include "feeds/capture/writer.hpp"
#include "feeds/synthetic/market.hpp"
#include "tools/omega/admission.hpp"
#include "tools/omega/engine/engine.hpp"
#include "tools/omega/engine/pace.hpp"
#include "tools/omega/engine/summary.hpp"
#include "tools/omega/herald.hpp"
#include "tools/omega/live/questions.hpp"
#include "tools/omega/live/run_live.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace omega {

namespace {

/// "30s", "5m", "2h"; empty is forever.
std::optional<std::chrono::steady_clock::duration> parse_duration(const std::string& text) {
    if (text.empty()) return std::nullopt;
    double value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    const double seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
    if (error != std::errc{} || seconds == 0 || !(value > 0) || value > 1e6)
        throw std::invalid_argument{fmt::format("--for {}: expected a duration such as 30s, 5m or 2h", text)};
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double>{value * seconds});
}

/// One feed for every venue of the market, and where asked for a capture of each.
class Venues {
public:
    Venues(core::InstrumentTable& instruments, const std::string& record) {
        for (const auto& instrument : instruments) {
            auto& line = lines_[static_cast<std::size_t>(instrument.venue)];
            if (line.feed) continue;
            line.feed.emplace(instrument.venue, instruments);
            if (!record.empty()) line.capture.emplace(file_of(record, instrument.venue), instrument.venue);
        }
    }
    template <class Sink>
    void on_frame(const feeds::Frame& frame, Sink&& sink) {
        auto& line = lines_[static_cast<std::size_t>(frame.venue)];
        if (line.capture) line.capture->write(frame);
        line.feed->on_frame(frame, sink);
    }
    void finish(RunFacts& facts) {
        for (auto& line : lines_) {
            if (line.capture) line.capture->close();
            if (!line.feed) continue;
            facts.feed_errors += line.feed->stats().faulted();
            facts.sequence_breaks += line.feed->stats().sequence_breaks;
        }
    }

private:
    /// A capture is of one venue: those beside Binance have their name in front of the ending.
    static std::filesystem::path file_of(const std::filesystem::path& record, core::Venue venue) {
        if (venue == core::Venue::binance) return record;
        auto file = record;
        return file.replace_filename(
            fmt::format("{}-{}{}", record.stem().string(), core::name(venue), record.extension().string()));
    }
    struct Line {
        std::optional<feeds::AnyFeed> feed{};
        std::optional<feeds::capture::CaptureWriter> capture{};
    };
    std::array<Line, core::venue_count> lines_;
};

/// The feed loop: frames of the synthetic market through codec, synchroniser and session until time is up or a signal
/// came.
template <class Topology>
RunFacts drive(Engine& engine, Topology& topology, feeds::synthetic::Market& market, core::InstrumentTable& instruments,
               const RunOptions& options, std::optional<std::chrono::steady_clock::duration> limit,
               const core::StopSignals& signals) {
    RunFacts facts;
    const auto begin = std::chrono::steady_clock::now();
    Venues venues{instruments, options.record};
    PaperSession session{topology, engine.venue(), engine.desk()};
    Pace pace{options.speed};
    feeds::Frame frame;
    pipeline::Timing timing;
    const auto sample = engine.settings().sample_every;
    bool told_of_full_disk = false;
    while (!signals.stop_requested() && market.next(frame)) {
        if (facts.frames == 0) facts.first = frame.receive_time;
        facts.last = frame.receive_time;
        pace.until(frame.receive_time);
        timing.taken = facts.frames++ % sample == 0;
        timing.received = __builtin_ia32_rdtsc();
        venues.on_frame(frame, [&](const core::Tick& tick) {
            if (timing.taken) timing.decoded = __builtin_ia32_rdtsc();
            engine.before(tick, [&](const core::Tick& first) { session.on_tick(first, {}); });
            session.on_tick(tick, timing);
        });
        if (session.starved() && !told_of_full_disk) [[unlikely]] {
            told_of_full_disk = true;
            fmt::print(stderr, "omega run: the journal's disk is full: no new entries from here on\n");
        }
        if (limit && facts.frames % 256 == 0 && std::chrono::steady_clock::now() - begin >= *limit) break;
    }
    session.finish(facts.last);
    venues.finish(facts);
    facts.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return facts;
}

}  // namespace

int run_command(const RunOptions& options, std::ostream& out, std::ostream& err) {
    try {
        Settings settings;
        auto schema = make_schema(settings);
        auto config = options.config;
        if (!options.mode.empty()) config.sets.push_back("mode=" + options.mode);
        if (!options.journal.empty()) config.sets.push_back("journal.directory=" + options.journal);
        if (!options.record.empty()) {  // of venues; the synthetic market has a file
            config.sets.push_back("record.folder=" + options.record);
            config.sets.emplace_back("record.enabled=true");
        }
        load_admitted(schema, settings, config);
        if (settings.mode == RunMode::prod && !options.i_mean_it)
            throw std::invalid_argument{"mode: prod trades real money; expected --i-mean-it on the command line, too"};
        const auto limit = parse_duration(options.duration);  // before anything is begun or written
        if (settings.live.any()) {
            const core::StopSignals signals;
            return run_live(settings, options, limit, signals, out, err);
        }

        feeds::synthetic::Market market{synthetic_market(settings)};
        core::InstrumentTable instruments;
        for (const auto& instrument : market.instruments()) instruments.add(instrument);

        const core::StopSignals signals;
        Tap tap{1 << 12, instruments.size()};
        Engine engine{settings, instruments, &tap, nullptr};
        engine.conditions().start();
        RunFacts facts;
        {
            Herald herald{tap,
                          instruments,
                          engine.ns_per_cycle(),
                          {.screen = !options.plain && !options.json && ::isatty(STDOUT_FILENO) == 1,
                           .silent = options.json,
                           .title = fmt::format("synthetic market (seed {}) · paper · {} topology · Ctrl-C ends",
                                                settings.market.seed, name(settings.topology.kind)),
                           .start_equity = Wiring::start_equity(settings)}};
            engine.with_topology(
                [&](auto& topology) { facts = drive(engine, topology, market, instruments, options, limit, signals); });
        }
        facts.drops = engine.drops();
        if (options.json)
            out << to_json(engine, facts).dump() << '\n';
        else
            print_summary(out, engine, facts);
        const bool full = tell_full_disk(engine, "run", err);
        return facts.drops == 0 && !full ? 0 : 1;
    } catch (const NotReached& error) {
        fmt::print(err, "omega run: {}\n", error.what());
        return 3;
    } catch (const std::exception& error) {
        fmt::print(err, "omega run: {}\n", error.what());
        return 2;
    }
}

void add_run(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<RunOptions>();
    auto* verb = app.add_subcommand("run", "The engine at work: a market's raw frames to decisions and paper orders");
    verb->footer(
        "Examples:\n"
        "  omega run --config config/venue-sim.yaml --for 2m\n"
        "  omega run --for 30s\n"
        "  omega run --for 30s --set cosmic.enabled=true --journal /tmp/run1 && omega replay /tmp/run1 --verify\n"
        "  omega run --for 10s --plain --record market.omcap && omega decode --venue binance --summary market.omcap\n"
        "  omega run --for 1m --set market.venues=[bybit] --set market.kinds=[cross_venue_divergence]\n"
        "Frames of live venues are recorded unless record.enabled is false, into record.folder or beside the ledgers;\n"
        "`omega decode --summary` and `omega replay` read them, the files of one venue together.\n"
        "Exit codes: 0 done, 1 something was dropped, or orders or positions without their stop were left at a venue,\n"
        "2 wrong usage or configuration, 3 a venue could not be reached.");
    verb->add_option("--mode", options->mode, "paper (default), testnet or prod")
        ->check(CLI::IsMember({"paper", "testnet", "prod"}));
    verb->add_option("--for", options->duration, "stop by itself after this wall time: 30s, 5m, 2h");
    verb->add_option("--speed", options->speed, "market time per wall time, at most (synthetic market)")
        ->check(CLI::Range(.001, 1e9))
        ->capture_default_str();
    verb->add_option("--record", options->record,
                     "write every frame to this capture; of live venues, to captures in this folder");
    verb->add_option("--journal", options->journal, "keep ticks and orders in this new directory");
    verb->add_flag("--i-mean-it", options->i_mean_it, "real money: needed beside mode: prod and live.enabled: true");
    verb->add_flag("--plain", options->plain, "a line a second instead of a screen");
    verb->add_flag("--json", options->json, "only the summary, as one JSON object");
    add_config_options(*verb, options->config);
    verb->callback([options, &exit_code] { exit_code = run_command(*options, std::cout, std::cerr); });
}

}  // namespace omega
