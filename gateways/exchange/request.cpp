#include "gateways/exchange/request.hpp"

#include <algorithm>
#include <array>

namespace gateways::exchange {

namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool unreserved(char c) noexcept {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '_' || c == '.' ||
           c == '~';
}

}  // namespace

std::string_view name(Method method) noexcept {
    constexpr std::array<std::string_view, 4> names{"GET", "POST", "PUT", "DELETE"};
    return names[static_cast<std::size_t>(method)];
}

std::string_view Response::header(std::string_view name) const noexcept {
    for (const auto& header : headers)
        if (std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(),
                       [](char a, char b) { return lower(a) == lower(b); }))
            return header.value;
    return {};
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (unreserved(c)) {
            encoded += c;
            continue;
        }
        encoded += '%';
        encoded += digits[static_cast<unsigned char>(c) >> 4];
        encoded += digits[static_cast<unsigned char>(c) & 15];
    }
    return encoded;
}

std::string query_string(const Value& members, bool encode) {
    std::string text;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i > 0) text += '&';
        const auto& value = members.items()[i];
        const auto plain = value.is_array() || value.is_object() ? value.write() : value.text();
        text += encode ? percent_encode(members.keys()[i]) : members.keys()[i];
        text += '=';
        text += encode ? percent_encode(plain) : plain;
    }
    return text;
}

}  // namespace gateways::exchange
