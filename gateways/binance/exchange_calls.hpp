#pragma once

#include "gateways/exchange/handler.hpp"

/// The parts of Binance's exchange service: each builds and reads a group of calls.
namespace gateways::binance {

using exchange::Outcome;
using exchange::Requests;

/// "/api/v3", "/fapi/v1" or "/dapi/v1": where most endpoints of a host live.
std::string_view prefix(exchange::Host host) noexcept;
/// The host of a market.
exchange::Host host_of(const exchange::Market& market) noexcept;
/// The host of a call without symbol, from `type` or `subType` in its options; spot if they say nothing.
exchange::Host host_of(const exchange::Ask& ask) noexcept;
inline bool is_contract(exchange::Host host) noexcept {
    return host != exchange::Host::spot;
}

/// Where a call goes, and of which market it speaks if it names one.
struct Scope {
    exchange::Host host{};
    const exchange::Market* market{};
};
/// From the argument `symbol`, else the first of `symbols`, else the options.
exchange::Expected<Scope> scope_of(const exchange::Ask& ask, bool needs_symbol);

/// A request to `name` below the host's prefix; GET and DELETE carry their parameters in the query, POST and PUT in a
/// form, which is what parameters() gives.
exchange::Request open_request(exchange::Host host, std::string_view name);
exchange::Request signed_request(exchange::Method method, exchange::Host host, std::string_view name);
exchange::Value& parameters(exchange::Request& request) noexcept;
/// Options that steer a call and are not the venue's.
inline constexpr std::string_view steering[] = {
    "type",       "subType",           "trigger",         "stop",  "until",   "conditional",
    "marginMode", "fetchTradesMethod", "portfolioMargin", "price", "paginate"};

// Market data: exchange_market_data.cpp, exchange_market_reading.cpp
Requests build_time(const exchange::Ask& ask);
Requests build_markets(const exchange::Ask& ask);
Requests build_ticker(const exchange::Ask& ask);
Requests build_tickers(const exchange::Ask& ask);
Requests build_order_book(const exchange::Ask& ask);
Requests build_ohlcv(const exchange::Ask& ask);
Requests build_trades(const exchange::Ask& ask);
Requests build_funding_rates(const exchange::Ask& ask);
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

// Markets: exchange_markets.cpp
exchange::Expected<std::vector<exchange::Market>> markets_of(const exchange::Value& exchange_info);
const std::vector<exchange::Market>& the_main_markets();

// Orders: exchange_order_building.cpp, exchange_order_asking.cpp, exchange_order_reading.cpp
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
Requests build_my_trades(const exchange::Ask& ask);
Outcome read_order(const exchange::Answer& answer);
Outcome read_orders(const exchange::Answer& answer);
Outcome read_closed_orders(const exchange::Answer& answer);
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

/// The error in an answer, if it is one: {"code":-2013,"msg":"…"}, or a status past 399.
std::optional<exchange::ApiError> error_of(exchange::Call call, const exchange::Response& response,
                                           const exchange::Value& body);
/// The class of a code by the table alone; `other` is none that it knows.
exchange::ErrorKind kind_of_code(std::string_view code, std::string_view message) noexcept;
/// The class of a code that came in answer to this call, as for one order of a batch: codes without a row fall to their
/// family, but where the call makes orders to `unknown_outcome`.
exchange::ErrorKind kind_of_code(exchange::Call call, std::string_view code, std::string_view message) noexcept;

}  // namespace gateways::binance
