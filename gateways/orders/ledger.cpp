#include "gateways/orders/ledger.hpp"

#include "gateways/orders/order_facts.hpp"

#include <algorithm>
#include <cstring>

namespace gateways {

using core::Error;
using core::Nanoseconds;
using core::OrderId;
using core::Quantity;

namespace {

Effect about(const TrackedOrder& order, EffectKind kind) noexcept {
    Effect effect;
    effect.kind = kind;
    effect.venue = order.order.venue;
    effect.instrument = order.order.instrument;
    effect.id = order.order.id;
    effect.venue_order = order.venue_order;
    return effect;
}

}  // namespace

OrderLedger::OrderLedger(const LedgerSettings& settings, const core::InstrumentTable& instruments)
    : settings_{settings},
      instruments_{&instruments},
      orders_{settings.max_orders},
      fills_{settings.remembered_fills},
      held_(instruments.size()) {}

// ---- what we do

core::Result<bool> OrderLedger::create(const core::Order& order, Nanoseconds now) noexcept {
    if (is_outside(order.id) || order.id.value <= highest_[lane_of(order.id)] ||
        order.type == core::OrderType::cancel || order.instrument.value >= held_.size())
        return Error::refused;
    if (orders_.full() && !make_room()) return Error::full;
    if (!record(LedgerRecordKind::created, &order, sizeof order)) {
        if (!order.reduce_only) return Error::full;
        ++unrecorded_;  // protection is worth more than its record
    }
    remember(order.id);
    TrackedOrder tracked;
    tracked.order = order;
    tracked.created = now;
    add(tracked);
    return true;
}

void OrderLedger::remember(OrderId id) noexcept {
    if (!is_outside(id)) highest_[lane_of(id)] = std::max(highest_[lane_of(id)], id.value);
}

void OrderLedger::sent(OrderId id) noexcept {
    if (auto* order = orders_.find(id)) order->sent = true;
}

bool OrderLedger::cancel_asked(OrderId id, Nanoseconds now) noexcept {
    auto* order = orders_.find(id);
    if (order == nullptr || final(order->state())) return false;
    const CancelRecord cancel{.id = id, .time = now};
    // Not written is no reason not to cancel: after a restart the order is asked about anyway.
    if (!record(LedgerRecordKind::cancel_asked, &cancel, sizeof cancel)) ++unrecorded_;
    order->cancel_asked = true;
    order->cancel_refused = false;
    order->cancel_time = now;
    return true;
}

// ---- what the venue says

void OrderLedger::on(const VenueEvent& event, std::vector<Effect>& effects) {
    if (event.of_order()) return on_order(event, effects);
    if (event.kind != VenueEventKind::liquidation) return;
    Effect effect;
    effect.kind = EffectKind::liquidated;
    effect.venue = event.venue;
    effect.instrument = event.instrument;
    effects.push_back(effect);
}

/// Forgets the oldest settled order; false when none is.
bool OrderLedger::make_room() noexcept {
    const auto id = orders_.erase_settled();
    if (id.value != 0 && !is_outside(id)) forgotten_[lane_of(id)] = std::max(forgotten_[lane_of(id)], id.value);
    return id.value != 0;
}

void OrderLedger::on_order(const VenueEvent& told, std::vector<Effect>& effects) {
    auto event = told;
    auto* known = event.order.value != 0 ? orders_.find(event.order) : nullptr;
    const bool by_id = known != nullptr;
    if (!by_id) known = orders_.find(event.venue, event.venue_order);
    if (known == nullptr && !shows_an_order(event)) return;

    bool fresh = false;
    if (event.kind == VenueEventKind::fill) {
        const auto answer = fills_.ask(FillKey::of(event));
        fresh = answer == FillMemory::Answer::fresh && event.instrument.value < held_.size();
        if (answer == FillMemory::Answer::too_old && known != nullptr && known->outside)
            return drop(known->order.id, event.receive_time, effects);  // of before our time: the position decides
        if (!fresh && answer != FillMemory::Answer::seen) {
            ++unbooked_;
            effects.push_back(about(known != nullptr ? *known : outside_order(event), EffectKind::unbooked));
            return;
        }
    }

    const bool let_go = known == nullptr && event.order.value != 0 && !is_outside(event.order) &&
                        event.order.value <= forgotten_[lane_of(event.order)];
    if (let_go) {  // it was settled, so everything it claimed was booked: only another fill is news
        if (event.kind == VenueEventKind::fill)
            event.fill.filled = {};
        else if (event.kind != VenueEventKind::order_update || final(event.update.status))
            return;
        if (event.kind == VenueEventKind::fill && !fresh) return;
    }

    // Tried on a copy, so that what changes nothing is not recorded, and what does is recorded first.
    TrackedOrder next = known != nullptr ? *known : outside_order(event);
    learn_facts(next, event, fresh, replaying_, settings_);
    // A released stop, a modified order: the venue gives it another id, and it goes by both.
    const bool names = !event.venue_order.empty() && (known == nullptr || !orders_.is_named(*known, event.venue_order));
    const bool adopts = known != nullptr && !by_id && event.order.value != 0 && known->order.id != event.order;
    if (known != nullptr && !fresh && !names && !adopts && same_facts(next, *known)) return;
    if (!record(LedgerRecordKind::event, &event, sizeof event)) ++unrecorded_;

    const TrackedOrder before = known != nullptr ? *known : TrackedOrder{};
    if (adopts) next.order.id = event.order;
    auto* order = commit(adopts ? nullptr : known, next, event);
    if (fresh) {
        fills_.add(FillKey::of(event));
        book(order != nullptr ? *order : next, event, effects);
    }
    if (order != nullptr) tell(*order, before, event, effects);
}

TrackedOrder* OrderLedger::commit(TrackedOrder* known, const TrackedOrder& next, const VenueEvent& event) {
    if (known == nullptr) {
        auto made = next;
        made.venue_order = {};
        remember(made.order.id);
        if (const auto* stranger = orders_.find(event.venue, event.venue_order)) {  // it has turned out to be ours
            count(counted(*stranger), {});
            orders_.erase(stranger->order.id);
        }
        known = add(made);
        if (known == nullptr) return nullptr;
    } else {
        count(counted(*known), counted(next));
        const auto named = known->venue_order;
        *known = next;
        known->venue_order = named;
    }
    if (!event.venue_order.empty() && !orders_.is_named(*known, event.venue_order)) {
        absorb(*known, event.venue_order);
        orders_.name(*known, event.venue_order);
    }
    return known;
}

/// What was held for an outside order under the venue's id, before we knew that it is `into`.
void OrderLedger::absorb(TrackedOrder& into, const VenueId& venue_order) {
    const auto* stranger = orders_.find(into.order.venue, venue_order);
    if (stranger == nullptr || stranger == &into) return;
    const auto was = counted(into);
    join_facts(into, *stranger);
    count(was, counted(into));
    count(counted(*stranger), {});
    orders_.erase(stranger->order.id);
}

TrackedOrder* OrderLedger::add(const TrackedOrder& order) {
    if (orders_.full()) make_room();
    auto* added = orders_.insert(order);
    if (added != nullptr) count({}, counted(order));
    return added;
}

void OrderLedger::move_position(const VenueEvent& fill) {
    const auto& instrument = (*instruments_)[fill.instrument];
    auto& held = held_[fill.instrument.value];
    auto next = fill.side == core::Side::buy ? held.position + fill.fill.quantity : held.position - fill.fill.quantity;
    held.owed += fee_in_base(instrument, fill.fill);
    if (held.owed != 0) next = next - take_units(instrument, held.owed);
    set_position(held, next);
}

void OrderLedger::set_position(PerInstrument& held, Quantity quantity) noexcept {
    const auto sign = [](Quantity of) { return of.units > 0 ? 1 : of.units < 0 ? -1 : 0; };
    if (held.position.units != 0 && sign(quantity) != sign(held.position)) held.since = highest_;
    held.position = quantity;
}

void OrderLedger::book(const TrackedOrder& order, const VenueEvent& event, std::vector<Effect>& effects) {
    const auto quantity = event.fill.quantity;
    move_position(event);

    auto effect = about(order, EffectKind::execution);
    effect.tick = execution_tick(
        order, event,
        event.fill.liquidity == Liquidity::maker ? core::Execution::filled_maker : core::Execution::filled_taker);
    effect.fee = event.fill.fee;
    effect.fee_asset = event.fill.fee_asset;
    effect.tick.execution.price = event.fill.price;
    effect.tick.execution.quantity = quantity;
    const auto& instrument = (*instruments_)[event.instrument];
    if (fee_in_base(instrument, event.fill) != 0) effect.tick.flags |= core::tick_flag::fee_in_base;
    effect.fee_valued = value_fee(instrument, event.fill, effect.tick.execution.fee);
    if (!effect.fee_valued) {
        effect.tick.execution.fee = assumed_fee(instrument, event.fill, settings_.assumed_fee_ppm);
        ++assumed_fees_;
    }
    effects.push_back(effect);
}

void OrderLedger::tell(TrackedOrder& order, const TrackedOrder& before, const VenueEvent& event,
                       std::vector<Effect>& effects) {
    const auto say = [&](EffectKind kind) { effects.push_back(about(order, kind)); };
    const auto tell_execution = [&](core::Execution what) {
        say(EffectKind::execution);
        effects.back().tick = execution_tick(order, event, what);
    };

    const auto state = order.state();
    if (order.overfilled() && !before.overfilled()) say(EffectKind::overfilled);
    if (order.outside) {
        if (order.told_accepted) return;
        order.told_accepted = true;
        say(EffectKind::outside);  // fenced by due(): an answer that is still on its way may show that it is ours
        return;
    }
    if (order.told_end && !final(state)) {  // the pipeline has buried it; it must not live on unseen
        order.told_end = false;
        say(EffectKind::resurrected);
        say(EffectKind::cancel);
    }
    const bool never_left = state == OrderState::cancelled && !order.sent;
    if (order.exists && !order.told_accepted && state != OrderState::rejected && !never_left) {
        order.told_accepted = true;
        tell_execution(core::Execution::accepted);
    }
    if (order.cancel_refused && !before.cancel_refused && !final(state))
        tell_execution(core::Execution::cancel_rejected);
    if (final(state) && !order.told_end && order.missing().units == 0) {  // the fills first, then the end
        order.told_end = true;
        if (state == OrderState::cancelled) tell_execution(core::Execution::cancelled);
        if (state == OrderState::expired) tell_execution(core::Execution::expired);
        if (state == OrderState::rejected) tell_execution(core::Execution::rejected);
    }
}

// ---- time

void OrderLedger::due(Nanoseconds now, std::vector<Effect>& effects) {
    if (open_ == 0) return;
    orders_.for_each([&](TrackedOrder& order) {
        const auto was = counted(order);
        const bool waits = order.state() == OrderState::sent && now - order.created >= settings_.answer_timeout;
        const bool cancel_waits = order.state() == OrderState::cancelling && !order.doubt &&
                                  now - order.cancel_time >= settings_.answer_timeout;
        if (waits || cancel_waits) begin_doubt(order, now, settings_);
        if ((order.doubt || (order.missing().units > 0 && !order.waived)) && now >= order.next_ask)
            ask(order, now, effects);
        const bool fenced = order.cancel_asked && !order.cancel_refused;
        if (order.outside && !order.by_venue && settings_.outside == OutsidePolicy::fence && !fenced &&
            !final(order.state()) && now - order.created >= settings_.answer_timeout) {
            order.cancel_asked = true;
            order.cancel_refused = false;
            order.cancel_time = now;
            effects.push_back(about(order, EffectKind::cancel));
        }
        count(was, counted(order));
    });
}

void OrderLedger::ask(TrackedOrder& order, Nanoseconds now, std::vector<Effect>& effects) const {
    const auto wait = settings_.ask_first * (std::int64_t{1} << std::min<int>(order.asks + 1, 20));
    order.asked_at = now;
    order.next_ask = now + std::min(wait, settings_.ask_longest);
    if (order.asks < 255) ++order.asks;
    effects.push_back(about(order, order.doubt ? EffectKind::ask_order : EffectKind::ask_fills));
}

void OrderLedger::suspect(OrderId id, Nanoseconds now) noexcept {
    auto* order = orders_.find(id);
    if (order == nullptr || final(order->state())) return;
    const auto was = counted(*order);
    begin_doubt(*order, now, settings_);
    order->next_ask = now;
    count(was, counted(*order));
}

// ---- what reconciliation settles

void OrderLedger::adjust(core::InstrumentId instrument, Quantity quantity, Nanoseconds now) {
    if (instrument.value >= held_.size() || held_[instrument.value].position == quantity) return;
    const PositionRecord adjusted{.instrument = instrument, .quantity = quantity, .time = now};
    if (!record(LedgerRecordKind::adjusted, &adjusted, sizeof adjusted)) ++unrecorded_;
    set_position(held_[instrument.value], quantity);
    held_[instrument.value].owed = 0;
    adjusted_ = true;
}

void OrderLedger::begin_at(Nanoseconds venue_time) {
    if (has_history() || venue_time <= fills_.horizon()) return;
    if (!record(LedgerRecordKind::horizon, &venue_time, sizeof venue_time)) ++unrecorded_;
    fills_.set_horizon(venue_time);
}

void OrderLedger::drop(OrderId id, Nanoseconds now, std::vector<Effect>& effects) {
    auto* order = orders_.find(id);
    if (order == nullptr || order->waived) return;
    const CancelRecord dropped{.id = id, .time = now};
    if (!record(LedgerRecordKind::dropped, &dropped, sizeof dropped)) ++unrecorded_;
    const auto was = counted(*order);
    order->waived = true;
    order->claimed = order->booked;
    count(was, counted(*order));
    VenueEvent event;
    event.venue = order->order.venue;
    event.venue_time = event.receive_time = now;
    tell(*order, *order, event, effects);
}

// ---- what others read

const TrackedOrder* OrderLedger::find(OrderId id) const noexcept {
    return orders_.find(id);
}
const TrackedOrder* OrderLedger::find(core::Venue venue, const VenueId& venue_order) const noexcept {
    return orders_.find(venue, venue_order);
}
Quantity OrderLedger::position(core::InstrumentId instrument) const noexcept {
    return instrument.value < held_.size() ? held_[instrument.value].position : Quantity{};
}
bool OrderLedger::doubtful(core::InstrumentId instrument) const noexcept {
    return instrument.value >= held_.size() || held_[instrument.value].doubts > 0;
}

std::uint64_t OrderLedger::digest() const noexcept {
    std::uint64_t sum = 0;  // of the parts, so that the order of the parts does not matter
    for_each([&](const TrackedOrder& order) {
        const std::array<std::uint64_t, 5> facts{order.order.id.value, static_cast<std::uint64_t>(order.state()),
                                                 static_cast<std::uint64_t>(order.booked.units),
                                                 static_cast<std::uint64_t>(order.missing().units),
                                                 static_cast<std::uint64_t>(order.doubtful())};
        sum += hash_bytes({reinterpret_cast<const char*>(facts.data()), sizeof facts}, 1);
    });
    for (std::size_t i = 0; i < held_.size(); ++i) {
        const std::array<std::int64_t, 2> part{static_cast<std::int64_t>(i), held_[i].position.units};
        sum += hash_bytes({reinterpret_cast<const char*>(part.data()), sizeof part}, 2);
    }
    return sum;
}

OrderLedger::Counted OrderLedger::counted(const TrackedOrder& order) noexcept {
    return {.open = !order.settled(), .doubtful = order.doubtful(), .instrument = order.order.instrument};
}

void OrderLedger::count(const Counted& was, const Counted& is) noexcept {
    open_ = open_ - (was.open ? 1 : 0) + (is.open ? 1 : 0);
    if (was.doubtful && was.instrument.value < held_.size()) --held_[was.instrument.value].doubts;
    if (is.doubtful && is.instrument.value < held_.size()) ++held_[is.instrument.value].doubts;
}

}  // namespace gateways
