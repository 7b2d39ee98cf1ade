#pragma once

#include "core/domain/result.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/symbols.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace feeds {
class JsonFrame;
}

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
class Decoder {
public:
    /// `instruments` must outlive the decoder. With `learn`, unknown symbols are added to it with probe decimals.
    explicit Decoder(core::InstrumentTable& instruments, bool learn = false);
    ~Decoder();
    Decoder(Decoder&&) noexcept;

    /// The number of ticks appended to `batch`. Scans trade and books frames byte by byte as the venue writes them; on
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

/// What "instType" says: "SPOT", "sp" → spot; "COIN-FUTURES" → inverse; "USDT-FUTURES", "USDC-FUTURES" → linear;
/// v1's "mc" mixes both: symbols in USD are inverse.
[[nodiscard]] std::optional<core::Market> market_of(std::string_view instrument_type, std::string_view symbol) noexcept;

}  // namespace feeds::bitget
