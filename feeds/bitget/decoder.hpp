#pragma once

#include "feeds/two_way_decoder.hpp"

#include <optional>
#include <string_view>

namespace feeds::bitget {

/// Bitget's public frames into ticks: API v2 ("SPOT", "USDT-FUTURES", …) and the v1 streams of old recordings ("sp",
/// "mc").
///
///   channel           ticks
///   trade             trade, oldest first (the venue lists newest first). Those of a `snapshot` are history pushed on
///                     subscribing and carry tick_flag::snapshot; trade_id 0 in v1, which has none
///   books             level: snapshot, then updates; texts filled for the checksum
///   books5, books15   level: a snapshot each (subscribe to one depth per instrument)
///   books1            quote; a missing side has price and quantity 0
///   candle…           bar; all but the last of a frame carry tick_flag::closed (Bitget sends no "confirm")
///   ticker            Control::ticker; futures also mark and funding. Its quote is not emitted
///
/// A ticker's mark finer than the instrument's price unit is left out, an index is then 0; funding is cut at 1e-10.
/// Acks, login, error, `ping`, `pong` and REST instrument lists are named in Batch::control, other REST answers
/// Control::other. Errors: every reason of core::Error that a text can have; offset and field as near as known. Source:
/// Bitget API, "WebSocket", channels trade, books, candle, ticker of spot and futures.
struct Dialect {
    static constexpr core::Venue venue = core::Venue::bitget;
    [[nodiscard]] static bool scan(const Symbols& symbols, const Frame& frame, Batch& batch) noexcept;
    [[nodiscard]] static bool read(JsonFrame& json, Symbols& symbols, const Frame& frame, Batch& batch) noexcept;
};
using Decoder = TwoWayDecoder<Dialect>;

/// What "instType" says: "SPOT", "sp" → spot; "COIN-FUTURES" → inverse; "USDT-FUTURES", "USDC-FUTURES" → linear;
/// v1's "mc" mixes both: symbols in USD are inverse.
[[nodiscard]] std::optional<core::Market> market_of(std::string_view instrument_type, std::string_view symbol) noexcept;

}  // namespace feeds::bitget
