#pragma once

#include "core/domain/price.hpp"
#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

namespace pipeline {

/// The best levels of one side as they stood after the newest whole event of a trusted book.
struct TopLevels {
    core::Price tenth{}, twentieth{};  ///< worst of the best ten and twenty; the end of all prices if there are fewer
    double quantity20{core::unknown};  ///< of the best twenty together, quantity units
    double largest20{core::unknown};   ///< of any of them
};

/// Section written by BookStage on every tick: the tick's instrument as it stands after the tick.
/// Everything a book measure needs is unknown (NaN) while the book is not valid; the last trade survives.
struct Market {
    core::Nanoseconds time{};   ///< event time: venue_time, never earlier than the newest of the instrument
    core::Quantity replaced{};  ///< level ticks, inner ones too: what stood at the tick's price before it
    TopLevels bids, asks;
    bool valid{};              ///< VALID bit: book whole, in sequence, not crossed
    bool top_changed{};        ///< best bid or ask (price or quantity) changed with this tick
    bool late{};               ///< venue_time lay before the newest; processed at the newest
    bool gap{};                ///< trades or book updates were missed before this tick: tick windows must be cleared
    core::Price bid{}, ask{};  ///< best prices; meaningful only when `valid`
    core::Quantity bid_quantity{}, ask_quantity{};
    core::Price last_trade{};       ///< newest trade price, 0 before the first
    core::Nanoseconds book_time{};  ///< event time of the newest book or quote update
    /// How long before this tick the newest book or quote update was read; unlike event time, no stamp can hold it
    /// back. 0 where arrivals are not known.
    core::Nanoseconds book_silence{};
    double mid{core::unknown};  ///< (bid + ask)/2 in quote currency
    double spread_bps{core::unknown};
    double imbalance5{core::unknown};  ///< (B − A)/(B + A) of the top five levels
    double microprice{core::unknown};
    /// Notional within 10 and 25 bps of mid, quote currency; sampled: new only when `depth_sampled`, else the last
    /// sample.
    double bid_depth10{core::unknown}, ask_depth10{core::unknown};
    double bid_depth25{core::unknown}, ask_depth25{core::unknown};
    bool depth_sampled{};
};

}  // namespace pipeline
