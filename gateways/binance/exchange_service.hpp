#pragma once

#include "gateways/exchange/handler.hpp"

namespace gateways::binance {

/// The unified calls of Binance: spot, USD-M and COIN-M, told apart by the market's symbol (or `type` in the options
/// where there is none: "spot", "swap" or "linear", "inverse").
/// Source: Binance Spot API, rest-api.md; Derivatives, USDⓈ-M and COIN-M Futures, REST.
class ExchangeService final : public exchange::TableService {
public:
    static constexpr std::string_view receive_window_ms = "5000";

    ExchangeService() noexcept;

    [[nodiscard]] core::Venue venue() const noexcept override { return core::Venue::binance; }
    [[nodiscard]] exchange::Expected<std::vector<exchange::Market>> parse_markets(
        const exchange::Value& answer) const override;
    [[nodiscard]] const std::vector<exchange::Market>& main_markets() const override;
    /// HMAC-SHA256 over query and body as sent, in hex, as the last parameter.
    [[nodiscard]] exchange::WireRequest prepare(const exchange::Request& request, const exchange::Credentials* keys,
                                                core::Nanoseconds timestamp,
                                                exchange::Environment environment) const override;

private:
    [[nodiscard]] std::optional<exchange::ApiError> error_in(exchange::Call call, const exchange::Response& response,
                                                             const exchange::Value& document) const override;
};

}  // namespace gateways::binance
