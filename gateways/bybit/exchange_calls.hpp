#pragma once

#include "gateways/exchange/handler.hpp"

/// The parts of Bybit's exchange service: each builds and reads a group of calls.
namespace gateways::bybit {

using exchange::Outcome;
using exchange::Requests;

/// "spot", "linear" or "inverse": Bybit's category is which of the hosts other venues have.
std::string_view category(exchange::Host host) noexcept;
exchange::Host host_of(const exchange::Market& market) noexcept;

/// Where a call goes, and of which market it speaks if it names one.
struct Scope {
    exchange::Host host{};
    const exchange::Market* market{};
};
/// From the argument `symbol`, else the first of `symbols`, else the options. Errors: bad_request.
exchange::Expected<Scope> scope_of(const exchange::Ask& ask, bool needs_symbol);

/// GET with the category, and the symbol if there is one, in the query; POST with them in a JSON body.
exchange::Request get_request(const Scope& scope, std::string_view path, bool is_signed);
exchange::Request post_request(const Scope& scope, std::string_view path);
/// Passes on the options of a call that are the venue's own.
void pass_options(exchange::Value& to, const exchange::Ask& ask);

/// The list in an answer, or nothing.
const exchange::Value& list_in(const exchange::Answer& answer) noexcept;
exchange::ApiError missing(std::string_view what);
std::string symbol_in(const exchange::Answer& answer, const exchange::Value& row);

// Markets: exchange_markets.cpp
exchange::Expected<std::vector<exchange::Market>> markets_of(const exchange::Value& result);
const std::vector<exchange::Market>& the_main_markets();

// Market data: exchange_market_data.cpp, exchange_market_reading.cpp
Requests build_time(const exchange::Ask& ask);
Requests build_markets(const exchange::Ask& ask);
Requests build_ticker(const exchange::Ask& ask);
Requests build_tickers(const exchange::Ask& ask);
Requests build_order_book(const exchange::Ask& ask);
Requests build_ohlcv(const exchange::Ask& ask);
Requests build_trades(const exchange::Ask& ask);
Requests build_funding_history(const exchange::Ask& ask);
Requests build_funding_intervals(const exchange::Ask& ask);
Requests build_open_interest(const exchange::Ask& ask);
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

// Orders: exchange_order_building.cpp, exchange_orders.cpp, exchange_order_reading.cpp
exchange::Expected<exchange::Value> order_body(const exchange::Context& context, const exchange::OrderWish& wish);
exchange::Expected<exchange::Value> edit_body(const exchange::Context& context, const exchange::OrderWish& wish,
                                              std::string_view id);
Requests build_order(const exchange::Ask& ask);
Requests build_orders(const exchange::Ask& ask);
Requests build_edit(const exchange::Ask& ask);
Requests build_cancel(const exchange::Ask& ask);
Requests build_cancels(const exchange::Ask& ask);
Requests build_cancel_all(const exchange::Ask& ask);
Requests build_cancel_all_after(const exchange::Ask& ask);
Requests build_fetch_order(const exchange::Ask& ask);
Requests build_fetch_orders(const exchange::Ask& ask);
Requests build_open_orders(const exchange::Ask& ask);
Requests build_closed_orders(const exchange::Ask& ask);
Requests build_my_trades(const exchange::Ask& ask);
Outcome read_placed(const exchange::Answer& answer);
Outcome read_placed_list(const exchange::Answer& answer);
Outcome read_order(const exchange::Answer& answer);
Outcome read_orders(const exchange::Answer& answer);
Outcome read_my_trades(const exchange::Answer& answer);

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

/// The error in an answer, if it is one: {"retCode":10001,"retMsg":"…"}, or a status past 399.
std::optional<exchange::ApiError> error_of(exchange::Call call, const exchange::Response& response,
                                           const exchange::Value& body);
/// The class of a retCode in answer to this call: codes without a row fall to their family, but where the call makes
/// orders to `unknown_outcome`.
exchange::ErrorKind kind_of(exchange::Call call, std::int64_t code) noexcept;

}  // namespace gateways::bybit
