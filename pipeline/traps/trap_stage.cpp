#include "pipeline/traps/trap_stage.hpp"

#include <algorithm>

namespace pipeline {
namespace {

double power_of_ten(int exponent) noexcept {
    double value = 1;
    for (int i = 0; i < exponent; ++i) value *= 10;
    return value;
}

traps::Second second_of(const Bar& bucket) noexcept {
    const auto number = [](std::int64_t units) { return static_cast<double>(units); };
    return {number(bucket.high.units), number(bucket.low.units), number(bucket.close.units),
            number(bucket.buy_volume.units), number(bucket.sell_volume.units)};
}

bool is_gap(const core::Tick& tick) noexcept {
    if (!tick.is(core::TickKind::session)) return false;
    const auto what = static_cast<core::Session>(tick.code);
    return what == core::Session::gap || what == core::Session::disconnected;
}

}  // namespace

TrapStage::Senses::Senses(const TrapSettings& settings, const core::Instrument& instrument)
    : measures{settings},
      threshold{settings},
      flash{std::chrono::milliseconds{settings.flash.window_ms}},
      stop_hunt{settings.sweep, power_of_ten(instrument.price_decimals)},
      high_frequency{settings.hf},
      units_per_quote{power_of_ten(instrument.price_decimals)},
      id{instrument.id},
      venue{instrument.venue} {
    face.threshold_bps = threshold.at(1);
}

TrapStage::TrapStage(const TrapSettings& settings, const core::InstrumentTable& instruments,
                     const Timeframes& timeframes)
    : settings_{settings}, minute_{timeframes.index_of(traps::StopHunt::bar_s)} {
    check(settings);
    senses_.reserve(instruments.size());
    for (const core::Instrument& instrument : instruments) senses_.emplace_back(settings_, instrument);
}

void TrapStage::on(const core::Tick& tick, const Market& market, const Bars& bars, const Levels& levels,
                   Traps& traps) noexcept {
    traps.count = 0;
    if (tick.instrument.value >= senses_.size()) {
        on_venue(tick);
        traps.regime = {};
        traps.hf = {};
        traps.threshold_bps = core::unknown;
        traps.hf_multiplier = 1;
        traps.pressure_up = traps.pressure_down = 0;
        return;
    }

    Senses& senses = senses_[tick.instrument.value];
    if (tick.whole()) {
        if (levels.changed) senses.levels.update(levels, settings_.hit_range);
        if ((bars.bucket_mask | bars.bar_mask) != 0) on_closes(senses, bars, traps);
        if (market.gap || bars.cleared || is_gap(tick)) clear(senses);
        if (market.depth_sampled) {
            senses.bid_depth10 = market.bid_depth10;
            senses.ask_depth10 = market.ask_depth10;
            senses.depth.add(market.time, market.bid_depth25, market.ask_depth25);
        }
        if (tick.is(core::TickKind::trade)) on_trade(senses, tick, market.time, traps);
    }

    const Face& face = senses.face;
    traps.regime = face.regime;
    traps.hf = face.hf;
    traps.threshold_bps = face.threshold_bps;
    traps.hf_multiplier = face.hf_multiplier;
    traps.pressure_up = face.pressure_up;
    traps.pressure_down = face.pressure_down;
}

void TrapStage::on_trade(Senses& senses, const core::Tick& tick, core::Nanoseconds time, Traps& traps) noexcept {
    if (tick.trade.price.units <= 0) return;  // a price that no ratio can be taken of
    const double price = static_cast<double>(tick.trade.price.units);
    senses.measures.trade(price, static_cast<double>(tick.trade.quantity.units), tick.side);
    senses.flash.trade(time, price);

    // Nearly every trade ends here: no window moved far enough for any gate.
    const double T = senses.face.threshold_bps;
    const bool full = senses.measures.moving_window_full();
    if (!full) ++counters_.unknown[static_cast<std::size_t>(traps::Measure::run_w)];
    const bool far = full && senses.measures.move_may_reach(T / 2);
    if (!far && !senses.flash.reaches(price, T)) return;

    traps::Finding found;
    if (!find_movement(moment(senses, time, false), settings_, counters_, found)) return;
    const bool sharp = emit(senses, found, time, senses.measures.volume_z(), traps);
    evaluate_mode(senses, time, senses.measures.open_move(60), senses.measures.open_move(300), sharp);
}

void TrapStage::on_closes(Senses& senses, const Bars& bars, Traps& traps) noexcept {
    bool bar = minute_ >= 0 && bars.bar_closed(static_cast<std::size_t>(minute_));
    const auto minute = static_cast<std::size_t>(std::max(minute_, 0));
    const bool restart = (bars.gap_mask >> minute & 1) != 0;

    const ClosedBucket& closed = bars.buckets[0];
    if (bars.bucket_closed(0) && closed.bucket.close.units > 0) {
        const std::int64_t first = closed.bucket.start / std::chrono::seconds{1};
        const std::int64_t last = first + closed.empties_after;
        // After that many empty seconds every window is flat and nothing can change until the next trade.
        const std::int64_t settled = std::min(last, first + senses.measures.settled());
        traps::Second second = second_of(closed.bucket);
        for (std::int64_t index = first; index <= settled; ++index) {
            close_second(senses, second, index, traps);
            second = {second.close, second.close, second.close, 0, 0};
            if (bar && bars.bars[minute].end() <= std::chrono::seconds{index + 1}) {
                close_bar(senses, bars.bars[minute], restart, traps);
                bar = false;
            }
        }
        if (settled < last) {
            senses.measures.skip_to(last);
            evaluate_mode(senses, std::chrono::seconds{last + 1}, 0, 0, false);
        }
    }
    if (bar) close_bar(senses, bars.bars[minute], restart, traps);
}

void TrapStage::close_second(Senses& senses, const traps::Second& second, std::int64_t index, Traps& traps) noexcept {
    const auto time = std::chrono::seconds{index + 1};
    senses.measures.close(second, index);
    senses.threshold.close(second.close, index);
    senses.flash.expire(time);
    senses.face.threshold_bps = senses.threshold.at(senses.high_frequency.multiplier());

    traps::Finding found;
    const bool sharp = find_movement(moment(senses, time, true), settings_, counters_, found) &&
                       emit(senses, found, time, senses.measures.closed_volume_z(), traps);
    evaluate_mode(senses, time, senses.measures.closed_move(60), senses.measures.closed_move(300), sharp);
}

void TrapStage::close_bar(Senses& senses, const Bar& bar, bool restart, Traps& traps) noexcept {
    if (restart) senses.stop_hunt.clear();
    traps::Finding found;
    bool sharp = false;
    const bool hit = senses.stop_hunt.on_bar(bar, senses.face.threshold_bps, settings_, counters_, found);
    if (hit) sharp = emit(senses, found, bar.end(), senses.measures.closed_volume_z(), traps);
    // On a tape of candles no second closes: there the bar's close is what lets the mode end.
    if (hit || !senses.measures.has_price())
        evaluate_mode(senses, bar.end(), senses.measures.closed_move(60), senses.measures.closed_move(300), sharp);
}

traps::Moment TrapStage::moment(const Senses& senses, core::Nanoseconds time, bool closing) const noexcept {
    return {.time = time,
            .price = senses.measures.price(),
            .closing = closing,
            .threshold = senses.face.threshold_bps,
            .calm_threshold = senses.threshold.at(1),
            .units_per_quote = senses.units_per_quote,
            .bid_depth10 = senses.bid_depth10,
            .ask_depth10 = senses.ask_depth10,
            .measures = senses.measures,
            .flash = senses.flash,
            .depth = senses.depth,
            .levels = senses.levels};
}

bool TrapStage::emit(Senses& senses, const traps::Finding& found, core::Nanoseconds time, double volume_z,
                     Traps& traps) noexcept {
    const TrapKindRow& row = row_of(found.kind);
    const double price = found.price / senses.units_per_quote;
    const double ratio_boost = row.boosted ? senses.levels.boost(price) : 0;
    const double confidence = traps::boosted(found.confidence, ratio_boost, volume_z);
    const Expect expect = expectation(found.kind, found.sign);
    const auto ticket = senses.emission.admit(found.kind, expect, time, confidence, settings_, counters_);
    if (!ticket.emit) return false;

    if (traps.count == traps.events.size()) {
        ++counters_.overflow;
    } else {
        TrapEvent& event = traps.events[traps.count++];
        event.id = ticket.id;
        event.time = time;
        event.price = price;
        event.confidence = confidence;
        event.impact = found.impact;
        event.threshold_bps = senses.face.threshold_bps;
        event.hf_multiplier = senses.face.hf_multiplier;
        event.boost = confidence - found.confidence;
        event.evidence = found.evidence;
        event.instrument = senses.id;
        event.venue = senses.venue;
        event.kind = found.kind;
        event.expect = expect;
        event.severity = severity(confidence, found.impact);
        event.revision = ticket.revision;
    }

    if (expect == Expect::up) senses.up.note(ticket.id, time, confidence);
    if (expect == Expect::down) senses.down.note(ticket.id, time, confidence);
    // The lower threshold must not keep its own mode alive: only what T at multiplier 1 would have shown counts.
    if (found.calm && ticket.revision == 0) senses.high_frequency.note(time, confidence);
    return found.calm && row.sharp && confidence > .7;
}

void TrapStage::evaluate_mode(Senses& senses, core::Nanoseconds time, double move60, double move300,
                              bool sharp) noexcept {
    senses.high_frequency.evaluate(time, {.move60 = move60,
                                          .move300 = move300,
                                          .sigma60 = senses.measures.sigma60(),
                                          .sigma300 = senses.measures.sigma300(),
                                          .sharp_event = sharp,
                                          .schumann_hz = schumann_hz_});
    refresh(senses, time);
}

void TrapStage::refresh(Senses& senses, core::Nanoseconds time) noexcept {
    Face& face = senses.face;
    face.hf = senses.high_frequency.state();
    face.hf_multiplier = senses.high_frequency.multiplier();
    face.threshold_bps = senses.threshold.at(face.hf_multiplier);
    face.regime = senses.threshold.regime();
    face.pressure_up = senses.up.at(time);
    face.pressure_down = senses.down.at(time);
}

void TrapStage::clear(Senses& senses) noexcept {
    senses.measures.clear();
    senses.threshold.clear();
    senses.flash.clear();
    senses.depth.clear();
    senses.bid_depth10 = senses.ask_depth10 = core::unknown;
    senses.face.regime = senses.threshold.regime();
    senses.face.threshold_bps = senses.threshold.at(senses.face.hf_multiplier);
}

void TrapStage::on_venue(const core::Tick& tick) noexcept {
    if (tick.instrument != core::no_instrument) return;
    if (is_gap(tick))
        for (Senses& senses : senses_)
            if (senses.venue == tick.venue) clear(senses);
    if (tick.is(core::TickKind::condition) && static_cast<core::Condition>(tick.code) == core::Condition::schumann)
        schumann_hz_ = tick.condition.value;
}

}  // namespace pipeline
