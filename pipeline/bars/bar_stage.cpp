#include "pipeline/bars/bar_stage.hpp"

#include "core/domain/believable_time.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace pipeline {
namespace {

constexpr core::Nanoseconds seconds_of(std::uint32_t width_s) noexcept {
    return std::chrono::seconds{width_s};
}

/// A bucket in which nothing traded yet: every price is the carried one.
Bar carried(core::Price price, core::Nanoseconds time, std::uint32_t width_s) noexcept {
    Bar bar;
    bar.start = core::floor_to(time, seconds_of(width_s));
    bar.open = bar.high = bar.low = bar.close = price;
    bar.width_s = width_s;
    return bar;
}

/// Adds the trades of `part`, which lies inside `whole` and is newer than everything in it.
void fold(Bar& whole, const Bar& part) noexcept {
    if (whole.trades == 0) {
        whole.open = part.open;
        whole.high = part.high;
        whole.low = part.low;
    } else {
        whole.high = std::max(whole.high, part.high);
        whole.low = std::min(whole.low, part.low);
    }
    whole.close = part.close;
    whole.buy_volume = core::saturating_sum(whole.buy_volume, part.buy_volume);
    whole.sell_volume = core::saturating_sum(whole.sell_volume, part.sell_volume);
    whole.trades += part.trades;
}

/// A candle as the bar of its own interval.
Bar bar_of(const core::Tick& tick) noexcept {
    const core::BarUpdate& candle = tick.bar;
    const auto above_low = [&](std::uint32_t units) { return core::Price{candle.low.units + units}; };
    Bar bar;
    bar.start = tick.venue_time;
    bar.open = above_low(candle.open_above_low);
    bar.high = above_low(candle.high_above_low);
    bar.low = candle.low;
    bar.close = above_low(candle.close_above_low);
    bar.sell_volume = {candle.volume.units / 2};
    bar.buy_volume = candle.volume - bar.sell_volume;
    bar.trades = 1;
    bar.width_s = candle.interval_s;
    return bar;
}

void check(const Timeframes& timeframes) {
    if (timeframes.count == 0 || timeframes.count > max_timeframes)
        throw std::invalid_argument(
            fmt::format("trends.timeframes: 1 to {} widths expected, found {}", max_timeframes, timeframes.count));
    for (std::size_t i = 0; i < timeframes.count; ++i)
        if (timeframes.seconds[i] == 0 || (i > 0 && timeframes.seconds[i] <= timeframes.seconds[i - 1]))
            throw std::invalid_argument(
                fmt::format("trends.timeframes: widths above zero, ascending, expected; the {}. is {} s", i + 1,
                            timeframes.seconds[i]));
}

}  // namespace

BarStage::BarStage(const BarSettings& settings, const core::InstrumentTable& instruments)
    : settings_(settings), states_(instruments.size()) {
    check(settings.timeframes);
    for (std::size_t i = 0; i < states_.size(); ++i)
        states_[i].venue = instruments[core::InstrumentId{static_cast<std::uint16_t>(i)}].venue;
}

void BarStage::open(State& state, core::Price price, core::Nanoseconds time) noexcept {
    state.priced = true;
    state.second = carried(price, time, 1);
    state.second_end = state.second.end();
    for (std::size_t i = 0; i < wide_count; ++i) state.wide[i] = carried(price, time, bucket_widths_s[i + 1]);
}

/// Moves what traded in the open second into the open bars.
void BarStage::fold_into_bars(State& state) const noexcept {
    if (!state.priced || state.second.trades == 0) return;
    for (std::size_t i = 0; i < settings_.timeframes.count; ++i) {
        Bar& bar = state.bars[i];
        if (bar.trades == 0) bar = carried(state.second.open, state.second.start, settings_.timeframes.seconds[i]);
        fold(bar, state.second);
    }
}

void BarStage::close(State& state, core::Nanoseconds time, Bars& bars) const noexcept {
    fold_into_bars(state);
    if (state.priced) close_buckets(state, time, bars);
    close_bars(state, time, bars);
    state.second_end = core::floor_to(time, seconds_of(1)) + seconds_of(1);
}

