#pragma once

#include "tests/feeds/binance/both.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

namespace test {

/// One fuzz input: lines, each a frame, decoded both ways in order, so that shapes learned from one meet the next.
/// Returns what differs between the decoders, empty when they agree on every frame.
inline std::string fuzz_binance(std::string_view lines) {
    static core::InstrumentTable table = [] {
        core::InstrumentTable all;
        for (const auto& [market, symbol, price, quantity] :
             {std::tuple{core::Market::spot, "BTCUSDT", 2, 8}, std::tuple{core::Market::linear, "BTCUSDT", 2, 3},
              std::tuple{core::Market::inverse, "BTCUSD_PERP", 1, 0}}) {
            core::Instrument instrument;
            instrument.venue = core::Venue::binance;
            instrument.market = market;
            instrument.symbol = symbol;
            instrument.price_decimals = price;
            instrument.quantity_decimals = quantity;
            all.add(instrument);
        }
        return all;
    }();
    // Kept between inputs, as shapes are between frames; making decoders anew would cost more than all else.
    static Both both{table};
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        const Padded padded{lines.substr(0, end)};
        if (auto difference = both.differs({.bytes = padded.view()}); !difference.empty())
            return difference + ": " + std::string{padded.view()};
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return {};
}

}  // namespace test
