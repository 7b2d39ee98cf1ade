#include "gateways/orders/order_facts.hpp"

#include "gateways/orders/fill_memory.hpp"
#include "gateways/orders/ledger.hpp"

#include <algorithm>

namespace gateways {

namespace {

void end(TrackedOrder& order, VenueStatus status) noexcept {
    order.exists = order.exists || status != VenueStatus::rejected;
    order.is_cancelled = order.is_cancelled || status == VenueStatus::cancelled;
    order.is_rejected = order.is_rejected || status == VenueStatus::rejected;
    order.is_expired = order.is_expired || status == VenueStatus::expired;
    order.is_filled = order.is_filled || status == VenueStatus::filled;
    order.doubt = false;
}

/// What the venue knows of the order that we do not: of orders that are not ours everything.
void learn_terms(TrackedOrder& order, const OrderUpdate& update) noexcept {
    if (!order.outside) return;
    if (order.order.quantity.units == 0) order.order.quantity = update.quantity;
    if (order.order.price.units == 0) order.order.price = update.price;
    if (order.order.trigger.units == 0) order.order.trigger = update.trigger;
    order.order.type = std::max(order.order.type, update.type);
    order.order.time_in_force = std::max(order.order.time_in_force, update.time_in_force);
    order.order.reduce_only = order.order.reduce_only || update.reduce_only;
    order.conditional = order.conditional || update.conditional;
}

void learn_update(TrackedOrder& order, const VenueEvent& event) noexcept {
    const auto& update = event.update;
    learn_terms(order, update);
    order.claimed = std::max(order.claimed, update.filled);
    if (update.status == VenueStatus::rejected) order.refusal = update.refusal;
    if (final(update.status)) return end(order, update.status);
    order.exists = true;
    if (final(order.state())) return;  // late: it was open once
    if (event.source == EventSource::query) {
        // It is there, and what was asked before has not ended it: neither the create nor a cancel is in doubt now.
        if (order.cancel_asked && order.doubt) order.cancel_refused = true;
        order.doubt = order.refused = false;
    } else if (!order.cancel_asked) {
        order.doubt = false;
    }
}

void learn_rejection(TrackedOrder& order, const VenueEvent& event, const LedgerSettings& settings) noexcept {
    order.refusal = event.rejected.refusal;
    if (event.source != EventSource::answer) return end(order, VenueStatus::rejected);
    if (event.rejected.refusal == Refusal::duplicate_id) {  // so there is one, by this very id
        if (!order.exists && !final(order.state())) begin_doubt(order, event.receive_time, settings);
        return;
    }
    order.refused = true;
    if (!order.exists) order.doubt = false;
}

void learn_cancel_refusal(TrackedOrder& order, const VenueEvent& event, const LedgerSettings& settings) noexcept {
    order.cancel_refused = true;
    if (final(order.state())) return;
    order.refusal = event.rejected.refusal;
    const bool gone =
        event.rejected.refusal == Refusal::unknown_order || event.rejected.refusal == Refusal::already_final;
    if (gone) begin_doubt(order, event.receive_time, settings);
}

}  // namespace

void begin_doubt(TrackedOrder& order, core::Nanoseconds now, const LedgerSettings& settings) noexcept {
    if (order.doubt) return;
    order.doubt = true;
    order.lost_at = now;
    order.asks = 0;
    order.next_ask = now + settings.ask_first;
}

void learn_facts(TrackedOrder& order, const VenueEvent& event, bool fresh_fill, bool recorded,
                 const LedgerSettings& settings) noexcept {
    const bool complete = order.missing().units == 0, was_absent = order.absent;
    if (shows_an_order(event)) order.absent = false;
    order.by_venue = order.by_venue || event.origin != OrderOrigin::account;
    switch (event.kind) {
        case VenueEventKind::acknowledged:
            order.exists = true;
            if (!order.cancel_asked) order.doubt = false;
            break;
        case VenueEventKind::order_update: learn_update(order, event); break;
        case VenueEventKind::fill:
            order.exists = true;
            if (!order.cancel_asked) order.doubt = false;
            if (fresh_fill) order.booked = order.booked + event.fill.quantity;
            order.claimed = std::max({order.claimed, event.fill.filled, order.booked});
            break;
        case VenueEventKind::rejected: learn_rejection(order, event, settings); break;
        case VenueEventKind::cancelled:
        case VenueEventKind::expired:
            if (event.closed.filled_known) order.claimed = std::max(order.claimed, event.closed.filled);
            end(order, event.kind == VenueEventKind::expired ? VenueStatus::expired : VenueStatus::cancelled);
            break;
        case VenueEventKind::cancel_rejected: learn_cancel_refusal(order, event, settings); break;
        case VenueEventKind::not_found:
            // An order sent a moment ago may not have reached the place where orders are looked up.
            if (!final(order.state()) &&
                (recorded || (order.asks > 0 && order.asked_at - order.created >= settings.propagation_bound))) {
                order.absent = true;
                order.doubt = false;
            }
            break;
        case VenueEventKind::outcome_unknown:
            order.sent = true;
            // The create's outcome is known once the venue has spoken of the order; then it can only be a cancel's.
            if (!final(order.state()) && (!order.exists || order.cancel_asked))
                begin_doubt(order, event.receive_time, settings);
            break;
        default: break;
    }
    // It lives although we were told that it was refused, or that there is none: one of the two is wrong, so ask.
    const bool asked = event.kind == VenueEventKind::order_update && event.source == EventSource::query;
    if (order.exists && !asked && (order.refused || (was_absent && !order.absent)))
        begin_doubt(order, event.receive_time, settings);
    if (final(order.state())) order.doubt = false;
    if (complete && order.missing().units > 0) {
        order.asks = 0;
        order.next_ask = event.receive_time + settings.ask_first;
    }
}

void join_facts(TrackedOrder& into, const TrackedOrder& from) noexcept {
    into.booked = into.booked + from.booked;
    into.claimed = std::max({into.claimed, from.claimed, into.booked});
    into.exists = into.exists || from.exists;
    into.is_cancelled = into.is_cancelled || from.is_cancelled;
    into.is_rejected = into.is_rejected || from.is_rejected;
    into.is_expired = into.is_expired || from.is_expired;
    into.is_filled = into.is_filled || from.is_filled;
    if (final(into.state())) into.doubt = false;
}

bool shows_an_order(const VenueEvent& event) noexcept {
    switch (event.kind) {
        case VenueEventKind::acknowledged:
        case VenueEventKind::order_update:
        case VenueEventKind::fill:
        case VenueEventKind::cancelled:
        case VenueEventKind::expired: return event.order.value != 0 || !event.venue_order.empty();
        default: return false;
    }
}

TrackedOrder outside_order(const VenueEvent& event) noexcept {
    TrackedOrder order;
    order.order.id = event.order.value != 0
                         ? event.order
                         : core::OrderId{outside_bit | hash_bytes(event.venue_order.view(),
                                                                  static_cast<std::uint64_t>(event.venue) + 1)};
    order.order.instrument = event.instrument;
    order.order.venue = event.venue;
    order.order.side = event.side;
    order.created = event.receive_time;
    order.sent = true;
    order.outside = true;
    return order;
}

bool same_facts(const TrackedOrder& a, const TrackedOrder& b) noexcept {
    const auto flags = [](const TrackedOrder& o) {
        return std::array{o.exists,    o.refused,      o.absent,         o.is_cancelled, o.is_rejected, o.is_expired,
                          o.is_filled, o.cancel_asked, o.cancel_refused, o.doubt,        o.by_venue,    o.conditional};
    };
    return flags(a) == flags(b) && a.booked == b.booked && a.claimed == b.claimed && a.refusal == b.refusal &&
           a.order.quantity == b.order.quantity && a.order.price == b.order.price &&
           a.order.trigger == b.order.trigger && a.order.type == b.order.type &&
           a.order.time_in_force == b.order.time_in_force && a.order.reduce_only == b.order.reduce_only;
}

core::Tick execution_tick(const TrackedOrder& order, const VenueEvent& event, core::Execution what) noexcept {
    core::Tick tick;
    tick.venue_time = event.venue_time;
    tick.receive_time = event.receive_time;
    tick.instrument = order.order.instrument;
    tick.venue = order.order.venue;
    tick.kind = core::TickKind::execution;
    tick.side = order.order.side;
    tick.code = static_cast<std::uint16_t>(what);
    if (what == core::Execution::rejected || what == core::Execution::cancel_rejected)
        tick.code = static_cast<std::uint16_t>(tick.code | static_cast<unsigned>(to_reject_reason(order.refusal)) << 8);
    const auto done = std::max(order.booked, order.claimed);
    const auto left = order.order.quantity > done ? order.order.quantity - done : core::Quantity{};
    tick.execution = {.order_id = order.order.id.value, .price = {}, .quantity = left, .fee = {}};
    return tick;
}

VenueEvent own_event(VenueEventKind kind, EventSource source, const core::Order& order,
                     core::Nanoseconds now) noexcept {
    VenueEvent event;
    event.kind = kind;
    event.source = source;
    event.venue = order.venue;
    event.side = order.side;
    event.instrument = order.instrument;
    event.venue_time = event.receive_time = now;
    event.order = order.id;
    return event;
}

core::Tick refusal_tick(const core::Order& order, core::RejectReason why, core::Nanoseconds now) noexcept {
    core::Tick tick;
    tick.venue_time = tick.receive_time = now;
    tick.instrument = order.instrument;
    tick.venue = order.venue;
    tick.kind = core::TickKind::execution;
    tick.side = order.side;
    tick.code =
        static_cast<std::uint16_t>(static_cast<unsigned>(core::Execution::rejected) | static_cast<unsigned>(why) << 8);
    tick.execution = {.order_id = order.id.value, .price = {}, .quantity = order.quantity, .fee = {}};
    return tick;
}

}  // namespace gateways
