#pragma once

#include "core/domain/time.hpp"
#include "gateways/exchange/value.hpp"

#include <optional>

namespace gateways::exchange {

using Time = std::optional<core::Nanoseconds>;

/// A venue's time in milliseconds since the epoch (number or text, a fraction is cut), or nothing; 0 and below mean
/// "none" everywhere.
Time time_of_ms(const Value& value) noexcept;

/// Nanoseconds as a number, or null; and as ISO 8601 text.
Value time_value(const Time& time);
Value datetime_value(const Time& time);

}  // namespace gateways::exchange
