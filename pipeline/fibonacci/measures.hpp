#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/fibonacci/levels.hpp"

#include <algorithm>
#include <cmath>
#include <span>

/// What a price means to a leg or to a sorted list of active levels: pure functions, for stages and bots that keep
/// their own copy of the lists (KnownLevels). Prices are doubles in quote currency.
namespace pipeline {

inline constexpr double default_near_bps = 40, default_hit_range = .005, default_proximity_scale_bps = 20;

/// Price of a level of a leg: retracements up to 1 run back from the leg's end, extensions on beyond it.
/// `ratio` is not Ratio::pivot.
[[nodiscard]] inline double level_price(const Leg& leg, Ratio ratio) noexcept {
    const double way = (leg.hi - leg.lo) * ratio_values[static_cast<std::size_t>(ratio)];
    const bool from_high = leg.up == (ratio <= Ratio::r1000);
    return from_high ? leg.hi - way : leg.lo + way;
}

/// Distance of a price from a level in bps of the level, never negative.
[[nodiscard]] inline double distance_bps(double price, double level) noexcept {
    return std::abs(core::bps(price, level));
}

/// The level nearest to `price` in a list ascending by price (the lower one half-way between two); nullptr if empty.
[[nodiscard]] inline const ActiveLevel* nearest(std::span<const ActiveLevel> levels, double price) noexcept {
    if (levels.empty()) return nullptr;
    const auto above = std::lower_bound(levels.begin(), levels.end(), price,
                                        [](const ActiveLevel& level, double p) noexcept { return level.price < p; });
    if (above == levels.begin()) return &levels.front();
    const ActiveLevel& below = *std::prev(above);
    return above != levels.end() && above->price - price < price - below.price ? &*above : &below;
}

[[nodiscard]] inline bool near(double price, double level, double near_bps = default_near_bps) noexcept {
    return distance_bps(price, level) <= near_bps;
}

/// 1 at the level, 0 from `near_bps` on.
[[nodiscard]] inline double proximity(double price, double level, double near_bps = default_near_bps) noexcept {
    return core::clamp01(1 - distance_bps(price, level) / near_bps);
}

/// How well the price lies on its nearest level, 0..1; the golden ratio counts for more. No level: unknown.
[[nodiscard]] inline double alignment(std::span<const ActiveLevel> levels, double price) noexcept {
    const ActiveLevel* const level = nearest(levels, price);
    if (level == nullptr) return core::unknown;
    const double plain = 1 - std::min(distance_bps(price, level->price), 500.0) / 500;
    return level->ratio == Ratio::r618 ? std::min(1.0, 1.2 * plain) : plain;
}

/// Within `hit_range` of the leg's length of the level. Without a leg nothing is hit.
[[nodiscard]] inline bool hit(const Leg& leg, double level, double price,
                              double hit_range = default_hit_range) noexcept {
    return leg.known && std::abs(price - level) <= hit_range * (leg.hi - leg.lo);
}

enum class Zone : std::uint8_t { none, buy, sell };

/// Between the .5 and the .786 retracement: the buy zone of an up leg, the sell zone of a down leg.
[[nodiscard]] inline Zone zone(const Leg& leg, double price) noexcept {
    if (!leg.known) return Zone::none;
    const double half = level_price(leg, Ratio::r500), deep = level_price(leg, Ratio::r786);
    if (leg.up) return price <= half && price >= deep ? Zone::buy : Zone::none;
    return price >= half && price <= deep ? Zone::sell : Zone::none;
}

/// How close the price is to a cluster: 1 at its centre, 1/2 at `scale_bps` from it.
[[nodiscard]] inline double proximity(const Cluster& cluster, double price,
                                      double scale_bps = default_proximity_scale_bps) noexcept {
    return 1 / (1 + distance_bps(price, cluster.centre) / scale_bps);
}

/// The cluster nearest to `price` in a list ascending by price; nullptr if empty.
[[nodiscard]] inline const Cluster* nearest(std::span<const Cluster> clusters, double price) noexcept {
    if (clusters.empty()) return nullptr;
    const auto above = std::lower_bound(clusters.begin(), clusters.end(), price,
                                        [](const Cluster& cluster, double p) noexcept { return cluster.centre < p; });
    if (above == clusters.begin()) return &clusters.front();
    const Cluster& below = *std::prev(above);
    return above != clusters.end() && above->centre - price < price - below.centre ? &*above : &below;
}

/// Clusters by weight (heaviest first), then by distance from `price`, then by price: the order of reports.
void rank(std::span<Cluster> clusters, double price) noexcept;

/// A reader's own copy of the newest legs, levels and clusters of one instrument.
struct KnownLevels {
    std::array<Leg, max_timeframes> legs{};
    std::array<ActiveLevel, max_active_levels> active_store{};
    std::array<Cluster, max_clusters> cluster_store{};
    std::uint16_t active_count{}, cluster_count{};

    /// Call on every tick of the instrument.
    void take(const Levels& levels) noexcept {
        if (!levels.changed) return;
        legs = levels.legs;
        active_count = levels.active_count;
        cluster_count = levels.cluster_count;
        std::copy_n(levels.active.begin(), active_count, active_store.begin());
        std::copy_n(levels.clusters.begin(), cluster_count, cluster_store.begin());
    }
    [[nodiscard]] std::span<const ActiveLevel> active() const noexcept { return {active_store.data(), active_count}; }
    [[nodiscard]] std::span<const Cluster> clusters() const noexcept { return {cluster_store.data(), cluster_count}; }
};

}  // namespace pipeline
