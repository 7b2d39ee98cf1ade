#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"

namespace pipeline {

/// Exponential moving average: seeded with the mean of the first n values, then e += k(x − e), k = 2/(n + 1).
/// First known at index n − 1. Source: TA-Lib EMA.
class Ema {
public:
    explicit Ema(int n) : n_(checked_period("ema", n)), k_(2.0 / (n + 1)) {}

    /// The average after x; unknown while warming up.
    double add(double x) noexcept {
        if (count_ == n_) [[likely]]
            return value_ += k_ * (x - value_);
        value_ += x;
        if (++count_ < n_) return core::unknown;
        return value_ /= n_;
    }

private:
    int n_, count_{};
    double k_;
    double value_{};  // the sum while warming up
};

}  // namespace pipeline
