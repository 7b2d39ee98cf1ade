#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/result.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/kraken/depths.hpp"
#include "feeds/symbols.hpp"

#include <memory>

namespace feeds {
class JsonFrame;
}

namespace feeds::kraken {

/// Frames of Kraken spot into ticks: v1 (arrays such as `[992,{"b":[…],"c":"…"},"book-1000","XMR/USD"]`) and v2
/// (objects with a channel): book, trade, ticker, spread and ohlc.
///
/// Units:    v1 decimals and epoch seconds in quotes; v2 bare numbers, read from their text, and ISO 8601 times.
/// Time:     a v1 book event has the newest time of its levels; a ticker has none, so it gets the receive time.
/// Trades:   the side is the taker's; v1 gives no trade id (0); v2 sends past trades first (tick_flag::snapshot).
/// Books:    quantity is absolute, 0 removes. Batch::texts() holds the venue's text of the levels, for the checksum;
///           BookEvent::depth the subscribed depth: v1 says it in every frame, v2 only when subscribing.
/// Errors:   those of JSON and decimals, unknown_symbol, unknown_message, oversized.
/// Source:   Kraken Spot WebSockets API v1 and v2, "Book", "Trade", "Ticker", "Spread", "OHLC".
class Decoder {
public:
    /// `instruments` must outlive the decoder; with `learn`, unknown pairs are added to it.
    explicit Decoder(core::InstrumentTable& instruments, bool learn = false);
    ~Decoder();
    Decoder(Decoder&&) noexcept;

    /// Number of ticks; 0 for control frames, which `batch.control` names. `batch` is clear.
    /// Reads the exact bytes the venue sends today, and asks decode_general on any surprise.
    core::Result<std::size_t, core::Fault> decode(const Frame& frame, Batch& batch) noexcept;

    /// The same result by a JSON parser, whatever the order and the spacing.
    core::Result<std::size_t, core::Fault> decode_general(const Frame& frame, Batch& batch) noexcept;

private:
    Symbols symbols_;
    bool learn_;
    Depths depths_;
    std::unique_ptr<JsonFrame> json_;
};

}  // namespace feeds::kraken
