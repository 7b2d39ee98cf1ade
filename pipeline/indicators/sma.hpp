#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/window.hpp"

namespace pipeline {

/// Mean of the last n values; first known at index n − 1. Source: TA-Lib SMA.
class Sma {
public:
    explicit Sma(int n, Memory memory = default_memory()) : window_(checked_period("sma", n), memory) {}

    /// The mean after x; unknown while warming up.
    double add(double x) noexcept {
        window_.add(x);
        return window_.full() ? window_.mean() : core::unknown;
    }

private:
    Window window_;
};

}  // namespace pipeline
