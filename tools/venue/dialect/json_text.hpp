#pragma once

#include <nlohmann/json.hpp>

#include <string_view>

namespace venue {

/// Reads JSON from outside. Discarded (`is_discarded()`) when it is malformed, longer than 256 KiB or nested deeper
/// than 32: what is read may be written again, which takes a stack frame a level.
inline nlohmann::ordered_json read_json(std::string_view text) {
    constexpr std::size_t longest = 256 * 1024;
    constexpr int deepest = 32;
    int depth = 0;
    bool quoted = false;
    auto refused = nlohmann::ordered_json(nlohmann::ordered_json::value_t::discarded);
    if (text.size() > longest) return refused;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            i += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest) return refused;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return nlohmann::ordered_json::parse(text, nullptr, false);
}

}  // namespace venue
