#include "gateways/orders/client_id.hpp"

#include "core/net/hex.hpp"

namespace gateways {

char* write_client_id(char* to, core::OrderId id) noexcept {
    *to++ = 'o';
    return core::write_hex8(to, __builtin_bswap64(id.value));
}

std::optional<core::OrderId> parse_client_id(std::string_view text) noexcept {
    if (text.size() != client_id_length || text[0] != 'o') return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text.substr(1)) {
        if (c >= '0' && c <= '9')
            value = value << 4 | static_cast<std::uint64_t>(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | static_cast<std::uint64_t>(c - 'a' + 10);
        else
            return std::nullopt;
    }
    return core::OrderId{value};
}

}  // namespace gateways
