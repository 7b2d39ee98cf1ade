#include "tools/omega/traps/trap_run.hpp"

#include "core/domain/believable_time.hpp"

#include <algorithm>
#include <utility>

namespace omega {

void PriceTrack::add(core::Nanoseconds time, double low, double high, double last) {
    auto start = core::floor_to(time, width_);
    // A time that steps back counts in the newest column.
    if (!columns_.empty() && start <= columns_.back().start) {
        Column& column = columns_.back();
        column = {column.start, std::min(column.low, low), std::max(column.high, high), last};
        return;
    }
    columns_.push_back({start, low, high, last});
    if (columns_.size() > most_columns) widen();
}

void PriceTrack::widen() {
    // At least so wide that this many columns hold the whole span; a gap of weeks is no reason to double thirty times.
    const auto span = columns_.back().start - columns_.front().start;
    do width_ *= 2;
    while (span / width_ > static_cast<std::int64_t>(most_columns));
    std::size_t kept = 0;
    for (const Column& column : columns_) {
        const auto start = core::floor_to(column.start, width_);
        if (kept > 0 && columns_[kept - 1].start == start) {
            Column& whole = columns_[kept - 1];
            whole = {start, std::min(whole.low, column.low), std::max(whole.high, column.high), column.last};
        } else {
            columns_[kept++] = {start, column.low, column.high, column.last};
        }
    }
    columns_.resize(kept);
}

TrapRun::TrapRun(const Settings& settings, const core::InstrumentTable& instruments, Tell tell, bool charts)
    : instruments_{&instruments},
      senses_{settings, instruments},
      outcomes_{settings.traps, instruments},
      meter_{settings.bars.timeframes, instruments},
      tell_{std::move(tell)},
      prices_(charts ? instruments.size() : 0),
      conditions_{settings.cosmic, settings.conditions} {}

void TrapRun::on(const Senses::Slot& slot) {
    const core::Tick& tick = slot.tick;
    if (ticks_++ == 0) first_ = tick.receive_time;
    last_ = std::max(last_, tick.receive_time);
    if (!tick.whole()) return;
    const auto& market = slot.get<pipeline::Market>();
    const auto& bars = slot.get<pipeline::Bars>();
    const auto& traps = slot.get<pipeline::Traps>();
    outcomes_.on(tick, market, bars, traps);
    meter_.on(tick, market, bars, slot.get<pipeline::Levels>(), slot.get<pipeline::Trends>());
    if (tell_)
        for (std::size_t i = 0; i < traps.count; ++i) tell_(seen(traps.events[i], traps));
    if (tick.instrument.value < prices_.size()) draw(tick);
}

SeenTrap TrapRun::seen(const pipeline::TrapEvent& event, const pipeline::Traps& traps) const noexcept {
    const auto labelled = outcomes_.labelled(event.instrument, event.kind);
    const double history = pipeline::traps::meter_history(labelled.hits, labelled.n);
    return {event, traps.pressure_up, traps.pressure_down, meter_.value(event.instrument, history)};
}

void TrapRun::draw(const core::Tick& tick) {
    const auto number = [&](core::Price price) { return (*instruments_)[tick.instrument].to_double(price); };
    PriceTrack& track = prices_[tick.instrument.value];
    if (tick.is(core::TickKind::trade) && tick.trade.price.units > 0) {
        const double price = number(tick.trade.price);
        track.add(core::believable_time(tick), price, price, price);
    } else if (tick.is(core::TickKind::bar) && (tick.flags & core::tick_flag::closed) != 0) {
        const auto at = [&](std::uint32_t above) { return number({tick.bar.low.units + above}); };
        track.add(core::believable_time(tick), at(0), at(tick.bar.high_above_low), at(tick.bar.close_above_low));
    }
}

}  // namespace omega
