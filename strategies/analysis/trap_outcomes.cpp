#include "strategies/analysis/trap_outcomes.hpp"

#include "core/domain/believable_time.hpp"
#include "core/domain/loss.hpp"
#include "pipeline/bars/price_scale.hpp"
#include "strategies/analysis/underlying.hpp"

#include <cmath>
#include <map>

namespace strategies {

namespace {

using pipeline::Expect;
using pipeline::TrapKind;

/// Minutes of the bars that a kind's Y counts: every timeframe it may come from; empty where Y is plain time.
std::vector<std::uint32_t> bar_minutes(TrapKind kind, const pipeline::TrapSettings& settings) {
    if (kind == TrapKind::bull_trap || kind == TrapKind::bear_trap) return settings.reversal.timeframes;
    if (kind == TrapKind::fractal_trap) return {settings.fractal.timeframe_min};
    return {};
}

core::Nanoseconds horizon(double seconds) noexcept {
    return core::Nanoseconds{std::llround(seconds * 1e9)};
}

/// Every test that an event can ask for, once.
std::vector<OutcomeTest> all_tests(const pipeline::TrapSettings& settings) {
    std::vector<OutcomeTest> tests;
    const auto add = [&](double x, double seconds) {
        const OutcomeTest test{x, horizon(seconds)};
        if (std::ranges::find(tests, test) == tests.end()) tests.push_back(test);
    };
    for (const auto& row : pipeline::trap_kinds) {
        const auto& kind = settings.of(row.kind);
        const auto minutes_of_bars = bar_minutes(row.kind, settings);
        if (minutes_of_bars.empty()) add(kind.outcome_x, kind.outcome_s);
        for (const auto minutes : minutes_of_bars) add(kind.outcome_x, kind.outcome_s * minutes);
    }
    return tests;
}

}  // namespace

std::string_view name(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::hit: return "hit";
        case Outcome::miss: return "miss";
        case Outcome::unresolved: break;
    }
    return "unresolved";
}

Outcome outcome_of(Expect expect, Touch touch) noexcept {
    if (touch == Touch::unresolved) return Outcome::unresolved;
    const bool hit = [&] {
        switch (expect) {
            case Expect::up: return touch == Touch::up;
            case Expect::down: return touch == Touch::down;
            case Expect::burst: return touch != Touch::none;
            case Expect::inert: break;
        }
        return touch == Touch::none;
    }();
    return hit ? Outcome::hit : Outcome::miss;
}

bool went_against(Expect expect, Touch touch) noexcept {
    if (expect != Expect::up && expect != Expect::down) return false;
    return touch == Touch::both || touch == (expect == Expect::up ? Touch::down : Touch::up);
}

OutcomeTest outcome_test(const pipeline::TrapEvent& event, const pipeline::TrapSettings& settings) noexcept {
    const auto& kind = settings.of(event.kind);
    double minutes = 1;
    if (event.kind == TrapKind::fractal_trap) minutes = settings.fractal.timeframe_min;
    const bool reversal = event.kind == TrapKind::bull_trap || event.kind == TrapKind::bear_trap;
    if (reversal && event.evidence[6] >= 1) minutes = event.evidence[6];
    return {kind.outcome_x, horizon(kind.outcome_s * minutes)};
}

std::uint64_t Controls::n() const noexcept {
    std::uint64_t sum = 0;
    for (const Touch touch : {Touch::none, Touch::up, Touch::down, Touch::both})
        sum += touches[static_cast<std::size_t>(touch)];
    return sum;
}

std::uint64_t Controls::hits(Expect expect) const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < touches.size(); ++i)
        if (outcome_of(expect, static_cast<Touch>(i)) == Outcome::hit) sum += touches[i];
    return sum;
}

