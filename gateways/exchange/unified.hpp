#pragma once

#include "gateways/exchange/error.hpp"
#include "gateways/exchange/market.hpp"
#include "gateways/exchange/times.hpp"
#include "gateways/exchange/value.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Results of the unified calls, with ccxt's fields. Every decimal is the venue's exact text (or an exact sum or
/// product of such), "" when the venue does not say; a time is nothing when it does not.
namespace gateways::exchange {

struct Fee {
    std::string currency{}, cost{}, rate{};
};

struct Ticker {
    std::string symbol{};
    Time time{};
    std::string high{}, low{}, bid{}, bid_volume{}, ask{}, ask_volume{}, vwap{}, open{}, close{}, previous_close{},
        change{}, percentage{}, average{}, base_volume{}, quote_volume{}, mark_price{}, index_price{};
};

struct BookLevel {
    std::string price{}, amount{};
};
struct OrderBook {
    std::string symbol{};
    Time time{};
    std::string nonce{};                    ///< the venue's sequence number
    std::vector<BookLevel> bids{}, asks{};  ///< best first
};

struct Candle {
    Time time{};  ///< when it opened
    std::string open{}, high{}, low{}, close{}, volume{};
};

/// A public trade, or a fill of ours.
struct Trade {
    std::string id{}, symbol{}, order{}, client_order_id{}, type{}, side{}, taker_or_maker{}, price{}, amount{}, cost{};
    Time time{};
    Fee fee{};
};

struct Order {
    std::string id{}, client_order_id{}, symbol{};
    std::string type{};           ///< "limit" or "market"; of a conditional order what it becomes once released
    std::string time_in_force{};  ///< "GTC", "IOC", "FOK", "PO"; "" unknown
    std::string side{}, price{}, trigger_price{}, stop_loss_price{}, take_profit_price{}, average{}, amount{}, cost{},
        filled{}, remaining{};
    std::string status{};  ///< "open", "closed", "canceled", "expired", "rejected"; "" unknown
    std::optional<bool> post_only{}, reduce_only{};
    Time time{}, last_trade_time{}, last_update_time{};
    Fee fee{};
    std::vector<Trade> trades{};
    std::optional<ApiError> error{};  ///< of one order of a batch that was refused
    std::string released_id{};  ///< of a conditional order whose price has come: the order that it became; not in JSON
};

struct Balance {
    std::string currency{}, free{}, used{}, total{}, debt{};
};
struct Balances {
    Time time{};
    std::vector<Balance> all{};
};

struct Position {
    std::string id{}, symbol{};
    std::string side{};  ///< "long", "short"; "" when flat or unknown
    std::string contracts{}, contract_size{}, entry_price{}, mark_price{}, last_price{}, notional{}, leverage{},
        collateral{}, initial_margin{}, initial_margin_percentage{}, maintenance_margin{},
        maintenance_margin_percentage{}, margin_ratio{}, unrealized_pnl{}, realized_pnl{}, liquidation_price{},
        percentage{}, margin_mode{}, stop_loss_price{}, take_profit_price{};
    std::optional<bool> hedged{};
    Time time{}, last_update_time{};
};

struct FundingRate {
    std::string symbol{}, rate{}, mark_price{}, index_price{}, interest_rate{}, estimated_settle_price{};
    Time time{}, funding_time{}, next_funding_time{};
    std::string interval{};  ///< "8h"
};

struct OpenInterest {
    std::string symbol{}, amount{}, value{};
    Time time{};
};

struct Leverage {
    std::string symbol{}, margin_mode{}, long_leverage{}, short_leverage{};
};

/// The venue said yes and nothing else that matters.
struct Done {};

using Unified =
    std::variant<Done, Time, std::vector<Market>, Ticker, std::vector<Ticker>, OrderBook, std::vector<Candle>,
                 std::vector<Trade>, Balances, std::vector<Position>, Order, std::vector<Order>, FundingRate,
                 std::vector<FundingRate>, OpenInterest, std::vector<OpenInterest>, Leverage>;

/// ccxt's structures as JSON: decimals are text, times nanoseconds with their ISO text beside them, unknown is null.
/// What ccxt keys by symbol (tickers, funding rates, open interests) or by currency (balances) is an object here, too.
Value to_json(const Unified& result);
Value to_json(const ApiError& error);

/// Adds what a second answer of the same call brought (a call may need several requests): lists grow, the rest stays.
void merge(Unified& into, Unified&& more);

}  // namespace gateways::exchange
