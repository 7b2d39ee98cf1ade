#include "tools/omega/config_verb.hpp"

#include "core/config/load.hpp"
#include "core/config/print.hpp"
#include "tools/omega/admission.hpp"
#include "tools/omega/options.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace omega {

namespace {

/// A configuration and the schema bound to it, which must stay together.
struct Loaded {
    Settings settings;
    core::Schema schema{make_schema(settings)};
};

int refused(const core::ConfigError& error, bool json, std::ostream& out, std::ostream& err) {
    if (!json) {
        err << error.what() << '\n';
        return 2;
    }
    auto problems = nlohmann::json::array();
    for (const auto& problem : error.problems())
        problems.push_back({{"origin", core::to_text(problem.origin)},
                            {"key", problem.key},
                            {"value", problem.value},
                            {"expected", problem.expected},
                            {"hint", problem.hint}});
    out << nlohmann::json{{"valid", false}, {"problems", problems}}.dump() << '\n';
    return 2;
}

int refused(const core::ConfigError& error, bool json) {
    return refused(error, json, std::cout, std::cerr);
}

int show(const ConfigOptions& options, bool json, bool help) try {
    Loaded loaded;
    load_settings(loaded.schema, loaded.settings, options);
    if (!json) {
        std::cout << core::to_yaml(loaded.schema, {.origins = true, .help = help});
        return 0;
    }
    auto values = nlohmann::ordered_json::object();
    for (const auto& [key, setting] : loaded.schema.flat())
        values[key] = {{"value", setting->write()}, {"origin", core::to_text(setting->origin)}};
    std::cout << values.dump() << '\n';
    return 0;
} catch (const core::ConfigError& error) {
    return refused(error, json);
}

int compare(const std::string& left_file, const std::string& right_file, bool json) try {
    Loaded left, right;
    core::load_or_throw(left.schema, {.file = left_file});
    if (!right_file.empty()) core::load_or_throw(right.schema, {.file = right_file});
    const auto differences =
        core::diff(right_file.empty() ? right.schema : left.schema, right_file.empty() ? left.schema : right.schema);
    auto list = nlohmann::json::array();
    for (const auto& difference : differences) {
        if (json)
            list.push_back({{"key", difference.key}, {"left", difference.left}, {"right", difference.right}});
        else
            std::cout << core::to_text(difference) << '\n';
    }
    if (json) std::cout << list.dump() << '\n';
    return differences.empty() ? 0 : 1;
} catch (const core::ConfigError& error) {
    return refused(error, json);
}

}  // namespace

int config_check(const ConfigOptions& options, bool json, std::ostream& out, std::ostream& err) try {
    Loaded loaded;
    load_admitted(loaded.schema, loaded.settings, options);
    const auto hash = core::config_hash(loaded.schema);
    if (json)
        out << nlohmann::json{{"valid", true}, {"hash", hash}}.dump() << '\n';
    else
        out << "configuration is valid, hash " << hash << '\n';
    if (!json && loaded.settings.mode == RunMode::prod)
        out << "mode: prod trades real money: `omega run` wants --i-mean-it beside it\n";
    return 0;
} catch (const core::ConfigError& error) {
    return refused(error, json, out, err);
}

void add_config(CLI::App& app, int& exit_code) {
    auto* verb = app.add_subcommand("config", "Check, show, compare or describe the configuration");
    verb->require_subcommand(1);
    verb->footer(
        "Examples:\n"
        "  omega config show                          every key with its value and where it comes from\n"
        "  omega config check --config omega.yaml\n"
        "  omega config diff omega.yaml               what a file changes of the defaults\n"
        "  omega config schema > omega.schema.json    for editors\n"
        "Exit codes: 0 done, 1 they differ, 2 the configuration is refused.");

    struct State {
        ConfigOptions options;
        std::string left, right;
        bool json{}, help{};
    };
    auto state = std::make_shared<State>();
    const auto guard = [&exit_code](auto work) {
        return [&exit_code, work] {
            try {
                exit_code = work();
            } catch (const std::exception& error) {
                std::cerr << "omega config: " << error.what() << '\n';
                exit_code = 2;
            }
        };
    };

    auto* checks =
        verb->add_subcommand("check", "Refuse what `omega run` would refuse before it connects, all of it at once");
    auto* shows = verb->add_subcommand("show", "The effective configuration as YAML, each value with its origin");
    auto* diffs = verb->add_subcommand("diff", "What differs between two files, or between the defaults and one");
    auto* schemas = verb->add_subcommand("schema", "JSON Schema (draft 2020-12) of a configuration file");
    for (auto* sub : {checks, shows}) {
        add_config_options(*sub, state->options);
        sub->add_flag("--json", state->json, "for machines");
    }
    shows->add_flag("--explain", state->help, "with what each key means");
    diffs->add_option("left", state->left, "a configuration file")->required();
    diffs->add_option("right", state->right, "another one");
    diffs->add_flag("--json", state->json, "for machines");
    checks->callback(guard([state] { return config_check(state->options, state->json, std::cout, std::cerr); }));
    shows->callback(guard([state] { return show(state->options, state->json, state->help); }));
    diffs->callback(guard([state] { return compare(state->left, state->right, state->json); }));
    schemas->callback(guard([] {
        Loaded loaded;
        std::cout << core::json_schema(loaded.schema) << '\n';
        return 0;
    }));
}

}  // namespace omega
