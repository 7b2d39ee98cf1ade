#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/rate_limit.hpp"
#include "gateways/orders/live_gateway.hpp"

#include <span>

namespace gateways::live {

/// What a venue takes from one IP or account, all callers of this host together: a window for each host or class of
/// endpoints that it counts by itself, in which endpoints of one class share the strictest count. Orders are those of
/// the strictest market in use, for LiveGateway pays them without a word of the market.
/// Sources: Binance exchangeInfo "rateLimits" (weight 6000 a minute of spot, 2400 of USD-M; orders 50 in ten seconds of
/// spot, 300 and 1200 a minute of USD-M); Bybit v5 "Rate Limit Rules" (600 in five seconds an IP, orders 10 a second of
/// contracts and 20 of spot, questions 50); OKX v5, at each endpoint (in two seconds: orders 60, algo orders 20, an
/// order, open orders and three days' fills 60, positions, balances and older lists 10, books 40); Bitget "Common, FAQ"
/// and at each endpoint (a second: private ones 10, all-position 5, public ones 20; 6000 a minute an IP).
core::RateRules rate_rules(core::Venue venue, std::span<const core::Market> markets) noexcept;

/// How long an order that the venue may still carry out can be on its way: until then "not found" proves nothing. All
/// creates leave within 5 s. Binance and Bybit refuse what is signed 5 s ago; OKX and Bitget, whose algo, plan and
/// futures orders bear no deadline, what is signed 30 s ago.
core::Nanoseconds not_found_bound(core::Venue venue) noexcept;

/// What LiveGateway has to know of a venue: weights of its requests in that budget, whether orders go over a WebSocket.
/// Questions weigh nothing there: whoever sends pays for each request (RequestBudget). Without the venue's dead-man
/// timer.
LiveSettings gateway_settings(core::Venue venue) noexcept;

}  // namespace gateways::live
