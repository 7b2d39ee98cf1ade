#pragma once

#include "core/domain/unknown.hpp"

#include <algorithm>

namespace pipeline {

/// max(h − l, |h − c₋₁|, |l − c₋₁|): how far the price travelled since the previous close.
inline double true_range(double high, double low, double previous_close) noexcept {
    return std::max(high, previous_close) - std::min(low, previous_close);
}

/// The same in order; first known at index 1. Source: TA-Lib TRANGE.
class TrueRange {
public:
    double add(double high, double low, double close) noexcept {
        const double range = begun_ ? true_range(high, low, previous_close_) : core::unknown;
        begun_ = true;
        previous_close_ = close;
        return range;
    }

private:
    bool begun_{};
    double previous_close_{};
};

}  // namespace pipeline
