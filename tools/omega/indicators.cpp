#include "tools/omega/indicators.hpp"

#include "core/config/problem.hpp"
#include "feeds/history/aggregate.hpp"
#include "pipeline/bars/quiet_bars.hpp"
#include "pipeline/indicators/fields.hpp"
#include "pipeline/indicators/indicator_set.hpp"
#include "pipeline/indicators/session_vwap.hpp"
#include "tools/omega/indicators_plot.hpp"
#include "tools/omega/options.hpp"
#include "tools/omega/settings.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

namespace omega {

namespace {

using feeds::history::Candle;
using feeds::history::Candles;
using pipeline::IndicatorValues;

constexpr int done = 0, found_a_problem = 1, unreadable_input = 2;
constexpr std::size_t flush_at = std::size_t{64} << 10, holes_told = 20;

/// Prices and the volume of a candle as exact text.
struct Texts {
    std::string open, high, low, close, volume;

    Texts(const Candles& candles, const Candle& c)
        : open{core::to_text(c.open, candles.price_decimals)},
          high{core::to_text(c.high, candles.price_decimals)},
          low{core::to_text(c.low, candles.price_decimals)},
          close{core::to_text(c.close, candles.price_decimals)},
          volume{core::to_text(c.volume, candles.quantity_decimals)} {}
};

/// A statistic by the shortest text that reads back as it, or `missing`.
void append(fmt::memory_buffer& to, double value, std::string_view missing) {
    if (core::known(value))
        fmt::format_to(std::back_inserter(to), "{}", value);
    else
        to.append(missing.data(), missing.data() + missing.size());
}

void append_json(fmt::memory_buffer& to, const Candles& candles, const Candle& candle, const IndicatorValues& values) {
    const Texts t{candles, candle};
    fmt::format_to(std::back_inserter(to),
                   R"({{"time":{},"open":"{}","high":"{}","low":"{}","close":"{}","volume":"{}")", candle.start.count(),
                   t.open, t.high, t.low, t.close, t.volume);
    for (const auto& field : pipeline::indicator_fields) {
        fmt::format_to(std::back_inserter(to), R"(,"{}":)", field.name);
        append(to, values.*field.value, "null");
    }
    fmt::format_to(std::back_inserter(to), "}}\n");
}

void append_csv(fmt::memory_buffer& to, const Candles& candles, const Candle& candle, const IndicatorValues& values) {
    const Texts t{candles, candle};
    fmt::format_to(std::back_inserter(to), "{},{},{},{},{},{}", candle.start.count(), t.open, t.high, t.low, t.close,
                   t.volume);
    for (const auto& field : pipeline::indicator_fields) {
        to.push_back(',');
        append(to, values.*field.value, "");
    }
    to.push_back('\n');
}

/// The newest bar for a reader's eyes.
void print_newest(std::ostream& out, const Candles& candles, const std::vector<IndicatorValues>& values) {
    if (candles.candles.empty()) {
        out << "no bars\n";
        return;
    }
    const Candle& newest = candles.candles.back();
    const Texts t{candles, newest};
    out << fmt::format("{} bars of {} s; the newest: {}\n  open {}  high {}  low {}  close {}  volume {}\n",
                       candles.candles.size(), candles.interval.count() / 1'000'000'000, core::to_iso8601(newest.start),
                       t.open, t.high, t.low, t.close, t.volume);
    for (const auto& field : pipeline::indicator_fields) {
        const double value = values.back().*field.value;
        out << (core::known(value) ? fmt::format("  {:<20}{:>18.6f}\n", field.name, value)
                                   : fmt::format("  {:<20}{:>18}\n", field.name, "unknown"));
    }
}

void print(std::ostream& out, const Candles& candles, const std::vector<IndicatorValues>& values,
           IndicatorsOptions::Format format) {
    if (format == IndicatorsOptions::Format::human) {
        print_newest(out, candles, values);
        return;
    }
    fmt::memory_buffer lines;
    const bool json = format == IndicatorsOptions::Format::json;
    if (!json) {
        fmt::format_to(std::back_inserter(lines), "time,open,high,low,close,volume");
        for (const auto& field : pipeline::indicator_fields)
            fmt::format_to(std::back_inserter(lines), ",{}", field.name);
        lines.push_back('\n');
    }
    for (std::size_t i = 0; i < candles.candles.size(); ++i) {
        (json ? append_json : append_csv)(lines, candles, candles.candles[i], values[i]);
        if (lines.size() < flush_at) continue;
        out.write(lines.data(), static_cast<std::streamsize>(lines.size()));
        lines.clear();
    }
    out.write(lines.data(), static_cast<std::streamsize>(lines.size()));
}

Candle standing_still(const Candle& before, core::Nanoseconds start) noexcept {
    return {.start = start, .open = before.close, .high = before.close, .low = before.close, .close = before.close};
}

/// Is it short enough to be a silence?
bool fills(const feeds::history::Hole& hole) noexcept {
    return hole.to - hole.from <= pipeline::QuietBars::longest;
}

/// Says what is wrong with a file that could be read; true if it is more than holes.
bool tell_problems(const Candles& candles, const IndicatorsOptions& options, std::ostream& err) {
    const auto what_of = [&](const feeds::history::Hole& hole) {
        if (options.fill == pipeline::BarFill::carry && fills(hole)) return ": filled with the price before it";
        return hole.missing > options.gap_bars ? ": the indicators restart" : "";
    };
    const auto tell = [&](const std::string& text) { err << "omega indicators: " << text << '\n'; };
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < candles.holes.size(); ++i) {
        const auto& hole = candles.holes[i];
        missing += hole.missing;
        if (i < holes_told)
            tell(fmt::format("hole of {} bars from {} to {}{}", hole.missing, core::to_iso8601(hole.from),
                             core::to_iso8601(hole.to), what_of(hole)));
    }
    if (candles.holes.size() > holes_told)
        tell(fmt::format("{} holes in all, {} bars missing", candles.holes.size(), missing));
    if (candles.inconsistent > 0)
        tell(fmt::format("{} of {} rows refused: high or low do not hold the others, or nothing above 0",
                         candles.inconsistent, candles.rows));
    if (candles.duplicates > 0) tell(fmt::format("{} rows of a time that came before, dropped", candles.duplicates));
    if (candles.disordered > 0) tell(fmt::format("{} rows out of order, put in their place", candles.disordered));
    return candles.inconsistent + candles.duplicates + candles.disordered > 0;
}

}  // namespace

