#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/result.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/symbols.hpp"

#include <memory>

namespace feeds {
class JsonFrame;
}

namespace feeds::coinbase {

/// Frames of Coinbase Exchange (the ws-feed: snapshot, l2update, match, last_match, ticker) and of Coinbase Advanced
/// Trade (l2_data, market_trades, ticker, candles) into ticks.
///
/// Units:    prices and sizes are decimals in quotes, times ISO 8601 (of candles: seconds in quotes).
/// Side:     both venues name the MAKER's side of a trade, so the aggressor is the opposite.
/// Quotes:   a ticker is one if it has the sizes too (the Exchange's of 2021 has not); else it is Control::ticker.
/// History:  last_match and the first market_trades tell trades from before the subscription: tick_flag::snapshot.
/// Order:    market_trades lists the newest first; the ticks come oldest first.
/// Books:    size is absolute, 0 removes. No checksum; Advanced Trade numbers the messages of a connection
///           (Batch::connection_sequence).
/// Errors:   those of JSON and decimals, unknown_symbol, unknown_message, oversized (more levels than a Batch holds).
/// Source:   Coinbase Exchange, WebSocket Feed, "Channels"; Coinbase Advanced Trade, WebSocket, "Channels".
class Decoder {
public:
    /// `instruments` must outlive the decoder; with `learn`, unknown products are added to it.
    explicit Decoder(core::InstrumentTable& instruments, bool learn = false);
    ~Decoder();
    Decoder(Decoder&&) noexcept;

    /// Number of ticks; 0 for control frames, which `batch.control` names. `batch` is clear.
    /// Reads the exact bytes the venue sends today, and asks decode_general on any surprise.
    core::Result<std::size_t, core::Fault> decode(const Frame& frame, Batch& batch) noexcept;

    /// The same result by a JSON parser, whatever the order and the spacing.
    core::Result<std::size_t, core::Fault> decode_general(const Frame& frame, Batch& batch) noexcept;

private:
    struct General;  ///< the reading by parser, in general.cpp

    Symbols symbols_;
    bool learn_;
    std::unique_ptr<JsonFrame> json_;
};

}  // namespace feeds::coinbase
