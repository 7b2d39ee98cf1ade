#pragma once

#include "gateways/exchange/unified.hpp"
#include "gateways/live/desk.hpp"
#include "gateways/orders/venue_event.hpp"

#include <optional>
#include <vector>

/// Results of the unified calls as events of the account. For the sources of gateways/live alone.
namespace gateways::live {

/// Where an event comes from.
struct Origin {
    const Desk& desk;
    EventSource source{};
    core::Nanoseconds receive_time{};
};

/// A row as an event; nothing: of an instrument that is not in use. Errors: missing_field, malformed, too_precise,
/// out_of_range, oversized, unknown_message (a status nobody documented).
using Reading = core::Result<std::optional<VenueEvent>>;

/// order_update. conditional: it is in the venue's book of orders that wait for a price, and has not been released.
Reading order_event(const Origin& origin, const exchange::Order& order, bool conditional);
/// fill.
Reading fill_event(const Origin& origin, const exchange::Trade& trade);
/// position, of a contract.
Reading position_event(const Origin& origin, const exchange::Position& position);
/// position, of what is held of a spot pair's base currency: whole units of the instrument, what is less is not told.
Reading holding_event(const Origin& origin, const core::Instrument& instrument, const exchange::Balances& balances);

}  // namespace gateways::live
