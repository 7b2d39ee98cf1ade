#include "core/config/print.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace core {

namespace {

using nlohmann::ordered_json;

ordered_json limit(long double value) {
    const auto number = static_cast<double>(value);
    if (std::nearbyint(number) == number && std::fabs(number) < 9e15) return static_cast<std::int64_t>(number);
    return number;
}

void bounds(const Range& range, ordered_json& to) {
    if (range.low > any_number.low) to[range.above_low ? "exclusiveMinimum" : "minimum"] = limit(range.low);
    if (range.high < any_number.high) to["maximum"] = limit(range.high);
}

ordered_json of_kind(const Setting& setting, SettingKind kind) {
    switch (kind) {
        case SettingKind::boolean: return {{"type", "boolean"}};
        case SettingKind::text: return {{"type", "string"}, {"maxLength", Schema::max_text}};
        case SettingKind::word: return {{"enum", setting.words}};
        case SettingKind::list:
            return {{"type", "array"}, {"maxItems", Schema::max_list}, {"items", of_kind(setting, setting.item)}};
        case SettingKind::integer:
        case SettingKind::number:
        case SettingKind::duration: break;
    }
    ordered_json number{{"type", kind == SettingKind::integer ? "integer" : "number"}};
    bounds(setting.range, number);
    return number;
}

/// Every default but a word is JSON already: numbers, true and false, quoted texts, lists of them.
ordered_json default_of(const Setting& setting) {
    return setting.kind == SettingKind::word ? ordered_json(setting.fallback) : ordered_json::parse(setting.fallback);
}

ordered_json group() {
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", ordered_json::object()}};
}

ordered_json& at(ordered_json& root, const std::string& key) {
    ordered_json* level = &root;
    for (std::size_t start = 0;;) {
        const auto dot = key.find('.', start);
        ordered_json& properties = (*level)["properties"];
        const auto name = key.substr(start, dot - start);
        if (dot == std::string::npos) return properties[name];
        if (!properties.contains(name)) properties[name] = group();
        level = &properties[name];
        start = dot + 1;
    }
}

ordered_json of_schema(const Schema& schema) {
    ordered_json object = group();
    for (const auto& setting : schema.settings()) {
        ordered_json entry = of_kind(setting, setting.kind);
        entry["default"] = default_of(setting);
        entry["description"] = setting.help;
        at(object, setting.key) = std::move(entry);
    }
    for (const auto& map : schema.maps())
        at(object, map.key) = {
            {"type", "object"}, {"description", map.help}, {"additionalProperties", of_schema(*map.example)}};
    return object;
}

}  // namespace

std::string json_schema(const Schema& schema) {
    ordered_json root{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Omega configuration"}};
    root.update(of_schema(schema));
    return root.dump(2, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace core
