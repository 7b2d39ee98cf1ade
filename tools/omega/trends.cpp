#include "tools/omega/trends.hpp"

#include "tools/omega/traps/trap_source.hpp"
#include "tools/omega/trends/foresight.hpp"
#include "tools/omega/trends/trend_page.hpp"
#include "tools/omega/trends/trend_story.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

namespace omega {

namespace {

void print(std::ostream& out, const char* what, const pipeline::Prediction& one) {
    fmt::print(out, "    {:<10} p {}, skill {} over {} labels, {}{}\n", what, number_text(one.p, 3),
               number_text(one.skill, 3), one.labels, name(one.standing), one.usable ? "" : ": bots would not listen");
}

void print(std::ostream& out, const TrendStory& story, const pipeline::AiSettings& ai) {
    const auto& all = story.predictions;
    if (story.predicted == 0) {
        fmt::print(out, "  no prediction: {}\n",
                   all.fresh ? fmt::format("none before {} minutes (ai.warmup_bars), none with more than {} of {} "
                                           "features unknown (ai.max_missing)",
                                           ai.warmup_bars, ai.max_missing, pipeline::ai::feature_count)
                             : "it needs bars of a minute");
        return;
    }
    fmt::print(out, "  prediction for {} minutes at {:.19}: {}, confidence {}, forecast {} bps; harmony {} of 10, {}\n",
               ai.horizon_bars, core::to_iso8601(all.time), name(all.trend), number_text(all.confidence, 2),
               number_text(all.forecast_bps, 1), number_text(all.harmony, 1), name(all.band));
    print(out, "direction", all.direction);
    print(out, "trap", all.trap);
}

void print(std::ostream& out, const TrendStory& story, const core::Instrument& instrument,
           const pipeline::Timeframes& timeframes, const pipeline::AiSettings& ai) {
    if (story.samples.empty()) {
        fmt::print(out, "{}: no bar closed\n", instrument.name());
        return;
    }
    fmt::print(out, "{}  {}\n", instrument.name(), core::to_iso8601(story.time));
    fmt::print(out, "  alignment {} ({:.0f} % of the weight known), {}; regime {}; {}\n",
               number_text(story.face.alignment, 4), 100 * story.face.known_share, name(story.face.bias),
               name(story.face.regime), pipeline::trend_label(story.face.volatility_rank, story.face.bias));
    for (std::size_t i = 0; i < timeframes.count; ++i)
        if (story.bars[i] != 0)
            fmt::print(out, "  {:>4}  {:<15}{:>10} bps  {:<22}{:<15}{:>8} bars\n", width_text(timeframes.seconds[i]),
                       pipeline::trend_name(story.frames[i].state), number_text(story.frames[i].change_bps, 1),
                       name(story.frames[i].movement), name(story.frames[i].regime), story.bars[i]);
    print(out, story, ai);
    constexpr std::size_t most = 10;
    const auto shown = std::min(most, story.patterns.size());
    if (shown != 0) fmt::print(out, "  the newest {} of {} patterns:\n", shown, story.patterns.size());
    for (auto it = story.patterns.end() - static_cast<std::ptrdiff_t>(shown); it != story.patterns.end(); ++it)
        fmt::print(out, "  {:.19}  {:>4}  {:<14}{:<5} score {:.2f}{}\n", core::to_iso8601(it->time),
                   width_text(timeframes.seconds[it->timeframe]), name(it->kind), it->bullish ? "up" : "down",
                   it->score, it->forming ? "  forming" : "");
}

}  // namespace

int trends_command(const TrendsOptions& options, std::ostream& out, std::ostream& err) {
    try {
        Settings configured;
        auto schema = make_schema(configured);
        load_settings(schema, configured, options.config);
        const Settings settings = effective(configured);
        const auto& timeframes = settings.bars.timeframes;

        const auto source = open_files(options.files, options.venue);
        const auto& instruments = source->instruments();
        const auto senses = std::make_unique<Foresight>(settings, instruments);
        std::vector<TrendStory> stories(instruments.size());
        const auto see = [&](const Foresight::Slot& slot) {
            const core::Tick& tick = slot.tick;
            if (!tick.whole() || tick.instrument.value >= stories.size()) return;
            auto& story = stories[tick.instrument.value];
            const auto& instrument = instruments[tick.instrument];
            const auto news = story.on(slot, instrument);
            if (!options.json) return;
            const auto& trends = slot.get<pipeline::Trends>();
            for (std::size_t i = 0; news.patterns && i < trends.pattern_count; ++i)
                out << to_json(trends.patterns[i], instrument, timeframes).dump() << '\n';
            if (news.state) out << to_json(story, instrument, timeframes).dump() << '\n';
        };
        while (source->step([&](const core::Tick& tick) { senses->on(tick, see); })) {
        }
        const auto problems = source->problems();
        for (const auto& problem : problems) fmt::print(err, "omega trends: {}\n", problem);
        if (!options.json)
            for (std::size_t i = 0; i < stories.size(); ++i)
                print(out, stories[i], instruments[core::InstrumentId{static_cast<std::uint16_t>(i)}], timeframes,
                      settings.ai);
        if (!options.plot.empty()) {
            std::ofstream page{options.plot};
            write_trend_page(page, stories, instruments, timeframes);
            page.close();
            if (!page)
                throw std::runtime_error{
                    fmt::format("{}: cannot be written; expected a writable place", options.plot.string())};
        }
        return problems.empty() ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print(err, "omega trends: {}\n", error.what());
        return 2;
    }
}

void add_trends(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<TrendsOptions>();
    auto* verb = app.add_subcommand(
        "trends", "Trends of every timeframe, their alignment, the regime, chart patterns and predictions");
    verb->footer(
        "Examples:\n"
        "  omega trends BTCUSDT_5m.csv\n"
        "  omega trends BTC_USDT-1m.json --plot trends.html\n"
        "  omega trends usdm_btcusdt.gz --set profile=short --json | tail -1\n"
        "With --json a line for every change of the alignment, the regime, or what is predicted (class, harmony band), "
        "and for\nevery pattern. A prediction is of the next ai.horizon_bars minutes, learnt from the file itself as "
        "it "
        "goes on; `omega\ntrain` makes tables of trees (ai.trees.*) that are blended in. Harmony: 0 to 10, confidence "
        "and "
        "alignment and no trap.\n"
        "Exit codes: 0 done, 1 something of the input was refused, 2 unreadable input or wrong usage.");
    verb->add_option("files", options->files, "captures (plain, .gz, .zst) or files of candles")->required();
    verb->add_option("--plot", options->plot, "write an HTML page with a chart per instrument");
    verb->add_option_function<std::string>(
            "--venue", [options](const std::string& text) { options->venue = core::parse_venue(text); },
            "venue of the captures; told by their addresses where absent")
        ->check(CLI::IsMember({"binance", "bitget", "bybit", "okx", "coinbase", "kraken"}));
    verb->add_flag("--json", options->json, "JSON lines");
    add_config_options(*verb, options->config);
    verb->callback([options, &exit_code] { exit_code = trends_command(*options, std::cout, std::cerr); });
}

}  // namespace omega
