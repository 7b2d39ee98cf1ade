#include "tools/omega/replay.hpp"

#include "core/config/problem.hpp"
#include "feeds/any_feed.hpp"
#include "feeds/capture/discover.hpp"
#include "feeds/capture/error.hpp"
#include "feeds/capture/merged_reader.hpp"
#include "feeds/capture/venue_of.hpp"
#include "pipeline/flow/journal_reader.hpp"
#include "tools/omega/engine/engine.hpp"
#include "tools/omega/engine/pace.hpp"
#include "tools/omega/engine/session_file.hpp"
#include "tools/omega/engine/summary.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <chrono>
#include <iostream>
#include <ostream>

namespace omega {

namespace {

using Files = std::vector<std::filesystem::path>;

/// One pass of captures through an engine.
RunFacts run_captures(Engine& engine, core::InstrumentTable& instruments, core::Venue venue, const Files& files,
                      double speed) {
    RunFacts facts;
    feeds::capture::MergedReader reader{files};
    const auto begin = std::chrono::steady_clock::now();
    engine.with_topology([&](auto& topology) {
        PaperSession session{topology, engine.venue(), engine.desk()};
        feeds::AnyFeed feed{venue, instruments};
        Pace pace{speed};
        feeds::Frame frame;
        pipeline::Timing timing;
        const auto sample = engine.settings().sample_every;
        while (reader.next(frame)) {
            if (facts.frames == 0) facts.first = frame.receive_time;
            facts.last = frame.receive_time;
            pace.until(frame.receive_time);
            timing.taken = facts.frames++ % sample == 0;
            timing.received = __builtin_ia32_rdtsc();
            feed.on_frame(frame, [&](const core::Tick& tick) {
                if (timing.taken) timing.decoded = __builtin_ia32_rdtsc();
                engine.before(tick, [&](const core::Tick& first) { session.on_tick(first, {}); });
                session.on_tick(tick, timing);
            });
        }
        facts.feed_errors = feed.stats().faulted();
        facts.sequence_breaks = feed.stats().sequence_breaks;
        session.finish(facts.last);
    });
    facts.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    facts.drops = engine.drops();
    return facts;
}

/// One pass of a journal. `end` tells how it ended.
RunFacts run_journal(Engine& engine, const std::filesystem::path& directory, double speed, pipeline::JournalEnd& end) {
    RunFacts facts;
    const auto begin = std::chrono::steady_clock::now();
    engine.with_topology([&](auto& topology) {
        JournalSession session{topology, engine.desk()};
        Pace pace{speed};
        const auto sample = engine.settings().sample_every;
        end = pipeline::read_ticks(directory, [&](const core::Tick& tick) {
            if (facts.frames == 0) facts.first = tick.receive_time;
            facts.last = tick.receive_time;
            pace.until(tick.receive_time);
            const auto now = __builtin_ia32_rdtsc();
            session.on_tick(tick, {.taken = facts.frames++ % sample == 0, .received = now, .decoded = now});
        });
        session.finish();
    });
    facts.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    facts.drops = engine.drops();
    return facts;
}

core::Nanoseconds span_of(const Files& files) {
    feeds::capture::MergedReader reader{files};
    feeds::Frame frame;
    core::Nanoseconds first{}, last{};
    for (bool begun = false; reader.next(frame); begun = true) {
        if (!begun) first = frame.receive_time;
        last = frame.receive_time;
    }
    return last - first;
}

double parse_speed(const std::string& text) {
    if (text == "max") return 0;
    if (text == "real") return 1;
    double factor{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), factor);
    if (error != std::errc{} || end != text.data() + text.size() || !(factor > 0))
        throw std::invalid_argument{fmt::format("--speed {}: expected max, real, or a factor above 0", text)};
    return factor;
}

void choose(Settings& settings, const ReplayOptions& options) {
    if (options.topology == "fused") settings.topology.kind = pipeline::TopologyKind::fused;
    if (options.topology == "staged") settings.topology.kind = pipeline::TopologyKind::staged;
    if (!options.journal.empty()) settings.journal = options.journal;
}

void report(const ReplayOptions& options, const Engine& engine, const RunFacts& facts, std::ostream& out) {
    if (options.json)
        out << to_json(engine, facts).dump() << '\n';
    else
        print_summary(out, engine, facts);
}

int replay_journal(const ReplayOptions& options, double speed, std::ostream& out, std::ostream& err) {
    if (!options.config.sets.empty() || !options.config.file.empty())
        throw std::invalid_argument{fmt::format(
            "{}: a journal is replayed with the configuration it was written with; expected no --config and no --set",
            options.inputs[0].string())};
    Settings settings;
    core::InstrumentTable instruments;
    const auto hash = read_session_file(options.inputs[0], settings, instruments);
    const pipeline::JournalReader reader{options.inputs[0]};
    if (const auto& kept = reader.header().session_sha256; std::string_view{kept.data(), kept.size()} != hash)
        throw std::runtime_error{
            fmt::format("{}: session.json is not the one this journal was written with", options.inputs[0].string())};
    settings.journal.clear();
    choose(settings, options);

    Trace trace;
    Engine engine{settings, instruments, nullptr, options.verify ? &trace : nullptr};
    pipeline::JournalEnd end, orders_end;
    auto facts = run_journal(engine, options.inputs[0], speed, end);
    if (options.verify) {
        facts.verify = true;
        std::vector<core::Order> recorded;
        orders_end =
            pipeline::read_orders(options.inputs[0], [&](const core::Order& order) { recorded.push_back(order); });
        // Of a journal that was cut, only what its ticks caused can be compared.
        if (end.kind != pipeline::JournalEnd::Kind::whole)
            std::erase_if(recorded, [&](const core::Order& order) { return order.sequence > end.records; });
        // A killed run may have journaled ticks whose orders it never reached: those are no difference.
        if (end.kind != pipeline::JournalEnd::Kind::whole && trace.orders.size() > recorded.size())
            trace.orders.resize(recorded.size());
        facts.difference = first_difference(recorded, trace.orders);
    }
    report(options, engine, facts, out);
    if (orders_end.kind == pipeline::JournalEnd::Kind::corrupt) {
        fmt::print(err, "omega replay: {} at byte {}: {}; compared with the {} orders before it\n",
                   orders_end.file.string(), orders_end.offset, orders_end.reason, orders_end.records);
        if (end.kind != pipeline::JournalEnd::Kind::corrupt) return 1;
    }
    if (end.kind == pipeline::JournalEnd::Kind::corrupt) {
        fmt::print(err, "omega replay: {} at byte {}: {}; replayed the {} records before it\n", end.file.string(),
                   end.offset, end.reason, end.records);
        return 1;
    }
    if (end.kind == pipeline::JournalEnd::Kind::torn)
        fmt::print(err, "omega replay: the journal ends without a close after {} records (the run was killed)\n",
                   end.records);
    return facts.difference ? 1 : 0;
}

int replay_captures(const ReplayOptions& options, double speed, std::ostream& out, std::ostream& err) {
    Settings settings;
    auto schema = make_schema(settings);
    auto config = options.config;
    if (options.profile != "auto") config.sets.push_back("profile=" + options.profile);
    load_settings(schema, settings, config);
    choose(settings, options);
    if (options.profile == "auto" && settings.profile == Profile::standard &&
        span_of(options.inputs) < std::chrono::hours{6}) {
        settings.profile = Profile::short_;
        apply_profile(schema, settings);
        if (!options.json)
            fmt::print(err,
                       "omega replay: a tape under six hours, so profile: short (legs and triggers of seconds); "
                       "--profile standard for the other\n");
    }
    const auto venue = options.venue ? *options.venue : feeds::capture::venue_of(options.inputs);
    auto instruments = feeds::capture::discover(venue, options.inputs);

    Trace trace;
    Engine engine{settings, instruments, nullptr, options.verify ? &trace : nullptr};
    auto facts = run_captures(engine, instruments, venue, options.inputs, speed);
    if (options.verify) {  // again, under the other topology
        facts.verify = true;
        Settings other = settings;
        other.journal.clear();
        other.topology.kind = settings.topology.kind == pipeline::TopologyKind::fused ? pipeline::TopologyKind::staged
                                                                                      : pipeline::TopologyKind::fused;
        Trace second;
        Engine again{other, instruments, nullptr, &second};
        run_captures(again, instruments, venue, options.inputs, 0);
        facts.difference = first_difference(trace, second);
    }
    report(options, engine, facts, out);
    const bool full = tell_full_disk(engine, "replay", err);
    if (facts.feed_errors != 0)
        fmt::print(
            err,
            "omega replay: {} of {} frames refused as {}; `omega decode --summary` counts their reasons, --venue "
            "says whose they are\n",
            facts.feed_errors, facts.frames, core::name(venue));
    return facts.difference || full || facts.feed_errors != 0 ? 1 : 0;
}

}  // namespace

