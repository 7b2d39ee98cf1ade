#include "core/config/load.hpp"

#include "core/config/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace core {

namespace {

constexpr std::string_view secret_advice =
    "give it by the environment, a file that only you can read (0600) or the keystore";
constexpr std::size_t max_shown = 60;

std::string join(const std::string& group, const std::string& key) {
    return group.empty() ? key : group + "." + key;
}

/// A value as a message shows it: short, on one line.
std::string shown(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null: return "(nothing)";
        case Node::Kind::list: return "(a list)";
        case Node::Kind::map: return "(a group)";
        case Node::Kind::scalar: break;
    }
    const std::string text = node.text.size() > max_shown ? node.text.substr(0, max_shown) + "…" : node.text;
    const bool plain = !node.quoted && text.find_first_of("\n\r\t") == std::string::npos && !text.empty();
    return plain ? text : quoted(text);
}

/// What may have been meant, from how the value looks: a unit, a percent sign, YAML 1.1's yes and no, quotes.
std::string value_hint(const Setting& setting, const Node& node) {
    if (node.kind != Node::Kind::scalar) return "";
    const auto numeric = [](SettingKind kind) {
        return kind == SettingKind::number || kind == SettingKind::integer || kind == SettingKind::duration;
    };
    if (setting.kind == SettingKind::list) return "write it as [a, b]";
    if (setting.kind == SettingKind::word) {
        const auto word = nearest(node.text, setting.words);
        return word.empty() ? "" : fmt::format("did you mean {}?", word);
    }
    if (setting.kind == SettingKind::boolean && node.quoted) return "without quotes";
    if (!numeric(setting.kind)) return "";
    double number{};
    const auto [end, error] = std::from_chars(node.text.data(), node.text.data() + node.text.size(), number);
    if (error != std::errc{}) return "";
    const std::string_view rest{end, static_cast<std::size_t>(node.text.data() + node.text.size() - end)};
    if (rest == "%") return fmt::format("a share is a fraction: {}", write_number(number / 100));
    const auto unit = unit_word(setting.key);
    if (!rest.empty() && !unit.empty()) return fmt::format("without a unit: the key says {}", unit);
    if (!rest.empty()) return "without a unit";
    return node.quoted ? "without quotes" : "";
}

/// Applies layers to one schema and collects what is wrong. Keys of entries of maps carry their prefix in messages.
class Loader {
public:
    explicit Loader(Schema& schema) : schema_{schema} {}
    std::vector<Problem> problems;

    void file(const Node& root, const std::string& name) {
        if (root.kind == Node::Kind::null) return;
        if (root.kind != Node::Kind::map) {
            complain(here(name, root), "", "", "expected keys and values", "such as 'mode: paper'");
            return;
        }
        walk(schema_, "", "", root, name);
    }

    /// One value of the environment or of a flag.
    void assign(const std::string& key, const std::string& text, const Origin& origin) {
        if (looks_secret(key)) {
            complain(origin, key, "", "secrets are not configuration", std::string{secret_advice});
            return;
        }
        const Found found = find(schema_, "", key, origin.layer == Layer::environment);
        if (found.setting == nullptr) {
            unknown(origin, origin.layer == Layer::environment ? lower(key) : key);
            return;
        }
        Node node;
        node.kind = Node::Kind::scalar;
        node.text = text;
        if (found.setting->kind == SettingKind::list) {
            auto document = read_document(text, "");
            if (auto* list = std::get_if<Node>(&document)) node = std::move(*list);
        }
        set(*found.setting, found.key, node, origin);
    }

    void requirements() { require(schema_, ""); }

private:
    struct Found {
        Setting* setting{};
        std::string key;
    };

    static Origin here(const std::string& name, const Node& node) {
        return {Layer::file, name, node.line, node.column};
    }

    void complain(const Origin& origin, std::string key, std::string value, std::string expected, std::string hint) {
        problems.push_back({origin, std::move(key), std::move(value), std::move(expected), std::move(hint)});
    }

    void unknown(const Origin& origin, const std::string& key) {
        std::vector<std::string> keys;
        for (const auto& [known, setting] : schema_.flat()) keys.push_back(known);
        for (const auto& map : schema_.maps())
            for (const auto& [known, setting] : map.example->flat()) keys.push_back(map.key + ".<name>." + known);
        const auto meant = nearest(key, keys);
        complain(origin, key, "", "unknown key", meant.empty() ? "" : fmt::format("did you mean {}?", meant));
    }

    void set(Setting& setting, const std::string& key, const Node& node, const Origin& origin) {
        if (origin.layer == Layer::file && setting.origin.layer == Layer::file)
            complain(origin, key, "", "given twice", fmt::format("the first is in line {}", setting.origin.line));
        else if (!setting.read(node))
            complain(origin, key, shown(node), expectation(setting), value_hint(setting, node));
        setting.origin = origin;
    }