std::optional<core::Nanoseconds> parse_timeframe(std::string_view text) noexcept {
    if (text.size() < 2 || text.size() > 6) return std::nullopt;
    std::int64_t count = 0;
    for (const char c : text.substr(0, text.size() - 1)) {
        if (c < '0' || c > '9') return std::nullopt;
        count = count * 10 + (c - '0');
    }
    constexpr std::string_view units = "smhdw";
    constexpr std::int64_t seconds[] = {1, 60, 3600, 86400, 7 * 86400};
    const auto unit = units.find(text.back());
    if (unit == units.npos || count == 0) return std::nullopt;
    return std::chrono::seconds{count * seconds[unit]};
}

Candles filled(Candles candles, pipeline::BarFill fill) {
    if (fill == pipeline::BarFill::skip || candles.holes.empty()) return candles;
    std::vector<Candle> all;
    auto hole = candles.holes.begin();
    for (const Candle& candle : candles.candles) {
        while (hole != candles.holes.end() && hole->from < candle.start) {
            for (auto start = hole->from; fills(*hole) && start + candles.interval <= hole->to;
                 start += candles.interval)
                all.push_back(standing_still(all.back(), start));
            ++hole;
        }
        all.push_back(candle);
    }
    candles.candles = std::move(all);
    return candles;
}

void configure(IndicatorsOptions& options, const ConfigOptions& config) {
    Settings configured;
    auto schema = make_schema(configured);
    load_settings(schema, configured, config);
    const Settings settings = effective(configured);
    options.settings = settings.indicators;
    options.gap_bars = settings.bars.gap_bars;
    options.fill = settings.bars.fill;
}

