#pragma once

#include "gateways/exchange/handler.hpp"

/// The parts of OKX's exchange service: each builds and reads a group of calls.
namespace gateways::okx {

using exchange::Outcome;
using exchange::Requests;

/// "SPOT", "SWAP" or "FUTURES".
std::string_view instrument_type(exchange::MarketType type) noexcept;
/// The type of a call: of its symbol or the first of its symbols, else of `instType` or `type` in the options, else
/// `otherwise`. Errors: bad_request.
struct Scope {
    std::string instrument_type{};
    const exchange::Market* market{};
};
exchange::Expected<Scope> scope_of(const exchange::Ask& ask, bool needs_symbol, exchange::MarketType otherwise);

exchange::Request get_request(std::string_view path, bool is_signed);
exchange::Request post_request(std::string_view path, exchange::Value body);
/// Passes on the options of a call that are the venue's own.
void pass_options(exchange::Value& to, const exchange::Ask& ask);
/// Whether the call is about orders that wait for a price.
bool is_trigger(const exchange::Ask& ask) noexcept;

/// The list in an answer.
const exchange::Value& data_of(const exchange::Answer& answer) noexcept;
exchange::ApiError missing(std::string_view what);
const exchange::Market* market_of_id(const exchange::Context& context, std::string_view id);
std::string symbol_in(const exchange::Answer& answer, const exchange::Value& row);

// Markets: exchange_markets.cpp
exchange::Expected<std::vector<exchange::Market>> markets_of(const exchange::Value& data);
const std::vector<exchange::Market>& the_main_markets();

// Market data: exchange_market_data.cpp, exchange_market_reading.cpp
Requests build_time(const exchange::Ask& ask);
Requests build_markets(const exchange::Ask& ask);
Requests build_ticker(const exchange::Ask& ask);
Requests build_tickers(const exchange::Ask& ask);
Requests build_order_book(const exchange::Ask& ask);
Requests build_ohlcv(const exchange::Ask& ask);
Requests build_trades(const exchange::Ask& ask);
Requests build_funding(const exchange::Ask& ask);
Requests build_funding_history(const exchange::Ask& ask);
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
/// An order that waits for a price is an algo order and goes to another endpoint.
struct OrderBody {
    exchange::Value body{};
    bool is_algo{};
};
exchange::Expected<OrderBody> order_body(const exchange::Context& context, const exchange::OrderWish& wish);
exchange::Expected<OrderBody> edit_body(const exchange::Context& context, const exchange::OrderWish& wish,
                                        std::string_view id);
Requests build_order(const exchange::Ask& ask);
Requests build_orders(const exchange::Ask& ask);
Requests build_edit(const exchange::Ask& ask);
Requests build_cancel(const exchange::Ask& ask);
Requests build_cancels(const exchange::Ask& ask);
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

/// The error of an answer as a whole: {"code":"50113","msg":"…"}, or a status past 399. Codes 1 and 2 say that orders
/// were refused; each of them carries its own reason.
std::optional<exchange::ApiError> error_of(exchange::Call call, const exchange::Response& response,
                                           const exchange::Value& body);
/// The error of one order in an answer, by its sCode.
std::optional<exchange::ApiError> order_error_of(exchange::Call call, const exchange::Value& row);

}  // namespace gateways::okx