    void walk(Schema& schema, const std::string& prefix, const std::string& group, const Node& node,
              const std::string& name) {
        for (const auto& [key_node, value] : node.entries) {
            const std::string key = join(group, key_node.text);
            if (looks_secret(key)) {
                complain(here(name, key_node), prefix + key, "", "secrets are not configuration",
                         std::string{secret_advice});
                continue;
            }
            const auto setting = std::ranges::find(schema.settings(), key, &Setting::key);
            const auto map = std::ranges::find(schema.maps(), key, &Schema::MapSetting::key);
            if (setting != schema.settings().end())
                set(*setting, prefix + key, value, here(name, value));
            else if (map != schema.maps().end())
                walk_map(*map, prefix + key, value, name);
            else if (is_group(schema, key))
                walk_group(schema, prefix, key, value, name);
            else
                unknown(here(name, key_node), prefix + key);
        }
    }

    void walk_group(Schema& schema, const std::string& prefix, const std::string& group, const Node& value,
                    const std::string& name) {
        if (value.kind == Node::Kind::null) return;  // all its keys are commented out
        if (value.kind == Node::Kind::map)
            walk(schema, prefix, group, value, name);
        else
            complain(here(name, value), prefix + group, shown(value), "expected a group of keys", "");
    }

    void walk_map(Schema::MapSetting& map, const std::string& prefix, const Node& value, const std::string& name) {
        if (value.kind == Node::Kind::null) return;
        if (value.kind != Node::Kind::map) {
            complain(here(name, value), prefix, shown(value), "expected names, each with its keys", "");
            return;
        }
        for (const auto& [entry_name, entry_value] : value.entries) {
            const std::string key = prefix + "." + entry_name.text;
            Schema* entry = Schema::entry(map, entry_name.text);
            if (entry == nullptr)
                complain(here(name, entry_name), prefix, shown(entry_name), "expected a name",
                         "1 to 64 of A-Z a-z 0-9 . _ - / :");
            else if (entry_value.kind == Node::Kind::map)
                walk(*entry, key + ".", "", entry_value, name);
            else if (entry_value.kind != Node::Kind::null)
                complain(here(name, entry_value), key, shown(entry_value), "expected a group of keys", "");
        }
    }

    static bool is_group(const Schema& schema, const std::string& key) {
        const auto below = [&](const auto& declared) { return declared.key.starts_with(key + "."); };
        return std::ranges::any_of(schema.settings(), below) || std::ranges::any_of(schema.maps(), below);
    }

    /// The setting of a full key. Names of entries may hold dots, so the longest name that leaves a known key wins.
    /// `any_case`: the environment is written in capitals; an entry is then matched to the name there is.
    static Found find(Schema& schema, const std::string& prefix, const std::string& key, bool any_case) {
        const std::string wanted = any_case ? lower(key) : key;
        for (auto& setting : schema.settings())
            if (setting.key == wanted) return {&setting, prefix + setting.key};
        for (auto& map : schema.maps()) {
            if (!wanted.starts_with(map.key + ".")) continue;
            for (auto dot = key.rfind('.'); dot != std::string::npos && dot > map.key.size();
                 dot = key.rfind('.', dot - 1)) {
                const std::string field = key.substr(dot + 1);
                if (find(*map.example, "", field, any_case).setting == nullptr) continue;
                const std::string name =
                    known_name(map, key.substr(map.key.size() + 1, dot - map.key.size() - 1), any_case);
                if (Schema* entry = Schema::entry(map, name))
                    return find(*entry, config_detail::below(prefix, map.key, name), field, any_case);
            }
        }
        return {};
    }

    static std::string known_name(const Schema::MapSetting& map, const std::string& name, bool any_case) {
        if (any_case)
            for (const auto& entry : map.entries)
                if (lower(entry.name) == lower(name)) return entry.name;
        return name;
    }

