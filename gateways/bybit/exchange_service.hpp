#pragma once

#include "gateways/exchange/handler.hpp"

namespace gateways::bybit {

/// Where `Environment::testnet` leads: the test network with its own keys, or demo trading with the main network's
/// books and keys made in "Demo Trading".
enum class Practice : std::uint8_t { testnet, demo };

/// The unified calls of Bybit v5 for unified accounts: spot, linear and inverse, told apart by the market's symbol (or
/// `type`, `subType` or `category` in the options where there is none; linear if they say nothing).
/// Source: Bybit v5 API documentation, "Market", "Trade", "Position", "Account".
class ExchangeService final : public exchange::TableService {
public:
    static constexpr std::string_view receive_window_ms = "5000";

    explicit ExchangeService(Practice practice = Practice::testnet) noexcept;

    [[nodiscard]] core::Venue venue() const noexcept override { return core::Venue::bybit; }
    [[nodiscard]] exchange::Expected<std::vector<exchange::Market>> parse_markets(
        const exchange::Value& answer) const override;
    [[nodiscard]] const std::vector<exchange::Market>& main_markets() const override;
    /// HMAC-SHA256 in hex over timestamp, key, receive window and what is sent: the query string or the JSON body.
    [[nodiscard]] exchange::WireRequest prepare(const exchange::Request& request, const exchange::Credentials* keys,
                                                core::Nanoseconds timestamp,
                                                exchange::Environment environment) const override;

private:
    [[nodiscard]] std::optional<exchange::ApiError> error_in(exchange::Call call, const exchange::Response& response,
                                                             const exchange::Value& document) const override;
    [[nodiscard]] std::optional<exchange::ApiError> error_without_document(
        exchange::Call call, const exchange::Response& response) const override;

    Practice practice_;
};

}  // namespace gateways::bybit
