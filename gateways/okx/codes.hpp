#pragma once

#include "gateways/exchange/error.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstdint>
#include <string_view>

namespace gateways::okx {

/// What one of OKX's codes means: to a caller of the unified calls, and to the order ledger.
/// Source: OKX API v5, "Error Code".
struct Code {
    std::int32_t code{};
    exchange::ErrorKind kind{};
    Refusal refusal{};
};

/// The row of a code or sCode, else `other`: of what no table knows nobody can say that nothing was done.
Code meaning_of(std::int64_t code) noexcept;
/// The same, and `invalid_order` for what has no row but stands among the rules of orders (51xxx). For calls that make
/// no order.
exchange::ErrorKind family_of(std::int64_t code) noexcept;

}  // namespace gateways::okx
