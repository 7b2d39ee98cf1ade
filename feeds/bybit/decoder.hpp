#pragma once

#include "feeds/two_way_decoder.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace feeds::bybit {

/// Bybit's public frames into ticks: API v5, and the `realtime_public` streams before it (old recordings).
///
///   topic                          ticks
///   publicTrade.S, trade.S         trade; trade_id as trade_id_of says
///   orderbook.1.S                  quote; a missing side has price and quantity 0
///   orderbook.50|200|500|1000.S    level: snapshot, deltas. BookEvent first = last = "u"; time is "cts", else "ts"
///   orderBookL2_25.S               level: snapshot, deltas in the order delete, update, insert. BookEvent first = 0,
///   last = "cross_seq" kline.I.S                      bar; "confirm" is tick_flag::closed tickers.S Control::ticker;
///   with markPrice or fundingRate also mark and funding (a delta's untold
///                                  index and next time are 0). Its quote is not emitted
///
/// A ticker's mark finer than the instrument's price unit is left out, an index is then 0; funding is cut at 1e-10.
/// A topic does not tell spot from linear: the address of the connection does (`…/v5/public/spot`); without one the
/// symbol is looked for as linear, spot, inverse in turn. Acks, auth, errors, pongs and REST instrument lists are named
/// in Batch::control, other REST answers Control::other. Source: Bybit API v5, "Websocket Stream", "Public"; before it
/// "Inverse/USDT Perpetual", "Public topics".
struct Dialect {
    static constexpr core::Venue venue = core::Venue::bybit;
    [[nodiscard]] static bool scan(const Symbols& symbols, const Frame& frame, Batch& batch) noexcept;
    [[nodiscard]] static bool read(JsonFrame& json, Symbols& symbols, const Frame& frame, Batch& batch) noexcept;
};
using Decoder = TwoWayDecoder<Dialect>;

/// Bybit's trade ids are numbers (spot) or UUIDs: a number of up to 19 digits is itself, a UUID its first 64 bits, any
/// other text the FNV-1a hash of its bytes. Enough to tell trades apart.
[[nodiscard]] std::uint64_t trade_id_of(std::string_view text) noexcept;

/// The market a socket address or REST request names, if it does.
[[nodiscard]] std::optional<core::Market> market_of(std::string_view url) noexcept;

/// The instrument of a topic's symbol on the frame's connection, or nullptr.
[[nodiscard]] const core::Instrument* find(const Symbols& symbols, const Frame& frame,
                                           std::string_view symbol) noexcept;

}  // namespace feeds::bybit
