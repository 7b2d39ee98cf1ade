#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace feeds::kraken {

/// v2: `{"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10,"snapshot":true},"req_id":7}`.
/// depth: 10, 25, 100, 500 or 1000. Every symbol is answered by itself.
/// Source: Kraken Spot WebSockets API v2, "Book (Level 2)".
[[nodiscard]] std::string subscribe_book(std::span<const std::string_view> symbols, int depth,
                                         std::uint64_t request_id);

/// v2, a channel without settings: "trade", "ticker".
[[nodiscard]] std::string subscribe(std::string_view channel, std::span<const std::string_view> symbols,
                                    std::uint64_t request_id);

/// v2's application ping; a connection without traffic for a minute is closed.
[[nodiscard]] std::string ping(std::uint64_t request_id);

/// v1: `{"event":"subscribe","pair":["XBT/USD"],"subscription":{"name":"book","depth":1000}}`; depth 0: a channel
/// without. Source: Kraken WebSockets API v1, "subscribe".
[[nodiscard]] std::string subscribe_v1(std::string_view channel, std::span<const std::string_view> pairs,
                                       int depth = 0);

}  // namespace feeds::kraken
