#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/bars/price_scale.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/traps/meter.hpp"
#include "pipeline/trends/trends.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace strategies {

/// The probability meter of every instrument (spec/traps.md section 8), for displays and reports: nothing that trades
/// reads it.
///
/// In:  every finished slot in order.
/// Price: the newest close of a one-minute bar against the newest one that was known 5 and 20 minutes before it ended.
/// Volume: of that bar over the mean of the 20 before it. Fib: its distance to the nearest active level. Book: depth
///      within 25 bps, both sides, and the best twenty levels of each. Regime: the slow one of the trends. History: the
///      precision that TrapOutcomes measured of the instrument's newest kind; it is the caller's to say, and unknown
///      where nobody evaluates.
/// Unknown: everything of bars without one-minute bars among the timeframes, and after a gap that restarts them.
/// Cost: a comparison a tick; a few stores where a bar closed or the levels changed. Allocates nothing on the way.
class TrapMeter {
public:
    TrapMeter(const pipeline::Timeframes& timeframes, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const pipeline::Market& market, const pipeline::Bars& bars,
            const pipeline::Levels& levels, const pipeline::Trends& trends) noexcept {
        if (!tick.whole() || tick.instrument.value >= states_.size()) return;
        State& state = states_[tick.instrument.value];
        if (market.depth_sampled) {
            state.bid_depth = market.bid_depth25;
            state.ask_depth = market.ask_depth25;
            state.largest = largest(market);
        } else if (!market.valid) {
            state.bid_depth = state.ask_depth = state.largest = core::unknown;
        }
        if (levels.changed) [[unlikely]]
            take(state, levels);
        if (trends.mask != 0) state.regime = trends.now.regime;
        if (minute_ >= 0 && bars.bar_closed(static_cast<std::size_t>(minute_))) [[unlikely]]
            close(state, bars);
    }

    /// The six parts as they stand; `history` as it comes (NaN: unknown).
    [[nodiscard]] pipeline::traps::MeterParts parts(core::InstrumentId instrument,
                                                    double history = core::unknown) const noexcept;
    /// The meter, unknown while less than half of its weight is known.
    [[nodiscard]] double value(core::InstrumentId instrument, double history = core::unknown) const noexcept {
        return pipeline::traps::meter(parts(instrument, history));
    }

private:
    static constexpr std::size_t mean_bars = 20;
    static constexpr core::Nanoseconds near = std::chrono::minutes{5}, far = std::chrono::minutes{20};

    struct State {
        struct Minute {
            core::Nanoseconds end{};
            double close{}, volume{};
        };
        pipeline::PriceScale price;
        std::array<Minute, mean_bars + 1> minutes{};  // ring: what is needed of twenty minutes is among so many bars
        std::uint64_t count{};
        double bid_depth{core::unknown}, ask_depth{core::unknown};
        double largest{core::unknown};  ///< level over the mean one
        pipeline::SlowRegime regime{};
        std::uint16_t level_count{};
        std::array<double, pipeline::max_active_levels> levels{};  // ascending

        /// The n-th newest.
        [[nodiscard]] const Minute& ago(std::uint64_t n) const noexcept {
            return minutes[(count - 1 - n) % minutes.size()];
        }
        [[nodiscard]] double change(core::Nanoseconds over) const noexcept;
        [[nodiscard]] double relative_volume() const noexcept;
        [[nodiscard]] double level_distance() const noexcept;
    };

    /// The largest of the best twenty levels of both sides over the mean of these forty; unknown with fewer.
    [[nodiscard]] static double largest(const pipeline::Market& market) noexcept;
    static void take(State& state, const pipeline::Levels& levels) noexcept;
    void close(State& state, const pipeline::Bars& bars) const noexcept;

    int minute_;                 // index of the one-minute timeframe, -1 without
    std::vector<State> states_;  // by instrument
};

}  // namespace strategies