std::vector<IndicatorValues> indicators_of(const Candles& candles, const IndicatorsOptions& options) {
    const auto bar_s = std::max<std::int64_t>(1, candles.interval.count() / 1'000'000'000);
    const pipeline::IndicatorSet fresh{options.settings, static_cast<double>(bar_s)};
    auto set = fresh;
    pipeline::SessionVwap session{options.settings.vwap_session_utc_h};
    std::vector<IndicatorValues> all(candles.candles.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Candle& candle = candles.candles[i];
        if (i > 0 && candle.start - candles.candles[i - 1].start > candles.interval * (options.gap_bars + 1))
            set = fresh;
        const pipeline::IndicatorBar bar{.high = candles.price(candle.high),
                                         .low = candles.price(candle.low),
                                         .close = candles.price(candle.close),
                                         .volume = candles.quantity(candle.volume)};
        set.add(bar, all[i]);
        session.add(candle.start, (bar.high + bar.low + bar.close) / 3, bar.volume);
        all[i].vwap_session = session.value(candle.start);
    }
    return all;
}

int indicators_command(const IndicatorsOptions& options, std::ostream& out, std::ostream& err) {
    try {
        auto candles = feeds::history::read_candles(options.file);
        if (options.timeframe && *options.timeframe != candles.interval)
            candles = feeds::history::aggregate(candles, *options.timeframe);
        candles = filled(std::move(candles), options.fill);
        const auto values = indicators_of(candles, options);
        print(out, candles, values, options.format);
        out.flush();
        bool problem = tell_problems(candles, options, err);
        if (!out) {
            err << "omega indicators: the output could not be written\n";
            problem = true;
        }
        if (!options.plot.empty()) {
            std::ofstream page{options.plot, std::ios::binary};
            page << indicators_page(candles, values, options.plot_bars, options.file.filename().string());
            page.close();
            if (!page) {
                err << "omega indicators: " << options.plot.string() << " could not be written\n";
                problem = true;
            }
        }
        return problem ? found_a_problem : done;
    } catch (const feeds::history::CandleError& error) {
        err << "omega indicators: " << error.what() << '\n';
    } catch (const std::invalid_argument& error) {  // a timeframe or a period
        err << "omega indicators: " << error.what() << '\n';
    }
    return unreadable_input;
}

void add_indicators(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<IndicatorsOptions>();
    auto timeframe = std::make_shared<std::string>();
    auto* verb = app.add_subcommand("indicators", "Every indicator of every bar of a candle file");
    verb->footer(
        "Examples:\n"
        "  omega indicators BTCUSDT_5m.csv.zst                     the newest bar\n"
        "  omega indicators BTC_USDT-1m.json --tf 15m --csv        all bars, 15 minutes wide\n"
        "  omega indicators BTCUSDT_5m.csv --tf 1h --plot out.html a chart\n"
        "  omega indicators BTC_USDT-1m.json --config omega.yaml --set bars.fill=carry --csv\n"
        "A column keeps the name of the default period, whatever the configuration says.\n"
        "Exit codes: 0 done, 1 rows refused, doubled or out of order, 2 unreadable input or wrong usage.");
    verb->add_option("file", options->file,
                     "candles as CSV (columns by its header) or freqtrade's JSON: plain, .gz or .zst")
        ->required();
    verb->add_option("--tf", *timeframe, "width of the bars: 5m, 1h, 1d, … (as the file has them)")
        ->check([](const std::string& text) {
            return parse_timeframe(text) ? std::string{} : "expected a width such as 5m, 1h or 1d, found " + text;
        });
    auto* json = verb->add_flag("--json")->description("one JSON object a bar");
    auto* csv = verb->add_flag("--csv")->description("one line a bar, with a header")->excludes(json);
    auto* plot = verb->add_option("--plot", options->plot, "write a chart: price, RSI, MACD");
    verb->add_option("--bars", options->plot_bars, "newest bars that the chart shows (400)")
        ->check(CLI::Range(2, 5000))
        ->needs(plot);
    auto config = std::make_shared<ConfigOptions>();
    add_config_options(*verb, *config);
    verb->callback([options, timeframe, config, json = json, csv = csv, &exit_code] {
        using Format = IndicatorsOptions::Format;
        options->format = json->count() > 0 ? Format::json : csv->count() > 0 ? Format::csv : Format::human;
        if (!timeframe->empty()) options->timeframe = parse_timeframe(*timeframe);
        try {
            configure(*options, *config);
        } catch (const core::ConfigError& error) {
            std::cerr << "omega indicators: " << error.what() << '\n';
            exit_code = unreadable_input;
            return;
        }
        exit_code = indicators_command(*options, std::cout, std::cerr);
    });
}

}  // namespace omega
