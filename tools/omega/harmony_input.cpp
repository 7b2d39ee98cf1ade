#include "tools/omega/harmony_input.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <initializer_list>

namespace omega {

namespace {

using nlohmann::json;
using strategies::PositionView;

[[noreturn]] void refuse(InputError kind, const std::string& place, const std::string& problem) {
    throw HarmonyInputError{kind, fmt::format("{}: {}", place, problem)};
}

std::string shown(const json& value) {
    auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > 40) text = text.substr(0, 37) + "...";
    return text;
}

const json& object_at(const json& value, const std::string& place) {
    if (!value.is_object()) refuse(InputError::wrong_type, place, shown(value) + " found, an object expected");
    return value;
}

void only(const json& object, const std::string& place, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : object.items())
        if (std::find(known.begin(), known.end(), key) == known.end())
            refuse(InputError::unknown_field, place,
                   fmt::format("unknown key \"{}\"; expected {}", key, fmt::join(known, ", ")));
}

/// A number, or a string that is one whole decimal number; anything not finite is refused.
double to_number(const json& value, const std::string& place) {
    double number = 0;
    if (value.is_number()) {
        number = value.get<double>();
    } else if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size())
            refuse(InputError::wrong_type, place, shown(value) + " found, a decimal number expected");
    } else {
        refuse(InputError::wrong_type, place, shown(value) + " found, a number expected");
    }
    if (!std::isfinite(number) || std::abs(number) > 1e18)
        refuse(InputError::out_of_range, place, shown(value) + " found, a finite number expected");
    return number;
}

/// One field of an object, told about by its place.
struct Fields {
    const json& object;
    std::string place;

    [[nodiscard]] bool has(const char* key) const { return object.contains(key) && !object[key].is_null(); }
    [[nodiscard]] const json& at(const char* key) const {
        if (!has(key)) refuse(InputError::missing_field, place, fmt::format("\"{}\" is missing", key));
        return object[key];
    }
    [[nodiscard]] double number(const char* key) const { return to_number(at(key), place + "." + key); }
    [[nodiscard]] double positive(const char* key) const {
        const double value = number(key);
        if (!(value > 0))
            refuse(InputError::out_of_range, place + "." + key, shown(at(key)) + " found, above 0 expected");
        return value;
    }
    [[nodiscard]] double positive_or(const char* key, double usual) const { return has(key) ? positive(key) : usual; }
    [[nodiscard]] std::string text(const char* key) const {
        if (!at(key).is_string() || at(key).get_ref<const std::string&>().empty())
            refuse(InputError::wrong_type, place + "." + key, shown(at(key)) + " found, a text expected");
        return at(key).get<std::string>();
    }
};

core::Side to_side(const Fields& fields) {
    const auto text = fields.text("side");
    if (text == "long" || text == "buy") return core::Side::buy;
    if (text == "short" || text == "sell") return core::Side::sell;
    refuse(InputError::out_of_range, fields.place + ".side",
           shown(fields.at("side")) + " found, long or short expected");
}

std::vector<PositionView> to_positions(const json& list, const std::string& place) {
    if (!list.is_array()) refuse(InputError::wrong_type, place, shown(list) + " found, a list expected");
    if (list.size() > max_harmony_positions)
        refuse(InputError::oversized, place,
               fmt::format("{} positions, at most {} expected", list.size(), max_harmony_positions));
    std::vector<PositionView> positions;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Fields fields{list[i], fmt::format("{}[{}]", place, i)};
        object_at(fields.object, fields.place);
        PositionView position{.instrument = fields.text("instrument"),
                              .side = to_side(fields),
                              .contracts = fields.number("contracts"),
                              .entry = fields.positive("entry"),
                              .mark = fields.positive("mark"),
                              .leverage = fields.positive_or("leverage", 1),
                              .pnl = 0,
                              .contract_size = fields.positive_or("contract_size", 1)};
        if (position.contracts < 0)
            refuse(InputError::out_of_range, fields.place + ".contracts",
                   shown(list[i]["contracts"]) + " found, 0 or more expected (the side says which way)");
        if (position.contracts == 0) continue;
        position.pnl = fields.has("pnl") ? fields.number("pnl")
                                         : core::sign(position.side) * (position.mark - position.entry) *
                                               position.contracts * position.contract_size;
        for (const auto& other : positions)
            if (other.instrument == position.instrument && other.side == position.side)
                refuse(InputError::twice, fields.place, fmt::format("{} is held twice on this side", other.instrument));
        positions.push_back(std::move(position));
    }
    return positions;
}

pipeline::Leg to_leg(const json& value, const std::string& place) {
    const Fields fields{object_at(value, place), place};
    only(value, place, {"from", "to"});
    const double from = fields.positive("from"), to = fields.positive("to");
    if (from == to) refuse(InputError::out_of_range, place, "from and to are the same, two prices expected");
    return {.known = true, .up = to > from, .lo = std::min(from, to), .hi = std::max(from, to)};
}

}  // namespace

std::string_view name(InputError error) noexcept {
    static constexpr std::array<std::string_view, 8> names{"unreadable",    "oversized",  "malformed",
                                                           "missing_field", "wrong_type", "out_of_range",
                                                           "unknown_field", "twice"};
    return names[static_cast<std::size_t>(error)];
}

HarmonyInput parse_harmony_input(std::string_view text) {
    if (text.size() > max_harmony_bytes)
        refuse(InputError::oversized, "input",
               fmt::format("{} bytes, at most {} expected", text.size(), max_harmony_bytes));
    json root;
    try {
        // Depth first: a thousand brackets are no positions, and the parser would recurse on destruction.
        root = json::parse(text, [](int depth, json::parse_event_t, json&) {
            if (depth > 16) refuse(InputError::malformed, "input", "nested deeper than 16 levels");
            return true;
        });
    } catch (const json::exception& error) {
        refuse(InputError::malformed, "input", fmt::format("not JSON ({})", error.what()));
    }
    const Fields fields{object_at(root, "input"), "input"};
    only(root, "input", {"equity", "positions", "previous", "legs"});
    HarmonyInput input;
    input.equity = fields.number("equity");
    input.positions = to_positions(fields.at("positions"), "positions");
    if (fields.has("previous")) {
        const json& previous = root["previous"];
        input.previous = previous.is_object()
                             ? to_positions(Fields{previous, "previous"}.at("positions"), "previous.positions")
                             : to_positions(previous, "previous");
    }
    if (fields.has("legs"))
        for (const auto& [instrument, leg] : object_at(root["legs"], "legs").items())
            input.legs[instrument] = to_leg(leg, "legs." + instrument);
    return input;
}

HarmonyInput read_harmony_input(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::string text(max_harmony_bytes + 1, '\0');
    if (!in || std::filesystem::is_directory(file))
        throw HarmonyInputError{InputError::unreadable, file.string() + ": cannot be read; expected a JSON file"};
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    try {
        return parse_harmony_input(text);
    } catch (const HarmonyInputError& error) {
        throw HarmonyInputError{error.kind(), file.string() + ": " + error.what()};
    }
}

}  // namespace omega
