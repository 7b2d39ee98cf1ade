#pragma once

#include "gateways/exchange/refusal.hpp"

#include <string_view>

namespace gateways::binance {

/// What one of Binance's codes means. The venue has one code for many rules (-1013, -2010), so the words count, too.
/// Source: Binance Spot API, errors.md and filters.md; USDⓈ-M Futures, Error Codes.
exchange::CodeMeaning meaning_of(std::string_view code, std::string_view message) noexcept;

}  // namespace gateways::binance
