#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/window.hpp"

#include <cmath>

namespace pipeline {

/// Commodity channel index: (tp − SMA)/(.015·mean absolute deviation) of typical prices over the last n bars. First
/// known at index n − 1; no deviation (none beyond rounding) gives 0. The deviation from a mean that moves is taken
/// anew, O(n) over a flat ring. Source: Lambert, Commodity Channel Index, 1980; TA-Lib CCI.
class Cci {
public:
    explicit Cci(int n, Memory memory = default_memory()) : window_(checked_period("cci", n), memory) {}

    double add(double high, double low, double close) noexcept {
        const double typical = (high + low + close) / 3;
        window_.add(typical);
        if (!window_.full()) return core::unknown;
        const double mean = window_.mean();
        double sum = 0;
        for (const double value : window_.values()) sum += std::abs(value - mean);
        const double deviation = sum / static_cast<double>(window_.values().size());
        // The same typical price of other bars differs in its last bits: no deviation of theirs, and none of a tick is
        // as small.
        return deviation > 1e-14 * std::abs(mean) ? (typical - mean) / (.015 * deviation) : 0;
    }

private:
    Window window_;
};

}  // namespace pipeline
