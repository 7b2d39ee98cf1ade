#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"
#include "core/net/secret.hpp"

#include <span>
#include <string>
#include <string_view>

namespace gateways::bitget {

/// The product an instrument belongs to: "SPOT", "USDT-FUTURES", "USDC-FUTURES" (names that end with PERP),
/// "COIN-FUTURES". Source: Bitget API documents, "Get Contract Config".
std::string_view product_of(const core::Instrument& instrument) noexcept;
/// What a contract's margin is paid in: "USDT", "USDC", or its base coin.
std::string margin_coin_of(const core::Instrument& instrument);

/// The login of a private socket; valid for 30 s from `time` (the venue's clock). HMAC-SHA256 in base64 over the time
/// in seconds and "GET/user/verify".
std::string login_request(const core::Secret& key, const core::Secret& secret, const core::Secret& passphrase,
                          core::Nanoseconds time);
/// Subscribes to the orders, trigger orders and balances of these products, and to the positions of those with any.
std::string subscribe_request(std::span<const std::string_view> products);
/// How many channels that is: each is answered.
unsigned subscribed_channels(std::span<const std::string_view> products) noexcept;
/// To be sent every 30 seconds; the venue closes after two minutes without.
std::string_view ping_request() noexcept;

}  // namespace gateways::bitget
