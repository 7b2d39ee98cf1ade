#pragma once

#include "gateways/exchange/service.hpp"
#include "tools/omega/keys.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace omega {

/// What a venue's answer about a key says. Anything that it does not say is unknown.
/// Binance: GET /sapi/v1/account/apiRestrictions (Wallet, "Get API Key Permission"). Bybit: GET /v5/user/query-api
/// ("Get API Key Information"). OKX: GET /api/v5/account/config, field `perm` ("Get account configuration").
KeyPermissions read_permissions(core::Venue venue, int status, std::string_view body);

/// Asks the venue what the keys may do: one signed request that changes nothing. `now` is the venue's time. Bitget has
/// no documented call for this, nor has Binance's test network: all unknown.
KeyPermissions ask_permissions(core::Venue venue, const gateways::exchange::Credentials& keys,
                               gateways::exchange::Environment environment,
                               const gateways::exchange::Transport& transport, core::Nanoseconds now);

/// Why no engine should trade with such a key; nothing where it is fit, or where too little is known.
std::optional<std::string> why_unfit(const KeyPermissions& permissions);

/// The check that asks the venue itself over HTTPS, with this machine's time.
PermissionCheck venue_permission_check();

}  // namespace omega
