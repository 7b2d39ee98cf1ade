#pragma once

#include "core/domain/time.hpp"
#include "pipeline/fibonacci/levels.hpp"

#include <array>
#include <cstdint>

namespace pipeline {

/// Timeframes × (11 ratios + 8 pivots) must fit the active list.
inline constexpr std::size_t max_fibonacci_timeframes = 6;
inline constexpr std::size_t max_pivots = 8;
static_assert(max_fibonacci_timeframes * (ratio_values.size() + max_pivots) <= max_active_levels);

/// One timeframe whose swings count: `seconds` must be one of the run's Timeframes.
struct FibonacciTimeframe {
    std::uint32_t seconds{};
    double min_swing_bps{};  ///< reversal that confirms a swing
    double weight{1};        ///< of its levels in a cluster
};

/// The golden-ratio detector (spec/fibonacci.md section 4).
struct GoldenSettings {
    double tolerance{.02};  ///< of q around .618 and .786
    double min_c{.5}, confirmed{.7};
    core::Nanoseconds cooldown{60'000'000'000};       ///< per level
    core::Nanoseconds depth_window{300'000'000'000};  ///< of the median depth, 1 s samples
    std::uint32_t min_depth_samples{60};
    double history_bps{200};  ///< earlier emissions this close to the level count
    core::Nanoseconds history_age{86'400'000'000'000};
    std::uint32_t history_size{512};  ///< newest emissions kept
    double outcome_x{.5};             ///< bounce, in T
    core::Nanoseconds outcome_time{300'000'000'000};
};

/// Keys under `fib.`.
struct FibonacciSettings {
    std::array<FibonacciTimeframe, max_fibonacci_timeframes> timeframes{
        {{60, 20, 1}, {900, 50, 1}, {3600, 100, 1.5}, {14400, 200, 2}, {86400, 500, 2.5}}};
    std::uint8_t count{5};
    std::uint32_t confirm_bars{3};          ///< bars after the extreme without a new one, >= 1
    std::uint32_t keep_pivots{max_pivots};  ///< `max_pivots`: newest kept, 2..8
    std::uint32_t max_age_bars{500};        ///< older pivots expire
    double break_bps{2};                    ///< a close this far through a pivot breaks it
    double min_range_bps{10};               ///< a shorter leg has no levels
    double hit_range{.005};                 ///< of the leg's length, either side of a level
    double cluster_bps{10};
    GoldenSettings golden{};
};

/// Throws std::invalid_argument, naming key, value and expectation.
void check(const FibonacciSettings& settings, const Timeframes& timeframes);

}  // namespace pipeline