TrapOutcomes::TrapOutcomes(const pipeline::TrapSettings& settings, const core::InstrumentTable& instruments)
    : settings_{settings}, tests_{all_tests(settings)}, followed_(instruments.size()) {
    std::map<std::string, std::size_t> underlyings;
    for (const core::Instrument& instrument : instruments) {
        Followed& of = followed_[instrument.id.value];
        of.units_per_price = pipeline::PriceScale{instrument}.units_per_price;
        of.venue = instrument.venue;
        of.underlying = underlyings.try_emplace(underlying_of(instrument), underlyings.size()).first->second;
        of.counts.resize(tests_.size());
        of.next_times.resize(tests_.size());
    }
    counted_until_.resize(underlyings.size());
}

void TrapOutcomes::on(const core::Tick& tick, const pipeline::Market& market, const pipeline::Bars& bars,
                      const pipeline::Traps& traps) {
    if (!tick.whole()) return;
    if (tick.instrument.value >= followed_.size()) {
        if (core::tells_of_loss(tick)) lose_venue(tick.venue);
        return;
    }
    Followed& of = followed_[tick.instrument.value];
    if (of.source != Source::trades && tick.is(core::TickKind::bar))
        follow_candle(of, tick, traps);
    else
        follow_trade(of, tick, market, market.gap || bars.cleared || core::tells_of_loss(tick), traps);
    of.threshold = traps.threshold_bps;
}

void TrapOutcomes::follow_trade(Followed& of, const core::Tick& tick, const pipeline::Market& market, bool gap,
                                const pipeline::Traps& traps) {
    const bool trade = tick.is(core::TickKind::trade) && tick.trade.price.units > 0;
    if (of.source != Source::trades) {
        // Candles cover a time that no single tick says, so quotes beside them do not move it; a trade takes over.
        if (gap) lose(of);
        if (!trade) return keep_unresolved(traps);
        lose(of);
        of.source = Source::trades;
        begin(of, market.time);
    }
    if (gap || market.time - of.last > silence) {
        start_events(of, traps);
        lose(of);
        begin(of, market.time);
    } else {
        advance(of, market.time);
        start_events(of, traps);
        expire(of, market.time);
    }
    of.last = market.time;
    if (!trade) return;
    of.price = static_cast<double>(tick.trade.price.units) / of.units_per_price;
    of.traps.prices(of.price, of.price, market.time);
    of.controls.prices(of.price, of.price, market.time);
}

void TrapOutcomes::follow_candle(Followed& of, const core::Tick& tick, const pipeline::Traps& traps) {
    const core::Nanoseconds interval = std::chrono::seconds{tick.bar.interval_s};
    const auto start = tick.venue_time;
    if (core::believable_time(tick) != start || interval.count() <= 0 ||
        (of.source == Source::candles && (interval > of.candle || start < of.last)))
        return keep_unresolved(traps);
    if (of.source == Source::none || interval < of.candle) {
        if ((tick.flags & core::tick_flag::closed) == 0) return keep_unresolved(traps);
        lose(of);
        of.source = Source::candles;
        of.candle = interval;
        begin(of, start);
    }
    if (start - of.last > missing_candles * interval) {
        start_events(of, traps);
        lose(of);
        begin(of, start);
    } else {
        advance(of, start);
        start_events(of, traps);
        // What ends with the last candle has nothing to see in this one.
        expire(of, start + core::Nanoseconds{1});
    }
    of.last = start;
    if ((tick.flags & core::tick_flag::closed) == 0) return;
    const auto price = [&](std::uint32_t above_low) {
        return static_cast<double>(tick.bar.low.units + above_low) / of.units_per_price;
    };
    of.last = start + interval;
    of.traps.prices(price(0), price(tick.bar.high_above_low), of.last);
    of.controls.prices(price(0), price(tick.bar.high_above_low), of.last);
    of.price = price(tick.bar.close_above_low);
}

void TrapOutcomes::begin(Followed& of, core::Nanoseconds time) {
    of.last = time;
    for (std::size_t i = 0; i < tests_.size(); ++i) {
        // After `time`: a control begins at a price that was known before it.
        const auto horizon = tests_[i].horizon;
        of.next_times[i] = core::floor_to(time, horizon) + horizon;
    }
}

void TrapOutcomes::advance(Followed& of, core::Nanoseconds time) {
    // In a stretch of silence several controls of one test may come and go before this tick.
    start_controls(of, time);
    expire(of, time);
}

