#pragma once

#include "core/domain/order.hpp"
#include "core/domain/tick.hpp"
#include "core/domain/wide.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstdint>
#include <string_view>

namespace gateways {

/// What follows from an event, for whoever owns the sockets and the rings.
enum class EffectKind : std::uint8_t {
    execution,    ///< `tick` goes to the pipeline
    ask_order,    ///< fetch order `id` by its client id (outside orders: by `venue_order`)
    ask_fills,    ///< fetch the fills of order `id`: the venue told of more than it sent
    cancel,       ///< fence: cancel the order `id` / `venue_order`
    resurrected,  ///< order `id`, which we had told to be refused or absent, exists after all: entries must stop
    overfilled,   ///< more was filled than ordered
    unbooked,     ///< a fill that could not be booked: the position must be reconciled
    liquidated,   ///< the venue closes (part of) the position
    outside       ///< first sight of an order that is not ours
};
inline constexpr std::size_t effect_kind_count = 9;
std::string_view name(EffectKind kind) noexcept;

struct Effect {
    EffectKind kind{};
    core::Venue venue{};
    core::InstrumentId instrument{};
    core::OrderId id{};
    VenueId venue_order{};
    core::Tick tick{};  ///< execution
    Amount fee{};       ///< execution of a fill: what it cost, in …
    Asset fee_asset{};  ///< … this currency
    bool fee_valued{};  ///< the tick's fee is that in the quote currency; else it is an assumption against us
};

/// A fill's fee in the quote currency of its instrument, rounded against us: charged in the quote currency, or in the
/// base currency at the fill's price. False: in a third currency, unknown, or out of range.
bool value_fee(const core::Instrument& instrument, const Fill& fill, core::Notional& fee) noexcept;

/// What is charged to a fill whose fee has no value known here (paid in BNB, BGB, OKB, or not told yet): so many
/// millionths of the fill's value, rounded up. Nothing would make every result look better than it is.
core::Notional assumed_fee(const core::Instrument& instrument, const Fill& fill, std::uint32_t ppm) noexcept;

/// What a spot fill's fee took of the base currency itself, in 1e-18 of it: who buys 1 with a fee of 0.1 % holds 0.999.
/// 0 where it was charged in another currency, or of a contract.
core::Int128 fee_in_base(const core::Instrument& instrument, const Fill& fill) noexcept;
/// Takes the whole units out of what is owed (1e-18 of the base currency), rounded up: a part of a unit cannot be sold.
core::Quantity take_units(const core::Instrument& instrument, core::Int128& owed) noexcept;

}  // namespace gateways
