#pragma once

#include "core/domain/price.hpp"
#include "core/domain/saturating.hpp"
#include "core/domain/time.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace pipeline {

/// Open, high, low, close and volumes of the trades of one interval.
struct Bar {
    core::Nanoseconds start{};  ///< a multiple of the width since the epoch
    core::Price open{}, high{}, low{}, close{};
    core::Quantity buy_volume{}, sell_volume{};  ///< by aggressor; sums stop at the largest number
    std::uint32_t trades{};
    std::uint32_t width_s{};
    [[nodiscard]] constexpr core::Quantity volume() const noexcept {
        return core::saturating_sum(buy_volume, sell_volume);
    }
    [[nodiscard]] constexpr core::Nanoseconds end() const noexcept { return start + std::chrono::seconds{width_s}; }
};

/// Bucket widths in seconds (spec README: a price is carried through empty buckets).
inline constexpr std::array<std::uint32_t, 4> bucket_widths_s{1, 15, 60, 300};

/// A bucket that closed with this tick, and how many empty buckets (all prices = its close, volume 0) follow it
/// before the bucket of the present tick.
struct ClosedBucket {
    Bar bucket;
    std::uint32_t empties_after{};
};

inline constexpr std::size_t max_timeframes = 10;

/// Section written by BarStage: what closed with this tick. Buckets close on the first later event of any kind;
/// bars are real: only intervals with trades, closed by the first later event too.
struct Bars {
    std::uint8_t bucket_mask{};  ///< bit i: buckets[i] (width bucket_widths_s[i]) closed
    std::uint16_t bar_mask{};    ///< bit i: bars[i] (i-th configured timeframe) closed
    std::uint16_t
        gap_mask{};  ///< bit i: more than 3 intervals of timeframe i are missing before bars[i]: indicators restart
    bool cleared{};  ///< a feed gap cleared every bucket window
    std::array<ClosedBucket, bucket_widths_s.size()> buckets;
    std::array<Bar, max_timeframes> bars;
    [[nodiscard]] constexpr bool bucket_closed(std::size_t i) const noexcept { return (bucket_mask >> i & 1) != 0; }
    [[nodiscard]] constexpr bool bar_closed(std::size_t i) const noexcept { return (bar_mask >> i & 1) != 0; }
};

/// The timeframes of the run, in seconds, ascending (default: 1, 5, 15, 30, 60, 240, 720, 1440 minutes).
struct Timeframes {
    std::array<std::uint32_t, max_timeframes> seconds{60, 300, 900, 1800, 3600, 14400, 43200, 86400};
    std::uint8_t count{8};
    /// Index of a timeframe, or -1.
    [[nodiscard]] constexpr int index_of(std::uint32_t s) const noexcept {
        for (int i = 0; i < count; ++i)
            if (seconds[static_cast<std::size_t>(i)] == s) return i;
        return -1;
    }
};

}  // namespace pipeline
