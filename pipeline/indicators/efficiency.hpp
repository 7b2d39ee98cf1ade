#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/past.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/rolling_sum.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline {

/// Efficiency ratio: |c − c₋ₙ|/Σ|Δc| over the last n changes, 0..1. First known at index n; no change: unknown.
/// Source: Kaufman, Trading Systems and Methods.
class Efficiency {
public:
    explicit Efficiency(int n, Memory memory = default_memory())
        : past_(checked_period("efficiency", n), memory), path_(n, memory) {}

    double add(double x) noexcept {
        const bool known = past_.full();
        const double before = past_.exchange(x);
        if (begun_) path_.add(std::abs(x - previous_));
        begun_ = true;
        previous_ = x;
        // The last bit of the sum may be short of the way.
        return known && path_.sum() > 0 ? std::min(1.0, std::abs(x - before) / path_.sum()) : core::unknown;
    }

private:
    Past past_;
    RollingSum path_;
    double previous_{};
    bool begun_{};
};

}  // namespace pipeline
