#pragma once

#include "tests/feeds/venue_frames.hpp"

#include <string>
#include <string_view>

namespace test {

/// One fuzz input: lines, each a frame, decoded by the scanner and by the general parser. Returns the first frame on
/// which they differ, empty when they agree on all.
template <class Decoder>
std::string fuzz_venue(std::string_view lines) {
    // Kept between inputs: making decoders anew would cost more than all else.
    static Bench<Decoder> bench{false};
    if (bench.instruments.size() == 0)
        for (const auto venue : {core::Venue::bitget, core::Venue::bybit, core::Venue::okx})
            for (const auto market : {core::Market::spot, core::Market::linear, core::Market::inverse})
                for (const auto* symbol :
                     {"BTCUSDT", "STGUSDT", "BCHUSDT", "BTC-USDT", "BTC-USDT-SWAP", "BTC-USD-220527"})
                    add_instrument(bench.instruments, venue, market, symbol, 3, 6);
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        const Bytes bytes{lines.substr(0, end)};
        const feeds::Frame frame{.bytes = bytes.view()};
        const auto scanned = bench.scan(frame);
        if (!same(scanned, bench.general(frame))) return std::string{bytes.view()};
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return {};
}

}  // namespace test
