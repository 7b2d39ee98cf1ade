#include "pipeline/fibonacci/hits.hpp"

#include <cmath>
#include <limits>

namespace pipeline {

void Hits::rebuild(std::span<const ActiveLevel> levels, std::span<const Leg> legs, double hit_range) noexcept {
    const Hits before = *this;
    count_ = 0;
    std::size_t from = 0;
    for (const ActiveLevel& level : levels) {
        const Leg& leg = legs[level.timeframe];
        if (!leg.known) continue;
        watched_[count_++] = {level, hit_range * (leg.hi - leg.lo), before.was_inside(level, from)};
    }
    quiet_lo_ = 1;
    quiet_hi_ = 0;
}

/// Both lists ascend by price, so `from` only moves forward.
bool Hits::was_inside(const ActiveLevel& level, std::size_t& from) const noexcept {
    while (from < count_ && watched_[from].level.price < level.price) ++from;
    for (std::size_t i = from; i < count_ && watched_[i].level.price == level.price; ++i)
        if (watched_[i].level.ratio == level.ratio && watched_[i].level.timeframe == level.timeframe)
            return watched_[i].inside;
    return false;
}

std::size_t Hits::reach(double price, std::span<ActiveLevel> hits) noexcept {
    std::size_t count = 0;
    quiet_lo_ = -std::numeric_limits<double>::infinity();
    quiet_hi_ = std::numeric_limits<double>::infinity();
    bool crowded = false;
    for (std::size_t i = 0; i < count_; ++i) {
        Watched& watched = watched_[i];
        const double distance = std::abs(price - watched.level.price);
        if (watched.inside) {
            watched.inside = distance <= 2 * watched.band;
        } else if (distance <= watched.band) {
            if (count < hits.size()) {
                hits[count++] = watched.level;
                watched.inside = true;
            } else {
                crowded = true;
            }
        }
        narrow(watched, price);
    }
    if (crowded) quiet_hi_ = quiet_lo_;
    return count;
}

/// Shrinks the quiet interval to this level's nearest edges around `price`.
void Hits::narrow(const Watched& watched, double price) noexcept {
    const double level = watched.level.price, band = watched.band;
    if (watched.inside) {
        quiet_lo_ = std::max(quiet_lo_, level - 2 * band);
        quiet_hi_ = std::min(quiet_hi_, level + 2 * band);
    } else if (price > level) {
        quiet_lo_ = std::max(quiet_lo_, level + band);
    } else {
        quiet_hi_ = std::min(quiet_hi_, level - band);
    }
}

}  // namespace pipeline
