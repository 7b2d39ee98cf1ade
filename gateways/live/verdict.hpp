#pragma once

#include "core/domain/instrument.hpp"
#include "gateways/exchange/error.hpp"
#include "gateways/orders/venue_event.hpp"

/// For the sources of gateways/live alone.
namespace gateways::live {

/// What an error is to the order it speaks of.
enum class Verdict : std::uint8_t {
    refused,  ///< the venue, or we ourselves, said no: nothing was done
    unknown,  ///< it may have been done
    unsent    ///< not one byte left
};

/// Of a request that changes something. Every 5xx, every code no table knows and every answer that cannot be read is
/// `unknown`.
Verdict verdict_of(const exchange::ApiError& error, Refusal refusal) noexcept;

/// The class of an error in the ledger's words.
Refusal refusal_of(core::Venue venue, const exchange::ApiError& error) noexcept;
Rejected rejected_of(core::Venue venue, const exchange::ApiError& error) noexcept;

}  // namespace gateways::live
