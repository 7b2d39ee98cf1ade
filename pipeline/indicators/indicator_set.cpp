#include "pipeline/indicators/indicator_set.hpp"

namespace pipeline {

IndicatorSet::IndicatorSet(const IndicatorSettings& s, double bar_s, Memory memory)
    : ema_fast_(checked_period("ema_fast", s.ema_fast)),
      ema_slow_(checked_period("ema_slow", s.ema_slow)),
      rsi_(s.rsi),
      atr_(s.atr),
      adx_(s.adx),
      bollinger_(s.bollinger, s.bollinger_k, memory),
      rsi_mode_(s.rsi_mode),
      sma_(s.sma, memory),
      wma_(s.wma, memory),
      rsi_cutler_(s.rsi, memory),
      macd_(s.macd_fast, s.macd_slow, s.macd_signal),
      stochastic_(s.stochastic, s.stochastic_slow_k, s.stochastic_slow_d, memory),
      cci_(s.cci, memory),
      choppiness_(s.choppiness, memory),
      donchian_(s.donchian, memory),
      efficiency_(s.efficiency, memory),
      momentum_(s.momentum, memory),
      vwap_(s.vwap, memory),
      volatility_(s.volatility, bar_s, memory),
      parkinson_(s.parkinson, memory),
      z_score_(s.z_score, memory),
      percentile_(s.percentile, memory) {}

void IndicatorSet::add(const IndicatorBar& bar, IndicatorValues& values) noexcept {
    const auto [high, low, close, volume] = bar;
    values.ema12 = ema_fast_.add(close);
    values.ema26 = ema_slow_.add(close);
    values.rsi_cutler14 = rsi_cutler_.add(close);
    const double wilder = rsi_.add(close);
    values.rsi14 = rsi_mode_ == RsiMode::wilder ? wilder : values.rsi_cutler14;
    values.tr = range_.add(high, low, close);
    values.atr14 = atr_.add(high, low, close);
    const auto directional = adx_.add(high, low, close);
    values.plus_di14 = directional.plus_di;
    values.minus_di14 = directional.minus_di;
    values.adx14 = directional.adx;
    const auto bands = bollinger_.add(close);
    values.bollinger_upper = bands.upper;
    values.bollinger_middle = bands.middle;
    values.bollinger_lower = bands.lower;
    values.sma20 = sma_.add(close);
    values.wma10 = wma_.add(close);
    const auto macd = macd_.add(close);
    values.macd = macd.line;
    values.macd_signal = macd.signal;
    values.macd_histogram = macd.histogram;
    const auto stochastic = stochastic_.add(high, low, close);
    values.stochastic_k = stochastic.k;
    values.stochastic_slow_k = stochastic.slow_k;
    values.stochastic_slow_d = stochastic.slow_d;
    values.obv = obv_.add(close, volume);
    values.cci20 = cci_.add(high, low, close);
    values.choppiness14 = choppiness_.add(high, low, close);
    const auto channel = donchian_.add(high, low);
    values.donchian_high20 = channel.high;
    values.donchian_low20 = channel.low;
    values.efficiency10 = efficiency_.add(close);
    const auto momentum = momentum_.add(close);
    values.momentum10 = momentum.difference;
    values.roc10_bps = momentum.roc_bps;
    values.vwap20 = vwap_.add(high, low, close, volume);
    const auto volatility = volatility_.add(close);
    values.volatility20_bps = volatility.bps;
    values.volatility20_annual = volatility.annual;
    values.parkinson20_bps = parkinson_.add(high, low);
    values.z_score20 = z_score_.add(close);
    values.percentile_rank20 = percentile_.add(close);
}

}  // namespace pipeline
