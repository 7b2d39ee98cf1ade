#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/ema.hpp"
#include "pipeline/indicators/period.hpp"

#include <algorithm>

namespace pipeline {

/// Moving average convergence/divergence: EMA(fast) − EMA(slow), its EMA(signal), and the difference of both. Both seed
/// windows end on bar slow − 1, from which the line is known (TA-Lib prints it with the signal only); the signal is
/// known signal − 1 bars later. Source: TA-Lib MACD.
class Macd {
public:
    struct Values {
        double line{core::unknown}, signal{core::unknown}, histogram{core::unknown};
    };

    /// The shorter of both periods is the fast one, as in TA-Lib.
    Macd(int fast, int slow, int signal)
        : skip_(std::max(checked_period("macd.slow", slow), checked_period("macd.fast", fast)) - std::min(fast, slow)),
          fast_(std::min(fast, slow)),
          slow_(std::max(fast, slow)),
          signal_(checked_period("macd.signal", signal)) {}

    Values add(double x) noexcept {
        const double slow = slow_.add(x);
        if (skip_ > 0) [[unlikely]] {
            --skip_;
            return {};
        }
        const double line = fast_.add(x) - slow;
        if (!core::known(line)) [[unlikely]]
            return {};
        const double signal = signal_.add(line);
        return {line, signal, line - signal};
    }

private:
    int skip_;  // values until the fast seed window begins
    Ema fast_, slow_, signal_;
};

}  // namespace pipeline
