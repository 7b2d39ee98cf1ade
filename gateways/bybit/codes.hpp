#pragma once

#include "gateways/exchange/error.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstdint>
#include <string_view>

namespace gateways::bybit {

/// What one of Bybit's codes means: to a caller of the unified calls, and to the order ledger.
/// Source: Bybit v5, "Error Codes" (docs/v5/error) and "WebSocket Trade, Guideline".
struct Code {
    std::int32_t code{};
    exchange::ErrorKind kind{};
    Refusal refusal{};
};

/// The row of a retCode, else `other`: of what no table knows nobody can say that nothing was done.
Code meaning_of(std::int64_t code) noexcept;
/// The same, and `invalid_order` for what has no row but stands among the rules of orders (110xxx, 170xxx). For calls
/// that make no order.
exchange::ErrorKind family_of(std::int64_t code) noexcept;

/// Why an order ended, from its rejectReason; `other` for all that the ledger does not tell apart.
Refusal refusal_of_reason(std::string_view reject_reason) noexcept;

}  // namespace gateways::bybit
