#pragma once

#include "core/domain/time.hpp"
#include "core/net/secret.hpp"

#include <string>
#include <string_view>

namespace gateways::binance {

/// Subscribes to the account's events on spot's WebSocket API, signed, so that any kind of key may and no login is
/// needed; valid for the receive window of 5 s from `time` (the venue's clock). Answered with the id
/// streams::subscribe_request_id. Source: web-socket-api.md, "Subscribe to User Data Stream through signature".
std::string subscribe_request(const core::Secret& key, const core::Secret& secret, core::Nanoseconds time);

/// On the socket of a listen key: lists what it brings. Its answer shows that the venue's side lives; the account's
/// events need no subscription there. Source: Websocket Market Streams, "Live Subscribing/Unsubscribing to streams".
std::string list_request(std::int64_t id);

/// On the sockets of the WebSocket API, each where it has it; answered with the id streams::ping_request_id.
std::string_view spot_ping_request() noexcept;     ///< "Test connectivity"
std::string_view futures_ping_request() noexcept;  ///< "Query Session Status"

}  // namespace gateways::binance
