#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/window.hpp"

#include <cmath>

namespace pipeline {

/// Commodity channel index: (tp − SMA)/(.015·mean absolute deviation) of typical prices over the last n bars. First
/// known at index n − 1; a deviation of 0 gives 0. The deviation from a mean that moves is taken anew, O(n) over a flat
/// ring. Source: Lambert, Commodity Channel Index, 1980; TA-Lib CCI.
class Cci {
public:
    explicit Cci(int n, Memory memory = default_memory()) : window_(checked_period("cci", n), memory) {}

    double add(double high, double low, double close) noexcept {
        const double typical = (high + low + close) / 3;
        window_.add(typical);
        if (!window_.full()) return core::unknown;
        if (window_.variance() <= 0) return 0;
        const double mean = window_.mean();
        double deviation = 0;
        for (const double value : window_.values()) deviation += std::abs(value - mean);
        return (typical - mean) / (.015 * deviation / static_cast<double>(window_.values().size()));
    }

private:
    Window window_;
};

}  // namespace pipeline
