#include "core/config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace core {

std::string config_detail::below(std::string_view prefix, std::string_view map, std::string_view name) {
    return fmt::format("{}{}.{}.", prefix, map, name);
}

namespace {

constexpr bool lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
constexpr bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_entry_name(std::string_view name) noexcept {
    constexpr std::string_view marks = "._-/:";
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [&](char c) {
        return lower(c) || digit(c) || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
    });
}

[[noreturn]] void wrong_declaration(std::string_view key, std::string_view what) {
    throw std::logic_error{fmt::format("configuration key {}: {}", key, what)};
}

std::string item_words(const Setting& setting, SettingKind kind, bool plural) {
    switch (kind) {
        case SettingKind::boolean: return "true or false";
        case SettingKind::integer: return plural ? "whole numbers" : "a whole number";
        case SettingKind::number: return plural ? "numbers" : "a number";
        case SettingKind::duration: return "a number";
        case SettingKind::text: return plural ? "texts" : "a text";
        case SettingKind::word: return fmt::format("one of {}", fmt::join(setting.words, ", "));
        case SettingKind::list: return fmt::format("a list of {}", item_words(setting, setting.item, true));
    }
    return "?";
}

std::string bound(long double value) {
    return write_number(static_cast<double>(value));
}

std::string range_words(const Range& range) {
    const bool low = range.low > any_number.low, high = range.high < any_number.high;
    if (range.above_low && high) return fmt::format(" above {} and at most {}", bound(range.low), bound(range.high));
    if (range.above_low) return fmt::format(" above {}", bound(range.low));
    if (low && high) return fmt::format(" from {} to {}", bound(range.low), bound(range.high));
    if (low) return fmt::format(" of at least {}", bound(range.low));
    if (high) return fmt::format(" of at most {}", bound(range.high));
    return "";
}

void flatten(const Schema& schema, const std::string& prefix, std::vector<std::pair<std::string, const Setting*>>& to) {
    for (const auto& setting : schema.settings()) to.emplace_back(prefix + setting.key, &setting);
    for (const auto& map : schema.maps())
        for (const auto& [name, entry] : map.entries) flatten(*entry, config_detail::below(prefix, map.key, name), to);
}

bool read_text(const Node& node, std::string& field) {
    if (node.kind != Node::Kind::scalar || node.text.size() > Schema::max_text) return false;
    field = node.text;
    return true;
}

}  // namespace

bool config_detail::in_range(long double value, const Range& range) noexcept {
    return (range.above_low ? value > range.low : value >= range.low) && value <= range.high;
}

std::string expectation(const Setting& setting) {
    std::string text = "expected " + item_words(setting, setting.kind, false);
    const auto unit = unit_word(setting.key);
    if (!unit.empty() && setting.kind != SettingKind::text && setting.kind != SettingKind::word)
        text += fmt::format(" of {}", unit);
    const auto limits = range_words(setting.range);
    return text + (setting.kind == SettingKind::list && !limits.empty() ? ", each" + limits : limits);
}

