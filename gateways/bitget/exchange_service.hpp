#pragma once

#include "gateways/exchange/handler.hpp"

namespace gateways::bitget {

/// The unified calls of Bitget: spot, and futures by their product type, of the classic account (API v2); with the
/// option `uta` those of a unified account (API v3) where it has them.
/// Source: Bitget API documents, "Spot", "Future", "Unified Trading Account".
class ExchangeService final : public exchange::TableService {
public:
    ExchangeService() noexcept;

    [[nodiscard]] core::Venue venue() const noexcept override { return core::Venue::bitget; }
    [[nodiscard]] exchange::Expected<std::vector<exchange::Market>> parse_markets(
        const exchange::Value& answer) const override;
    [[nodiscard]] const std::vector<exchange::Market>& main_markets() const override;
    /// ACCESS-SIGN: base64 of HMAC-SHA256 over time, method, path with sorted query, and body. The demo account is the
    /// same host with the header paptrading.
    [[nodiscard]] exchange::WireRequest prepare(const exchange::Request& request, const exchange::Credentials* keys,
                                                core::Nanoseconds timestamp,
                                                exchange::Environment environment) const override;

private:
    [[nodiscard]] std::optional<exchange::ApiError> error_in(exchange::Call call, const exchange::Response& response,
                                                             const exchange::Value& document) const override;
    [[nodiscard]] const exchange::Value& inside(const exchange::Value& document) const noexcept override;
};

}  // namespace gateways::bitget
