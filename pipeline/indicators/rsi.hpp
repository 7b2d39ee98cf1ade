#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"


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
        const Pair moved{change, -change}, gain_loss = moved < Pair{} ? Pair{} : moved;
        previous_ = x;
        if (count_ > n_) [[likely]]
            gain_loss_ += (gain_loss - gain_loss_) * inverse_;
        else if (!warm_up(gain_loss))
            return core::unknown;
        return 100 * gain_loss_[0] / (gain_loss_[0] + gain_loss_[1]);  // 0/0 is NaN: unknown
    }

private:
    using Pair = double __attribute__((vector_size(2 * sizeof(double))));

    bool warm_up(Pair gain_loss) noexcept {
        if (count_++ == 0) return false;  // the first value has no change
        gain_loss_ += gain_loss;
        if (count_ <= n_) return false;
        gain_loss_ /= n_;
        return true;
    }

    int n_, count_{};
    double inverse_;
    double previous_{};
    Pair gain_loss_{};  // smoothed; their sums while warming up
};

}  // namespace pipeline
