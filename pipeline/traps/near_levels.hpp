#pragma once

#include "pipeline/fibonacci/levels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

namespace pipeline::traps {

/// One instrument's copy of the active levels: the section holds them only on the tick that changed them.
class NearLevels {
public:
    /// Takes the levels of a section that says `changed`. `hit_range` is the hit band as a share of the leg,
    /// `cluster_bps` the width of a cluster.
    void update(const Levels& levels, double hit_range, double cluster_bps) noexcept {
        count_ = levels.active_count;
        for (std::size_t i = 0; i < count_; ++i) {
            const ActiveLevel& level = levels.active[i];
            const Leg& leg = levels.legs[level.timeframe];
            prices_[i] = level.price;
            boosts_[i] = leg.known ? boost_of(level.ratio) : 0;
            bands_[i] = leg.known ? hit_range * (leg.hi - leg.lo) : 0;
        }
        take_strengths(levels, cluster_bps);
    }

    [[nodiscard]] std::span<const double> prices() const noexcept { return {prices_.data(), count_}; }
    /// Confluence strength of the cluster that the i-th level belongs to; 0 for a level that stands alone.
    [[nodiscard]] double strength(std::size_t i) const noexcept { return strengths_[i]; }

    /// abs bps from `price` to the nearest active level; unknown without one.
    [[nodiscard]] double distance_bps(double price) const noexcept {
        if (count_ == 0) return core::unknown;
        const auto end = prices_.begin() + count_;
        const auto above = std::lower_bound(prices_.begin(), end, price);
        double nearest = above == end ? *(end - 1) : *above;
        if (above != prices_.begin() && above != end && price - *(above - 1) < nearest - price) nearest = *(above - 1);
        return std::abs(core::bps(price, nearest));
    }

    /// The boost of the best ratio whose hit band holds `price`: .10 for .618, .08 for .5, .05 for .382, else 0.
    [[nodiscard]] double boost(double price) const noexcept {
        double best = 0;
        for (std::size_t i = 0; i < count_; ++i)
            if (boosts_[i] > best && std::abs(price - prices_[i]) <= bands_[i]) best = boosts_[i];
        return best;
    }

private:
    /// A section's clusters do not name their members, but they are found greedily from the lowest level on
    /// (fibonacci.md section 3): the same walk tells which level is in which.
    void take_strengths(const Levels& levels, double cluster_bps) noexcept {
        std::size_t cluster = 0;
        for (std::size_t first = 0, end = 0; first < count_; first = end) {
            for (end = first + 1; end < count_; ++end)
                if (core::bps(prices_[end], prices_[first]) > cluster_bps) break;
            const bool clustered = end - first > 1 && cluster < levels.cluster_count;
            const double strength = clustered ? levels.clusters[cluster++].strength : 0;
            std::fill(strengths_.begin() + first, strengths_.begin() + end, strength);
        }
    }
    static constexpr double boost_of(Ratio ratio) noexcept {
        return ratio == Ratio::r618 ? .10 : ratio == Ratio::r500 ? .08 : ratio == Ratio::r382 ? .05 : 0;
    }
    std::array<double, max_active_levels> prices_{}, bands_{}, boosts_{}, strengths_{};  // prices ascending
    std::uint16_t count_{};
};

/// c with the Fibonacci boost (spec/traps.md section 6, fibonacci.md section 5): b of the ratio hit plus up to .05 for
/// volume, capped at .98. Without a ratio nothing is added.
constexpr double boosted(double confidence, double ratio_boost, double volume_z) noexcept {
    if (ratio_boost <= 0) return confidence;
    const double c = confidence + ratio_boost + .05 * core::ramp(volume_z, 0, 3);
    return std::max(confidence, std::min(.98, c));
}

}  // namespace pipeline::traps
