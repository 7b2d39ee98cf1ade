#pragma once

#include "pipeline/indicators/adx.hpp"
#include "pipeline/indicators/atr.hpp"
#include "pipeline/indicators/bollinger.hpp"
#include "pipeline/indicators/cci.hpp"
#include "pipeline/indicators/choppiness.hpp"
#include "pipeline/indicators/donchian.hpp"
#include "pipeline/indicators/efficiency.hpp"
#include "pipeline/indicators/ema.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/indicators/macd.hpp"
#include "pipeline/indicators/memory.hpp"
#include "pipeline/indicators/momentum.hpp"
#include "pipeline/indicators/obv.hpp"
#include "pipeline/indicators/parkinson.hpp"
#include "pipeline/indicators/percentile_rank.hpp"
#include "pipeline/indicators/realised_volatility.hpp"
#include "pipeline/indicators/rsi.hpp"
#include "pipeline/indicators/rsi_cutler.hpp"
#include "pipeline/indicators/settings.hpp"
#include "pipeline/indicators/sma.hpp"
#include "pipeline/indicators/stochastic.hpp"
#include "pipeline/indicators/true_range.hpp"
#include "pipeline/indicators/vwap.hpp"
#include "pipeline/indicators/wma.hpp"
#include "pipeline/indicators/z_score.hpp"

namespace pipeline {

/// A bar as statistics see it: prices in quote currency, volume in the instrument's quantity.
struct IndicatorBar {
    double high, low, close, volume;
};

/// Every bar indicator of one instrument on one timeframe. Copying one onto another of the same settings allocates
/// nothing.
class IndicatorSet {
public:
    /// `bar_s`: the timeframe. Throws std::invalid_argument for a period outside its range.
    IndicatorSet(const IndicatorSettings& settings, double bar_s, Memory memory = default_memory());

    /// Writes every value but vwap_session, which is made of trades.
    void add(const IndicatorBar& bar, IndicatorValues& values) noexcept;

private:
    // The hot ones first, side by side.
    Ema ema_fast_, ema_slow_;
    Rsi rsi_;
    Atr atr_;
    Adx adx_;
    Bollinger bollinger_;
    RsiMode rsi_mode_;
    Sma sma_;
    Wma wma_;
    RsiCutler rsi_cutler_;
    Macd macd_;
    TrueRange range_;
    Stochastic stochastic_;
    Obv obv_;
    Cci cci_;
    Choppiness choppiness_;
    Donchian donchian_;
    Efficiency efficiency_;
    Momentum momentum_;
    Vwap vwap_;
    RealisedVolatility volatility_;
    Parkinson parkinson_;
    ZScore z_score_;
    PercentileRank percentile_;
};

}  // namespace pipeline
