#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"

#include <algorithm>

namespace pipeline {

/// Relative strength index, 0..100: 100·G/(G + L), G and L the smoothed gains and losses. First known at index n.
/// A series that never moved has G + L = 0: unknown (TA-Lib answers 0).
/// Source: Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib RSI.
class Rsi {
public:
    explicit Rsi(int n) : n_(checked_period("rsi", n)), inverse_(1.0 / n) {}

    /// The index after x; unknown while warming up.
    double add(double x) noexcept {
        const double change = x - previous_;
        const double gain = std::max(change, 0.0), loss = std::max(-change, 0.0);
        previous_ = x;
        if (count_ > n_) [[likely]] {
            gain_ += (gain - gain_) * inverse_;
            loss_ += (loss - loss_) * inverse_;
        } else if (!warm_up(gain, loss)) {
            return core::unknown;
        }
        return 100 * gain_ / (gain_ + loss_);  // 0/0 is NaN: unknown
    }

private:
    bool warm_up(double gain, double loss) noexcept {
        if (count_++ == 0) return false;  // the first value has no change
        gain_ += gain;
        loss_ += loss;
        if (count_ <= n_) return false;
        gain_ /= n_;
        loss_ /= n_;
        return true;
    }

    int n_, count_{};
    double inverse_;
    double previous_{}, gain_{}, loss_{};
};

}  // namespace pipeline
