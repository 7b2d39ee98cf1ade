#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/extremes.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/rolling_sum.hpp"
#include "pipeline/indicators/true_range.hpp"

#include <cmath>

namespace pipeline {

/// Choppiness: 100·log10(ΣTR/(HH − LL))/log10 n over the last n bars. First known at index n; no range: unknown.
/// Source: Dreiss, 1993.
class Choppiness {
public:
    explicit Choppiness(int n, Memory memory = default_memory())
        : ranges_(checked_period("choppiness", n), memory),
          highest_(n, memory),
          lowest_(n, memory),
          scale_(100 / std::log10(static_cast<double>(n))) {}

    double add(double high, double low, double close) noexcept {
        const double top = highest_.add(high), bottom = lowest_.add(low);
        if (begun_) ranges_.add(true_range(high, low, close_));
        begun_ = true;
        close_ = close;
        return ranges_.full() && top > bottom ? scale_ * std::log10(ranges_.sum() / (top - bottom)) : core::unknown;
    }

private:
    RollingSum ranges_;
    Highest highest_;
    Lowest lowest_;
    double scale_;
    double close_{};
    bool begun_{};
};

}  // namespace pipeline
