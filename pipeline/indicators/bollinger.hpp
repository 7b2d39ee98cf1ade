#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/window.hpp"

#include <cmath>

namespace pipeline {

/// Bands at k population standard deviations around the mean of the last n values; first known at index n − 1. A series
/// that stood still has equal bands, however small its prices (TA-Lib calls a variance below 1e-14 zero; we do not).
class Bollinger {
public:
    struct Values {
        double lower{core::unknown}, middle{core::unknown}, upper{core::unknown}, deviation{core::unknown};
    };

    explicit Bollinger(int n, double k = 2, Memory memory = default_memory())
        : window_(checked_period("bollinger", n), memory), k_(k) {}

    /// The bands after x.
    Values add(double x) noexcept {
        window_.add(x);
        if (!window_.full()) [[unlikely]]
            return {};
        const double middle = window_.mean(), deviation = std::sqrt(window_.variance());
        return {middle - k_ * deviation, middle, middle + k_ * deviation, deviation};
    }

private:
    Window window_;
    double k_;
};

}  // namespace pipeline
