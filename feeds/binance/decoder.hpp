#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/result.hpp"
#include "feeds/batch.hpp"
#include "feeds/binance/markets.hpp"
#include "feeds/frame.hpp"
#include "feeds/symbols.hpp"

#include <cstdint>
#include <memory>

namespace feeds::binance {

class General;
class Shapes;

/// Frames of Binance spot, USD-M and COIN-M, told apart by their members, into ticks: trade, aggTrade, bookTicker,
/// depth (full and partial), kline, markPrice (mark and funding), forceOrder, REST depth; everything else is named as
/// Control. Combined streams ({"stream":…,"data":…}) and raw ones. Times are milliseconds, or microseconds where the
/// stream was asked so. Errors: those of the grammar (malformed, truncated, oversized beyond 4 MiB, wrong_type,
/// missing_field), of numbers (out_of_range, too_precise, negative), unknown_symbol, unknown_message; each with offset
/// and field. Source: Binance Spot API, WebSocket Streams; USDⓈ-M and COIN-M Futures, Websocket Market Streams.
class Decoder {
public:
    /// `instruments` must outlive this. `learn`: unknown symbols are added to it.
    explicit Decoder(core::InstrumentTable& instruments, bool learn = false);
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Decodes one frame into the cleared `batch`; returns the number of ticks. Frames are compared with the exact
    /// bytes of the shapes seen before; on any surprise the general parser decides.
    core::Result<std::size_t, core::Fault> decode(const Frame& frame, Batch& batch) noexcept;

    /// The same, by the general parser alone.
    core::Result<std::size_t, core::Fault> decode_general(const Frame& frame, Batch& batch) noexcept;

    /// Frames that `decode` left to the general parser: the first of each stream, rare kinds, and surprises.
    [[nodiscard]] std::uint64_t surprises() const noexcept { return surprises_; }

private:
    Symbols symbols_;
    Connections connections_;
    std::unique_ptr<General> general_;
    std::unique_ptr<Shapes> shapes_;
    std::uint64_t surprises_{};
};

}  // namespace feeds::binance
