#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/bars/price_scale.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/indicators/indicator_set.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/indicators/instrument_flow.hpp"
#include "pipeline/indicators/settings.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace pipeline {

/// Feeds every closed bar of every timeframe to that timeframe's indicators, and trades and quotes to the flow
/// measures. In:  Bars::bar_mask; a bit of gap_mask restarts the timeframe before its bar counts. Trades;
/// Market::top_changed.
///      Bars::cleared empties the flow windows.
/// Out: `mask` and the values of the timeframes that closed with this tick, and with them the flow measures as they
/// stand
///      after the tick; nothing else is touched.
class IndicatorStage {
public:
    /// Throws std::invalid_argument for a period outside its range.
    IndicatorStage(const IndicatorSettings& settings, const Timeframes& timeframes,
                   const core::InstrumentTable& instruments);
    /// A snapshot: it goes on as the original does. Its rings lie wherever the heap has room.
    IndicatorStage(const IndicatorStage& other)
        : fresh_{other.fresh_},
          bytes_per_instrument_{other.bytes_per_instrument_},
          states_{other.states_},
          sets_{other.sets_} {}
    IndicatorStage& operator=(const IndicatorStage&) = delete;

    void on(const core::Tick& tick, const Market& market, const Bars& bars, Indicators& indicators) noexcept {
        indicators.mask = bars.bar_mask;
        if (!tick.whole() || tick.instrument.value >= states_.size()) return;
        State& state = states_[tick.instrument.value];
        if (bars.cleared) [[unlikely]]
            state.flow.on_gap();
        if (bars.bar_mask != 0) [[unlikely]]
            update(tick.instrument, bars, indicators);
        if (market.top_changed) state.flow.on_top(market);
        if (tick.is(core::TickKind::trade))
            state.flow.on_trade(market.time, tick.side, state.price(tick.trade.price), tick.trade.quantity);
        if (bars.bar_mask != 0) [[unlikely]]
            state.flow.write(market.time, state.units_per_quantity, indicators);
    }

    /// Memory that one instrument takes, all timeframes together.
    [[nodiscard]] std::size_t bytes_per_instrument() const noexcept { return bytes_per_instrument_; }

private:
    struct State {
        PriceScale price;
        double units_per_quantity;
        InstrumentFlow flow;
    };

    /// The closed bars, before the tick that closed them counts: its trade belongs to the next.
    void update(core::InstrumentId instrument, const Bars& bars, Indicators& indicators) noexcept;

    std::vector<IndicatorSet> fresh_;  // by timeframe: what a restarted set is
    std::size_t bytes_per_instrument_{};
    std::unique_ptr<std::byte[]> rings_;                // every ring of every instrument, in order
    std::unique_ptr<std::pmr::memory_resource> arena_;  // hands `rings_` out
    std::vector<State> states_;                         // by instrument
    std::vector<IndicatorSet> sets_;                    // instrument × timeframe
};

}  // namespace pipeline
