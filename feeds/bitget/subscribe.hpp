#pragma once

#include "core/domain/instrument.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feeds::bitget {

/// One stream: "trade", "books", "books1", "ticker", "candle1m", … of one instrument.
struct Topic {
    std::string instrument_type, channel, symbol;
};

/// The topic of an instrument in API v2. Linear contracts in USDC are told by their symbol ("BTCPERP").
[[nodiscard]] Topic topic(const core::Instrument& instrument, std::string_view channel);

/// The most bytes of one request.
inline constexpr std::size_t max_request_bytes = 4096;
/// What keeps a connection alive: sent every 30 s as it stands, answered by "pong".
inline constexpr std::string_view ping = "ping";

/// `{"op":"subscribe","args":[…]}`, split so that each is at most max_request_bytes. Throws std::invalid_argument for
/// text that is none of a symbol's.
[[nodiscard]] std::vector<std::string> subscribe(std::span<const Topic> topics);
[[nodiscard]] std::vector<std::string> unsubscribe(std::span<const Topic> topics);

}  // namespace feeds::bitget
