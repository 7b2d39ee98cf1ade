#include "feeds/bybit/decoder.hpp"

#include <algorithm>

namespace feeds::bybit {

namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The first 16 hexadecimal digits of `20f43950-d8dd-5b31-9112-a178eb6023af`, into `value`; false: it is none.
bool uuid_head(std::string_view text, std::uint64_t& value) noexcept {
    if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return false;
    value = 0;
    int bad = 0;
    for (std::size_t i = 0; i < 18; ++i) {
        if (i == 8 || i == 13) continue;
        const int digit = hex_value(text[i]);
        bad |= digit;
        value = value << 4 | (static_cast<std::uint64_t>(digit) & 0xfU);
    }
    return bad >= 0;
}

}  // namespace

std::uint64_t trade_id_of(std::string_view text) noexcept {
    if (std::uint64_t head = 0; uuid_head(text, head)) return head;
    if (!text.empty() && text.size() <= 19 && std::all_of(text.begin(), text.end(), is_digit)) {
        std::uint64_t number = 0;
        for (const char c : text) number = number * 10 + static_cast<std::uint64_t>(c - '0');
        return number;
    }
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

std::optional<core::Market> market_of(std::string_view url) noexcept {
    if (url.empty()) return std::nullopt;
    if (url.ends_with("/linear") || url.ends_with("/realtime_public")) return core::Market::linear;
    if (url.ends_with("/spot")) return core::Market::spot;
    if (url.ends_with("/inverse") || url.ends_with("/realtime")) return core::Market::inverse;
    if (const auto at = url.find("category="); at != std::string_view::npos) {
        const auto category = url.substr(at + 9);
        if (category.starts_with("spot")) return core::Market::spot;
        if (category.starts_with("linear")) return core::Market::linear;
        if (category.starts_with("inverse")) return core::Market::inverse;
    }
    return std::nullopt;
}

const core::Instrument* find(const Symbols& symbols, const Frame& frame, std::string_view symbol) noexcept {
    if (const auto market = market_of(frame.url)) return symbols.find(*market, symbol);
    for (const auto market : {core::Market::linear, core::Market::spot, core::Market::inverse})
        if (const auto* const instrument = symbols.find(market, symbol)) return instrument;
    return nullptr;
}

}  // namespace feeds::bybit
