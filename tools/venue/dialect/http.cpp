#include "tools/venue/dialect/http.hpp"

#include <algorithm>
#include <charconv>

namespace venue {

namespace {

int hex(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

}  // namespace

Params Params::parse(std::string_view text) {
    Params params;
    while (!text.empty() && params.pairs_.size() < max_count) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        params.pairs_.emplace_back(decoded(pair.substr(0, equals)),
                                   decoded(pair.substr(std::min(equals + 1, pair.size()))));
    }
    return params;
}

const std::string* Params::find(std::string_view name) const {
    const auto found = std::ranges::find(pairs_, name, [](const auto& pair) { return std::string_view{pair.first}; });
    return found == pairs_.end() ? nullptr : &found->second;
}

std::string_view Params::operator[](std::string_view name) const {
    const auto* value = find(name);
    return value == nullptr ? std::string_view{} : std::string_view{*value};
}

std::optional<std::int64_t> Params::number(std::string_view name) const {
    const auto text = (*this)[name];
    std::int64_t value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::size_t Params::limit(std::size_t usual, std::size_t most) const {
    const auto asked = number("limit");
    if (!asked || *asked <= 0) return usual;
    return std::min(static_cast<std::size_t>(*asked), most);
}

HttpRequest HttpRequest::make(std::string method, std::string target, std::string body) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    const auto mark = std::min(request.target.find('?'), request.target.size());
    request.path = request.target.substr(0, mark);
    request.query = request.target.substr(std::min(mark + 1, request.target.size()));
    return request;
}

std::string_view HttpRequest::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
        if (name == lower_case_name) return value;
    return {};
}

}  // namespace venue
