#include "strategies/bots/strategic_fibo.hpp"

#include <algorithm>
#include <cmath>

namespace strategies {

using core::known;
using pipeline::Leg;

namespace fibo {

double score(double proximity, double strength, double golden, bool aligned) noexcept {
    return .35 * proximity + .25 * (known(strength) ? std::min(1.0, strength / 4) : 0) +
           .25 * (known(golden) ? golden : 0) + (aligned ? .15 : 0);
}

double level(const Leg& leg, double ratio) noexcept {
    const double range = leg.hi - leg.lo;
    if (ratio <= 1) return leg.up ? leg.hi - range * ratio : leg.lo + range * ratio;
    return leg.up ? leg.lo + range * ratio : leg.hi - range * ratio;
}

int trigger(const Leg& leg, double previous_close, double close) noexcept {
    if (!leg.known || !known(previous_close)) return 0;
    const double shallow = level(leg, .5), deep = level(leg, .786);
    if (close < std::min(shallow, deep) || close > std::max(shallow, deep)) return 0;
    for (const double ratio : {.5, .618, .786}) {
        const double at = level(leg, ratio);
        if (leg.up && previous_close < at && close >= at) return 1;
        if (!leg.up && previous_close > at && close <= at) return -1;
    }
    return 0;
}

namespace {

double proximity(const Leg& leg, double close, double near_bps) noexcept {
    double best = 1e300;
    for (const double ratio : {.382, .5, .618, .786, 1.0})
        best = std::min(best, std::abs(core::bps(close, level(leg, ratio))));
    return core::clamp01(1 - best / near_bps);
}

}  // namespace

}  // namespace fibo

StrategicFibo::StrategicFibo(const FiboSettings& settings, const pipeline::Timeframes& timeframes,
                             std::size_t instruments, std::uint8_t bot)
    : settings_{settings},
      leg_index_{timeframes.index_of(settings.leg_s)},
      trigger_index_{timeframes.index_of(settings.trigger_s)},
      bot_{bot},
      states_(instruments) {}

void StrategicFibo::follow(State& state, const pipeline::Market& market,
                           const pipeline::Levels& levels) const noexcept {
    if (levels.changed) {
        const Leg& leg = levels.legs[static_cast<std::size_t>(leg_index_)];
        if (leg.known != state.leg.known || leg.lo != state.leg.lo || leg.hi != state.leg.hi) state.golden = 0;
        state.leg = leg;
        state.cluster_count = levels.cluster_count;
        std::copy_n(levels.clusters.begin(), levels.cluster_count, state.clusters.begin());
    }
    if (levels.golden && levels.confluence.timeframe == leg_index_) {
        state.golden = levels.confluence.confluence;
        state.golden_time = market.time;
    }
}

bool StrategicFibo::on(const core::Tick& tick, const pipeline::Market& market, const pipeline::Bars& bars,
                       const pipeline::Levels& levels, const pipeline::Trends& trends, double price_unit,
                       const Holding& holding, Decision& out) noexcept {
    if (leg_index_ < 0 || trigger_index_ < 0 || tick.instrument.value >= states_.size()) return false;
    State& state = states_[tick.instrument.value];
    if (levels.changed || levels.golden) follow(state, market, levels);
    if (!bars.bar_closed(static_cast<std::size_t>(trigger_index_))) return false;

    const pipeline::Bar& bar = bars.bars[static_cast<std::size_t>(trigger_index_)];
    const double close = static_cast<double>(bar.close.units) * price_unit;
    const int trigger = fibo::trigger(state.leg, state.previous_close, close);

    out = Decision{};
    out.instrument = tick.instrument;
    out.venue = tick.venue;
    out.bot = bot_;
    out.entry_threshold = settings_.threshold;
    out.size_fraction = settings_.size_fraction;
    if (!market.valid) {
        out.reasons = reason::book_invalid;
    } else if (!state.leg.known) {
        out.reasons = reason::no_leg | reason::unknown_input;
    } else if (holding.side != 0 && holding.own) {
        manage(state, bar, close, trigger, holding, out);
    } else if (holding.side == 0) {
        state.added = 0;
        if (market.time - state.golden_time >
            std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double>{settings_.golden_age_s}))
            state.golden = 0;
        if (trigger != 0) enter(state, trends.now.alignment, close, out);
    }

