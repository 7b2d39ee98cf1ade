#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/true_range.hpp"

namespace pipeline {

/// Average true range: the mean of TR₁..TRₙ, then (a(n − 1) + TR)/n. First known at index n.
/// Source: Wilder 1978; TA-Lib ATR.
class Atr {
public:
    explicit Atr(int n) : n_(checked_period("atr", n)), inverse_(1.0 / n) {}

    /// The range after this bar; unknown while warming up.
    double add(double high, double low, double close) noexcept {
        const double range = true_range(high, low, previous_close_);
        previous_close_ = close;
        if (count_ > n_) [[likely]]
            return value_ += (range - value_) * inverse_;
        if (count_++ == 0) return core::unknown;  // the first bar has no previous close
        value_ += range;
        if (count_ <= n_) return core::unknown;
        return value_ /= n_;
    }

private:
    int n_, count_{};
    double inverse_;
    double previous_close_{}, value_{};  // value: the sum while warming up
};

}  // namespace pipeline
