#pragma once

#include "core/domain/price.hpp"
#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/bars/bars.hpp"

#include <array>
#include <cstdint>

namespace pipeline {

/// Ratios in the order of their ids; the id is what is compared, never the label.
enum class Ratio : std::uint8_t { r0, r236, r382, r500, r618, r786, r1000, r1272, r1618, r2000, r2618, pivot };
inline constexpr std::array<double, 11> ratio_values{0, .236, .382, .5, .618, .786, 1, 1.272, 1.618, 2, 2.618};

struct Pivot {
    bool high{};    ///< a high or a low
    bool seed{};    ///< the first one: starts the alternation, yields no levels
    bool broken{};  ///< closed through by more than break_bps
    double price{};
    std::int64_t bar{};            ///< index of its bar since the timeframe's (re)start
    core::Nanoseconds time{};      ///< start of its bar
    core::Nanoseconds known_at{};  ///< end of the bar that confirmed it
};

/// The newest two confirmed, unexpired, non-seed pivots of a timeframe.
struct Leg {
    bool known{};
    bool up{};  ///< the newer pivot is the high
    double lo{}, hi{};
};

struct ActiveLevel {
    double price{};
    Ratio ratio{};
    std::uint8_t timeframe{};  ///< index into Timeframes
};
inline constexpr std::size_t max_active_levels = 128;  ///< >= 5 timeframes × 19 prices

struct Cluster {
    double centre{}, weight{}, strength{};
    std::uint8_t members{};
};
inline constexpr std::size_t max_clusters = max_active_levels / 2;  ///< a cluster has two members or more

/// A golden-ratio confluence (fibonacci.md section 4). Not a trap; evidence for traps and bots.
struct GoldenConfluence {
    double level{}, q{}, distance_bps{}, depth_ratio{}, imbalance{}, c{}, confluence{};
    bool confirmed{};
    std::uint8_t timeframe{};
};

inline constexpr std::size_t max_hits = 4;

/// Section written by FibonacciStage. The lists are valid only when `changed`; a reader that needs them later keeps a
/// copy.
struct Levels {
    bool changed{};              ///< legs, active levels and clusters below are new
    std::uint16_t pivot_mask{};  ///< bit i: timeframe i confirmed pivots[i] with this tick
    bool golden{};               ///< `confluence` was emitted with this tick
    std::uint8_t hit_count{};    ///< first `hit_count` of `hits` are new with this tick
    std::array<Pivot, max_timeframes> pivots;
    std::array<Leg, max_timeframes> legs;
    std::uint16_t active_count{}, cluster_count{};
    std::array<ActiveLevel, max_active_levels> active;  ///< ascending by price
    std::array<Cluster, max_clusters> clusters;         ///< ascending by price
    GoldenConfluence confluence;
    std::array<ActiveLevel, max_hits> hits;  ///< levels that this trade reached; once until the price has left them
};

}  // namespace pipeline