    state.previous_close = close;
    const auto volume = static_cast<double>(bar.volume().units);
    state.mean_volume =
        known(state.mean_volume) ? state.mean_volume + (volume - state.mean_volume) * (2.0 / 21) : volume;
    return true;
}

void StrategicFibo::enter(const State& state, double alignment, double close, Decision& out) const noexcept {
    const Leg& leg = state.leg;
    out.side = leg.up ? core::Side::buy : core::Side::sell;
    out.reasons |= reason::in_zone | reason::crossed_level | (state.golden > 0 ? reason::golden : 0);

    double strength = core::unknown, nearest = 1e300;
    for (std::size_t i = 0; i < state.cluster_count; ++i) {
        const double distance = std::abs(core::bps(close, state.clusters[i].centre));
        if (distance < nearest) nearest = distance, strength = state.clusters[i].strength;
    }
    const bool aligned = fibo::aligned(alignment, out.side);
    if (aligned) out.reasons |= reason::aligned;
    out.score = fibo::score(fibo::proximity(leg, close, settings_.near_bps), strength, state.golden, aligned);

    const double start = leg.up ? leg.lo : leg.hi;
    const double stop = start * (1 + (leg.up ? -1 : 1) * settings_.stop_beyond_bps * 1e-4);
    out.stop_bps = std::clamp(std::abs(core::bps(stop, close)), settings_.stop_min_bps, settings_.stop_max_bps);
    out.target_count = 0;
    constexpr std::array<TargetWish, 3> wishes{{{0, .4}, {1.272, .4}, {1.618, .2}}};
    for (const auto& [ratio, share] : wishes) {
        const double target = fibo::level(leg, ratio);
        const double gain = (leg.up ? 1 : -1) * core::bps(target, close);
        if (gain > 0) out.targets[out.target_count++] = {gain, share};
    }
    if (out.target_count == 0) return;
    out.action = Action::enter;
}

void StrategicFibo::manage(State& state, const pipeline::Bar& bar, double close, int trigger, const Holding& holding,
                           Decision& out) const noexcept {
    const Leg& leg = state.leg;
    out.side = holding.side > 0 ? core::Side::buy : core::Side::sell;
    const double start = leg.up ? leg.lo : leg.hi;
    const bool same_way = leg.up == (holding.side > 0);
    const bool broken = same_way && (holding.side > 0 ? close < start : close > start);
    const bool opposite = trigger == -holding.side;
    out.exit_impulse = (broken ? .6 : 0) + (opposite ? .4 : 0);
    out.reasons |= (broken ? reason::leg_broken : 0) | (opposite ? reason::opposite_trigger : 0);
    if (out.exit_impulse > 0) {
        out.action = Action::exit;
        return;
    }

    const bool profit = holding.side * (close - holding.entry) > 0;
    const bool busy = known(state.mean_volume) &&
                      static_cast<double>(bar.volume().units) >= settings_.addition_volume * state.mean_volume;
    const auto pause =
        std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double>{settings_.addition_pause_s});
    if (!same_way || !profit || !busy || state.added >= settings_.additions || bar.end() - state.last_addition < pause)
        return;
    for (const double ratio : {1.618, 2.0, 2.618}) {
        if (std::abs(core::bps(close, fibo::level(leg, ratio))) > settings_.addition_near_bps) continue;
        out.action = Action::add;
        out.score = 1;
        out.size_fraction = settings_.size_fraction * .5 / (1 + .25 * state.added);
        out.stop_bps =
            std::clamp(std::abs(core::bps(holding.entry, close)), settings_.stop_min_bps, settings_.stop_max_bps);
        ++state.added;
        state.last_addition = bar.end();
        return;
    }
}

}  // namespace strategies