    static std::string lower(std::string text) {
        for (char& c : text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        return text;
    }

    void require(Schema& schema, const std::string& prefix) {
        for (const auto& requirement : schema.requirements()) {
            const auto has_problem = [&](const std::string& key) {
                return std::ranges::any_of(problems,
                                           [&](const Problem& problem) { return problem.key == prefix + key; });
            };
            if (std::ranges::any_of(requirement.keys, has_problem) || requirement.holds()) continue;
            contradiction(schema, prefix, requirement);
        }
        for (auto& map : schema.maps())
            for (auto& [name, entry] : map.entries) require(*entry, config_detail::below(prefix, map.key, name));
    }

    /// Named at the highest of its keys: that is the one somebody wrote last.
    void contradiction(const Schema& schema, const std::string& prefix, const Schema::Requirement& requirement) {
        const Setting* blamed{};
        std::string others;
        for (const auto& key : requirement.keys) {
            const Setting& setting = *std::ranges::find(schema.settings(), key, &Setting::key);
            if (blamed == nullptr || setting.origin.layer > blamed->origin.layer) blamed = &setting;
        }
        for (const auto& key : requirement.keys) {
            const Setting& setting = *std::ranges::find(schema.settings(), key, &Setting::key);
            if (&setting == blamed) continue;
            others += fmt::format("{}{}{} is {} ({})", others.empty() ? "" : ", ", prefix, key, setting.write(),
                                  to_text(setting.origin));
        }
        if (blamed == nullptr)
            complain({}, "", "", requirement.expected, "");
        else
            complain(blamed->origin, prefix + blamed->key, blamed->write(), requirement.expected, others);
    }

    Schema& schema_;
};

Problem unreadable(const std::string& file, const std::string& why) {
    return {{Layer::file, file, 0, 0},
            "",
            "",
            fmt::format("cannot be read: {}", why),
            "name an existing file with --config, or leave it out for the defaults"};
}

std::variant<std::string, Problem> read_file(const std::string& file) {
    errno = 0;
    std::ifstream stream{file, std::ios::binary};
    if (!stream) return unreadable(file, std::strerror(errno));
    std::string text(max_document_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || (stream.gcount() == 0 && !stream.eof())) return unreadable(file, "not a regular file");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

void load_file(Loader& loader, const ConfigSources& sources) {
    std::string text;
    if (sources.text) {
        text = *sources.text;
    } else {
        auto content = read_file(sources.file);
        if (auto* problem = std::get_if<Problem>(&content)) {
            loader.problems.push_back(std::move(*problem));
            return;
        }
        text = std::get<std::string>(std::move(content));
    }
    auto document = read_document(text, sources.file);
    if (auto* problem = std::get_if<Problem>(&document))
        loader.problems.push_back(std::move(*problem));
    else
        loader.file(std::get<Node>(document), sources.file);
}

constexpr std::string_view environment_prefix = "OMEGA_";

/// "OMEGA_RISK__MAX_POSITION" → "RISK.MAX_POSITION"; the look-up ignores case.
std::string key_of_variable(std::string_view variable) {
    variable.remove_prefix(std::min(variable.size(), environment_prefix.size()));
    std::string key;
    for (std::size_t i = 0; i < variable.size(); ++i) {
        const bool level = variable.substr(i, 2) == "__";
        key += level ? '.' : variable[i];
        i += level ? 1 : 0;
    }
    return key;
}

}  // namespace

namespace {

/// OMEGA_KEY_BINANCE, OMEGA_KEYSTORE and their like: accounts, not settings (core/net/keystore.hpp).
bool is_credential(std::string_view name) noexcept {
    return std::ranges::any_of(
        std::array<std::string_view, 4>{"OMEGA_KEY_", "OMEGA_SECRET_", "OMEGA_PASSPHRASE_", "OMEGA_KEYSTORE"},
        [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace

std::vector<std::pair<std::string, std::string>> config_environment(const char* const* variables) {
    std::vector<std::pair<std::string, std::string>> found;
    for (; variables != nullptr && *variables != nullptr; ++variables) {
        const std::string_view variable{*variables};
        const auto equals = variable.find('=');
        if (equals == std::string_view::npos || !variable.starts_with(environment_prefix)) continue;
        const auto name = variable.substr(0, equals);
        if (name == "OMEGA_CONFIG" || looks_secret(name) || is_credential(name)) continue;
        found.emplace_back(name, variable.substr(equals + 1));
    }
    std::ranges::sort(found);  // the order of a process's environment means nothing
    return found;
}

std::vector<Problem> load(Schema& schema, const ConfigSources& sources) {
    Loader loader{schema};
    if (sources.text || !sources.file.empty()) load_file(loader, sources);
    for (const auto& [name, value] : sources.environment)
        loader.assign(key_of_variable(name), value, {Layer::environment, name, 0, 0});
    for (const auto& flag : sources.flags) {
        const Origin origin{Layer::flag, flag, 0, 0};
        const auto equals = flag.find('=');
        if (equals == std::string::npos)
            loader.problems.push_back({origin, flag, "", "expected key=value", "such as --set risk.max_position=0.03"});
        else
            loader.assign(flag.substr(0, equals), flag.substr(equals + 1), origin);
    }
    loader.requirements();
    return std::move(loader.problems);
}

void load_or_throw(Schema& schema, const ConfigSources& sources) {
    auto problems = load(schema, sources);
    if (!problems.empty()) throw ConfigError{std::move(problems)};
}

}  // namespace core
