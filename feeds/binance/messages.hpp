#pragma once

#include "core/domain/instrument.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feeds::binance {

/// The streams a market session takes for one instrument.
struct Streams {
    bool trade = true;
    bool quote = true;         ///< bookTicker
    bool depth = true;         ///< full diff depth at the fastest documented rate
    bool mark_price = true;    ///< derivatives only: mark and funding, once a second
    bool liquidations = true;  ///< derivatives only
    std::string kline{};       ///< an interval such as "1m"; empty for none
};

/// Names such as "btcusdt@depth@100ms", lower case.
std::vector<std::string> stream_names(const core::Instrument& instrument, const Streams& wanted);

/// Most streams one message carries; the venue takes 1024 per connection.
inline constexpr std::size_t streams_per_message = 100;

/// `{"method":"SUBSCRIBE","params":[…],"id":n}` messages, ids from `first_id` on, at most streams_per_message each.
std::vector<std::string> subscribe_messages(std::span<const std::string> streams, std::uint64_t first_id);
/// The same with UNSUBSCRIBE.
std::vector<std::string> unsubscribe_messages(std::span<const std::string> streams, std::uint64_t first_id);

/// Path and query of the connections that take `streams` from the start. USD-M serves books, quotes and trades under
/// "/public", the rest under "/market", so its streams may need two; the other markets one: "/stream?streams=a/b".
/// Source: USDⓈ-M Futures, "Important WebSocket Change Notice" (2026-03-06).
std::vector<std::string> combined_paths(core::Market market, std::span<const std::string> streams);

/// Path and query of the REST snapshot that bridges the depth stream: "/api/v3/depth?symbol=BTCUSDT&limit=1000" (spot),
/// "/fapi/v1/depth…" (USD-M), "/dapi/v1/depth…" (COIN-M). 1000 levels a side: a Batch holds them.
std::string snapshot_path(const core::Instrument& instrument);

}  // namespace feeds::binance
