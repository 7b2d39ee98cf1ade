#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/bars/bar_stage.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <vector>

namespace test {

inline pipeline::BarSettings with_timeframes(std::initializer_list<std::uint32_t> seconds) {
    pipeline::BarSettings settings;
    settings.timeframes.count = 0;
    for (const auto s : seconds) settings.timeframes.seconds[settings.timeframes.count++] = s;
    return settings;
}

/// The same buckets and bars from a list of all trades, one interval at a time.
inline std::optional<pipeline::Bar> bar_of(const std::vector<core::Tick>& trades, core::Nanoseconds start,
                                           std::uint32_t width_s) {
    pipeline::Bar bar{.start = start, .width_s = width_s};
    for (const auto& t : trades) {
        if (core::floor_to(t.venue_time, std::chrono::seconds{width_s}) != start) continue;
        if (bar.trades++ == 0) bar.open = bar.high = bar.low = t.trade.price;
        bar.high = std::max(bar.high, t.trade.price);
        bar.low = std::min(bar.low, t.trade.price);
        bar.close = t.trade.price;
        auto& volume = t.side == core::Side::buy ? bar.buy_volume : bar.sell_volume;
        volume = volume + t.trade.quantity;
    }
    return bar.trades == 0 ? std::nullopt : std::optional{bar};
}

inline bool equal(const pipeline::Bar& a, const pipeline::Bar& b) {
    return a.start == b.start && a.open == b.open && a.high == b.high && a.low == b.low && a.close == b.close &&
           a.buy_volume == b.buy_volume && a.sell_volume == b.sell_volume && a.trades == b.trades &&
           a.width_s == b.width_s;
}

}  // namespace test
