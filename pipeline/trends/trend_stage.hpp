#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "core/memory/prefetch.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/bars/price_scale.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/trends/monitor.hpp"
#include "pipeline/trends/regime.hpp"
#include "pipeline/trends/settings.hpp"
#include "pipeline/trends/swings.hpp"
#include "pipeline/trends/trends.hpp"

#include <vector>

namespace pipeline {

/// Trend of every timeframe, their alignment, the slow regime and chart patterns (spec/trends.md sections 1, 2, 4).
/// In:  closed bars with their indicators; pivots as they are confirmed.
/// Out: the face of the instrument on every tick; the timeframes and patterns that are new with it.
/// A timeframe restarts where more than `bars.gap_bars` of its bars are missing, and is unknown until it is warm again.
/// Cost: a tick that closes no bar copies the face; the close of a bar costs one pass over `volatility_window` values.
class TrendStage {
public:
    /// Throws std::invalid_argument for impossible settings or a timeframe that is not among the run's.
    TrendStage(const TrendSettings& settings, const PatternSettings& patterns, const Timeframes& timeframes,
               const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const Market&, const Bars& bars, const Indicators& indicators, const Levels& levels,
            Trends& trends) noexcept {
        trends.mask = 0;
        trends.changed = false;
        trends.pattern_count = 0;
        if (tick.instrument.value >= faces_.size()) {
            trends.now = {};
            return;
        }
        if ((bars.bar_mask & followed_) != 0) [[unlikely]]
            on_bars(tick.instrument, bars, indicators, levels, trends);
        trends.now = faces_[tick.instrument.value];
    }

    void prefetch(core::InstrumentId id) const noexcept {
        if (id.value < faces_.size()) core::prefetch(faces_[id.value]);
    }

    /// Patterns that found no room in a section.
    [[nodiscard]] std::uint64_t lost_patterns() const noexcept { return lost_patterns_; }

private:
    /// One timeframe of one instrument.
    struct Frame {
        trends::Change change{};
        trends::RingRank rank{};
        trends::RegimeHold hold{};
    };
    static constexpr std::uint8_t not_monitored = 0xff;

    void on_bars(core::InstrumentId instrument, const Bars& bars, const Indicators& indicators, const Levels& levels,
                 Trends& trends) noexcept;
    void on_bar(std::size_t frame, const Bar& bar, bool gap, PriceScale scale, const IndicatorValues& values,
                TimeframeTrend& trend) noexcept;
    void on_swing(core::InstrumentId instrument, std::size_t timeframe, const Bars& bars, const Levels& levels,
                  Trends& trends) noexcept;
    void refresh(core::InstrumentId instrument, Trends& trends) noexcept;

    TrendSettings settings_;
    PatternSettings patterns_;
    std::size_t monitored_;                                  // timeframes of the monitor
    std::size_t ring_;                                       // closes behind a change
    std::array<std::uint8_t, max_timeframes> monitor_of_{};  // of each of the run's timeframes, or not_monitored
    std::uint16_t followed_{};
    std::size_t run_timeframes_;
    std::size_t regime_index_{};  // into the monitor's timeframes
    std::array<trends::Thresholds, max_timeframes> thresholds_{};
    std::uint64_t lost_patterns_{};
    std::vector<PriceScale> scales_;        // by instrument
    std::vector<TrendFace> faces_;          // by instrument
    std::vector<Frame> frames_;             // instrument × monitored timeframe
    std::vector<TrendState> states_;        // the same
    std::vector<double> closes_;            // the same × ring_
    std::vector<double> volatilities_;      // the same × volatility_window
    std::vector<patterns::Swings> swings_;  // instrument × timeframe of the run
};

}  // namespace pipeline
