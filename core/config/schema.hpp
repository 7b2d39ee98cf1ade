#pragma once

#include "core/config/document.hpp"
#include "core/config/problem.hpp"
#include "core/config/scalar.hpp"

#include <chrono>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace core {

/// What a number may be, both ends included; of a duration in the unit of its key, of a list each item.
struct Range {
    long double low{-std::numeric_limits<long double>::infinity()};
    long double high{std::numeric_limits<long double>::infinity()};
    bool above_low{};  ///< `low` itself is refused
};
inline constexpr Range any_number{};
/// low < x <= high.
constexpr Range above(long double low, long double high = std::numeric_limits<long double>::infinity()) {
    return {low, high, true};
}

enum class SettingKind : std::uint8_t { boolean, integer, number, text, word, duration, list };

/// One bound key. `read` and `write` know the field and its type; nothing else does.
struct Setting {
    std::string key, help;
    SettingKind kind{};
    SettingKind item{};  ///< of a list
    Range range{};
    std::vector<std::string> words{};         ///< what a word may be
    std::function<bool(const Node&)> read{};  ///< false: not what is expected, the field keeps its value
    std::function<std::string()> write{};     ///< the field as YAML on one line
    std::string fallback{};                   ///< what `write` gave when the key was bound: the default
    Origin origin{};
};

/// "expected a number of seconds from 1 to 60", "expected one of paper, testnet, prod".
std::string expectation(const Setting& setting);

/// The configuration of a program: every key, bound once to a field of a plain settings struct.
///
///     Schema schema;
///     schema.add("risk.max_position", settings.risk.max_position, Range{0, 1}, "cap of a position as a share of
///     equity");
///
/// A field's value at that moment is its default. The struct must outlive the schema and stay where it is. Keys are
/// lower-case words with '_' and '.' between levels; a mistake in a declaration (a key twice, a default out of its
/// range, a name that looks like a secret) throws std::logic_error.
class Schema {
public:
    Schema() = default;
    Schema(Schema&&) = default;
    Schema& operator=(Schema&&) = default;

    Schema& add(std::string_view key, bool& field, std::string_view help);
    Schema& add(std::string_view key, std::string& field, std::string_view help);
    Schema& add(std::string_view key, std::vector<std::string>& field, std::string_view help);
    template <class Number>
    requires(std::is_arithmetic_v<Number> && !std::same_as<Number, bool>) Schema& add(std::string_view key,
                                                                                      Number& field, Range range,
                                                                                      std::string_view help);
    /// At most max_list items.
    template <class Number>
    requires(std::is_arithmetic_v<Number> &&
             !std::same_as<Number, bool>) Schema& add(std::string_view key, std::vector<Number>& field, Range each,
                                                      std::string_view help);
    template <class E>
    requires std::is_enum_v<E> Schema& add(
        std::string_view key, E& field,
        std::initializer_list<std::pair<std::string_view, std::type_identity_t<E>>> words, std::string_view help);
    /// The key ends in _ns, _us, _ms, _s, _min or _h, and its value counts those; `range` does too.
    template <class Rep, class Period>
    Schema& add(std::string_view key, std::chrono::duration<Rep, Period>& field, Range range, std::string_view help);
    /// A map by name (instruments, venues): `describe(Schema&, T&)` declares the keys of one entry. Names are 1 to 64
    /// of A-Z a-z 0-9 . _ - / : and are kept as written. A layer adds entries and changes those there are.
    template <class T, class Describe>
    Schema& add_map(std::string_view key, std::map<std::string, T>& field, Describe describe, std::string_view help);

    /// Contradictions: `holds` is asked once everything is read and none of `keys` has a problem of its own.
    Schema& require(std::vector<std::string> keys, std::function<bool()> holds, std::string expected);

    static constexpr std::size_t max_list = 1024;
    static constexpr std::size_t max_text = 4096;

    struct NamedEntry {
        std::string name;
        std::unique_ptr<Schema> schema;
    };
    struct MapSetting {
        std::string key, help;
        std::function<std::unique_ptr<Schema>(const std::string&)> open{};  ///< makes the entry if there is none
        std::unique_ptr<Schema> example{};  ///< the keys of an entry, bound to one that is nobody's
        std::vector<NamedEntry> entries{};  ///< by name
    };
    struct Requirement {
        std::vector<std::string> keys;
        std::function<bool()> holds;
        std::string expected;
    };

    [[nodiscard]] std::vector<Setting>& settings() noexcept { return settings_; }
    [[nodiscard]] const std::vector<Setting>& settings() const noexcept { return settings_; }
    [[nodiscard]] std::vector<MapSetting>& maps() noexcept { return maps_; }
    [[nodiscard]] const std::vector<MapSetting>& maps() const noexcept { return maps_; }
    [[nodiscard]] const std::vector<Requirement>& requirements() const noexcept { return requirements_; }

    /// The schema of one entry of a map, made if it is new; nullptr if the name is not allowed.
    static Schema* entry(MapSetting& map, const std::string& name);

    /// Every key with its present value, entries of maps included ("instruments.BTCUSDT.max_position"), in the order
    /// declared, entries by name. Pointers are valid until the schema changes.
    [[nodiscard]] std::vector<std::pair<std::string, const Setting*>> flat() const;

private:
    Schema& add(Setting setting);
    static void check_key(std::string_view key);

    std::vector<Setting> settings_;
    std::vector<MapSetting> maps_;
    std::vector<Requirement> requirements_;
    std::shared_ptr<void> example_of_;  // what an example's keys are bound to
};

