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
        plus_ += plus_movement(up, down) - plus_ * inverse_;
        minus_ += plus_movement(down, up) - minus_ * inverse_;
        range_ += range - range_ * inverse_;
        return values();
    }

private:
    static double plus_movement(double forward, double backward) noexcept {
        // Both conditions are coin tosses to a branch predictor: no short circuit.
        return static_cast<double>((forward > backward) & (forward > 0)) * forward;
    }

    Values warm_up(double up, double down, double range) noexcept {
        if (count_++ != 0) {  // the first bar has no movement
            plus_ += plus_movement(up, down);
            minus_ += plus_movement(down, up);
            range_ += range;
        }
        return {};
    }

    Values values() noexcept {
        const double scale = 100 / range_, both = plus_ + minus_;
        const bool moved = range_ > 0 && both > 0;
        // DX of the sums: the range that both DI share cancels out.
        const double dx = moved ? 100 * std::abs(plus_ - minus_) / both : averaged_ < n_ ? 0 : adx_;
        if (averaged_ < n_) [[unlikely]] {
            adx_ += dx;
            if (++averaged_ == n_) adx_ /= n_;
        } else {
            adx_ += (dx - adx_) * inverse_;
        }
        const bool known = range_ > 0;
        return {.plus_di = known ? plus_ * scale : core::unknown,
                .minus_di = known ? minus_ * scale : core::unknown,
                .adx = averaged_ < n_ ? core::unknown : adx_};
    }

    int n_, count_{}, averaged_{};
    double inverse_;
    double high_{}, low_{}, close_{};
    double plus_{}, minus_{}, range_{};  // smoothed +DM, −DM, TR
    double adx_{};                       // the sum of DX while warming up
};

}  // namespace pipeline
