#pragma once

#include "pipeline/fibonacci/levels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace pipeline::traps {

/// One instrument's copy of the active levels: the section holds them only on the tick that changed them.
class NearLevels {
public:
    /// Takes the levels of a section that says `changed`. `hit_range` is the hit band as a share of the leg.
    void update(const Levels& levels, double hit_range) noexcept {
        count_ = levels.active_count;
        for (std::size_t i = 0; i < count_; ++i) {
            const ActiveLevel& level = levels.active[i];
            const Leg& leg = levels.legs[level.timeframe];
            prices_[i] = level.price;
            boosts_[i] = leg.known ? boost_of(level.ratio) : 0;
            bands_[i] = leg.known ? hit_range * (leg.hi - leg.lo) : 0;
        }
    }

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
    static constexpr double boost_of(Ratio ratio) noexcept {
        return ratio == Ratio::r618 ? .10 : ratio == Ratio::r500 ? .08 : ratio == Ratio::r382 ? .05 : 0;
    }
    std::array<double, max_active_levels> prices_{}, bands_{}, boosts_{};  // prices ascending
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