void TrapOutcomes::start_controls(Followed& of, core::Nanoseconds time) {
    for (std::size_t i = 0; i < tests_.size(); ++i)
        for (auto& next = of.next_times[i]; next <= time; next += tests_[i].horizon)
            // Inside a candle nobody knew a price.
            if (of.price > 0 && core::known(of.threshold) && next >= of.last && can_tell(of, tests_[i]))
                of.controls.start(i, of.price, tests_[i].x * of.threshold, next + tests_[i].horizon);
}

bool TrapOutcomes::can_tell(const Followed& of, const OutcomeTest& test) noexcept {
    return of.source != Source::candles || (test.horizon % of.candle).count() == 0;
}

void TrapOutcomes::start_events(Followed& of, const pipeline::Traps& traps) {
    for (std::size_t i = 0; i < traps.count; ++i) {
        const pipeline::TrapEvent& event = traps.events[i];
        if (event.revision != 0) continue;  // an upgrade is the same trap
        const OutcomeTest test = outcome_test(event, settings_);
        if (!can_tell(of, test)) {
            events_.push_back({.event = event, .test = test});
            continue;
        }
        const std::pair kind{event.kind, test.horizon};
        const auto within = [&](core::Nanoseconds& counted_until) {
            const bool before = event.time < counted_until;
            if (!before) counted_until = event.time + test.horizon;
            return before;
        };
        const bool overlaps = within(of.counted_until[kind]);
        const bool repeats = within(counted_until_[of.underlying][kind]);
        of.traps.start(events_.size(), event.price, test.x * event.threshold_bps, event.time + test.horizon);
        events_.push_back({.event = event, .test = test, .overlaps = overlaps, .repeats = repeats});
    }
}

void TrapOutcomes::keep_unresolved(const pipeline::Traps& traps) {
    for (std::size_t i = 0; i < traps.count; ++i)
        if (const auto& event = traps.events[i]; event.revision == 0)
            events_.push_back({.event = event, .test = outcome_test(event, settings_)});
}

void TrapOutcomes::expire(Followed& of, core::Nanoseconds time) {
    of.traps.expire(time, [&](FirstTouches::Tag i, Touch touch) { label(i, touch); });
    of.controls.expire(
        time, [&](FirstTouches::Tag i, Touch touch) { ++of.counts[i].touches[static_cast<std::size_t>(touch)]; });
}

void TrapOutcomes::label(std::size_t event, Touch touch) noexcept {
    LabelledTrap& trap = events_[event];
    trap.touch = touch;
    trap.outcome = outcome_of(trap.event.expect, touch);
    if (trap.outcome == Outcome::unresolved || trap.overlaps) return;
    Share& share = followed_[trap.event.instrument.value].labelled[static_cast<std::size_t>(trap.event.kind)];
    ++share.n;
    share.hits += trap.outcome == Outcome::hit;
}

Share TrapOutcomes::labelled(core::InstrumentId instrument, TrapKind kind) const noexcept {
    return instrument.value < followed_.size() ? followed_[instrument.value].labelled[static_cast<std::size_t>(kind)]
                                               : Share{};
}

void TrapOutcomes::lose(Followed& of) {
    of.traps.lose(of.last, [&](FirstTouches::Tag i, Touch touch) { label(i, touch); });
    of.controls.lose(
        of.last, [&](FirstTouches::Tag i, Touch touch) { ++of.counts[i].touches[static_cast<std::size_t>(touch)]; });
    of.price = core::unknown;
}

void TrapOutcomes::lose_venue(core::Venue venue) {
    for (Followed& of : followed_)
        if (of.venue == venue) lose(of);
}

void TrapOutcomes::finish() {
    for (Followed& of : followed_) lose(of);
}

Controls TrapOutcomes::controls(core::InstrumentId instrument, const OutcomeTest& test) const noexcept {
    const auto found = std::ranges::find(tests_, test);
    if (instrument.value >= followed_.size() || found == tests_.end()) return {};
    return followed_[instrument.value].counts[static_cast<std::size_t>(found - tests_.begin())];
}

}  // namespace strategies
