#include "pipeline/traps/trap_stage.hpp"

#include "core/domain/loss.hpp"

#include <algorithm>

namespace pipeline {
namespace {

traps::Second second_of(const Bar& bucket) noexcept {
    const auto number = [](std::int64_t units) { return static_cast<double>(units); };
    return {number(bucket.high.units), number(bucket.low.units), number(bucket.close.units),
            number(bucket.buy_volume.units), number(bucket.sell_volume.units)};
}

/// The bars that closed with one tick, in the order in which they ended (the shorter timeframe first).
class ClosedBars {
public:
    explicit ClosedBars(const Bars& bars) noexcept : bars_{bars}, mask_{bars.bar_mask} {}
    [[nodiscard]] bool any() const noexcept { return mask_ != 0; }
    [[nodiscard]] bool any_after(core::Nanoseconds time) const noexcept {
        for (std::size_t i = 0; mask_ >> i != 0; ++i)
            if ((mask_ >> i & 1) != 0 && bars_.bars[i].end() > time) return true;
        return false;
    }
    /// The next one that ended by `time`; −1 without.
    [[nodiscard]] int next(core::Nanoseconds time) noexcept {
        int first = -1;
        for (std::size_t i = 0; mask_ >> i != 0; ++i) {
            if ((mask_ >> i & 1) == 0 || bars_.bars[i].end() > time) continue;
            if (first < 0 || bars_.bars[i].end() < bars_.bars[static_cast<std::size_t>(first)].end())
                first = static_cast<int>(i);
        }
        if (first >= 0) mask_ &= ~(1U << first);
        return first;
    }

private:
    const Bars& bars_;
    std::uint32_t mask_;
};

}  // namespace

TrapStage::TrapStage(const TrapSettings& settings, const core::InstrumentTable& instruments,
                     const Timeframes& timeframes)
    : settings_{settings}, consensus_{instruments} {
    check(settings);
    states_.reserve(instruments.size());
    for (const core::Instrument& instrument : instruments)
        states_.push_back({traps::Senses{settings_, instrument},
                           traps::Make<traps::Detectors>::from(settings_, instrument, timeframes),
                           {}});
}

void TrapStage::on(const core::Tick& tick, const Market& market, const Bars& bars, const Levels& levels,
                   Traps& traps) noexcept {
    if (!tick.whole()) {  // the sections between the book's and this one are those of an earlier tick, and so stays
                          // ours
        if (tick.instrument.value < states_.size()) on_level(states_[tick.instrument.value], tick, market);
        return;
    }
    traps.count = 0;
    if (tick.instrument.value >= states_.size()) [[unlikely]] {
        on_venue(tick);
        traps.regime = {};
        traps.hf = {};
        traps.threshold_bps = core::unknown;
        traps.hf_multiplier = 1;
        traps.pressure_up = traps.pressure_down = 0;
        return;
    }

    State& state = states_[tick.instrument.value];
    if (tick.is(core::TickKind::level)) on_level(state, tick, market);
    on_whole(state, tick, market, bars, levels, traps);

    const traps::Face& face = state.senses.face;
    traps.regime = face.regime;
    traps.hf = face.hf;
    traps.threshold_bps = face.threshold_bps;
    traps.hf_multiplier = face.hf_multiplier;
    traps.pressure_up = face.pressure_up;
    traps.pressure_down = face.pressure_down;
}

void TrapStage::on_level(State& state, const core::Tick& tick, const Market& market) noexcept {
    traps::for_each(state.detectors, [&](auto& detector) {
        if constexpr (requires { detector.on_level(state.senses, tick, market); })
            detector.on_level(state.senses, tick, market);
    });
}

void TrapStage::on_whole(State& state, const core::Tick& tick, const Market& market, const Bars& bars,
                         const Levels& levels, Traps& traps) noexcept {
    traps::Senses& senses = state.senses;
    if ((bars.bucket_mask | bars.bar_mask) != 0)
        on_closes(state, bars, levels, traps);
    else if (levels.changed)
        senses.levels.update(levels, settings_.hit_range, settings_.cluster_bps);
    if (market.gap || bars.cleared || core::tells_of_loss(tick)) clear(state);
    if (market.depth_sampled) {
        senses.bid_depth10 = market.bid_depth10;
        senses.ask_depth10 = market.ask_depth10;
        senses.depth10_time = market.time;
        senses.depth.add(market.time, market.bid_depth25, market.ask_depth25);
    }
    if (tick.is(core::TickKind::trade)) return on_trade(state, tick, market.time, traps);
    consensus_.note(tick.instrument, market);
    if (!tick.is(core::TickKind::level) && !tick.is(core::TickKind::quote)) return;
    senses.others = consensus_.others(tick.instrument, market.time);
    auto report = reporter(state, market.time, false, traps);
    traps::for_each(state.detectors, [&](auto& detector) {
        if constexpr (requires { detector.on_book(senses, tick, market, report); })
            detector.on_book(senses, tick, market, report);
    });
}

void TrapStage::on_trade(State& state, const core::Tick& tick, core::Nanoseconds time, Traps& traps) noexcept {
    if (tick.trade.price.units <= 0) return;  // a price that no ratio can be taken of
    state.senses.measures.trade(static_cast<double>(tick.trade.price.units),
                                static_cast<double>(tick.trade.quantity.units), tick.side);
    auto report = reporter(state, time, false, traps);
    traps::for_each(state.detectors, [&](auto& detector) {
        if constexpr (requires { detector.on_trade(state.senses, tick, report); })
            detector.on_trade(state.senses, tick, report);
    });
}

void TrapStage::on_closes(State& state, const Bars& bars, const Levels& levels, Traps& traps) noexcept {
    ClosedBars pending{bars};
    // What the newest of these bars did to the levels was not known before it ended.
    bool new_levels = levels.changed;
    const auto take_levels = [&] {
        state.senses.levels.update(levels, settings_.hit_range, settings_.cluster_bps);
        new_levels = false;
    };
    if (new_levels && !pending.any()) take_levels();
    const auto close_bars = [&](core::Nanoseconds time) {
        for (int timeframe; (timeframe = pending.next(time)) >= 0;) {
            const auto index = static_cast<std::size_t>(timeframe);
            if (new_levels && !pending.any_after(bars.bars[index].end())) take_levels();
            close_bar(state, bars, index, traps);
        }
    };

    const ClosedBucket& closed = bars.buckets[0];
    if (bars.bucket_closed(0) && closed.bucket.close.units > 0) {
        const std::int64_t first = closed.bucket.start / std::chrono::seconds{1};
        const std::int64_t last = first + closed.empties_after;
        // After that many empty seconds every window is flat and nothing can change until the next trade.
        const std::int64_t settled = std::min(last, first + state.senses.measures.settled());
        traps::Second second = second_of(closed.bucket);
        for (std::int64_t index = first; index <= settled; ++index) {
            close_second(state, second, index, traps);
            second = {second.close, second.close, second.close, 0, 0};
            if (pending.any()) close_bars(std::chrono::seconds{index + 1});
        }
        if (settled < last) {
            state.senses.measures.skip_to(last);
            reporter(state, std::chrono::seconds{last + 1}, true, traps).evaluate();
        }
    }
    close_bars(core::Nanoseconds::max());
}

void TrapStage::close_second(State& state, const traps::Second& second, std::int64_t index, Traps& traps) noexcept {
    traps::Senses& senses = state.senses;
    senses.measures.close(second, index);
    senses.threshold.close(second.close, index);
    senses.face.threshold_bps = senses.threshold.at(senses.high_frequency.multiplier());

    auto report = reporter(state, std::chrono::seconds{index + 1}, true, traps);
    traps::for_each(state.detectors, [&](auto& detector) {
        if constexpr (requires { detector.on_second(senses, second, index, report); })
            detector.on_second(senses, second, index, report);
    });
    if (!report.emitted()) report.evaluate();
}

void TrapStage::close_bar(State& state, const Bars& bars, std::size_t timeframe, Traps& traps) noexcept {
    const Bar& bar = bars.bars[timeframe];
    if (bar.end() <= state.newest_end[timeframe]) {
        ++counters_.stale_bars;
        return;
    }
    state.newest_end[timeframe] = bar.end();
    const bool restart = (bars.gap_mask >> timeframe & 1) != 0;
    auto report = reporter(state, bar.end(), true, traps);
    traps::for_each(state.detectors, [&](auto& detector) {
        if constexpr (requires { detector.on_bar(state.senses, bar, timeframe, restart, report); })
            detector.on_bar(state.senses, bar, timeframe, restart, report);
    });
    // On a tape of candles no second closes: there the bar's close is what lets the mode end.
    if (!report.emitted() && !state.senses.measures.has_price()) report.evaluate();
}

void TrapStage::clear(State& state) noexcept {
    state.senses.clear();
    traps::for_each(state.detectors, [](auto& detector) {
        if constexpr (requires { detector.clear(); }) detector.clear();
    });
}

void TrapStage::on_venue(const core::Tick& tick) noexcept {
    if (tick.instrument != core::no_instrument) return;
    if (core::tells_of_loss(tick)) {
        consensus_.forget(tick.venue);
        for (State& state : states_)
            if (state.senses.venue == tick.venue) clear(state);
    }
    if (tick.is(core::TickKind::condition) && static_cast<core::Condition>(tick.code) == core::Condition::schumann)
        schumann_hz_ = tick.condition.value;
}

}  // namespace pipeline