int replay_command(const ReplayOptions& options, std::ostream& out, std::ostream& err) {
    try {
        const double speed = parse_speed(options.speed);
        if (options.inputs.size() == 1 && std::filesystem::is_directory(options.inputs[0]))
            return replay_journal(options, speed, out, err);
        return replay_captures(options, speed, out, err);
    } catch (const std::exception& error) {  // captures, journal, configuration: each says file, place and expectation
        fmt::print(err, "omega replay: {}\n", error.what());
        return 2;
    }
}

void add_replay(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ReplayOptions>();
    auto* verb =
        app.add_subcommand("replay", "Recorded frames or a journal through the whole pipeline, with paper orders");
    verb->footer(
        "Examples:\n"
        "  omega replay usdm_btcusdt.gz --json\n"
        "  omega replay usdm_btcusdt.gz --journal run1 && omega replay run1 --verify\n"
        "  omega replay spot.gz usdm.gz --topology staged --verify\n"
        "A journal holds the conditions (sentiment, Schumann resonance) that its run knew. Captures do not: with "
        "cosmic "
        "enabled\nthe configured files are read, again when they change, and a value counts once event time has passed "
        "its stamp; an\naddress is never asked.\n"
        "Exit codes: 0 done, 1 runs differ, a journal is damaged or its disk full, 2 unreadable input or wrong usage.");
    verb->add_option("inputs", options->inputs, "captures of one session (plain, .gz, .zst), or a journal's directory")
        ->required();
    verb->add_option_function<std::string>(
            "--venue", [options](const std::string& text) { options->venue = core::parse_venue(text); },
            "venue of the captures; told by their addresses where absent")
        ->check(CLI::IsMember({"binance", "bitget", "bybit", "okx", "coinbase", "kraken"}));
    verb->add_option("--speed", options->speed, "max, real, or a factor of real time")->capture_default_str();
    verb->add_option("--topology", options->topology, "instead of the configured one")
        ->check(CLI::IsMember({"fused", "staged"}));
    verb->add_option("--profile", options->profile,
                     "short: legs and triggers of seconds; auto: short for tapes under six hours")
        ->check(CLI::IsMember({"auto", "standard", "short"}))
        ->capture_default_str();
    verb->add_option("--journal", options->journal, "keep ticks and orders in this new directory");
    verb->add_flag("--verify", options->verify,
                   "captures: run again under the other topology and compare; journal: compare with its orders");
    verb->add_flag("--json", options->json, "one JSON object (spec: omega replay)");
    add_config_options(*verb, options->config);
    verb->callback([options, &exit_code] { exit_code = replay_command(*options, std::cout, std::cerr); });
}

}  // namespace omega
