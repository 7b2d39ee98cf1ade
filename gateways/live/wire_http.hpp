#pragma once

#include "core/net/http_message.hpp"
#include "gateways/exchange/error.hpp"
#include "gateways/exchange/request.hpp"
#include "gateways/exchange/service.hpp"

namespace gateways::live {

/// A signed request as core's client takes it.
core::HttpRequest http_request(const exchange::WireRequest& wire);

/// What came of it in the words of the exchange calls: what certainly never left is `network`, what may have arrived is
/// `unknown_outcome`.
exchange::Expected<exchange::Response> http_response(core::HttpResult result);

}  // namespace gateways::live
