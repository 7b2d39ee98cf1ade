#pragma once

#include "core/domain/tick.hpp"

#include <cstdint>
#include <limits>

namespace feeds {

/// Four prices of a candle, in price units.
struct BarPrices {
    std::int64_t open{}, high{}, low{}, close{};
};

/// Fills a bar tick's prices; false when they are no bar (low above the rest) or span more units than a BarUpdate
/// holds. `probing`: while learning, with units far finer than the venue's, a span too wide is cut; only `low` is then
/// right.
[[nodiscard]] inline bool set_prices(core::BarUpdate& bar, const BarPrices& prices, bool probing) noexcept {
    constexpr std::int64_t widest = std::numeric_limits<std::uint32_t>::max();
    const auto above_low = [&](std::int64_t price, std::uint32_t& offset) {
        const auto span = price - prices.low;
        if (span < 0 || (span > widest && !probing)) return false;
        offset = static_cast<std::uint32_t>(span > widest ? widest : span);
        return true;
    };
    bar.low.units = prices.low;
    return above_low(prices.open, bar.open_above_low) && above_low(prices.high, bar.high_above_low) &&
           above_low(prices.close, bar.close_above_low);
}

}  // namespace feeds
