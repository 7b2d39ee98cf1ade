#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/bars/bars.hpp"

#include <array>

namespace pipeline {

/// The indicators of one timeframe at one closed bar; unknown = NaN.
struct IndicatorValues {
    double ema12{core::unknown}, ema26{core::unknown};
    double rsi14{core::unknown}, atr14{core::unknown};
    double plus_di14{core::unknown}, minus_di14{core::unknown}, adx14{core::unknown};
    double macd_histogram{core::unknown};
    double bollinger_upper{core::unknown}, bollinger_middle{core::unknown}, bollinger_lower{core::unknown};
    double choppiness14{core::unknown}, realised_volatility20{core::unknown};
};

/// Section written by IndicatorStage: values of the timeframes whose bar closed with this tick.
struct Indicators {
    std::uint16_t mask{};  ///< bit i: values[i] belongs to the i-th timeframe, closed with this tick
    std::array<IndicatorValues, max_timeframes> values;
    double ofi_normalised{core::unknown}, flow60{core::unknown}, intensity_ratio{core::unknown};
};

}  // namespace pipeline
