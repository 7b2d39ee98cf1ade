#include "pipeline/fibonacci/confluence.hpp"

#include "pipeline/fibonacci/measures.hpp"

#include <bit>

namespace pipeline {
namespace {

Cluster make_cluster(std::span<const ActiveLevel> members, const TimeframeWeights& weights,
                     std::size_t timeframes) noexcept {
    double weighted = 0, weight = 0;
    std::uint32_t seen = 0;
    for (const ActiveLevel& level : members) {
        const double w = weights[level.timeframe];
        weighted += level.price * w;
        weight += w;
        seen |= 1U << level.timeframe;
    }
    const double diversity = static_cast<double>(std::popcount(seen)) / static_cast<double>(timeframes);
    return {.centre = weighted / weight,
            .weight = weight,
            .strength = static_cast<double>(members.size()) * (1 + .5 * diversity),
            .members = static_cast<std::uint8_t>(members.size())};
}

}  // namespace

std::size_t find_clusters(std::span<const ActiveLevel> levels, const TimeframeWeights& weights, std::size_t timeframes,
                          double cluster_bps, std::span<Cluster> clusters) noexcept {
    std::size_t count = 0;
    for (std::size_t first = 0, end = 0; first < levels.size() && count < clusters.size(); first = end) {
        for (end = first + 1; end < levels.size(); ++end)
            if (core::bps(levels[end].price, levels[first].price) > cluster_bps) break;
        if (end - first > 1) clusters[count++] = make_cluster(levels.subspan(first, end - first), weights, timeframes);
    }
    return count;
}

void rank(std::span<Cluster> clusters, double price) noexcept {
    std::sort(clusters.begin(), clusters.end(), [price](const Cluster& a, const Cluster& b) noexcept {
        if (a.weight != b.weight) return a.weight > b.weight;
        const double near_a = distance_bps(price, a.centre), near_b = distance_bps(price, b.centre);
        return near_a != near_b ? near_a < near_b : a.centre < b.centre;
    });
}

}  // namespace pipeline