void BarStage::close_buckets(State& state, core::Nanoseconds time, Bars& bars) noexcept {
    const auto publish = [&](std::size_t i, const Bar& bar) noexcept {
        bars.bucket_mask = static_cast<std::uint8_t>(bars.bucket_mask | 1U << i);
        bars.buckets[i] = {.bucket = bar,
                           .empties_after = static_cast<std::uint32_t>((time - bar.end()) / seconds_of(bar.width_s))};
    };
    publish(0, state.second);
    for (std::size_t i = 0; i < wide_count; ++i) {
        Bar& wide = state.wide[i];
        if (state.second.trades != 0) fold(wide, state.second);
        if (time < wide.end()) continue;
        publish(i + 1, wide);
        wide = carried(wide.close, time, wide.width_s);
    }
    state.second = carried(state.second.close, time, 1);
}

void BarStage::close_bars(State& state, core::Nanoseconds time, Bars& bars) const noexcept {
    for (std::size_t i = 0; i < settings_.timeframes.count; ++i) {
        Bar& bar = state.bars[i];
        if (bar.trades == 0 && (state.carries >> i & 1) != 0) [[unlikely]]
            carry(state, i, time, bars);
        if (bar.trades == 0 || time < bar.end()) continue;
        const auto bit = std::uint32_t{1} << i;
        const auto missing = (bar.start - state.ends[i]) / seconds_of(bar.width_s);
        if (state.ends[i].count() != 0 && missing > settings_.gap_bars)
            bars.gap_mask = static_cast<std::uint16_t>(bars.gap_mask | bit);
        bars.bar_mask = static_cast<std::uint16_t>(bars.bar_mask | bit);
        bars.bars[i] = bar;
        state.ends[i] = bar.end();
        bar.trades = 0;
        if (settings_.fill == BarFill::skip) continue;
        const bool on_time = time < bar.end() + seconds_of(bar.width_s);
        state.carries = static_cast<std::uint16_t>(on_time ? state.carries | bit : state.carries & ~bit);
    }
}

void BarStage::carry(State& state, std::size_t timeframe, core::Nanoseconds time, Bars& bars) const noexcept {
    const auto width_s = settings_.timeframes.seconds[timeframe];
    const auto bit = std::uint32_t{1} << timeframe;
    const Bar still = carried(state.bars[timeframe].close, state.ends[timeframe], width_s);
    if (time < still.end()) return;
    if (time >= still.end() + seconds_of(width_s)) {  // more than one at once: nobody told the time in between
        state.carries = static_cast<std::uint16_t>(state.carries & ~bit);
        return;
    }
    bars.bar_mask = static_cast<std::uint16_t>(bars.bar_mask | bit);
    bars.bars[timeframe] = still;
    state.ends[timeframe] = still.end();
}

void BarStage::on_candle(State& state, const core::Tick& tick, Bars& bars) const noexcept {
    if (state.second_end != never) return;  // trades make the bars: a candle would count them again
    if (tick.bar.interval_s == 0 || tick.bar.low.units <= 0 || tick.venue_time < state.candle_end) return;
    // A candle of the future would end all that come until then.
    if (core::believable_time(tick) != tick.venue_time) return;
    if (state.candle_s != 0 && tick.bar.interval_s > state.candle_s) return;

    close_bars(state, tick.venue_time, bars);
    if ((tick.flags & core::tick_flag::closed) == 0) return;
    const Bar candle = bar_of(tick);
    state.candle_s = candle.width_s;
    state.candle_end = candle.end();
    for (std::size_t i = 0; i < settings_.timeframes.count; ++i) {
        const auto width_s = settings_.timeframes.seconds[i];
        const auto start = core::floor_to(candle.start, seconds_of(width_s));
        if (width_s % candle.width_s != 0 || candle.end() > start + seconds_of(width_s)) continue;
        Bar& bar = state.bars[i];
        if (bar.trades == 0) bar = carried(candle.open, start, width_s);
        fold(bar, candle);
    }
}

void BarStage::clear(State& state, Bars& bars) const noexcept {
    fold_into_bars(state);  // a bar outlives the gap, so it keeps what the forgotten second traded
    state.priced = false;
    state.lost = false;
    bars.bucket_mask = 0;
    bars.cleared = true;
}

void BarStage::note_lost_venue(const core::Tick& tick) noexcept {
    const auto session = static_cast<core::Session>(tick.code);
    if (session != core::Session::gap && session != core::Session::disconnected) return;
    for (State& state : states_)
        if (state.venue == tick.venue) state.lost = true;
}

}  // namespace pipeline
