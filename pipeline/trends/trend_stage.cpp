#include "pipeline/trends/trend_stage.hpp"

#include <bit>

namespace pipeline {

TrendStage::TrendStage(const TrendSettings& settings, const PatternSettings& patterns, const Timeframes& timeframes,
                       const core::InstrumentTable& instruments)
    : settings_{settings},
      patterns_{patterns},
      monitored_{settings.timeframes_min.size()},
      ring_{settings.change_bars + 1u},
      run_timeframes_{timeframes.count} {
    check(settings, timeframes);
    check(patterns);
    monitor_of_.fill(not_monitored);
    for (std::size_t i = 0; i < monitored_; ++i) {
        const auto minutes = settings.timeframes_min[i];
        monitor_of_[static_cast<std::size_t>(timeframes.index_of(minutes * 60))] = static_cast<std::uint8_t>(i);
        thresholds_[i] = settings.mild_bps.empty()
                             ? trends::thresholds(minutes, settings.mild_bps_60, settings.strong_bps_60)
                             : trends::Thresholds{settings.mild_bps[i], settings.strong_bps[i]};
        if (minutes == settings.regime_timeframe_min) regime_index_ = i;
    }
    // Patterns follow every timeframe of the run: those without pivots stay empty.
    followed_ = static_cast<std::uint16_t>((1u << timeframes.count) - 1);
    const std::size_t frames = instruments.size() * monitored_;
    for (const auto& instrument : instruments) scales_.emplace_back(instrument);
    faces_.resize(instruments.size());
    frames_.resize(frames);
    states_.resize(frames, unknown_trend);
    closes_.resize(frames * ring_);
    volatilities_.resize(frames * settings.volatility_window);
    swings_.resize(instruments.size() * run_timeframes_);
}

void TrendStage::on_bars(core::InstrumentId instrument, const Bars& bars, const Indicators& indicators,
                         const Levels& levels, Trends& trends) noexcept {
    const PriceScale scale = scales_[instrument.value];
    for (std::uint32_t mask = bars.bar_mask & followed_; mask != 0; mask &= mask - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(mask));
        const bool gap = (bars.gap_mask >> i & 1) != 0;
        if (const auto monitor = monitor_of_[i]; monitor != not_monitored) {
            trends.mask = static_cast<std::uint16_t>(trends.mask | 1u << i);
            static constexpr IndicatorValues nothing{};
            const bool fresh = (indicators.mask >> i & 1) != 0;
            on_bar(instrument.value * monitored_ + monitor, bars.bars[i], gap, scale,
                   fresh ? indicators.values[i] : nothing, trends.frames[i]);
            if (monitor == regime_index_) {
                faces_[instrument.value].volatility_rank = trends.frames[i].volatility_rank;
                if (faces_[instrument.value].regime != trends.frames[i].regime) trends.changed = true;
                faces_[instrument.value].regime = trends.frames[i].regime;
            }
        }
        on_swing(instrument, i, bars, levels, trends);
    }
    if (trends.mask != 0) refresh(instrument, trends);
}

void TrendStage::on_bar(std::size_t frame, const Bar& bar, bool gap, PriceScale scale, const IndicatorValues& values,
                        TimeframeTrend& trend) noexcept {
    Frame& f = frames_[frame];
    if (gap) f = {};
    const double close = scale(bar.close);
    trend.change_bps = f.change.add({&closes_[frame * ring_], ring_}, close);
    trend.bar_bps = bar.open.units > 0 ? core::bps(close, scale(bar.open)) : core::unknown;
    trend.movement = trends::movement_of(trend.bar_bps);
    trend.state = trends::state_of(trend.change_bps, thresholds_[frame % monitored_]);
    states_[frame] = trend.state;
    const std::size_t window = settings_.volatility_window;
    trend.volatility_rank =
        f.rank.add({&volatilities_[frame * window], window}, values.volatility20_bps, settings_.volatility_min);
    trend.regime = f.hold.add(trends::classify({values.adx14, values.plus_di14, values.minus_di14, values.choppiness14,
                                                trend.volatility_rank}),
                              settings_.regime_hold_bars);
}

void TrendStage::on_swing(core::InstrumentId instrument, std::size_t timeframe, const Bars& bars, const Levels& levels,
                          Trends& trends) noexcept {
    auto& swings = swings_[instrument.value * run_timeframes_ + timeframe];
    if ((bars.gap_mask >> timeframe & 1) != 0) swings.restart();
    const Bar& bar = bars.bars[timeframe];
    const PriceScale scale = scales_[instrument.value];
    const Pivot* const pivot = (levels.pivot_mask >> timeframe & 1) != 0 ? &levels.pivots[timeframe] : nullptr;
    swings.add({scale(bar.high), scale(bar.low), scale(bar.close), bar.end()}, pivot, patterns_,
               [&](const PatternEvent& event) noexcept {
                   if (trends.pattern_count == max_patterns) {
                       ++lost_patterns_;
                       return;
                   }
                   auto& slot = trends.patterns[trends.pattern_count++];
                   slot = event;
                   slot.timeframe = static_cast<std::uint8_t>(timeframe);
               });
}

void TrendStage::refresh(core::InstrumentId instrument, Trends& trends) noexcept {
    const auto aligned = trends::align({&states_[instrument.value * monitored_], monitored_}, settings_.weights);
    TrendFace& face = faces_[instrument.value];
    const Bias bias = trends::bias_of(aligned.value);
    // NaN equals NaN here: unknown that stays unknown is no change.
    const bool same_alignment =
        face.alignment == aligned.value || (!core::known(face.alignment) && !core::known(aligned.value));
    trends.changed = trends.changed || !same_alignment || face.bias != bias || face.run != aligned.run ||
                     face.run_sign != aligned.run_sign || face.dominance != aligned.dominance;
    face.alignment = aligned.value;
    face.known_share = aligned.known_share;
    face.bias = bias;
    face.run = aligned.run;
    face.run_sign = aligned.run_sign;
    face.dominance = aligned.dominance;
}

}  // namespace pipeline
