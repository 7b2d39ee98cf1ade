#pragma once

#include <algorithm>
#include <cmath>

namespace pipeline {

/// max(h − l, |h − c₋₁|, |l − c₋₁|): how far the price travelled since the previous close.
inline double true_range(double high, double low, double previous_close) noexcept {
    return std::max(high, previous_close) - std::min(low, previous_close);
}

}  // namespace pipeline
