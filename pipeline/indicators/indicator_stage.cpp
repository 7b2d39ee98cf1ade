#include "pipeline/indicators/indicator_stage.hpp"

namespace pipeline {

IndicatorStage::Set::Set(const IndicatorSettings& settings)
    : ema_fast(checked_period("ema_fast", settings.ema_fast)),
      ema_slow(checked_period("ema_slow", settings.ema_slow)),
      rsi(settings.rsi),
      atr(settings.atr),
      adx(settings.adx) {}

void IndicatorStage::Set::add(const Bar& bar, PriceScale scale, IndicatorValues& values) noexcept {
    const double high = scale(bar.high), low = scale(bar.low), close = scale(bar.close);
    values.ema12 = ema_fast.add(close);
    values.ema26 = ema_slow.add(close);
    values.rsi14 = rsi.add(close);
    values.atr14 = atr.add(high, low, close);
    const auto directional = adx.add(high, low, close);
    values.plus_di14 = directional.plus_di;
    values.minus_di14 = directional.minus_di;
    values.adx14 = directional.adx;
}

IndicatorStage::IndicatorStage(const IndicatorSettings& settings, const Timeframes& timeframes,
                               const core::InstrumentTable& instruments)
    : fresh_(settings), timeframes_(timeframes.count), sets_(instruments.size() * timeframes.count, fresh_) {
    for (const auto& instrument : instruments) scales_.emplace_back(instrument);
}

void IndicatorStage::update(core::InstrumentId instrument, const Bars& bars, Indicators& indicators) noexcept {
    const PriceScale scale = scales_[instrument.value];
    Set* const sets = &sets_[instrument.value * timeframes_];
    for (std::uint32_t mask = bars.bar_mask; mask != 0; mask &= mask - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(mask));
        if ((bars.gap_mask >> i & 1) != 0) sets[i] = fresh_;
        sets[i].add(bars.bars[i], scale, indicators.values[i]);
    }
}

}  // namespace pipeline
