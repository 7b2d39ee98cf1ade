#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/rolling_sum.hpp"

#include <algorithm>

namespace pipeline {

/// Relative strength index with simple means (Cutler): 100·G/(G + L), G and L the gains and losses of the last n
/// changes. First known at index n; 0..100. No change in the window: unknown.
class RsiCutler {
public:
    explicit RsiCutler(int n, Memory memory = default_memory())
        : gains_(checked_period("rsi", n), memory), losses_(n, memory) {}

    double add(double x) noexcept {
        const double change = x - previous_;
        previous_ = x;
        if (!begun_) {  // the first value has no change
            begun_ = true;
            return core::unknown;
        }
        gains_.add(std::max(change, 0.0));
        losses_.add(std::max(-change, 0.0));
        const double gain = std::max(gains_.sum(), 0.0), all = gain + std::max(losses_.sum(), 0.0);
        return gains_.full() && all > 0 ? 100 * gain / all : core::unknown;
    }

private:
    RollingSum gains_, losses_;
    double previous_{};
    bool begun_{};
};

}  // namespace pipeline
