#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/window.hpp"

#include <cmath>

namespace pipeline {

/// How many population standard deviations the newest of the last n values lies from their mean. First known at index
/// n − 1; a window that stood still has none: unknown.
class ZScore {
public:
    explicit ZScore(int n, Memory memory = default_memory()) : window_(checked_period("zscore", n), memory) {}

    double add(double x) noexcept {
        window_.add(x);
        if (!window_.full()) return core::unknown;
        const double variance = window_.variance();
        return variance > 0 ? (x - window_.mean()) / std::sqrt(variance) : core::unknown;
    }

private:
    Window window_;
};

}  // namespace pipeline
