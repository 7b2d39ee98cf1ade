#include "pipeline/fibonacci/pivots.hpp"

#include <algorithm>

namespace pipeline {

void Pivots::add(const Pivot& pivot, std::size_t keep) noexcept {
    if (count_ == keep) drop_oldest(1);
    pivots_[count_++] = pivot;
}

bool Pivots::expire(std::int64_t bar, std::int64_t max_age_bars) noexcept {
    std::size_t old = 0;
    while (old < count_ && bar - pivots_[old].bar > max_age_bars) ++old;
    if (old == 0) return false;
    drop_oldest(old);
    return true;
}

bool Pivots::mark_broken(double close, double break_bps) noexcept {
    bool any = false;
    for (std::size_t i = 0; i < count_; ++i) {
        Pivot& pivot = pivots_[i];
        const double through = core::bps(close, pivot.price);
        if (pivot.broken || (pivot.high ? through : -through) <= break_bps) continue;
        pivot.broken = any = true;
    }
    return any;
}

Leg Pivots::leg(double min_range_bps) const noexcept {
    if (count_ < 2) return {};
    const Pivot &older = pivots_[count_ - 2], &newer = pivots_[count_ - 1];
    const auto [lo, hi] = std::minmax(older.price, newer.price);
    return {.known = core::bps(hi, lo) >= min_range_bps, .up = newer.high, .lo = lo, .hi = hi};
}

void Pivots::drop_oldest(std::size_t n) noexcept {
    std::move(pivots_.begin() + static_cast<std::ptrdiff_t>(n), pivots_.begin() + static_cast<std::ptrdiff_t>(count_),
              pivots_.begin());
    count_ -= n;
}

}  // namespace pipeline
