#pragma once

#include <string>
#include <string_view>

namespace gateways::exchange {

/// Appends `text` (UTF-8) as a JSON string, quoted and escaped: what people chose, such as a passphrase, may hold
/// anything.
inline void append_json(std::string& to, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    to += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            to += '\\';
            to += c;
        } else if (byte < 0x20) {
            to += "\\u00";
            to += digits[byte >> 4];
            to += digits[byte & 15];
        } else {
            to += c;
        }
    }
    to += '"';
}

}  // namespace gateways::exchange