/// True for names of things that never stand in a configuration: a last part with the word key, secret, token,
/// password, passphrase, credential ("api_key", not "key_interval" and not "keyboard").
bool looks_secret(std::string_view key) noexcept;

namespace config_detail {

/// The prefix of the keys of one entry of a map: "<prefix><map>.<name>.".
std::string below(std::string_view prefix, std::string_view map, std::string_view name);

bool in_range(long double value, const Range& range) noexcept;

template <class Number>
bool read_into(const Node& node, const Range& range, Number& field) {
    if (node.kind != Node::Kind::scalar || node.quoted) return false;
    const auto value = read_number<Number>(node.text);
    if (!value || !in_range(static_cast<long double>(*value), range)) return false;
    field = *value;
    return true;
}

template <class Number>
std::string write_any(Number value) {
    if constexpr (std::is_floating_point_v<Number>)
        return write_number(value);
    else
        return std::to_string(value);
}

template <class Number>
constexpr SettingKind number_kind = std::is_floating_point_v<Number> ? SettingKind::number : SettingKind::integer;

}  // namespace config_detail

template <class Number>
requires(std::is_arithmetic_v<Number> && !std::same_as<Number, bool>) Schema& Schema::add(std::string_view key,
                                                                                          Number& field, Range range,
                                                                                          std::string_view help) {
    return add(
        Setting{.key = std::string{key},
                .help = std::string{help},
                .kind = config_detail::number_kind<Number>,
                .range = range,
                .read = [&field, range](const Node& node) { return config_detail::read_into(node, range, field); },
                .write = [&field] { return config_detail::write_any(field); }});
}

template <class Number>
requires(std::is_arithmetic_v<Number> &&
         !std::same_as<Number, bool>) Schema& Schema::add(std::string_view key, std::vector<Number>& field, Range each,
                                                          std::string_view help) {
    return add(Setting{.key = std::string{key},
                       .help = std::string{help},
                       .kind = SettingKind::list,
                       .item = config_detail::number_kind<Number>,
                       .range = each,
                       .read =
                           [&field, each](const Node& node) {
                               if (node.kind != Node::Kind::list || node.entries.size() > max_list) return false;
                               std::vector<Number> values(node.entries.size());
                               for (std::size_t i = 0; i < values.size(); ++i)
                                   if (!config_detail::read_into(node.entries[i].value, each, values[i])) return false;
                               field = std::move(values);
                               return true;
                           },
                       .write =
                           [&field] {
                               std::string text = "[";
                               for (const Number value : field)
                                   text += (text.size() > 1 ? ", " : "") + config_detail::write_any(value);
                               return text + "]";
                           }});
}

template <class E>
requires std::is_enum_v<E> Schema& Schema::add(
    std::string_view key, E& field, std::initializer_list<std::pair<std::string_view, std::type_identity_t<E>>> words,
    std::string_view help) {
    std::vector<std::pair<std::string, E>> table(words.begin(), words.end());
    Setting setting{.key = std::string{key}, .help = std::string{help}, .kind = SettingKind::word};
    for (const auto& [word, value] : table) setting.words.push_back(word);
    setting.read = [&field, table](const Node& node) {
        if (node.kind != Node::Kind::scalar) return false;
        for (const auto& [word, value] : table)
            if (node.text == word) {
                field = value;
                return true;
            }
        return false;
    };
    setting.write = [&field, table] {
        for (const auto& [word, value] : table)
            if (field == value) return word;
        return std::string{"?"};
    };
    return add(std::move(setting));
}

template <class Rep, class Period>
Schema& Schema::add(std::string_view key, std::chrono::duration<Rep, Period>& field, Range range,
                    std::string_view help) {
    using Field = std::chrono::duration<Rep, Period>;
    const std::int64_t unit = duration_unit(key).nanoseconds;
    auto read = [&field, range, unit](const Node& node) {
        if (node.kind != Node::Kind::scalar || node.quoted) return false;
        const auto value = read_duration(node.text, unit);
        if (!value) return false;
        if (!config_detail::in_range(static_cast<long double>(*value) / static_cast<long double>(unit), range))
            return false;
        const auto wanted = std::chrono::duration_cast<Field>(std::chrono::nanoseconds{*value});
        if (std::chrono::nanoseconds{wanted}.count() != *value) return false;  // finer than the field
        field = wanted;
        return true;
    };
    auto write = [&field, unit] { return write_duration(std::chrono::nanoseconds{field}.count(), unit); };
    return add(Setting{.key = std::string{key},
                       .help = std::string{help},
                       .kind = SettingKind::duration,
                       .range = range,
                       .read = std::move(read),
                       .write = std::move(write)});
}

template <class T, class Describe>
Schema& Schema::add_map(std::string_view key, std::map<std::string, T>& field, Describe describe,
                        std::string_view help) {
    check_key(key);
    MapSetting map{.key = std::string{key}, .help = std::string{help}};
    map.open = [&field, describe](const std::string& name) {
        auto schema = std::make_unique<Schema>();
        describe(*schema, field[name]);
        return schema;
    };
    auto nobody = std::make_shared<T>();
    map.example = std::make_unique<Schema>();
    describe(*map.example, *nobody);
    map.example->example_of_ = nobody;
    for (auto& [name, value] : field) entry(map, name);
    maps_.push_back(std::move(map));
    return *this;
}

}  // namespace core
