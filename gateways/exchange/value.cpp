#include "gateways/exchange/value.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

namespace gateways::exchange {

namespace {

using simdjson::ondemand::json_type;
constexpr int deepest = 64;
const Value nothing{};
const std::string no_text{};

/// A number's token goes up to the next token: blanks behind it are not part of it.
std::string_view number_text(std::string_view token) noexcept {
    const auto end = token.find_last_not_of(" \t\r\n");
    return token.substr(0, end == token.npos ? 0 : end + 1);
}

/// Whether the text is a number by JSON's grammar; the lazy reader looks at the first character alone.
bool is_number_text(std::string_view t) noexcept {
    std::size_t i = 0;
    const auto digits = [&] {
        const auto begin = i;
        while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i;
        return i - begin;
    };
    if (i < t.size() && t[i] == '-') ++i;
    const bool leading_zero = i < t.size() && t[i] == '0';
    const auto whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return false;
    if (i < t.size() && t[i] == '.') {
        ++i;
        if (digits() == 0) return false;
    }
    if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
        ++i;
        if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
        if (digits() == 0) return false;
    }
    return i == t.size();
}

template <class Node>
core::Result<Value> read(Node&& node, int depth);

template <class Node>
core::Result<Value> read_array(Node& node, int depth) {
    simdjson::ondemand::array elements;
    if (node.get_array().get(elements)) return core::Error::malformed;
    auto all = Value::array();
    for (auto element : elements) {
        simdjson::ondemand::value child;
        if (element.get(child)) return core::Error::malformed;
        auto value = read(child, depth + 1);
        if (!value) return value.error();
        all.push(std::move(*value));
    }
    return all;
}

template <class Node>
core::Result<Value> read_object(Node& node, int depth) {
    simdjson::ondemand::object members;
    if (node.get_object().get(members)) return core::Error::malformed;
    auto all = Value::object();
    for (auto field : members) {
        std::string_view key;
        simdjson::ondemand::value child;
        if (field.unescaped_key().get(key)) return core::Error::malformed;
        std::string name{key};  // the child's texts may reuse where it stands
        if (field.value().get(child)) return core::Error::malformed;
        auto value = read(child, depth + 1);
        if (!value) return value.error();
        all.append(std::move(name), std::move(*value));
    }
    return all;
}

template <class Node>
core::Result<Value> read(Node&& node, int depth) {
    if (depth > deepest) return core::Error::oversized;
    json_type type{};
    if (node.type().get(type)) return core::Error::malformed;
    switch (type) {
        case json_type::array: return read_array(node, depth);
        case json_type::object: return read_object(node, depth);
        case json_type::string: {
            std::string_view text;
            if (node.get_string().get(text)) return core::Error::malformed;
            return Value{text};
        }
        case json_type::number: {
            std::string_view token;
            if (simdjson::simdjson_result<std::string_view>{node.raw_json_token()}.get(token))
                return core::Error::malformed;
            token = number_text(token);
            if (!is_number_text(token)) return core::Error::malformed;
            double ignored{};  // read as a double only to move on: the text is what counts
            if (node.get_double().get(ignored)) return core::Error::malformed;
            return Value::number(token);
        }
        case json_type::boolean: {
            bool truth{};
            if (node.get_bool().get(truth)) return core::Error::malformed;
            return Value{truth};
        }
        case json_type::null: {
            bool null{};
            if (simdjson::simdjson_result<bool>{node.is_null()}.get(null) || !null) return core::Error::malformed;
            return Value{};
        }
    }
    return core::Error::malformed;
}

void escape(std::string& to, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    to += '"';
    for (const char c : text) {
        switch (c) {
            case '"': to += "\\\""; break;
            case '\\': to += "\\\\"; break;
            case '\n': to += "\\n"; break;
            case '\r': to += "\\r"; break;
            case '\t': to += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20) {
                    to += c;
                } else {
                    to += "\\u00";
                    to += digits[static_cast<unsigned char>(c) >> 4];
                    to += digits[static_cast<unsigned char>(c) & 15];
                }
        }
    }
    to += '"';
}

void write_to(std::string& to, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null: to += "null"; return;
        case Value::Kind::boolean:
        case Value::Kind::number: to += value.text(); return;
        case Value::Kind::text: escape(to, value.text()); return;
        case Value::Kind::array:
        case Value::Kind::object: break;
    }
    const bool object = value.is_object();
    to += object ? '{' : '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (i > 0) to += ',';
        if (object) {
            escape(to, value.keys()[i]);
            to += ':';
        }
        write_to(to, value.items()[i]);
    }
    to += object ? '}' : ']';
}

}  // namespace

Value Value::number(std::string_view text) {
    Value value{Kind::number};
    value.text_ = text;
    return value;
}

core::Result<Value> Value::parse(std::string_view json) {
    const auto first = json.find_first_not_of(" \t\r\n");
    if (first == json.npos) return core::Error::malformed;
    const auto text = json.substr(first, json.find_last_not_of(" \t\r\n") - first + 1);
    simdjson::ondemand::parser parser;
    const simdjson::padded_string padded{text};
    simdjson::ondemand::document document;
    if (parser.iterate(padded).get(document)) return core::Error::malformed;
    bool scalar{};
    if (document.is_scalar().get(scalar)) return core::Error::malformed;
    if (scalar && is_number_text(text)) return number(text);
    auto value = read(document, 0);
    if (value && document.current_location().error() != simdjson::OUT_OF_BOUNDS) return core::Error::malformed;
    return value;
}

std::string Value::write() const {
    std::string json;
    write_to(json, *this);
    return json;
}

std::optional<std::int64_t> Value::integer() const noexcept {
    if (kind_ != Kind::number && kind_ != Kind::text) return std::nullopt;
    std::int64_t number{};
    const auto* const end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

std::size_t Value::index_of(std::string_view key) const noexcept {
    return static_cast<std::size_t>(std::find(keys_.begin(), keys_.end(), key) - keys_.begin());
}

const Value& Value::operator[](std::string_view key) const noexcept {
    const auto index = index_of(key);
    return index < keys_.size() ? items_[index] : nothing;
}

const Value& Value::at(std::size_t index) const noexcept {
    return index < items_.size() ? items_[index] : nothing;
}

bool Value::contains(std::string_view key) const noexcept {
    return index_of(key) < keys_.size();
}

const std::string& Value::first(std::initializer_list<std::string_view> names) const noexcept {
    for (const auto name : names)
        if (const auto& text = (*this)[name].text(); !text.empty()) return text;
    return no_text;
}

Value& Value::set(std::string_view key, Value value) {
    if (kind_ == Kind::null) kind_ = Kind::object;
    const auto index = index_of(key);
    if (index < keys_.size()) {
        items_[index] = std::move(value);
    } else {
        keys_.emplace_back(key);
        items_.push_back(std::move(value));
    }
    return *this;
}

Value& Value::set_known(std::string_view key, std::string_view text) {
    return text.empty() ? *this : set(key, text);
}

void Value::remove(std::string_view key) {
    const auto index = static_cast<std::ptrdiff_t>(index_of(key));
    if (static_cast<std::size_t>(index) == keys_.size()) return;
    keys_.erase(keys_.begin() + index);
    items_.erase(items_.begin() + index);
}

void Value::append(std::string key, Value value) {
    keys_.push_back(std::move(key));
    items_.push_back(std::move(value));
}

void Value::push(Value value) {
    if (kind_ == Kind::null) kind_ = Kind::array;
    items_.push_back(std::move(value));
}

}  // namespace gateways::exchange
