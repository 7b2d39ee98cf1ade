#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/bars/price_scale.hpp"
#include "pipeline/indicators/adx.hpp"
#include "pipeline/indicators/atr.hpp"
#include "pipeline/indicators/ema.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/indicators/rsi.hpp"

#include <bit>
#include <vector>

namespace pipeline {

/// Periods in bars, keys under `indicators.`: each within [2, 4096].
struct IndicatorSettings {
    int ema_fast{12}, ema_slow{26};
    int rsi{14}, atr{14}, adx{14};
};

/// Feeds every closed bar of every timeframe to that timeframe's indicators.
/// In:  Bars::bar_mask; a bit of gap_mask restarts the timeframe before its bar counts.
/// Out: `mask` and the values of the timeframes that closed with this tick; nothing else is touched.
class IndicatorStage {
public:
    /// Throws std::invalid_argument for a period outside its range.
    IndicatorStage(const IndicatorSettings& settings, const Timeframes& timeframes,
                   const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const Bars& bars, Indicators& indicators) noexcept {
        indicators.mask = bars.bar_mask;
        if (bars.bar_mask != 0) [[unlikely]]
            update(tick.instrument, bars, indicators);
    }

private:
    /// One instrument's indicators on one timeframe.
    struct Set {
        Ema ema_fast, ema_slow;
        Rsi rsi;
        Atr atr;
        Adx adx;

        explicit Set(const IndicatorSettings& settings);
        void add(const Bar& bar, PriceScale scale, IndicatorValues& values) noexcept;
    };

    void update(core::InstrumentId instrument, const Bars& bars, Indicators& indicators) noexcept;

    Set fresh_;
    std::size_t timeframes_;
    std::vector<PriceScale> scales_;  // by instrument
    std::vector<Set> sets_;           // instrument × timeframe
};

}  // namespace pipeline
