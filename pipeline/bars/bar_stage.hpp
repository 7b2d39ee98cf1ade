#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "core/memory/prefetch.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace pipeline {

/// What becomes of an interval in which nothing traded (`bars.fill`): it has no bar, or one that stands still.
enum class BarFill : std::uint8_t { skip, carry };

/// Keys under `bars.`; the timeframes are those of the whole run.
struct BarSettings {
    Timeframes timeframes{};
    std::uint32_t gap_bars{3};  ///< more missing intervals than these restart whatever lives on bars
    BarFill fill{BarFill::skip};
};

/// Folds the trades of each instrument into 1/15/60/300 s buckets and into the bars of the configured timeframes.
///
/// In:  every tick of an instrument, at its event time (Market::time, never earlier than the newest: a late trade
/// counts
///      in the newest interval).
/// Out: the buckets and bars that the tick closed: those whose end lies at or before it, whatever its kind. A bucket
///      without trades carries the price (volume 0); a bar without trades does not exist. A tick that invalidates the
///      book (Market::gap) or a venue's disconnection forgets every open bucket and sets `cleared`; bars go on.
/// Carry: with `fill: carry` an interval without trades has a bar too, all prices the previous close, volume 0. A tick
///      closes at most one bar a timeframe, so QuietBars must put a timer tick at every end that a silence passed.
///      Where that was not done, and after a loss (nobody knows whether it was quiet), nothing is carried before a bar
///      with trades has closed, and what is missing counts as a gap.
/// Candles: an instrument that never traded here takes its bars from the final candles that the venue pushed
///      (TickKind::bar): bars of their width and of its multiples, closed by the first candle that starts at or after
///      their end, final or not. There are no buckets then, each candle counts as one trade, and as it does not tell
///      the aggressors half of its volume is said to be bought. The narrowest width pushed is used. With the first
///      trade the trades take over.
/// Cost: a trade touches the open 1 s bucket only, which is folded into the wider ones when it closes; every other tick
///      compares its time with the end of that second.
class BarStage {
public:
    /// Throws std::invalid_argument unless 1..max_timeframes widths, ascending, above zero.
    BarStage(const BarSettings& settings, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const Market& market, Bars& bars) noexcept {
        bars.bucket_mask = 0;
        bars.bar_mask = 0;
        bars.gap_mask = 0;
        bars.cleared = false;
        if (!tick.whole()) return;
        if (tick.instrument.value >= states_.size()) {
            if (tick.is(core::TickKind::session)) note_lost_venue(tick);
            return;
        }
        State& state = states_[tick.instrument.value];
        const bool lost = market.gap || state.lost;
        if (lost) [[unlikely]]
            state.carries = 0;
        if (market.time >= state.second_end) [[unlikely]]
            close(state, market.time, bars);
        if (lost) [[unlikely]]
            clear(state, bars);
        if (tick.is(core::TickKind::trade))
            add(state, tick, market.time);
        else if (tick.is(core::TickKind::bar)) [[unlikely]]
            on_candle(state, tick, bars);
        else if (tick.is(core::TickKind::timer) && state.second_end == never) [[unlikely]]
            close_bars(state, tick.venue_time, bars);  // of candles, whose bars end with no second
    }

    void prefetch(core::InstrumentId id) const noexcept {
        if (id.value < states_.size()) core::prefetch(states_[id.value], 2);
    }

private:
    static constexpr core::Nanoseconds never = core::Nanoseconds::max();
    static constexpr std::size_t wide_count = bucket_widths_s.size() - 1;

    struct alignas(64) State {
        core::Nanoseconds second_end{never};  ///< when the open second ends; `never` before the first trade
        core::Venue venue{};
        bool priced{};            ///< buckets are open: there is a price to carry
        bool lost{};              ///< the venue was disconnected: clear with the next tick
        std::uint16_t carries{};  ///< bit i: the interval after the newest closed bar of timeframe i may be carried
        Bar second{};
        std::array<Bar, wide_count> wide{};
        std::array<Bar, max_timeframes> bars{};                  ///< trades 0: not open
        std::array<core::Nanoseconds, max_timeframes> ends{};    ///< of the newest closed bar; zero: none yet
        core::Nanoseconds candle_end{core::Nanoseconds::min()};  ///< of the newest candle taken
        std::uint32_t candle_s{};                                ///< narrowest candle pushed; 0: none yet
    };

    static void add(State& state, const core::Tick& tick, core::Nanoseconds time) noexcept {
        if (tick.trade.price.units <= 0 || tick.trade.quantity.units < 0) [[unlikely]]
            return;  // no ratio can be taken of such a price, and nobody trades less than nothing
        if (!state.priced) [[unlikely]]
            open(state, tick.trade.price, time);
        Bar& second = state.second;
        const auto price = tick.trade.price;
        if (second.trades++ == 0) {
            second.open = second.high = second.low = price;
        } else {
            second.high = std::max(second.high, price);
            second.low = std::min(second.low, price);
        }
        second.close = price;
        auto& volume = tick.side == core::Side::buy ? second.buy_volume : second.sell_volume;
        volume = core::saturating_sum(volume, tick.trade.quantity);
    }

    static void open(State& state, core::Price price, core::Nanoseconds time) noexcept;
    void clear(State& state, Bars& bars) const noexcept;
    void close(State& state, core::Nanoseconds time, Bars& bars) const noexcept;
    void fold_into_bars(State& state) const noexcept;
    static void close_buckets(State& state, core::Nanoseconds time, Bars& bars) noexcept;
    void close_bars(State& state, core::Nanoseconds time, Bars& bars) const noexcept;
    void carry(State& state, std::size_t timeframe, core::Nanoseconds time, Bars& bars) const noexcept;
    void on_candle(State& state, const core::Tick& tick, Bars& bars) const noexcept;
    void note_lost_venue(const core::Tick& tick) noexcept;

    BarSettings settings_;
    std::vector<State> states_;
};

}  // namespace pipeline
