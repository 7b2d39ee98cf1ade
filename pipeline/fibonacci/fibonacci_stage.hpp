#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "core/memory/prefetch.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/bars/price_scale.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/confluence.hpp"
#include "pipeline/fibonacci/golden.hpp"
#include "pipeline/fibonacci/hits.hpp"
#include "pipeline/fibonacci/pivots.hpp"
#include "pipeline/fibonacci/settings.hpp"
#include "pipeline/fibonacci/zigzag.hpp"
#include "pipeline/traps/threshold.hpp"

#include <vector>

namespace pipeline {

/// Swings, their Fibonacci levels, clusters of levels, hits and golden-ratio confluences (spec/fibonacci.md).
/// In:  closed bars (pivots, levels), depth samples (golden ratio, at mid), trades (hits, outcomes of emissions).
/// Out: the lists when a pivot was confirmed, broken or expired (`changed`), else only what this tick did.
/// Cost: a tick that closes no bar costs a compare or two; a trade two more; the lists are rebuilt on pivot changes
/// only.
class FibonacciStage {
public:
    /// Throws std::invalid_argument where the settings are impossible or a timeframe is not among the run's.
    FibonacciStage(const FibonacciSettings& settings, const Timeframes& timeframes,
                   const core::InstrumentTable& instruments, const TrapSettings& thresholds = {});

    void on(const core::Tick& tick, const Market& market, const Bars& bars, Levels& levels) noexcept {
        levels.changed = false;
        levels.golden = false;
        levels.pivot_mask = 0;
        levels.hit_count = 0;
        if (!tick.whole() || tick.instrument.value >= states_.size()) return;
        State& state = states_[tick.instrument.value];
        if ((bars.bar_mask & timeframe_mask_) != 0) [[unlikely]]
            on_bars(tick.instrument, bars, levels);
        if (bars.bucket_closed(threshold_bucket) || bars.cleared) [[unlikely]]
            on_buckets(state, bars);
        if (market.depth_sampled) [[unlikely]]
            on_depth(state, market, levels);
        if (tick.is(core::TickKind::trade)) on_trade(state, market.time, tick.trade.price, levels);
    }

    void prefetch(core::InstrumentId id) const noexcept {
        if (id.value < states_.size()) core::prefetch(states_[id.value], 4);
    }

    [[nodiscard]] const GoldenCounts& golden_counts(core::InstrumentId id) const noexcept {
        return states_[id.value].golden.counts();
    }

private:
    static constexpr std::size_t threshold_bucket = 1;  // 15 s

    /// One timeframe of one instrument.
    struct Frame {
        ZigZag zigzag;
        Pivots pivots{};
    };
    struct State {
        PriceScale scale;
        std::array<Leg, max_timeframes> legs{};
        Hits hits{};
        GoldenDetector golden;
        traps::Threshold threshold;
    };

    void on_bars(core::InstrumentId instrument, const Bars& bars, Levels& levels) noexcept;
    bool on_bar(Frame& frame, const Bar& bar, bool gap, PriceScale scale, std::size_t index, Levels& levels) noexcept;
    void rebuild(core::InstrumentId instrument, Levels& levels) noexcept;
    static void on_buckets(State& state, const Bars& bars) noexcept;
    static void on_depth(State& state, const Market& market, Levels& levels) noexcept;
    void on_trade(State& state, core::Nanoseconds time, core::Price price, Levels& levels) noexcept;

    FibonacciSettings settings_;
    std::array<std::uint8_t, max_fibonacci_timeframes> index_{};  // into Timeframes, of each configured timeframe
    std::uint16_t timeframe_mask_{};
    TimeframeWeights weights_{};
    std::vector<State> states_;
    std::vector<Frame> frames_;  // instrument × configured timeframe
};

}  // namespace pipeline
