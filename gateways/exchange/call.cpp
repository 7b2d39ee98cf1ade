#include "gateways/exchange/call.hpp"

#include <array>

namespace gateways::exchange {

namespace {

constexpr std::string_view order = "symbol type side amount price";
constexpr std::string_view orders_of = "symbol since limit";
using enum Access;

constexpr std::array<CallShape, call_count> shapes{{
    {"fetch_time", "fetchTime", "", 0, open},
    {"fetch_markets", "fetchMarkets", "", 0, open},
    {"fetch_ticker", "fetchTicker", "symbol", 1, open},
    {"fetch_tickers", "fetchTickers", "symbols", 0, open},
    {"fetch_order_book", "fetchOrderBook", "symbol limit", 1, open},
    {"fetch_ohlcv", "fetchOHLCV", "symbol timeframe since limit", 1, open},
    {"fetch_trades", "fetchTrades", orders_of, 1, open},
    {"fetch_funding_rate", "fetchFundingRate", "symbol", 1, open},
    {"fetch_funding_rates", "fetchFundingRates", "symbols", 0, open},
    {"fetch_funding_rate_history", "fetchFundingRateHistory", orders_of, 0, open},
    {"fetch_funding_interval", "fetchFundingInterval", "symbol", 1, open},
    {"fetch_funding_intervals", "fetchFundingIntervals", "symbols", 0, open},
    {"fetch_open_interest", "fetchOpenInterest", "symbol", 1, open},
    {"fetch_open_interests", "fetchOpenInterests", "symbols", 0, open},
    {"fetch_balance", "fetchBalance", "", 0, read},
    {"fetch_positions", "fetchPositions", "symbols", 0, read},
    {"create_order", "createOrder", order, 4, write},
    {"create_orders", "createOrders", "orders", 1, write},
    {"create_market_buy_order_with_cost", "createMarketBuyOrderWithCost", "symbol cost", 2, write},
    {"create_market_sell_order_with_cost", "createMarketSellOrderWithCost", "symbol cost", 2, write},
    {"create_stop_loss_order", "createStopLossOrder", "symbol type side amount price stopLossPrice", 4, write},
    {"create_take_profit_order", "createTakeProfitOrder", "symbol type side amount price takeProfitPrice", 4, write},
    {"edit_order", "editOrder", "id symbol type side amount price", 2, write},
    {"edit_order_with_client_order_id", "editOrderWithClientOrderId", "clientOrderId symbol type side amount price", 2,
     write},
    {"cancel_order", "cancelOrder", "id symbol", 1, write},
    {"cancel_order_with_client_order_id", "cancelOrderWithClientOrderId", "clientOrderId symbol", 1, write},
    {"cancel_orders", "cancelOrders", "ids symbol", 1, write},
    {"cancel_orders_with_client_order_ids", "cancelOrdersWithClientOrderIds", "clientOrderIds symbol", 1, write},
    {"cancel_all_orders", "cancelAllOrders", "symbol", 0, write},
    {"cancel_all_orders_after", "cancelAllOrdersAfter", "timeout symbol", 1, write},
    {"fetch_order", "fetchOrder", "id symbol", 1, read},
    {"fetch_order_with_client_order_id", "fetchOrderWithClientOrderId", "clientOrderId symbol", 1, read},
    {"fetch_orders", "fetchOrders", orders_of, 0, read},
    {"fetch_open_orders", "fetchOpenOrders", orders_of, 0, read},
    {"fetch_closed_orders", "fetchClosedOrders", orders_of, 0, read},
    {"fetch_my_trades", "fetchMyTrades", orders_of, 0, read},
    {"set_leverage", "setLeverage", "leverage symbol", 1, write},
    {"set_margin_mode", "setMarginMode", "marginMode symbol", 1, write},
    {"set_position_mode", "setPositionMode", "hedged symbol", 1, write},
}};

}  // namespace

const CallShape& shape(Call call) noexcept {
    return shapes[static_cast<std::size_t>(call)];
}

std::span<const CallShape> all_calls() noexcept {
    return shapes;
}

std::optional<Call> parse_call(std::string_view name) noexcept {
    for (std::size_t i = 0; i < shapes.size(); ++i)
        if (shapes[i].name == name || shapes[i].camel == name) return static_cast<Call>(i);
    return std::nullopt;
}

}  // namespace gateways::exchange