bool looks_secret(std::string_view key) noexcept {
    static constexpr std::array<std::string_view, 11> words{"key",        "secret",      "token",      "password",
                                                            "passphrase", "passwd",      "credential", "apikey",
                                                            "secrets",    "credentials", "privatekey"};
    const auto dot = key.rfind('.');
    std::string_view rest = dot == std::string_view::npos ? key : key.substr(dot + 1);
    const auto same = [](std::string_view part, std::string_view word) {
        return std::ranges::equal(part, word, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
    };
    // Only the last word counts ("api_key", "bot-token"): "key_interval_s" is a number of seconds, not a key.
    const auto mark = rest.find_last_of("_-");
    if (mark != std::string_view::npos) rest.remove_prefix(mark + 1);
    return std::ranges::any_of(words, [&](auto word) { return same(rest, word); });
}

void Schema::check_key(std::string_view key) {
    const bool allowed = !key.empty() && lower(key.front()) && !key.ends_with('.') &&
                         key.find("..") == std::string::npos && key.find("__") == std::string::npos &&
                         std::ranges::all_of(key, [](char c) { return lower(c) || digit(c) || c == '_' || c == '.'; });
    if (!allowed) wrong_declaration(key, "keys are lower-case words with '_', and '.' between levels");
    if (looks_secret(key)) wrong_declaration(key, "secrets are not configuration");
}

Schema& Schema::add(Setting setting) {
    check_key(setting.key);
    for (const auto& other : settings_) {
        if (other.key == setting.key) wrong_declaration(setting.key, "declared twice");
        if (other.key.starts_with(setting.key + ".") || setting.key.starts_with(other.key + "."))
            wrong_declaration(setting.key, "is both a value and a group, see " + other.key);
    }
    if (setting.kind == SettingKind::duration && duration_unit(setting.key).nanoseconds == 0)
        wrong_declaration(setting.key, "a duration's key ends in _ns, _us, _ms, _s, _min or _h");

    setting.fallback = setting.write();
    const auto document = read_document(setting.fallback, setting.key);
    const auto* node = std::get_if<Node>(&document);
    if (node == nullptr || !setting.read(*node))
        wrong_declaration(setting.key, "the default is not what is " + expectation(setting));
    settings_.push_back(std::move(setting));
    return *this;
}

Schema& Schema::add(std::string_view key, bool& field, std::string_view help) {
    auto read = [&field](const Node& node) {
        const auto value = node.kind == Node::Kind::scalar && !node.quoted ? read_bool(node.text) : std::nullopt;
        if (value) field = *value;
        return value.has_value();
    };
    return add(Setting{.key = std::string{key},
                       .help = std::string{help},
                       .kind = SettingKind::boolean,
                       .read = std::move(read),
                       .write = [&field] { return std::string{field ? "true" : "false"}; }});
}

Schema& Schema::add(std::string_view key, std::string& field, std::string_view help) {
    return add(Setting{.key = std::string{key},
                       .help = std::string{help},
                       .kind = SettingKind::text,
                       .read = [&field](const Node& node) { return read_text(node, field); },
                       .write = [&field] { return quoted(field); }});
}

Schema& Schema::add(std::string_view key, std::vector<std::string>& field, std::string_view help) {
    auto read = [&field](const Node& node) {
        if (node.kind != Node::Kind::list || node.entries.size() > max_list) return false;
        std::vector<std::string> values(node.entries.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!read_text(node.entries[i].value, values[i])) return false;
        field = std::move(values);
        return true;
    };
    auto write = [&field] {
        std::string text = "[";
        for (const auto& value : field) text += (text.size() > 1 ? ", " : "") + quoted(value);
        return text + "]";
    };
    return add(Setting{.key = std::string{key},
                       .help = std::string{help},
                       .kind = SettingKind::list,
                       .item = SettingKind::text,
                       .read = std::move(read),
                       .write = std::move(write)});
}

Schema& Schema::require(std::vector<std::string> keys, std::function<bool()> holds, std::string expected) {
    for (const auto& key : keys)
        if (std::ranges::none_of(settings_, [&](const Setting& setting) { return setting.key == key; }))
            wrong_declaration(key, "a requirement names it, but it is not declared");
    requirements_.push_back({std::move(keys), std::move(holds), std::move(expected)});
    return *this;
}

Schema* Schema::entry(MapSetting& map, const std::string& name) {
    if (!is_entry_name(name)) return nullptr;
    const auto at = std::ranges::lower_bound(map.entries, name, {}, &NamedEntry::name);
    if (at != map.entries.end() && at->name == name) return at->schema.get();
    return map.entries.insert(at, {name, map.open(name)})->schema.get();
}

std::vector<std::pair<std::string, const Setting*>> Schema::flat() const {
    std::vector<std::pair<std::string, const Setting*>> all;
    flatten(*this, "", all);
    return all;
}

}  // namespace core
