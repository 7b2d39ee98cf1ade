#pragma once

#include "core/domain/result.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/symbols.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace feeds {
class JsonFrame;
}

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
class Decoder {
public:
    /// `instruments` must outlive the decoder. With `learn`, unknown symbols are added to it with probe decimals.
    explicit Decoder(core::InstrumentTable& instruments, bool learn = false);
    ~Decoder();
    Decoder(Decoder&&) noexcept;

    /// The number of ticks appended to `batch`. Scans trade and book frames byte by byte as the venue writes them; on
    /// any surprise, and for all else, decode_general.
    core::Result<std::size_t, core::Fault> decode(const Frame& frame, Batch& batch) noexcept;

    /// The same ticks by the general JSON parser.
    core::Result<std::size_t, core::Fault> decode_general(const Frame& frame, Batch& batch) noexcept;

    /// How many frames `decode` had to hand to the general parser: all but trade and book frames of the usual shape.
    [[nodiscard]] std::uint64_t handed_on() const noexcept { return handed_on_; }

private:
    Symbols symbols_;
    std::unique_ptr<JsonFrame> json_;
    std::uint64_t handed_on_{};
};

/// What a symbol is: "BTC-USDT" spot; "BTC-USD-SWAP", "BTC-USD-220527" inverse; "BTC-USDT-SWAP" and all other quotes
/// linear.
[[nodiscard]] core::Market market_of(std::string_view symbol) noexcept;

}  // namespace feeds::okx
