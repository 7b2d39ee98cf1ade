#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/rolling_sum.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline {

/// Realised volatility of the last n log returns, their mean taken as zero: √Σr² in basis points, and √(mean r²·bars of
/// 365 days) a year. First known at index n. A value not above 0 has no logarithm and restarts it.
class RealisedVolatility {
public:
    struct Values {
        double bps{core::unknown}, annual{core::unknown};
    };

    /// `bar_s`: seconds from one value to the next.
    RealisedVolatility(int n, double bar_s, Memory memory = default_memory())
        : squares_(checked_period("volatility", n), memory), mean_to_annual_(365 * 86400 / bar_s / n) {}

    Values add(double x) noexcept {
        if (!(x > 0)) {
            begun_ = false;
            left_ = squares_.size();
            return {};
        }
        const double logarithm = std::log(x);
        const double r = logarithm - previous_;
        previous_ = logarithm;
        if (!begun_) {
            begun_ = true;
            left_ = squares_.size();
            return {};
        }
        squares_.add(r * r);
        if (left_ > 0) --left_;
        if (left_ > 0) return {};
        const double sum = std::max(0.0, squares_.sum());
        return {1e4 * std::sqrt(sum), std::sqrt(sum * mean_to_annual_)};
    }

private:
    RollingSum squares_;
    double mean_to_annual_;
    std::size_t left_{};  // returns until known
    bool begun_{};
    double previous_{};
};

}  // namespace pipeline
