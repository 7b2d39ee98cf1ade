#pragma once

#include "pipeline/fibonacci/levels.hpp"

#include <array>
#include <span>

namespace pipeline {

/// Weight of each timeframe's levels, by index into Timeframes.
using TimeframeWeights = std::array<double, max_timeframes>;

/// Groups levels that lie close together: a cluster starts at the lowest unused level and takes each next one within
/// `cluster_bps` of that first; clusters of one are dropped.
/// levels: ascending by price. timeframes: how many are configured (diversity counts against them).
/// Returns how many were written to `clusters`, ascending by price.
std::size_t find_clusters(std::span<const ActiveLevel> levels, const TimeframeWeights& weights, std::size_t timeframes,
                          double cluster_bps, std::span<Cluster> clusters) noexcept;

}  // namespace pipeline
