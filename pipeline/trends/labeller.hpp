#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/trends/features.hpp"
#include "pipeline/trends/pending_rows.hpp"

#include <algorithm>

namespace pipeline::ai {

/// Follows one instrument: each closed minute becomes a row of features, and each row gets its label when its horizon
/// is over. The online monitor and `omega train` label alike because both do it here.
///
/// A minute is told by the tick that closes it, and its features know that tick: flow, imbalance and pressure are those
/// after it. So the label begins there as well: at the price of that tick if it is a trade (else of the minute's
/// close), with what trades and traps after it. A candle is no such tick: nothing of it is known to the minute that it
/// closes.
template <class Payload>
class Labeller {
public:
    using Rows = PendingRows<Payload>;

    /// What a tick changed.
    struct Step {
        bool closed{};                  ///< a minute: it is in `minute`
        bool blind{};                   ///< a gap came with the tick: the row of this minute would look across it
        std::uint32_t dropped{};        ///< rows with a gap inside their horizon
        typename Rows::Row* matured{};  ///< a row with its label, until `open`
    };

    Labeller(double golden_age_s, std::uint32_t horizon, PriceScale scale)
        : source_{golden_age_s}, rows_{horizon}, scale_{scale} {}

    /// Every tick on which something closed or changed; `index` is the minute's in Timeframes.
    Step on(const core::Tick& tick, const Market& market, const Bars& bars, const Indicators& indicators,
            const Levels& levels, const Traps& traps, const Trends& trends, std::size_t index,
            Minute& minute) noexcept {
        constexpr auto begin = core::Nanoseconds::min(), end = core::Nanoseconds::max();
        Step step;
        step.closed = source_.add(market, bars, indicators, levels, traps, trends, index, scale_, minute);
        step.blind = bars.cleared;
        // A feed gap may have swallowed the move or the trap that a row waits for; so may minutes that are missing.
        if (bars.cleared || (step.closed && (bars.gap_mask >> index & 1) != 0)) step.dropped = rows_.drop();
        if (!step.closed) {
            mark(traps, begin, end);
            return step;
        }
        minute.from = minute.time;
        minute.price = minute.close;
        if (!tick.is(core::TickKind::bar)) minute.from = std::max(minute.time, market.time);
        if (tick.is(core::TickKind::trade) && tick.trade.price.units > 0) minute.price = scale_(tick.trade.price);
        // In the order of time: what happened up to the minute's end, the minute, and what the tick itself brought.
        mark(traps, begin, minute.time);
        step.matured = rows_.close(minute.high, minute.low);
        mark(traps, minute.time, end);
        return step;
    }

    /// Lets the minute that just closed wait for its label. Not when the step was blind.
    void open(const Minute& minute, const Payload& payload) noexcept {
        rows_.open(minute.from, minute.price, minute.x_bps, payload);
    }

private:
    void mark(const Traps& traps, core::Nanoseconds after, core::Nanoseconds until) noexcept {
        for (std::size_t i = 0; i < traps.count; ++i) {
            const TrapEvent& event = traps.events[i];
            if (counts_as_trap(event) && event.time > after && event.time <= until) rows_.trap(event.time);
        }
    }

    FeatureSource source_;
    Rows rows_;
    PriceScale scale_;
};

}  // namespace pipeline::ai
