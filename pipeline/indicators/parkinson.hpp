#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/rolling_sum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pipeline {

/// Parkinson's volatility of the last n bars: √(mean ln²(h/l)/(4 ln 2)) in basis points. First known at index n − 1. A
/// low not above 0 leaves the n bars from it on unknown. Source: Parkinson, The Extreme Value Method for Estimating the
/// Variance of the Rate of Return, 1980.
class Parkinson {
public:
    explicit Parkinson(int n, Memory memory = default_memory())
        : squares_(checked_period("parkinson", n), memory), left_(n), scale_(1 / (4 * std::numbers::ln2 * n)) {}

    double add(double high, double low) noexcept {
        const bool sound = low > 0 && high >= low;
        const double range = sound ? std::log(high / low) : 0;
        squares_.add(range * range);
        if (!sound)
            left_ = static_cast<int>(squares_.size());
        else if (left_ > 0)
            --left_;
        return left_ > 0 ? core::unknown : 1e4 * std::sqrt(std::max(0.0, squares_.sum()) * scale_);
    }

private:
    RollingSum squares_;
    int left_;  // bars until known
    double scale_;
};

}  // namespace pipeline
