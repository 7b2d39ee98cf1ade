#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/rate_limit.hpp"
#include "gateways/orders/live_gateway.hpp"

#include <span>

namespace gateways::live {

/// What a venue takes from one IP or account, all callers of this host together. Where a venue counts each endpoint by
/// itself, all of them share the strictest count: less than is allowed, never more.
/// Sources: Binance exchangeInfo "rateLimits" (2400 a minute of USD-M, 6000 of spot); Bybit v5 "Rate Limit Rules" (600
/// in five seconds an IP); OKX v5 "Rate limits" (60 orders in two seconds); Bitget "Common, FAQ" (10 a second a UID of
/// most private endpoints, 6000 a minute an IP).
core::RateRules rate_rules(core::Venue venue, std::span<const core::Market> markets) noexcept;

/// What LiveGateway has to know of a venue: weights of its requests in that budget, whether orders go over a WebSocket.
/// Without the venue's dead-man timer.
LiveSettings gateway_settings(core::Venue venue) noexcept;

}  // namespace gateways::live
