#include "tools/omega/train.hpp"

#include "tools/omega/training/rows.hpp"
#include "tools/omega/training/walk_forward.hpp"
#include "tools/omega/traps/trap_source.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <memory>
#include <utility>

namespace omega {

namespace {

using pipeline::ai::Score;
using pipeline::ai::Target;

/// What one training came to.
struct Training {
    std::size_t rows{};
    std::uint64_t minutes{}, too_many_missing{}, undirected{}, dropped{};
    WalkForward walk;
    bool proven{}, written{}, whole_input{};
    std::size_t trees{}, nodes{};
};

std::vector<LabelledRow> collect(const TrainOptions& options, const Settings& settings, Training& training,
                                 std::ostream& err) {
    const auto source = open_files(options.files, options.venue);
    const auto senses = std::make_unique<Senses>(settings, source->instruments());
    RowCollector collector{settings, source->instruments(), options.target};
    const auto collect = [&](const Senses::Slot& slot) { collector.on(slot); };
    while (source->step([&](const core::Tick& tick) { senses->on(tick, collect); })) {
    }
    const auto problems = source->problems();
    for (const auto& problem : problems) fmt::print(err, "omega train: {}\n", problem);
    training.whole_input = problems.empty();
    training.minutes = collector.minutes();
    training.too_many_missing = collector.too_many_missing();
    training.undirected = collector.undirected();
    training.dropped = collector.dropped();
    auto rows = collector.take();
    training.rows = rows.size();
    return rows;
}

void write(const std::filesystem::path& file, const pipeline::ai::TreeTable& table) {
    std::ofstream out{file, std::ios::binary};
    out << table.text();
    out.close();
    if (!out) throw std::runtime_error{fmt::format("{}: cannot be written; expected a writable place", file.string())};
}

nlohmann::ordered_json to_json(const Score& model, const Score& base) {
    return {{"labels", model.n},
            {"base", model.base},
            {"skill", model.skill},
            {"brier", model.brier},
            {"base_brier", base.brier},
            {"log_loss", model.log_loss},
            {"base_log_loss", base.log_loss},
            {"accuracy", model.accuracy}};
}

nlohmann::ordered_json to_json(const TrainOptions& options, const Training& t) {
    nlohmann::ordered_json bins = nlohmann::ordered_json::array();
    for (const auto& bin : t.walk.model.bins)
        bins.push_back({{"n", bin.n}, {"mean_p", bin.mean_p}, {"hit_share", bin.hit_share}});
    nlohmann::ordered_json folds = nlohmann::ordered_json::array();
    for (const auto& fold : t.walk.folds) {
        nlohmann::ordered_json row{
            {"from", fold.from.count()}, {"to", fold.to.count()}, {"trained_on", fold.trained_on}};
        row.update(to_json(fold.model, fold.base_rate));
        folds.push_back(std::move(row));
    }
    auto overall = to_json(t.walk.model, t.walk.base_rate);
    const auto& certainty = t.walk.certainty;
    overall["skill_interval"] = {certainty.low, certainty.high};
    overall["stretches"] = certainty.groups;
    overall["bins"] = std::move(bins);
    return {{"target", name(options.target)},
            {"minutes", t.minutes},
            {"rows", t.rows},
            {"too_many_missing", t.too_many_missing},
            {"undirected", t.undirected},
            {"dropped", t.dropped},
            {"folds", std::move(folds)},
            {"overall", std::move(overall)},
            {"proven", t.proven},
            {"written", t.written ? nlohmann::ordered_json(options.out.string()) : nlohmann::ordered_json()},
            {"trees", t.trees},
            {"nodes", t.nodes}};
}

void print_row(std::ostream& out, std::string_view what, const Score& model, const Score& base) {
    fmt::print(out, "{:<44}{:>8}", what, model.n);
    for (const double x : {model.base, model.skill, model.brier, base.brier, model.log_loss, base.log_loss})
        fmt::print(out, "{:>9}", core::known(x) ? fmt::format("{:.4f}", x) : "unknown");
    out << '\n';
}

std::string interval_text(const SkillInterval& certainty) {
    if (!core::known(certainty.low))
        return fmt::format("unknown ({} stretches of time of at least {} horizons; {} are needed)", certainty.groups,
                           horizons_a_group, fewest_groups);
    return fmt::format("{:.4f} to {:.4f} (over {} stretches of time)", certainty.low, certainty.high, certainty.groups);
}

void print(std::ostream& out, const TrainOptions& options, const Training& t) {
    fmt::print(out, "{}: {} minutes, {} labelled rows", name(options.target), t.minutes, t.rows);
    fmt::print(out, " ({} without direction, {} with too much unknown, {} across a gap)\n", t.undirected,
               t.too_many_missing, t.dropped);
    fmt::print(out, "{:<44}{:>8}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "predicted, by a model of what was known before",
               "labels", "base", "skill", "Brier", "of base", "log loss", "of base");
    for (const auto& fold : t.walk.folds)
        print_row(out, fmt::format("{:.16} to {:.16}", core::to_iso8601(fold.from), core::to_iso8601(fold.to)),
                  fold.model, fold.base_rate);
    print_row(out, "all", t.walk.model, t.walk.base_rate);
    fmt::print(out, "skill with 95 % confidence: {}\n", interval_text(t.walk.certainty));
    if (t.written)
        fmt::print(out, "{}: {} trees, {} nodes{}\n", options.out.string(), t.trees, t.nodes,
                   t.proven ? "" : ", written without measured skill because of --force");
}

}  // namespace

int train_command(const TrainOptions& options, std::ostream& out, std::ostream& err) {
    try {
        Settings configured;
        auto schema = make_schema(configured);
        load_settings(schema, configured, options.config);
        configured.profile = Profile::standard;  // features live on minutes: seconds would only cost
        const Settings settings = effective(configured);

        Training training;
        const auto rows = collect(options, settings, training, err);
        training.walk = walk_forward(rows, options.target, options.boosting, options.folds);
        training.proven = training.walk.proven(settings.ai.skill_labels);
        if (!options.out.empty() && (training.proven || options.force)) {
            std::vector<Example> examples;
            examples.reserve(rows.size());
            for (const auto& row : rows) examples.push_back({&row.features, row.label});
            const auto table = boost(examples, options.target, options.boosting);
            write(options.out, table);
            training.written = true;
            training.trees = table.trees();
            training.nodes = table.nodes();
        }
        if (options.json)
            out << to_json(options, training).dump() << '\n';
        else
            print(out, options, training);
        if (training.proven) return training.whole_input ? 0 : 1;
        fmt::print(err,
                   "omega train: no skill was measured (skill {:.4f} over {} predictions, with 95 % confidence {}; "
                   "expected above 0 over {} or more): {}\n",
                   training.walk.model.skill, training.walk.model.n, interval_text(training.walk.certainty),
                   settings.ai.skill_labels,
                   training.written ? "bots will ignore this table until its own labels show skill"
                                    : "no table is written; --force writes it all the same");
        return 1;
    } catch (const std::exception& error) {
        fmt::print(err, "omega train: {}\n", error.what());
        return 2;
    }
}

void add_train(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<TrainOptions>();
    auto* verb = app.add_subcommand("train", "A table of trees for the AI monitor, scored on what it had not seen");
    verb->footer(
        "Examples:\n"
        "  omega train BTC_USDT-1m.json ETH_USDT-1m.json --target direction --out direction.trees\n"
        "  omega train usdm_btcusdt.gz --target trap --out trap.trees --json\n"
        "  omega run --set ai.trees.direction=direction.trees\n"
        "Exit codes: 0 done, 1 no skill above 0 was measured with 95 % confidence, so no table is written, or "
        "something "
        "of the input was refused, 2 unreadable input or wrong usage.");
    verb->add_option("files", options->files, "captures (plain, .gz, .zst) or files of 1-minute candles")->required();
    verb->add_option_function<std::string>(
            "--target",
            [options](const std::string& text) { options->target = text == "trap" ? Target::trap : Target::direction; },
            "what is predicted")
        ->required()
        ->check(CLI::IsMember({"direction", "trap"}));
    verb->add_option("--out", options->out, "the table's file; without it only the scores are told");
    verb->add_option("--folds", options->folds, "steps of the walk forward")
        ->check(CLI::Range(1, 50))
        ->capture_default_str();
    verb->add_option("--trees", options->boosting.trees, "at most so many")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    verb->add_option("--depth", options->boosting.depth, "of a tree")->check(CLI::Range(1, 4))->capture_default_str();
    verb->add_option("--shrinkage", options->boosting.shrinkage, "of every tree's step")
        ->check(CLI::Range(.001, 1.0))
        ->capture_default_str();
    verb->add_option_function<std::string>(
            "--venue", [options](const std::string& text) { options->venue = core::parse_venue(text); },
            "venue of the captures; told by their addresses where absent")
        ->check(CLI::IsMember({"binance", "bitget", "bybit", "okx", "coinbase", "kraken"}));
    verb->add_flag("--force", options->force, "write the table even if it has no skill");
    verb->add_flag("--json", options->json, "one JSON object");
    add_config_options(*verb, options->config);
    verb->callback([options, &exit_code] { exit_code = train_command(*options, std::cout, std::cerr); });
}

}  // namespace omega
