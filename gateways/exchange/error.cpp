#include "gateways/exchange/error.hpp"

#include <array>

namespace gateways::exchange {

std::string_view name(ErrorKind kind) noexcept {
    static constexpr std::array<std::string_view, 15> names{"authentication",  "permission",      "insufficient_funds",
                                                            "order_not_found", "invalid_order",   "rate_limited",
                                                            "banned",          "nonce",           "maintenance",
                                                            "network",         "unknown_outcome", "bad_request",
                                                            "not_supported",   "malformed",       "other"};
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names[index] : std::string_view{"?"};
}

ErrorKind kind_of(std::span<const ErrorRow> rows, std::string_view code, std::string_view message) noexcept {
    for (const auto& row : rows)
        if ((row.code.empty() || row.code == code) && (row.text.empty() || message.find(row.text) != message.npos))
            return row.kind;
    return ErrorKind::other;
}

}  // namespace gateways::exchange
