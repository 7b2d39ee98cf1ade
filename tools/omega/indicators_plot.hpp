#pragma once

#include "feeds/history/candles.hpp"
#include "pipeline/indicators/indicators.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace omega {

/// A page that needs nothing but itself: the newest `bars` bars as candles with Bollinger bands and both EMAs, RSI and
/// MACD below, in the light or dark of its reader. `values` has a row for every candle.
std::string indicators_page(const feeds::history::Candles& candles,
                            const std::vector<pipeline::IndicatorValues>& values, std::size_t bars,
                            const std::string& title);

}  // namespace omega
