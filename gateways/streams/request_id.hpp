#pragma once

#include "core/domain/order.hpp"
#include "gateways/orders/client_id.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateways::streams {

/// What an order-entry request asks for; the venues whose answers do not repeat it are told by the request's id.
enum class Operation : std::uint8_t { place, cancel };

/// The id of an order-entry request: the client order id, a letter for the operation, and a count in hexadecimal, for
/// no venue takes an id twice (Bybit 20006) and a cancel may be repeated. Letters and digits alone, as OKX wants them.
struct RequestId {
    core::OrderId order{};
    Operation operation{};
};
inline constexpr std::size_t request_id_length = client_id_length + 9;  // 26: Bybit takes 36, OKX 32, Bitget 40

/// Writes exactly request_id_length characters and returns one past the last.
char* write_request_id(char* to, core::OrderId order, Operation operation, std::uint32_t count) noexcept;
/// What the id of a request of ours says, or nullopt.
std::optional<RequestId> parse_request_id(std::string_view text) noexcept;

/// Ids of what is asked on the sockets of Binance besides orders: its answers say nothing else about the question.
inline constexpr std::int64_t subscribe_request_id = 900'001, ping_request_id = 900'002;

}  // namespace gateways::streams
