#include "pipeline/fibonacci/fibonacci_stage.hpp"

#include "pipeline/fibonacci/measures.hpp"

#include <algorithm>

namespace pipeline {
namespace {

bool same(const Leg& a, const Leg& b) noexcept {
    return a.known == b.known && a.up == b.up && a.lo == b.lo && a.hi == b.hi;
}

}  // namespace

FibonacciStage::FibonacciStage(const FibonacciSettings& settings, const Timeframes& timeframes,
                               const core::InstrumentTable& instruments, const TrapSettings& thresholds)
    : settings_(settings) {
    check(settings, timeframes);
    for (std::size_t i = 0; i < settings.count; ++i) {
        index_[i] = static_cast<std::uint8_t>(timeframes.index_of(settings.timeframes[i].seconds));
        timeframe_mask_ = static_cast<std::uint16_t>(timeframe_mask_ | 1U << index_[i]);
        weights_[index_[i]] = settings.timeframes[i].weight;
    }
    for (const auto& instrument : instruments) {
        states_.push_back({.scale = PriceScale{instrument},
                           .golden = GoldenDetector{settings.golden},
                           .threshold = traps::Threshold{thresholds}});
        for (std::size_t i = 0; i < settings.count; ++i)
            frames_.push_back(
                {.zigzag = {settings.timeframes[i].min_swing_bps, settings.confirm_bars, settings.max_age_bars}});
    }
}

void FibonacciStage::on_bars(core::InstrumentId instrument, const Bars& bars, Levels& levels) noexcept {
    bool changed = false;
    for (std::size_t i = 0; i < settings_.count; ++i) {
        const std::size_t index = index_[i];
        if (!bars.bar_closed(index)) continue;
        const bool gap = (bars.gap_mask >> index & 1) != 0;
        Frame& frame = frames_[instrument.value * settings_.count + i];
        changed |= on_bar(frame, bars.bars[index], gap, states_[instrument.value].scale, index, levels);
    }
    if (changed) rebuild(instrument, levels);
}

/// True if the timeframe's pivots changed.
bool FibonacciStage::on_bar(Frame& frame, const Bar& bar, bool gap, PriceScale scale, std::size_t index,
                            Levels& levels) noexcept {
    bool changed = false;
    if (gap) {
        changed = !frame.pivots.all().empty();
        frame.zigzag.restart();
        frame.pivots.clear();
    }
    const SwingBar swing{scale(bar.high), scale(bar.low), scale(bar.close), bar.start, bar.end()};
    Pivot pivot;
    if (frame.zigzag.add(swing, pivot)) {
        levels.pivot_mask = static_cast<std::uint16_t>(levels.pivot_mask | 1U << index);
        levels.pivots[index] = pivot;
        if (!pivot.seed) {
            frame.pivots.add(pivot, settings_.keep_pivots);
            changed = true;
        }
    }
    changed |= frame.pivots.expire(frame.zigzag.bar(), settings_.max_age_bars);
    changed |= frame.pivots.mark_broken(swing.close, settings_.break_bps);
    return changed;
}

void FibonacciStage::rebuild(core::InstrumentId instrument, Levels& levels) noexcept {
    State& state = states_[instrument.value];
    std::size_t count = 0;
    for (std::size_t i = 0; i < settings_.count; ++i) {
        const std::uint8_t index = index_[i];
        const Pivots& pivots = frames_[instrument.value * settings_.count + i].pivots;
        const Leg leg = pivots.leg(settings_.min_range_bps);
        if (!same(leg, state.legs[index])) state.golden.on_new_leg(index);
        state.legs[index] = leg;
        for (std::size_t r = 0; leg.known && r < ratio_values.size(); ++r) {
            const auto ratio = static_cast<Ratio>(r);
            const double price = level_price(leg, ratio);
            if (price > 0) levels.active[count++] = {price, ratio, index};
        }
        for (const Pivot& pivot : pivots.all())
            if (!pivot.broken) levels.active[count++] = {pivot.price, Ratio::pivot, index};
    }
    std::sort(levels.active.begin(), levels.active.begin() + static_cast<std::ptrdiff_t>(count),
              [](const ActiveLevel& a, const ActiveLevel& b) noexcept {
                  if (a.price != b.price) return a.price < b.price;
                  return a.timeframe != b.timeframe ? a.timeframe < b.timeframe : a.ratio < b.ratio;
              });
    const std::span<const ActiveLevel> active{levels.active.data(), count};
    levels.changed = true;
    levels.legs = state.legs;
    levels.active_count = static_cast<std::uint16_t>(count);
    levels.cluster_count = static_cast<std::uint16_t>(
        find_clusters(active, weights_, settings_.count, settings_.cluster_bps, levels.clusters));
    state.hits.rebuild(active, state.legs, settings_.hit_range);
}

void FibonacciStage::on_buckets(State& state, const Bars& bars) noexcept {
    if (bars.cleared) {
        state.threshold.clear();
        state.golden.on_gap();
        return;
    }
    const auto& [bucket, empties] = bars.buckets[threshold_bucket];
    const double price = state.scale(bucket.close);
    constexpr std::uint32_t longest_memory = 100;  // more equal closes than T remembers change nothing
    auto last_second = bucket.end() / std::chrono::seconds{1} - 1;
    for (std::uint32_t i = 0; i <= std::min(empties, longest_memory); ++i, last_second += bucket.width_s)
        state.threshold.close(price, last_second);
}

void FibonacciStage::on_depth(State& state, const Market& market, Levels& levels) noexcept {
    levels.golden = state.golden.on_sample({.time = market.time,
                                            .valid = market.valid,
                                            .price = market.mid,
                                            .bid_depth = market.bid_depth25,
                                            .ask_depth = market.ask_depth25,
                                            .threshold_bps = state.threshold.at(1)},
                                           state.legs, levels.confluence);
}

void FibonacciStage::on_trade(State& state, core::Nanoseconds time, core::Price units, Levels& levels) noexcept {
    const double price = state.scale(units);
    state.golden.on_trade(time, price);
    if (!state.hits.quiet(price)) [[unlikely]]
        levels.hit_count = static_cast<std::uint8_t>(state.hits.reach(price, levels.hits));
}

}  // namespace pipeline
