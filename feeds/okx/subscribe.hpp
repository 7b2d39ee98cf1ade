#pragma once

#include "core/domain/instrument.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feeds::okx {

/// One stream: "trades", "books", "bbo-tbt", "mark-price", … of one instrument. Candles are on the business socket.
struct Topic {
    std::string channel, symbol;
};

[[nodiscard]] Topic topic(const core::Instrument& instrument, std::string_view channel);

/// The most bytes of one request.
inline constexpr std::size_t max_request_bytes = 65'536;
/// What keeps a connection alive: sent as it stands when nothing came for 25 s, answered by "pong".
inline constexpr std::string_view ping = "ping";

/// `{"id":"7","op":"subscribe","args":[…]}`, split as the limit demands; ids count up from `first_id`, and the acks
/// bring them back in Batch::control_id. Throws std::invalid_argument for text that is none of a symbol's.
[[nodiscard]] std::vector<std::string> subscribe(std::span<const Topic> topics, std::uint64_t first_id = 1);
[[nodiscard]] std::vector<std::string> unsubscribe(std::span<const Topic> topics, std::uint64_t first_id = 1);

}  // namespace feeds::okx
