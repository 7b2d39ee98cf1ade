#include "gateways/orders/live_gateway.hpp"
#include "gateways/orders/order_facts.hpp"

#include <algorithm>

/// What keeps positions covered: protective orders on their way, and the gateway's own stops.
namespace gateways {

using core::Nanoseconds;

bool LiveGateway::closes(const core::Order& order) const noexcept {
    const auto held = ledger_->position(order.instrument).units;
    return order.side == core::Side::sell ? held > 0 : held < 0;
}

/// A protective order is not refused for want of budget: it waits, and the newest of its leg counts.
void LiveGateway::protect_with(const core::Order& order, Nanoseconds now, Outcome& out) {
    if (const auto* older = waiting_.of_leg(order); older != nullptr) {
        const auto id = older->id;
        waiting_.remove(id);
        let_go(id, now, out);
    }
    if (clock_.known() && budget_->take(settings_.order_weight, core::RateUse::cancel, now).granted())
        return place(order, now, out);
    ++held_back_;
    if (waiting_.full()) return refuse(order, core::RejectReason::too_many, now, out);
    if (record(order, now, out)) waiting_.put(order);
    work_off_protection(now, out);
}

void LiveGateway::work_off_protection(Nanoseconds now, Outcome& out) {
    while (!waiting_.empty() && gate_.state() != GateState::closed) {
        const auto order = waiting_.front();
        if (!closes(order)) {  // what it was for is gone
            waiting_.remove(order.id);
            let_go(order.id, now, out);
            continue;
        }
        if (!clock_.known()) return;
        const auto answer = budget_->take(settings_.order_weight, core::RateUse::cancel, now);
        if (answer.refusal == core::RateRefusal::banned && !paged_) {
            paged_ = true;
            out.alerts.push_back({.kind = AlertKind::protection_waits, .instrument = order.instrument, .id = order.id});
        }
        if (!answer.granted()) return;
        waiting_.remove(order.id);
        send(order, now, out);
    }
    if (waiting_.empty()) paged_ = false;
}

/// Ends an order that never left: the pipeline hears that it is cancelled.
void LiveGateway::let_go(core::OrderId id, Nanoseconds now, Outcome& out) {
    const auto* order = ledger_->find(id);
    if (order == nullptr) return;
    auto event = own_event(VenueEventKind::cancelled, EventSource::query, order->order, now);
    event.closed = Closed{.filled = {}, .filled_known = true, .refusal = {}};
    std::vector<Effect> effects;  // its caller may be working on those of the gateway
    ledger_->on(event, effects);
    for (const auto& effect : effects)
        if (effect.kind == EffectKind::execution) out.executions.push_back(effect.tick);
}

/// A position has no stop, and one may still come: somebody places it within the grace, or we do.
bool LiveGateway::awaits_protection(Nanoseconds now) const noexcept {
    for (const auto& instrument : *instruments_) {
        if (instrument.venue != settings_.venue || protection(*ledger_, instrument.id).naked().units <= 0) continue;
        const auto& since = watch_.since(instrument.id);
        if (!since || now - *since < settings_.naked_grace + settings_.stop_retry) return true;
        if (missing_stop(*ledger_, instrument.id, prices_[instrument.id.value])) return true;
    }
    return false;
}

/// The gate is closed: whoever must look after a position by hand hears of it.
void LiveGateway::tell_naked(Outcome& out) const {
    for (const auto& instrument : *instruments_)
        if (instrument.venue == settings_.venue && protection(*ledger_, instrument.id).naked().units > 0)
            out.alerts.push_back({.kind = AlertKind::left_naked, .instrument = instrument.id, .id = {}});
}

/// A stop of the gateway's own goes when others cover the position, or nothing is left to cover: nobody else knows it,
/// and the next position of this side would be closed at its trigger.
void LiveGateway::withdraw_own_stops(core::InstrumentId instrument, Nanoseconds now, Outcome& out) {
    if (block(instrument) != Block::none) return;  // what is held may be something else
    const auto cover = protection(*ledger_, instrument);
    const auto held = cover.position.units < 0 ? -cover.position : cover.position;
    auto stops = cover.stops;
    std::vector<core::OrderId> superfluous;
    ledger_->for_each([&](const TrackedOrder& order) {
        if (order.order.instrument != instrument || order.outside || lane_of(order.order.id) == 0 || order.doubt ||
            !order.exists || order.cancel_asked || final(order.state()))
            return;
        const bool guards = guards_position(*ledger_, order);
        if (guards && stops - order.left() < held) return;
        if (guards) stops = stops - order.left();
        superfluous.push_back(order.order.id);
    });
    for (const auto id : superfluous) want_cancel(id, now, out);
}

void LiveGateway::protect(Nanoseconds now, Outcome& out) {
    for (const auto& instrument : *instruments_) {
        if (instrument.venue != settings_.venue) continue;
        withdraw_own_stops(instrument.id, now, out);
        auto& naked = naked_[instrument.id.value];
        if (!watch_.naked(*ledger_, instrument.id, now)) {
            // A stop that the venue takes and ends at once is no reason to begin anew.
            if (naked.stops == 0 || now - naked.placed >= 2 * settings_.longest_retry) naked = {};
            continue;
        }
        if (!naked.alarmed)
            out.alerts.push_back({.kind = AlertKind::naked_position, .instrument = instrument.id, .id = {}});
        naked.alarmed = true;
        if (now < naked.next) continue;  // a venue that refuses our stops is not asked until the budget is gone
        // Only what venue and ledger agree about is protected by ourselves.
        auto stop = block(instrument.id) == Block::none
                        ? missing_stop(*ledger_, instrument.id, prices_[instrument.id.value])
                        : std::nullopt;
        if (!stop) continue;
        stop->id = core::OrderId::of(settings_.epoch, gateway_lane | (own_orders_ + 1));
        stop->time = now;
        if (!may_leave(*stop, now)) continue;
        ++own_orders_;
        naked.placed = now;
        naked.next = now + doubled_wait(settings_.stop_retry, naked.stops++, settings_.longest_retry);
        place(*stop, now, out);
    }
}

}  // namespace gateways
