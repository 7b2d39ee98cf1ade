#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/extremes.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/window.hpp"

#include <algorithm>
#include <cstdint>

namespace pipeline {

/// Stochastic oscillator, 0..100: K = 100(c − LL)/(HH − LL) over the last n bars, slow K its mean over `slow_k`, slow D
/// the mean of that over `slow_d`. A range of 0 counts as 0. Known from index n − 1 on, each mean from where it is full
/// (TA-Lib prints all three from the last of these). Source: TA-Lib STOCH, STOCHF.
class Stochastic {
public:
    struct Values {
        double k{core::unknown}, slow_k{core::unknown}, slow_d{core::unknown};
    };

    Stochastic(int n, int slow_k, int slow_d, Memory memory = default_memory())
        : warm_up_(checked_period("stochastic.n", n) - 1),
          highest_(n, memory),
          lowest_(n, memory),
          slow_k_(checked_period("stochastic.slow_k", slow_k), memory),
          slow_d_(checked_period("stochastic.slow_d", slow_d), memory) {}

    Values add(double high, double low, double close) noexcept {
        const double top = highest_.add(high), bottom = lowest_.add(low);
        if (warm_up_ > 0) [[unlikely]] {
            --warm_up_;
            return {};
        }
        Values values;
        values.k = top > bottom ? 100 * (close - bottom) / (top - bottom) : 0;
        values.slow_k = mean(slow_k_, values.k);
        if (core::known(values.slow_k)) values.slow_d = mean(slow_d_, values.slow_k);
        return values;
    }

private:
    static double mean(Window& window, double x) noexcept {
        window.add(x);
        return window.full() ? std::clamp(window.mean(), 0.0, 100.0) : core::unknown;  // the last bit may be outside
    }

    int warm_up_;
    Highest highest_;
    Lowest lowest_;
    Window slow_k_, slow_d_;
};

}  // namespace pipeline
