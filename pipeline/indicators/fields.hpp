#pragma once

#include "pipeline/indicators/indicators.hpp"

#include <array>
#include <string_view>

namespace pipeline {

/// One of IndicatorValues by its name, as `omega indicators` prints it.
struct IndicatorField {
    std::string_view name;
    double IndicatorValues::*value;
};

inline constexpr std::array indicator_fields{
    IndicatorField{"sma20", &IndicatorValues::sma20},
    IndicatorField{"ema12", &IndicatorValues::ema12},
    IndicatorField{"ema26", &IndicatorValues::ema26},
    IndicatorField{"wma10", &IndicatorValues::wma10},
    IndicatorField{"rsi14", &IndicatorValues::rsi14},
    IndicatorField{"rsi_cutler14", &IndicatorValues::rsi_cutler14},
    IndicatorField{"macd", &IndicatorValues::macd},
    IndicatorField{"macd_signal", &IndicatorValues::macd_signal},
    IndicatorField{"macd_histogram", &IndicatorValues::macd_histogram},
    IndicatorField{"tr", &IndicatorValues::tr},
    IndicatorField{"atr14", &IndicatorValues::atr14},
    IndicatorField{"bollinger_upper", &IndicatorValues::bollinger_upper},
    IndicatorField{"bollinger_middle", &IndicatorValues::bollinger_middle},
    IndicatorField{"bollinger_lower", &IndicatorValues::bollinger_lower},
    IndicatorField{"plus_di14", &IndicatorValues::plus_di14},
    IndicatorField{"minus_di14", &IndicatorValues::minus_di14},
    IndicatorField{"adx14", &IndicatorValues::adx14},
    IndicatorField{"stochastic_k", &IndicatorValues::stochastic_k},
    IndicatorField{"stochastic_slow_k", &IndicatorValues::stochastic_slow_k},
    IndicatorField{"stochastic_slow_d", &IndicatorValues::stochastic_slow_d},
    IndicatorField{"obv", &IndicatorValues::obv},
    IndicatorField{"cci20", &IndicatorValues::cci20},
    IndicatorField{"choppiness14", &IndicatorValues::choppiness14},
    IndicatorField{"donchian_high20", &IndicatorValues::donchian_high20},
    IndicatorField{"donchian_low20", &IndicatorValues::donchian_low20},
    IndicatorField{"efficiency10", &IndicatorValues::efficiency10},
    IndicatorField{"momentum10", &IndicatorValues::momentum10},
    IndicatorField{"roc10_bps", &IndicatorValues::roc10_bps},
    IndicatorField{"vwap20", &IndicatorValues::vwap20},
    IndicatorField{"vwap_session", &IndicatorValues::vwap_session},
    IndicatorField{"volatility20_bps", &IndicatorValues::volatility20_bps},
    IndicatorField{"volatility20_annual", &IndicatorValues::volatility20_annual},
    IndicatorField{"parkinson20_bps", &IndicatorValues::parkinson20_bps},
    IndicatorField{"z_score20", &IndicatorValues::z_score20},
    IndicatorField{"percentile_rank20", &IndicatorValues::percentile_rank20},
};
static_assert(sizeof(IndicatorValues) == indicator_fields.size() * sizeof(double), "every field has its name");

}  // namespace pipeline
