#include "tools/omega/traps.hpp"

#include "tools/omega/settings.hpp"
#include "tools/omega/traps/trap_json.hpp"
#include "tools/omega/traps/trap_recall.hpp"
#include "tools/omega/traps/trap_report.hpp"
#include "tools/omega/traps/trap_run.hpp"
#include "tools/omega/traps/trap_source.hpp"
#include "tools/omega/traps/trap_table.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace omega {

namespace {

constexpr int done = 0, found_a_problem = 1, wrong_usage = 2;

/// "30m", "6h", "2d".
core::Nanoseconds parse_duration(const std::string& text) {
    double value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    const double seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
    if (error != std::errc{} || seconds == 0 || !(value > 0) || value * seconds > 366 * 86400.)
        throw std::invalid_argument{
            fmt::format("--market {}: expected a duration up to a year, such as 30m, 6h or 2d", text)};
    return core::Nanoseconds{static_cast<std::int64_t>(value * seconds * 1e9)};
}

/// A line that redraws itself, on a terminal, twice a second.
class Progress {
public:
    explicit Progress(bool shown) : shown_{shown} {}
    ~Progress() {
        if (drawn_) fmt::print(stderr, "\r\033[K");
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void step(const TrapSource& source, std::size_t events) {
        if (!shown_ || ++steps_ % 4096 != 0) return;
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < std::chrono::milliseconds{500}) return;
        last_ = now;
        drawn_ = true;
        fmt::print(stderr, "\r\033[Komega traps: {}, {} events", source.progress(), events);
    }

private:
    bool shown_, drawn_{};
    std::uint64_t steps_{};
    std::chrono::steady_clock::time_point last_{std::chrono::steady_clock::now()};
};

std::unique_ptr<TrapSource> open_source(const TrapsOptions& options, Settings& settings) {
    if (options.market.empty()) {
        if (options.inputs.empty()) throw std::invalid_argument{"give capture or candle files, or --market DURATION"};
        if (!options.truth.empty() || options.seed)
            throw std::invalid_argument{"--truth and --seed go with --market: nobody knows what is in a recording"};
        return open_files(options.inputs, options.venue);
    }
    if (!options.inputs.empty()) throw std::invalid_argument{"give files or --market, not both"};
    settings.market.duration = parse_duration(options.market);
    if (options.seed) settings.market.seed = *options.seed;
    return open_market(synthetic_market(settings));
}

/// Opens a file to be written before any work is done for it.
std::ofstream open_output(const std::string& file) {
    std::ofstream out{file};
    if (!out) throw std::invalid_argument{fmt::format("{}: cannot be written", file)};
    return out;
}

struct Judged {
    std::vector<strategies::TrapScore> kinds, instruments{};
    std::vector<Recall> recall{};
};

nlohmann::ordered_json rows_json(const std::vector<strategies::TrapScore>& scores,
                                 const core::InstrumentTable& instruments) {
    auto rows = nlohmann::ordered_json::array();
    for (const auto& score : scores) rows.push_back(omega::to_json(score, instruments));
    return rows;
}

void print_judged_json(std::ostream& out, const Judged& judged, const TrapRun& run, const TrapSource& source) {
    nlohmann::ordered_json all{{"kinds", rows_json(judged.kinds, source.instruments())}};
    if (!judged.instruments.empty()) all["instruments"] = rows_json(judged.instruments, source.instruments());
    if (!judged.recall.empty()) {
        auto rows = nlohmann::ordered_json::array();
        for (const Recall& row : judged.recall) {
            const double recall = row.recall(), alarms = row.false_alarms_per_planted();
            rows.push_back({{"kind", name(row.kind)},
                            {"planted", row.planted},
                            {"found", row.found},
                            {"recall", core::known(recall) ? nlohmann::ordered_json(recall) : nlohmann::ordered_json()},
                            {"false_alarms", row.false_alarms},
                            {"false_alarms_per_planted",
                             core::known(alarms) ? nlohmann::ordered_json(alarms) : nlohmann::ordered_json()}});
        }
        all["recall"] = std::move(rows);
    }
    all["ticks"] = run.ticks();
    all["from"] = run.first().count();
    all["to"] = run.last().count();
    out << all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

void print_judged(std::ostream& out, const Judged& judged, const TrapRun& run, const TrapSource& source) {
    fmt::print(out, "{} ticks, {} to {}\n\n", run.ticks(), core::to_iso8601(run.first()), core::to_iso8601(run.last()));
    print_scores(out, judged.kinds, source.instruments());
    if (!judged.instruments.empty()) {
        fmt::print(out, "\n");
        print_scores(out, judged.instruments, source.instruments());
    }
    if (!judged.recall.empty()) {
        fmt::print(out, "\n");
        print_recall(out, judged.recall);
    }
}

int traps(const TrapsOptions& options, std::ostream& out, std::ostream& err) {
    Settings configured;
    auto schema = make_schema(configured);
    load_settings(schema, configured, options.config);
    const auto source = open_source(options, configured);
    const Settings settings = effective(configured);
    std::ofstream report, truth;
    if (!options.report.empty()) report = open_output(options.report);
    if (!options.truth.empty()) truth = open_output(options.truth);

    const bool evaluate = options.evaluate || options.by_instrument || !options.report.empty();
    const auto& instruments = source->instruments();
    std::size_t events = 0;
    const auto tell = [&](const SeenTrap& seen) {
        const auto& instrument = instruments[seen.event.instrument];
        if (evaluate) {
            ++events;
        } else if (options.json) {
            ++events;
            out << event_json(seen, instrument) << '\n';
        } else {
            if (events++ == 0) print_event_head(out);
            print_event(out, seen, instrument);
        }
    };
    auto run = std::make_unique<TrapRun>(settings, instruments, tell, !options.report.empty());
    {
        Progress progress{::isatty(STDERR_FILENO) == 1 && &err == &std::cerr &&
                          (evaluate || ::isatty(STDOUT_FILENO) == 0)};
        while (source->step([&](const core::Tick& tick) { run->on_tick(tick); })) progress.step(*source, events);
    }
    run->finish();

    if (evaluate) {
        Judged judged{.kinds = strategies::score_kinds(run->outcomes())};
        if (options.by_instrument) judged.instruments = strategies::score_instruments(run->outcomes());
        if (!options.market.empty()) judged.recall = recall_of(source->truth(), run->outcomes().events());
        if (options.json)
            print_judged_json(out, judged, *run, *source);
        else
            print_judged(out, judged, *run, *source);
        if (report.is_open()) write_report(report, judged.kinds, judged.recall, *run, instruments);
    } else if (!options.json && events == 0) {
        out << "no trap seen\n";
    }
    if (truth.is_open()) write_truth(truth, source->truth(), instruments);

    out.flush();
    int code = done;
    for (const auto& problem : source->problems()) {
        fmt::print(err, "omega traps: {}\n", problem);
        code = found_a_problem;
    }
    if (run->counters().overflow > 0)
        fmt::print(err, "omega traps: {} events beyond eight with one tick were not told\n", run->counters().overflow);
    const auto check = [&](std::ostream& written, const std::string& what) {
        if (written.flush()) return;
        fmt::print(err, "omega traps: {} could not be written\n", what);
        code = found_a_problem;
    };
    check(out, "the output");
    if (report.is_open()) check(report, options.report);
    if (truth.is_open()) check(truth, options.truth);
    return code;
}

}  // namespace

int traps_command(const TrapsOptions& options, std::ostream& out, std::ostream& err) {
    try {
        return traps(options, out, err);
    } catch (const std::exception& error) {  // files and configuration: each says file, place and expectation
        fmt::print(err, "omega traps: {}\n", error.what());
        return wrong_usage;
    }
}

void add_traps(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<TrapsOptions>();
    auto* verb = app.add_subcommand("traps", "Market-maker traps in recordings, and whether they meant anything");
    verb->footer(
        "Examples:\n"
        "  omega traps usdm_btcusdt.gz --json\n"
        "  omega traps spot.gz usdm.gz BTC_USDT-1m.json.zst --evaluate --by-instrument\n"
        "  omega traps usdm_btcusdt.gz --report traps.html\n"
        "  omega traps --market 6h --seed 7 --truth planted.jsonl --evaluate\n"
        "  omega traps --market 2h --set market.venues=[bybit] --set market.kinds=[cross_venue_divergence] --evaluate\n"
        "A candle file runs only the kinds that live on bars. An event hits if the price moves X its way before X "
        "against it\nwithin Y; `base` is how often that happens at any time, `lift` is precision over base. `up` and "
        "`down` are the\npressure of recent traps, `meter` the probability meter (!: a report would name the "
        "event).\n"
        "Exit codes: 0 done, 1 something of the input was refused, 2 unreadable input or wrong usage.");
    verb->add_option("files", options->inputs,
                     "captures (cryptofeed, hftbacktest, Omega's own) and candle files (CSV, freqtrade's JSON); plain, "
                     ".gz or .zst");
    verb->add_option_function<std::string>(
            "--venue", [options](const std::string& text) { options->venue = core::parse_venue(text); },
            "venue of all files; told by their addresses where absent")
        ->check(CLI::IsMember({"binance", "bitget", "bybit", "okx", "coinbase", "kraken"}));
    verb->add_flag("--evaluate", options->evaluate,
                   "per kind: hits, precision, base rate, lift, Brier score and a verdict, instead of the events");
    verb->add_flag("--by-instrument", options->by_instrument,
                   "the same per kind and instrument, too; implies --evaluate");
    verb->add_option("--report", options->report, "write a page with the verdicts and charts here; implies --evaluate");
    verb->add_option("--market", options->market, "instead of files the synthetic market for so long: 30m, 6h, 2d");
    verb->add_option("--seed", options->seed, "of the synthetic market");
    verb->add_option("--truth", options->truth, "write what the synthetic market planted here, as JSON lines");
    verb->add_flag("--json", options->json, "one event a line, or one object with --evaluate (spec: omega traps)");
    add_config_options(*verb, options->config);
    verb->callback([options, &exit_code] { exit_code = traps_command(*options, std::cout, std::cerr); });
}

}  // namespace omega
