#pragma once

#include "gateways/exchange/handler.hpp"

/// The parts of Bitget's exchange service: each builds and reads a group of calls.
namespace gateways::bitget {

using exchange::Outcome;
using exchange::Requests;

/// Which family of endpoints a call goes to.
enum class Area : std::uint8_t { spot, cross_margin, isolated_margin, futures };

/// Where a call goes, and of which market it speaks if it names one.
struct Scope {
    Area area{};
    bool unified{};            ///< of a unified account (v3)
    std::string product_type;  ///< "SPOT", "MARGIN", "USDT-FUTURES", …: v3's category, v2's productType of futures
    const exchange::Market* market{};

    [[nodiscard]] bool is_futures() const noexcept { return area == Area::futures; }
    [[nodiscard]] bool is_margin() const noexcept {
        return area == Area::cross_margin || area == Area::isolated_margin;
    }
    /// What v2 calls the margin coin of the futures market.
    [[nodiscard]] std::string margin_coin() const;
};
/// From the argument `symbol`, else the first of `symbols`, else the options productType, type and subType.
exchange::Expected<Scope> scope_of(const exchange::Ask& ask, bool needs_symbol);
/// The same of a market and the options of an order.
Scope scope_of(const exchange::Market& market, const exchange::Value& params);
/// Calls of futures: productType from the options, USDT-FUTURES if nothing says which.
exchange::Expected<Scope> futures_scope_of(const exchange::Ask& ask, bool needs_symbol);

exchange::Request open_request(std::string path);
exchange::Request signed_get(std::string path);
exchange::Request signed_post(std::string path);

/// Options that steer a call and are not the venue's.
inline constexpr std::string_view steering[] = {
    "uta",    "type",     "subType",       "trigger",     "stop",     "trailing",
    "until",  "hedged",   "oneWayMode",    "productType", "category", "marginMode",
    "method", "paginate", "clientOrderId", "clientOid",   "price",    "useHistoryEndpoint"};

// Market data: exchange_market_data.cpp, exchange_market_reading.cpp
Requests build_time(const exchange::Ask& ask);
Requests build_markets(const exchange::Ask& ask);
Requests build_tickers(const exchange::Ask& ask);
Requests build_order_book(const exchange::Ask& ask);
Requests build_ohlcv(const exchange::Ask& ask);
Requests build_trades(const exchange::Ask& ask);
Requests build_funding_rate(const exchange::Ask& ask);
Requests build_funding_rates(const exchange::Ask& ask);
Requests build_funding_history(const exchange::Ask& ask);
Requests build_funding_intervals(const exchange::Ask& ask);
Requests build_open_interest(const exchange::Ask& ask);
Requests build_open_interests(const exchange::Ask& ask);
Outcome read_time(const exchange::Answer& answer);
Outcome read_markets(const exchange::Answer& answer);
Outcome read_ticker(const exchange::Answer& answer);
Outcome read_tickers(const exchange::Answer& answer);
Outcome read_order_book(const exchange::Answer& answer);
Outcome read_ohlcv(const exchange::Answer& answer);
Outcome read_trades(const exchange::Answer& answer);
Outcome read_funding_rate(const exchange::Answer& answer);
Outcome read_funding_rates(const exchange::Answer& answer);
Outcome read_open_interest(const exchange::Answer& answer);
Outcome read_open_interests(const exchange::Answer& answer);

// Markets: exchange_markets.cpp
exchange::Expected<std::vector<exchange::Market>> markets_of(const exchange::Value& data);
const std::vector<exchange::Market>& the_main_markets();

// Orders: exchange_order_building.cpp, exchange_unified_orders.cpp, exchange_order_editing.cpp,
// exchange_order_asking.cpp, exchange_order_reading.cpp
Requests build_order(const exchange::Ask& ask);
Requests build_orders(const exchange::Ask& ask);
Requests build_edit(const exchange::Ask& ask);
Requests build_cancel(const exchange::Ask& ask);
Requests build_cancels(const exchange::Ask& ask);
Requests build_cancel_all(const exchange::Ask& ask);
Requests build_fetch_order(const exchange::Ask& ask);
Requests build_open_orders(const exchange::Ask& ask);
Requests build_closed_orders(const exchange::Ask& ask);
Requests build_my_trades(const exchange::Ask& ask);
Outcome read_order(const exchange::Answer& answer);
Outcome read_orders(const exchange::Answer& answer);
Outcome read_closed_orders(const exchange::Answer& answer);
Outcome read_my_trades(const exchange::Answer& answer);
/// The body of an order of a unified account, or of a change to one.
exchange::Expected<exchange::Value> unified_order(const exchange::OrderWish& wish, const Scope& scope);
exchange::Value unified_change(const exchange::OrderWish& wish, const Scope& scope, std::string_view id);
/// Stop loss or take profit, by options of that name: "" when there is none.
bool is_stop_or_target(const exchange::OrderWish& wish) noexcept;

// The account: exchange_account.cpp
Requests build_balance(const exchange::Ask& ask);
Requests build_positions(const exchange::Ask& ask);
Requests build_set_leverage(const exchange::Ask& ask);
Requests build_set_margin_mode(const exchange::Ask& ask);
Requests build_set_position_mode(const exchange::Ask& ask);
Outcome read_balance(const exchange::Answer& answer);
Outcome read_positions(const exchange::Answer& answer);
Outcome read_leverage(const exchange::Answer& answer);
Outcome read_done(const exchange::Answer& answer);

/// The error in an answer, if it is one: {"code":"40009","msg":"…"}, or a status past 399.
std::optional<exchange::ApiError> error_of(exchange::Call call, const exchange::Response& response,
                                           const exchange::Value& body);
/// The class of a code by the table alone; `other` is none that it knows.
exchange::ErrorKind kind_of_code(std::string_view code, std::string_view message) noexcept;
/// The class of a code that came in answer to this call, as for one order of a batch: codes without a row fall to their
/// family, but where the call makes orders to `unknown_outcome`.
exchange::ErrorKind kind_of_code(exchange::Call call, std::string_view code, std::string_view message) noexcept;

}  // namespace gateways::bitget
