#pragma once

#include "core/domain/tick.hpp"
#include "gateways/orders/order_state.hpp"
#include "gateways/orders/venue_event.hpp"

namespace gateways {

struct LedgerSettings;

/// Joins what an event says into an order's facts. `fresh_fill`: it is a fill that was not booked before. `recorded`:
/// the event comes from our own file, where "not found" stands only if it counted.
void learn_facts(TrackedOrder& order, const VenueEvent& event, bool fresh_fill, bool recorded,
                 const LedgerSettings& settings) noexcept;

/// Joins two halves of one order that were held apart. `from` is the outside one.
void join_facts(TrackedOrder& into, const TrackedOrder& from) noexcept;

/// From `now` on its outcome is unknown and asked about; an older doubt goes on.
void begin_doubt(TrackedOrder& order, core::Nanoseconds now, const LedgerSettings& settings) noexcept;

/// The event proves that there is an order, even if we never heard of it.
bool shows_an_order(const VenueEvent& event) noexcept;

/// The record of an order that this ledger did not create. Its id is our own where the text is one of ours (a lost
/// ledger), else made of the venue's id: the same in every run.
TrackedOrder outside_order(const VenueEvent& event) noexcept;

/// Nothing that matters differs.
bool same_facts(const TrackedOrder& a, const TrackedOrder& b) noexcept;

/// An execution tick of the order without fill: its quantity is what is left.
core::Tick execution_tick(const TrackedOrder& order, const VenueEvent& event, core::Execution what) noexcept;

/// What we say of an order ourselves, in the venue's place; the member of `kind` is still to be filled in.
VenueEvent own_event(VenueEventKind kind, EventSource source, const core::Order& order, core::Nanoseconds now) noexcept;

/// The answer to an order that does not leave.
core::Tick refusal_tick(const core::Order& order, core::RejectReason why, core::Nanoseconds now) noexcept;

}  // namespace gateways
