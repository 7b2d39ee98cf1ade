#pragma once

#include "gateways/exchange/handler.hpp"

/// The parts of Binance's exchange service: each builds and reads a group of calls.
namespace gateways::binance {

/// "/api/v3", "/fapi/v1" or "/dapi/v1": where most endpoints of a host live.
std::string_view prefix(exchange::Host host) noexcept;
/// The host of a market.
exchange::Host host_of(const exchange::Market& market) noexcept;
/// The host of a call without symbol, from `type` or `subType` in its options; spot if they say nothing.
exchange::Host host_of(const exchange::Ask& ask) noexcept;
inline bool is_contract(exchange::Host host) noexcept {
    return host != exchange::Host::spot;
}

// Market data: exchange_market_data.cpp
exchange::Expected<std::vector<exchange::Request>> build_ticker(const exchange::Ask& ask);
exchange::Expected<exchange::Unified> read_ticker(const exchange::Answer& answer);

/// The error in an answer, if it is one: {"code":-2013,"msg":"…"}, or a status past 399.
std::optional<exchange::ApiError> error_of(exchange::Call call, const exchange::Response& response,
                                           const exchange::Value& body);

}  // namespace gateways::binance
