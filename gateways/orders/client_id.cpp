#include "gateways/orders/client_id.hpp"

namespace gateways {

char* write_client_id(char* to, core::OrderId id) noexcept {
    *to++ = 'o';
    for (int shift = 60; shift >= 0; shift -= 4) *to++ = "0123456789abcdef"[id.value >> shift & 15];
    return to;
}

std::optional<core::OrderId> parse_client_id(std::string_view text) noexcept {
    if (text.size() != client_id_length || text[0] != 'o') return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text.substr(1)) {
        if (c >= '0' && c <= '9') value = value << 4 | static_cast<std::uint64_t>(c - '0');
        else if (c >= 'a' && c <= 'f') value = value << 4 | static_cast<std::uint64_t>(c - 'a' + 10);
        else return std::nullopt;
    }
    return core::OrderId{value};
}

}  // namespace gateways
