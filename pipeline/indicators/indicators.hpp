#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/bars/bars.hpp"

#include <array>

namespace pipeline {

/// The indicators of one timeframe at one closed bar; unknown = NaN. A name says the default period, whatever is
/// configured. Definitions: the header of each in this folder.
struct IndicatorValues {
    double sma20{core::unknown};
    double ema12{core::unknown}, ema26{core::unknown};
    double wma10{core::unknown};
    double rsi14{core::unknown};  ///< Wilder's, or Cutler's with `rsi.mode: cutler`
    double rsi_cutler14{core::unknown};
    double macd{core::unknown}, macd_signal{core::unknown}, macd_histogram{core::unknown};
    double tr{core::unknown}, atr14{core::unknown};
    double bollinger_upper{core::unknown}, bollinger_middle{core::unknown}, bollinger_lower{core::unknown};
    double plus_di14{core::unknown}, minus_di14{core::unknown}, adx14{core::unknown};
    double stochastic_k{core::unknown}, stochastic_slow_k{core::unknown}, stochastic_slow_d{core::unknown};
    double obv{core::unknown};  ///< in the instrument's quantity
    double cci20{core::unknown};
    double choppiness14{core::unknown};
    double donchian_high20{core::unknown}, donchian_low20{core::unknown};
    double efficiency10{core::unknown};
    double momentum10{core::unknown}, roc10_bps{core::unknown};
    double vwap20{core::unknown}, vwap_session{core::unknown};
    double volatility20_bps{core::unknown}, volatility20_annual{core::unknown};
    double parkinson20_bps{core::unknown};
    double z_score20{core::unknown};
    double percentile_rank20{core::unknown};  ///< of the close among the 20 before it, 0..1
};

/// Section written by IndicatorStage: values of the timeframes whose bar closed with this tick. Only what `mask` names
/// is of this tick; the flow measures are where `mask` is not 0.
struct Indicators {
    std::uint16_t mask{};                   ///< bit i: values[i] belongs to the i-th timeframe, closed with this tick
    double ofi{core::unknown};              ///< order flow imbalance of the last 10 s, in the instrument's quantity
    double ofi_normalised{core::unknown};   ///< the same over the usual size of the top of the book
    double flow60{core::unknown};           ///< signed flow I(60 s), −1..1
    double intensity{core::unknown};        ///< trades a second over the last 10 s
    double intensity_ratio{core::unknown};  ///< the same over that of the last 300 s
    double intensity_exponential{core::unknown};  ///< trades a second with a memory of 10 s; known after five of them
    double vpin{core::unknown};                   ///< 0..1; unknown unless `indicators.vpin.enabled`
    std::array<IndicatorValues, max_timeframes> values;
};

}  // namespace pipeline
