#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "core/memory/prefetch.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/traps/detectors.hpp"

#include <vector>

namespace pipeline {

/// Turns ticks into trap events (spec/traps.md). It keeps the shared measures of every instrument and asks the
/// detectors of `detectors.hpp`: on trades, on the book's updates, on the close of a second and on the close of a bar.
/// Whatever closed with a tick is judged first, in the order of time, then the tick itself. The threshold uses the
/// high-frequency multiplier as it stood after the previous event or close. Pressure is that of the newest close or
/// event. After construction nothing allocates; a trade that moves nothing costs a few comparisons.
class TrapStage {
public:
    /// On inner levels only the detectors' on_level is called: what it remembers is reported when the book is whole
    /// again, and the section stays that of an earlier tick.
    static constexpr bool follows_inner_levels = true;

    /// Throws std::invalid_argument for impossible settings.
    TrapStage(const TrapSettings& settings, const core::InstrumentTable& instruments,
              const Timeframes& timeframes = {});

    void on(const core::Tick& tick, const Market& market, const Bars& bars, const Levels& levels,
            Traps& traps) noexcept;

    void prefetch(core::InstrumentId id) const noexcept {
        if (id.value < states_.size()) core::prefetch(states_[id.value], 8);
    }

    [[nodiscard]] const TrapCounters& counters() const noexcept { return counters_; }

private:
    struct State {
        traps::Senses senses;
        traps::Detectors detectors;
        std::array<core::Nanoseconds, max_timeframes> newest_end;  ///< of each timeframe's bars
    };

    static void on_level(State& state, const core::Tick& tick, const Market& market) noexcept;
    void on_whole(State& state, const core::Tick& tick, const Market& market, const Bars& bars, const Levels& levels,
                  Traps& traps) noexcept;
    void on_trade(State& state, const core::Tick& tick, core::Nanoseconds time, Traps& traps) noexcept;
    void on_closes(State& state, const Bars& bars, const Levels& levels, Traps& traps) noexcept;
    void close_second(State& state, const traps::Second& second, std::int64_t index, Traps& traps) noexcept;
    void close_bar(State& state, const Bars& bars, std::size_t timeframe, Traps& traps) noexcept;
    void on_venue(const core::Tick& tick) noexcept;
    static void clear(State& state) noexcept;

    [[nodiscard]] traps::Reporter reporter(State& state, core::Nanoseconds time, bool closing, Traps& traps) noexcept {
        return {state.senses, settings_, counters_, schumann_hz_, time, closing, traps};
    }

    TrapSettings settings_;
    double schumann_hz_{core::unknown};
    TrapCounters counters_;
    traps::Consensus consensus_;
    std::vector<State> states_;  // by instrument
};

}  // namespace pipeline
