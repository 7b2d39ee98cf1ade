#include "feeds/binance/fields.hpp"

#include "feeds/binance/values.hpp"

#include <cstring>

namespace feeds::binance {

namespace {

using simdjson::ondemand::json_type;

struct Named {
    std::string_view text;
    Key key;
};
constexpr Named named[] = {
    {"pu", Key::pu},         {"ps", Key::ps},           {"lastUpdateId", Key::last_update_id},
    {"bids", Key::bids},     {"asks", Key::asks},       {"symbol", Key::symbol},
    {"code", Key::code},     {"msg", Key::msg},         {"result", Key::result},
    {"id", Key::id},         {"error", Key::error},     {"stream", Key::stream},
    {"data", Key::data},     {"symbols", Key::symbols}, {"rateLimits", Key::rate_limits},
    {"status", Key::status},
};

/// Key::end for a key that no message of interest has.
Key key_of(const char* raw) noexcept {
    if (raw[0] != '"' && raw[1] == '"') {
        const auto c = raw[0];
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? letter(c) : Key::end;
    }
    for (const auto& [text, key] : named)
        if (std::strncmp(raw, text.data(), text.size()) == 0 && raw[text.size()] == '"') return key;
    return Key::end;
}

/// Without the blanks that JSON allows behind it: any other control character is damage, and stays to be refused.
std::string_view trimmed(std::string_view token) noexcept {
    while (!token.empty() &&
           (token.back() == ' ' || token.back() == '\t' || token.back() == '\n' || token.back() == '\r'))
        token.remove_suffix(1);
    return token;
}

simdjson::error_code read_value(simdjson::ondemand::value value, Field& field) noexcept {
    json_type type{};
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
        case json_type::string: {
            simdjson::ondemand::raw_json_string raw;
            if (const auto error = value.get(raw)) return error;
            field = {Field::Type::string, false, string_text(raw.raw())};
            return simdjson::SUCCESS;
        }
        case json_type::number:
            field = {Field::Type::number, false, trimmed(value.raw_json_token())};
            return simdjson::SUCCESS;
        case json_type::boolean: field.type = Field::Type::boolean; return value.get(field.truth);
        case json_type::null: {
            field.type = Field::Type::null;
            bool is_null = false;
            if (const auto error = value.is_null().get(is_null)) return error;
            return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
        }
        case json_type::array: field.type = Field::Type::array; return simdjson::SUCCESS;
        case json_type::object: field.type = Field::Type::object; return simdjson::SUCCESS;
    }
    return simdjson::TAPE_ERROR;
}

}  // namespace

const char* name(Key key) noexcept {
    static constexpr auto letters = [] {
        std::array<std::array<char, 2>, 128> texts{};
        for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = {static_cast<char>(i), '\0'};
        return texts;
    }();
    if (key < Key::pu) return letters[static_cast<std::size_t>(key)].data();
    for (const auto& entry : named)
        if (entry.key == key) return entry.text.data();
    return "";
}

simdjson::error_code read(simdjson::ondemand::document& document, simdjson::ondemand::object object, Message& message,
                          std::size_t level) noexcept {
    Fields& fields = message.levels[level];
    bool descended = false;
    for (auto member : object) {
        simdjson::ondemand::field pair;
        if (const auto error = std::move(member).get(pair)) return error;
        const auto key = key_of(pair.key().raw());
        if (key == Key::end) continue;
        Field field;
        if (const auto error = read_value(pair.value(), field)) return error;
        fields.set(key, field);
        const bool carries = key == letter('k') || key == letter('o') || (key == Key::data && level == 0);
        if (field.type != Field::Type::object || !carries || descended || level + 1 == Message::depth) continue;
        descended = true;
        if (key == Key::data) message.event = level + 1;
        simdjson::ondemand::object within;
        if (const auto error = pair.value().get_object().get(within)) return error;
        if (const auto error = read(document, within, message, level + 1)) return error;
    }
    return document.is_alive() ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

core::Result<std::uint64_t> parse_integer(std::string_view text) noexcept {
    if (text.starts_with('-')) return core::Error::negative;
    if (text.empty() || (text.size() > 1 && text[0] == '0')) return core::Error::malformed;
    std::uint64_t value = 0;
    bool fits = true;
    for (const char c : text) {
        if (c < '0' || c > '9') return core::Error::malformed;
        fits = fits && !__builtin_mul_overflow(value, std::uint64_t{10}, &value) &&
               !__builtin_add_overflow(value, static_cast<std::uint64_t>(c - '0'), &value);
    }
    if (!fits) return core::Error::out_of_range;
    return value;
}

core::Result<core::Nanoseconds> parse_time(std::string_view text) noexcept {
    constexpr std::uint64_t last_ms = 9'223'372'036'854, first_us = 1'000'000'000'000'000,
                            last_us = 9'223'372'036'854'775;
    const auto count = parse_integer(text);
    if (!count) return count.error();
    if (*count <= last_ms) return core::Nanoseconds{std::chrono::milliseconds{static_cast<std::int64_t>(*count)}};
    if (*count < first_us || *count > last_us) return core::Error::out_of_range;
    return core::Nanoseconds{std::chrono::microseconds{static_cast<std::int64_t>(*count)}};
}

core::Error reason(simdjson::error_code error) noexcept {
    using core::Error;
    switch (error) {
        case simdjson::CAPACITY: return Error::oversized;
        case simdjson::EMPTY:
        case simdjson::UNCLOSED_STRING:
        case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return Error::truncated;
        case simdjson::INCORRECT_TYPE: return Error::wrong_type;
        case simdjson::NO_SUCH_FIELD: return Error::missing_field;
        case simdjson::NUMBER_OUT_OF_RANGE: return Error::out_of_range;
        default: return Error::malformed;
    }
}

}  // namespace feeds::binance
