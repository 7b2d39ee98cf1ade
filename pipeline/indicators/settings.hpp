#pragma once

#include <cstdint>

namespace pipeline {

/// How the rsi14 of a section is smoothed.
enum class RsiMode : std::uint8_t { wilder, cutler };

/// Periods in bars, keys under `indicators.`: each within [2, 4096].
struct IndicatorSettings {
    int ema_fast{12}, ema_slow{26};
    int rsi{14}, atr{14}, adx{14};
    RsiMode rsi_mode{RsiMode::wilder};
    int sma{20}, wma{10};
    int macd_fast{12}, macd_slow{26}, macd_signal{9};
    int bollinger{20};
    double bollinger_k{2};
    int stochastic{5}, stochastic_slow_k{3}, stochastic_slow_d{3};
    int cci{20}, choppiness{14}, donchian{20}, efficiency{10}, momentum{10};
    int vwap{20}, vwap_session_utc_h{0};
    int volatility{20}, parkinson{20}, z_score{20}, percentile{20};
    int ofi_window_s{10};  ///< of order flow imbalance, 1 to 3600 s
    bool vpin{};           ///< `vpin.enabled`: every trade costs a little more
};

}  // namespace pipeline
