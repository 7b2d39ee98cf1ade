#pragma once

#include "core/domain/result.hpp"
#include "core/domain/time.hpp"
#include "gateways/exchange/value.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gateways::exchange {

enum class MarketType : std::uint8_t { spot, swap, future };
std::string_view name(MarketType type) noexcept;  ///< "spot", "swap", "future"

/// One tradable thing at one venue. Decimals are exact text, "" where the venue does not say.
struct Market {
    std::string id{};      ///< the venue's own text: "BTCUSDT", "BTC-USDT-SWAP"
    std::string symbol{};  ///< unified: "BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC-241227"
    std::string base{}, quote{}, settle{};
    MarketType type{};
    bool linear{}, inverse{};  ///< both false for spot
    std::optional<bool> active{};
    std::string contract_size{};  ///< base (linear) or quote currency (inverse) per contract; "" for spot
    std::string price_step{}, amount_step{};
    std::string min_amount{}, max_amount{}, min_price{}, max_price{}, min_cost{}, max_cost{};
    std::string min_leverage{}, max_leverage{};
    std::optional<core::Nanoseconds> expiry{};

    [[nodiscard]] bool is_contract() const noexcept { return type != MarketType::spot; }
    [[nodiscard]] bool is_inverse() const noexcept { return inverse; }
    /// The text, as a number, cut to the amount step, or rounded to the price step. "" if it is none.
    [[nodiscard]] std::string amount(std::string_view text) const;
    [[nodiscard]] std::string price(std::string_view text) const;
};

/// The unified symbol from its parts; `expiry` (UTC) is written as YYMMDD.
std::string unified_symbol(std::string_view base, std::string_view quote, std::string_view settle = {},
                           std::optional<core::Nanoseconds> expiry = {});

/// The markets of one venue. References stay valid.
class MarketTable {
public:
    void add(Market market);                                                   ///< replaces one of the same symbol
    [[nodiscard]] const Market* find(std::string_view symbol) const noexcept;  ///< by unified symbol
    /// By the venue's text: ids are unique only among spot, linear and inverse markets.
    [[nodiscard]] const Market* find_id(std::string_view id, bool contract) const;
    [[nodiscard]] std::size_t size() const noexcept { return markets_.size(); }
    [[nodiscard]] auto begin() const noexcept { return markets_.begin(); }
    [[nodiscard]] auto end() const noexcept { return markets_.end(); }

private:
    std::deque<Market> markets_;
    std::map<std::string, std::size_t, std::less<>> by_symbol_;
    std::map<std::pair<std::string, bool>, std::size_t> by_id_;
};

/// A market as ccxt shows it, and back (the output of fetch_markets can be kept and read again).
Value to_json(const Market& market);
core::Result<Market> market_of(const Value& json);

}  // namespace gateways::exchange
