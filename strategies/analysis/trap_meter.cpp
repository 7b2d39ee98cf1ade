#include "strategies/analysis/trap_meter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace strategies {

namespace traps = pipeline::traps;

namespace {

traps::MeterRegime regime_of(pipeline::SlowRegime regime) noexcept {
    switch (regime) {
        case pipeline::SlowRegime::unknown: break;
        case pipeline::SlowRegime::volatile_: return traps::MeterRegime::volatile_;
        case pipeline::SlowRegime::trending_up:
        case pipeline::SlowRegime::trending_down: return traps::MeterRegime::trending;
        case pipeline::SlowRegime::quiet: return traps::MeterRegime::quiet;
        case pipeline::SlowRegime::ranging: return traps::MeterRegime::ranging;
        case pipeline::SlowRegime::transition: return traps::MeterRegime::transition;
    }
    return traps::MeterRegime::unknown;
}

}  // namespace

TrapMeter::TrapMeter(const pipeline::Timeframes& timeframes, const core::InstrumentTable& instruments)
    : minute_{timeframes.index_of(60)}, states_(instruments.size()) {
    for (const core::Instrument& instrument : instruments)
        states_[instrument.id.value].price = pipeline::PriceScale{instrument};
}

double TrapMeter::largest(const pipeline::Market& market) noexcept {
    constexpr auto worst = std::numeric_limits<std::int64_t>::min(), highest = std::numeric_limits<std::int64_t>::max();
    constexpr double levels = 40;
    const auto &bids = market.bids, &asks = market.asks;
    if (bids.twentieth.units == worst || asks.twentieth.units == highest) return core::unknown;
    return std::max(bids.largest20, asks.largest20) * levels / (bids.quantity20 + asks.quantity20);
}

void TrapMeter::take(State& state, const pipeline::Levels& levels) noexcept {
    state.level_count = levels.active_count;
    for (std::size_t i = 0; i < levels.active_count; ++i) state.levels[i] = levels.active[i].price;
}

void TrapMeter::close(State& state, const pipeline::Bars& bars) const noexcept {
    const auto i = static_cast<std::size_t>(minute_);
    if ((bars.gap_mask >> i & 1) != 0) state.count = 0;
    const pipeline::Bar& bar = bars.bars[i];
    state.minutes[state.count++ % state.minutes.size()] = {bar.end(), state.price(bar.close),
                                                           static_cast<double>(bar.volume().units)};
}

/// The newest close over the newest one that ended so long before it; unknown before there is one.
double TrapMeter::State::change(core::Nanoseconds over) const noexcept {
    const auto held = std::min<std::uint64_t>(count, minutes.size());
    for (std::uint64_t n = 1; n < held; ++n)
        if (ago(0).end - ago(n).end >= over) return ago(0).close / ago(n).close - 1;
    return core::unknown;
}

double TrapMeter::State::relative_volume() const noexcept {
    if (count <= mean_bars) return core::unknown;
    double sum = 0;
    for (std::uint64_t n = 1; n <= mean_bars; ++n) sum += ago(n).volume;
    return sum > 0 ? ago(0).volume * mean_bars / sum : core::unknown;
}

/// Per cent of the price.
double TrapMeter::State::level_distance() const noexcept {
    if (count == 0 || level_count == 0) return core::unknown;
    const double from = ago(0).close;
    const auto end = levels.begin() + level_count;
    const auto above = std::lower_bound(levels.begin(), end, from);
    double distance = above != end ? *above - from : std::abs(from - *std::prev(end));
    if (above != levels.begin()) distance = std::min(distance, from - *std::prev(above));
    return 100 * distance / from;
}

traps::MeterParts TrapMeter::parts(core::InstrumentId instrument, double history) const noexcept {
    if (instrument.value >= states_.size()) return {};
    const State& state = states_[instrument.value];
    traps::MeterParts parts;
    parts.price = traps::meter_price(state.change(near), state.change(far));
    parts.volume = traps::meter_volume(state.relative_volume());
    parts.fib = traps::meter_fib(state.level_distance());
    parts.history = history;
    // No depth on one side is as lopsided as a book can be; none on both says nothing.
    const bool any = state.bid_depth + state.ask_depth > 0;
    parts.book = traps::meter_book(any ? state.bid_depth / state.ask_depth : core::unknown, state.largest);
    parts.regime = traps::meter_regime(regime_of(state.regime));
    return parts;
}

}  // namespace strategies
