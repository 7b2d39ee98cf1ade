#pragma once

#include "gateways/exchange/handler.hpp"

namespace gateways::okx {

/// The unified calls of OKX v5: spot, perpetual swaps and futures, told apart by the market's symbol (or `type` or
/// `instType` in the options where there is none). Amounts of contracts are counted in contracts, as the venue does.
/// Demo trading (Environment::testnet) has the live host, its own keys and the header x-simulated-trading.
/// Source: OKX API v5, "Public Data", "Order Book Trading", "Trading Account".
class ExchangeService final : public exchange::TableService {
public:
    ExchangeService() noexcept;

    [[nodiscard]] core::Venue venue() const noexcept override { return core::Venue::okx; }
    [[nodiscard]] exchange::Expected<std::vector<exchange::Market>> parse_markets(
        const exchange::Value& answer) const override;
    [[nodiscard]] const std::vector<exchange::Market>& main_markets() const override;
    /// HMAC-SHA256 in base64 over the time in ISO 8601, the method, path with query, and body.
    [[nodiscard]] exchange::WireRequest prepare(const exchange::Request& request, const exchange::Credentials* keys,
                                                core::Nanoseconds timestamp,
                                                exchange::Environment environment) const override;

private:
    [[nodiscard]] std::optional<exchange::ApiError> error_in(exchange::Call call, const exchange::Response& response,
                                                             const exchange::Value& document) const override;
};

}  // namespace gateways::okx
