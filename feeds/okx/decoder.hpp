#pragma once

#include "feeds/two_way_decoder.hpp"

#include <string_view>

namespace feeds::okx {

/// OKX's public frames (API v5) into ticks.
///
///   channel                         ticks
///   trades, trades-all              trade, in the order of the frame
///   books, books-l2-tbt, books50-…  level: snapshot, then updates; texts filled for the checksum. BookEvent last =
///   "seqId",
///                                   previous = "prevSeqId" (has_previous is false for -1 and in recordings without
///                                   them)
///   books5                          level: a snapshot each (subscribe to one depth per instrument)
///   bbo-tbt                         quote; a missing side has price and quantity 0
///   candle…                         bar; "confirm" is tick_flag::closed. Index and mark candles are Control::other
///   mark-price                      mark (index 0). Finer than the price unit: too_precise
///   funding-rate                    funding, cut at 1e-10; `next` is "fundingTime", the coming exchange
///   tickers                         Control::ticker; its quote is not emitted
///
/// Derivatives count contracts. Acks, login, errors, notices, `ping`, `pong`, the instruments channel and REST
/// instrument lists are named in Batch::control, other REST answers Control::other. Source: OKX API v5, "WebSocket",
/// "Public Channel" and "Order Book Trading / Market Data".
struct Dialect {
    static constexpr core::Venue venue = core::Venue::okx;
    [[nodiscard]] static bool scan(const Symbols& symbols, const Frame& frame, Batch& batch) noexcept;
    [[nodiscard]] static bool read(JsonFrame& json, Symbols& symbols, const Frame& frame, Batch& batch) noexcept;
};
using Decoder = TwoWayDecoder<Dialect>;

/// What a symbol is: "BTC-USDT" spot; "BTC-USD-SWAP", "BTC-USD-220527" inverse; "BTC-USDT-SWAP" and all other quotes
/// linear.
[[nodiscard]] core::Market market_of(std::string_view symbol) noexcept;

}  // namespace feeds::okx
