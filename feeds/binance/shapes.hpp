#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/batch.hpp"
#include "feeds/binance/pair_pattern.hpp"
#include "feeds/binance/scan.hpp"
#include "feeds/frame.hpp"
#include "feeds/symbols.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace feeds::binance {

/// The kinds of frame that have a scanner, by the order of their members.
enum class Form : std::uint8_t {
    none,
    futures_quote,
    spot_quote,
    futures_trade,
    spot_trade,
    futures_aggregate,
    spot_aggregate,
    futures_depth,
    spot_depth
};

/// The fixed text of one stream's frames, as the last frame that the general parser accepted had it:
///   {"stream":"btcusdt@trade","data":{"e":"trade","E": 1723161256322,"T":1723161256322 ,"s":"BTCUSDT","t":
///   5266583935,"p":"… └──────────────────── head ─────────────────────┘                                  └─── middle
///   ────┘
/// A frame with the same head and middle is of the same stream, kind and instrument; the numbers between are read in
/// place.
struct alignas(64) Shape {
    static constexpr std::size_t head_room = 96, middle_room = 64;
    static constexpr std::size_t least_head = 35, least_middle = 16;  ///< what hashing and comparing need

    std::array<char, head_room> head{};
    std::array<char, middle_room> middle{};
    scan::Scale price, quantity;
    std::uint8_t head_length{}, middle_length{};
    Form form{};
    core::Market market{};
    core::InstrumentId instrument{};
    std::array<PairPattern, 16> patterns{};  ///< of depth or quotes, by length; of a quote, the upper half is the ask's
};

/// The shapes seen so far, a direct-mapped table by the head's first bytes: one hash and one compare find a frame's
/// kind and instrument. Two streams that fall on one place take turns in it, which costs time, never correctness.
class Shapes {
public:
    /// Decodes a frame of a known shape; nullptr (and `batch` in disorder) at any surprise.
    const Shape* decode(const Frame& frame, Batch& batch) noexcept;

    /// Takes the shape of a frame that the general parser decoded into `batch`, if a scanner for it exists.
    void learn(const Frame& frame, const Batch& batch, const Symbols& symbols) noexcept;

private:
    std::array<Shape, 256> shapes_{};
};

}  // namespace feeds::binance
