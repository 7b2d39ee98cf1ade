#pragma once

#include "core/domain/instrument.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feeds::bybit {

/// "publicTrade.BTCUSDT", "orderbook.50.BTCUSDT", "kline.1.BTCUSDT", …: `stream` is all before the symbol.
[[nodiscard]] std::string topic(const core::Instrument& instrument, std::string_view stream);

/// The most characters of a connection's arguments, and the most arguments of one spot request.
inline constexpr std::size_t max_argument_characters = 21'000;
inline constexpr std::size_t max_spot_arguments = 10;
/// What keeps a connection alive: sent every 20 s, answered by a pong.
inline constexpr std::string_view ping = R"({"op":"ping"})";

/// `{"req_id":"7","op":"subscribe","args":[…]}`, split as the limits demand; request ids count up from `first_id`, and
/// the ack brings them back in Batch::control_id. Throws std::invalid_argument for text that is none of a topic's.
[[nodiscard]] std::vector<std::string> subscribe(std::span<const std::string> topics, core::Market market,
                                                 std::uint64_t first_id = 1);
[[nodiscard]] std::vector<std::string> unsubscribe(std::span<const std::string> topics, core::Market market,
                                                   std::uint64_t first_id = 1);

}  // namespace feeds::bybit
