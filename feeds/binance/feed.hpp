#pragma once

#include "feeds/binance/decoder.hpp"
#include "feeds/binance/rules.hpp"
#include "feeds/feed.hpp"

namespace feeds::binance {

/// Binance spot, USD-M and COIN-M frames into ticks that may be used.
using Feed = feeds::Feed<Decoder, Synchroniser>;

}  // namespace feeds::binance
