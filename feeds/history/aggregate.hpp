#pragma once

#include "feeds/history/candles.hpp"

namespace feeds::history {

/// Candles of `width`, aligned to the epoch, made of smaller ones: open of the first, close of the last, highest high,
/// lowest low, sum of volumes. An interval without candles has none. The newest is left out unless the small candles
/// reach its end: a bar that is still open is not one. Holes and interval are found anew; the counts are those of
/// `small`. Throws std::invalid_argument unless width is a whole multiple of small.interval (and above zero).
Candles aggregate(const Candles& small, core::Nanoseconds width);

}  // namespace feeds::history
