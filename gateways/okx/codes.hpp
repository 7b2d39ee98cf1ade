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

/// The row of a code or sCode; codes without one of their own fall to their family (51xxx are rules of orders), else to
/// `other`.
Code meaning_of(std::int64_t code) noexcept;

}  // namespace gateways::okx
