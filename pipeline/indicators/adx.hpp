#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/true_range.hpp"

#include <cmath>

namespace pipeline {

/// Directional movement: ±DI, and their difference relative to their sum, averaged (ADX). All 0..100.
/// ±DI first known at index n, ADX at 2n − 1. A true range of 0 leaves DI unknown; no movement either way adds nothing
/// to ADX. Source: Wilder 1978; TA-Lib PLUS_DI, MINUS_DI, ADX.
class Adx {
public:
    struct Values {
        double plus_di{core::unknown}, minus_di{core::unknown}, adx{core::unknown};
    };

    explicit Adx(int n) : n_(checked_period("adx", n)), inverse_(1.0 / n) {}

    /// The values after this bar.
    Values add(double high, double low, double close) noexcept {
        const double up = high - high_, down = low_ - low, range = true_range(high, low, close_);
        high_ = high;
        low_ = low;
        close_ = close;
        if (count_ < n_) [[unlikely]]
            return warm_up(up, down, range);
        moved_ += movement(up, down) - moved_ * inverse_;
        range_ += range - range_ * inverse_;
        return values();
    }

private:
    using Pair = double __attribute__((vector_size(2 * sizeof(double))));

    /// +DM and −DM, of which at most one is above 0. Both conditions are coin tosses to a branch predictor: no branch.
    static Pair movement(double up, double down) noexcept {
        const Pair forward{up, down}, backward{down, up};
        return ((forward > backward) & (forward > Pair{}) ? Pair{1, 1} : Pair{}) * forward;
    }

    Values warm_up(double up, double down, double range) noexcept {
        if (count_++ != 0) {  // the first bar has no movement
            moved_ += movement(up, down);
            range_ += range;
        }
        return {};
    }

    Values values() noexcept {
        const double both = moved_[0] + moved_[1];
        const bool moved = range_ > 0 && both > 0;
        // DX of the sums: the range that both DI share cancels out.
        const double dx = moved ? 100 * std::abs(moved_[0] - moved_[1]) / both : averaged_ < n_ ? 0 : adx_;
        if (averaged_ < n_) [[unlikely]] {
            adx_ += dx;
            if (++averaged_ == n_) adx_ /= n_;
        } else {
            adx_ += (dx - adx_) * inverse_;
        }
        const Pair both_di = range_ > 0 ? moved_ * (100 / range_) : core::unknown - Pair{};
        return {.plus_di = both_di[0], .minus_di = both_di[1], .adx = averaged_ < n_ ? core::unknown : adx_};
    }

    int n_, count_{}, averaged_{};
    double inverse_;
    double high_{}, low_{}, close_{};
    Pair moved_{};    // smoothed +DM, −DM
    double range_{};  // smoothed TR
    double adx_{};    // the sum of DX while warming up
};

}  // namespace pipeline
