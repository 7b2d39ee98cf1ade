#pragma once

#include "core/domain/result.hpp"
#include "core/domain/time.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateways::streams {

/// A whole number of 64 bits, or nothing.
std::optional<std::int64_t> whole_number(std::string_view text) noexcept;

/// Decimal text of any sign; trailing zeros behind the point are not kept, "" is 0. Exact to 18 digits: venues write
/// averages with more ("67413.5833333333333333"), of which those behind the point and past the 18th are cut off.
/// Errors: malformed; out_of_range (more than 18 digits before the point).
core::Result<Amount> amount(std::string_view text) noexcept;

/// The amount with the other sign: where a venue writes what it took as negative.
constexpr Amount negated(Amount amount) noexcept {
    return {.units = -amount.units, .decimals = amount.decimals};
}

/// A price or quantity of an instrument; "" and "0" are 0. Errors as core::parse_decimal.
core::Result<core::Price> price(std::string_view text, const core::Instrument& instrument) noexcept;
core::Result<core::Quantity> quantity(std::string_view text, const core::Instrument& instrument) noexcept;
/// The same with a sign. Errors: malformed, too_precise, out_of_range.
core::Result<core::Quantity> signed_quantity(std::string_view text, const core::Instrument& instrument) noexcept;

/// a − b − …, never below zero; exact. Errors: out_of_range (not within 64 bits at the finer of their decimals).
core::Result<Amount> rest(Amount from, std::initializer_list<Amount> taken) noexcept;

/// Milliseconds since the epoch, or `otherwise` where there are none ("", 0) or too many for 64 bits of nanoseconds.
core::Nanoseconds time_of_ms(std::optional<std::int64_t> ms, core::Nanoseconds otherwise) noexcept;

/// Our order id in a client order id, or in a request id that begins with one; 0: not of this engine.
core::OrderId order_id(std::string_view client_id) noexcept;

}  // namespace gateways::streams
