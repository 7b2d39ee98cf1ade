#pragma once

#include "gateways/exchange/value.hpp"
#include "gateways/streams/reading.hpp"

namespace gateways::binance {

/// What an answer says of the address's budget, and until when we are to be silent. Source: web-socket-api.md, "Rate
/// limits": error.data.serverTime and retryAfter, both in ms since the epoch.
void read_limits(const exchange::Value& answer, streams::Reading& reading);

}  // namespace gateways::binance
