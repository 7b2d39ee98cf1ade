#pragma once

#include "core/domain/order.hpp"

#include <optional>
#include <string_view>

namespace gateways {

/// The text of every client order id: "o" and 16 lower-case hex digits. It satisfies the grammar of every venue
/// (Binance ^[a-zA-Z0-9-_]{1,36}$, OKX alphanumeric <= 32, Bybit <= 36, Bitget < 50).
inline constexpr std::size_t client_id_length = 17;

/// Writes exactly client_id_length characters and returns one past the last.
char* write_client_id(char* to, core::OrderId id) noexcept;

/// The id of a text of ours, or nullopt: an order that is not from this engine.
std::optional<core::OrderId> parse_client_id(std::string_view text) noexcept;

}  // namespace gateways
