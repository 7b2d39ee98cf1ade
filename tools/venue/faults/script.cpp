#include "tools/venue/faults/script.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace venue {

namespace {

[[noreturn]] void refuse(const YAML::Node& at, std::string_view key, const std::string& expected) {
    throw std::invalid_argument{fmt::format("faults, line {}: {}: {}; expected {}", at.Mark().line + 1, key,
                                            at.IsScalar() ? at.Scalar() : "not a plain value", expected)};
}

double share(const YAML::Node& node) {
    double value{};
    const auto& text = node.Scalar();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!node.IsScalar() || error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 1))
        refuse(node, "probability", "a number from 0 to 1");
    return value;
}

std::int64_t whole(const YAML::Node& node, std::string_view key) {
    std::int64_t value{};
    const auto& text = node.Scalar();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!node.IsScalar() || error != std::errc{} || end != text.data() + text.size() || value < 0)
        refuse(node, key, "a whole number, 0 or more");
    return value;
}

core::Nanoseconds span(const YAML::Node& node, std::string_view key) {
    if (!node.IsScalar()) refuse(node, key, "a duration such as 250ms, 5s or 2m");
    try {
        return parse_span(node.Scalar());
    } catch (const std::invalid_argument&) {
        refuse(node, key, "a duration such as 250ms, 5s or 2m");
    }
}

FaultSpec one_fault(const YAML::Node& node) {
    if (!node.IsMap()) refuse(node, "fault", "a map with at least `kind`");
    FaultSpec spec;
    bool has_kind = false;
    for (const auto& pair : node) {
        const auto key = pair.first.as<std::string>();
        const auto& value = pair.second;
        if (key == "kind") {
            const auto kind = value.IsScalar() ? parse_fault_kind(value.Scalar()) : std::nullopt;
            if (!kind) refuse(value, key, "a kind of fault such as drop, gap, lost_ack, 429 (tools/venue/README.md)");
            spec.kind = *kind;
            has_kind = true;
        } else if (key == "topic") {
            spec.topic = value.IsScalar() ? parse_topic(value.Scalar()) : std::nullopt;
            if (!spec.topic)
                refuse(value, key, "ack, book, trade, ticker, candle, order, fill, account, pong or other");
        } else if (key == "match") {
            spec.match = value.as<std::string>();
        } else if (key == "probability") {
            spec.parts_per_million = std::llround(share(value) * 1e6);
        } else if (key == "count") {
            spec.count = whole(value, key);
        } else if (key == "after") {
            spec.after = span(value, key);
        } else if (key == "lasting") {
            spec.lasting = span(value, key);
        } else if (key == "every") {
            spec.every = span(value, key);
        } else if (key == "delay") {
            spec.delay = span(value, key);
        } else {
            refuse(pair.first, key, "kind, topic, match, probability, count, after, lasting, every or delay");
        }
    }
    if (!has_kind) refuse(node, "kind", "a kind of fault");
    return spec;
}

std::vector<FaultSpec> many(const YAML::Node& node) {
    std::vector<FaultSpec> all;
    if (node.IsSequence())
        for (const auto& one : node) all.push_back(one_fault(one));
    else
        all.push_back(one_fault(node));
    return all;
}

YAML::Node load(const std::string& text) {
    if (text.size() > 1 << 20) throw std::invalid_argument{"faults: more than 1 MiB"};
    try {
        return YAML::Load(text);
    } catch (const YAML::Exception& error) {
        throw std::invalid_argument{fmt::format("faults, line {}: {}", error.mark.line + 1, error.msg)};
    }
}

}  // namespace

core::Nanoseconds parse_span(const std::string& text) {
    double value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    const double ns = unit == "ms" ? 1e6 : unit == "s" ? 1e9 : unit == "m" ? 60e9 : unit == "h" ? 3600e9 : 0;
    if (error != std::errc{} || ns == 0 || !(value >= 0) || value * ns > 1e18)
        throw std::invalid_argument{fmt::format("{}: expected a duration such as 250ms, 5s or 2m", text)};
    return core::Nanoseconds{std::llround(value * ns)};
}

FaultScript parse_fault_script(const std::string& yaml) {
    const auto root = load(yaml);
    FaultScript script;
    if (!root.IsMap()) throw std::invalid_argument{"faults, line 1: expected the keys `seed` and `faults`"};
    for (const auto& pair : root) {
        const auto key = pair.first.as<std::string>();
        if (key == "seed")
            script.seed = static_cast<std::uint64_t>(whole(pair.second, key));
        else if (key == "faults")
            script.faults = many(pair.second);
        else
            refuse(pair.first, key, "seed or faults");
    }
    return script;
}

FaultScript read_fault_script(const std::filesystem::path& file) {
    std::ifstream in{file};
    if (!in) throw std::runtime_error{"faults: cannot read " + file.string()};
    return parse_fault_script({std::istreambuf_iterator<char>{in}, {}});
}

std::vector<FaultSpec> parse_faults(const std::string& yaml) {
    return many(load(yaml));
}

}  // namespace venue
