#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feeds::coinbase {

/// `{"type":"subscribe","product_ids":[…],"channels":["level2_batch","matches","heartbeat"]}` for Coinbase Exchange. It
/// must be sent within 5 s of connecting. level2_batch needs no login (level2 does). Products are texts like "BTC-USD".
/// Source: Coinbase Exchange, WebSocket Feed, "Overview".
[[nodiscard]] std::string subscribe_exchange(std::span<const std::string_view> products,
                                             std::span<const std::string_view> channels);
/// The channels a market needs: book, trades, and heartbeats that tell a quiet market from a dead connection.
[[nodiscard]] std::string subscribe_exchange(std::span<const std::string_view> products);

/// For Advanced Trade: one message a channel, all to be sent within 5 s; `heartbeats` is among them because idle
/// channels are closed. Source: Coinbase Advanced Trade, WebSocket, "Overview".
[[nodiscard]] std::vector<std::string> subscribe_advanced(std::span<const std::string_view> products);

}  // namespace feeds::coinbase
