#include "tests/gateways/exchange/golden_answers.hpp"

#include <gtest/gtest.h>

namespace gateways::exchange {
namespace {

constexpr test::GoldenRow endpoints[] = {
    {"Futures/Account/GetBalance", "fetch_balance", R"([{"type":"swap"}])", "/api/v2/mix/account/accounts"},
    {"Futures/Account/SetLeverage", "set_leverage", R"([20,"ETH/USDT:USDT"])"},
    {"Futures/Account/SetMarginMode", "set_margin_mode", R"(["cross","ETH/USDT:USDT"])"},
    {"Futures/Account/SetPositionMode", "set_position_mode", R"([true,"ETH/USDT:USDT"])"},
    {"Futures/ExchangeData/GetHistoricalFundingRate", "fetch_funding_rate_history", R"(["ETH/USDT:USDT"])"},
    {"Futures/ExchangeData/GetHistoricalIndexPriceKlines", "fetch_ohlcv",
     R"(["ETH/USDT:USDT","1d",null,null,{"price":"index"}])"},
    {"Futures/ExchangeData/GetHistoricalKlines", "fetch_ohlcv",
     R"(["ETH/USDT:USDT","1d",null,null,{"useHistoryEndpoint":true}])"},
    {"Futures/ExchangeData/GetNextFundingTime", "fetch_funding_interval", R"(["ETH/USDT:USDT"])"},
    {"Futures/ExchangeData/GetOpenInterest", "fetch_open_interest", R"(["ETH/USDT:USDT"])"},
    {"Futures/ExchangeData/GetOrderBook", "fetch_order_book", R"(["ETH/USDT:USDT"])"},
    {"Futures/Trading/CancelAllOrders", "cancel_all_orders", R"(["ETH/USDT:USDT"])",
     "/api/v2/mix/order/batch-cancel-orders"},
    {"Futures/Trading/CancelMultipleOrders", "cancel_orders", R"([["1","2"],"ETH/USDT:USDT"])"},
    {"Futures/Trading/CancelOrder", "cancel_order", R"(["1","ETH/USDT:USDT"])"},
    {"Futures/Trading/CancelTriggerOrders", "cancel_order", R"(["1","ETH/USDT:USDT",{"trigger":true}])"},
    {"Futures/Trading/EditOrder", "edit_order", R"(["1","ETH/USDT:USDT","limit","buy",1,2000])"},
    {"Futures/Trading/EditTriggerOrder", "edit_order",
     R"(["1","ETH/USDT:USDT","limit","buy",1,2000,{"triggerPrice":2100}])"},
    {"Futures/Trading/GetClosedOrders", "fetch_closed_orders", R"(["ETH/USDT:USDT"])"},
    {"Futures/Trading/GetHistoricalUserTrades", "fetch_my_trades", R"(["ETH/USDT:USDT"])", "/api/v2/mix/order/fills"},
    {"Futures/Trading/GetOpenOrders", "fetch_open_orders", R"(["ETH/USDT:USDT"])"},
    {"Futures/Trading/GetOpenOrders2", "fetch_open_orders", R"([{"type":"swap"}])"},
    {"Futures/Trading/GetOpenTriggerOrders", "fetch_open_orders", R"(["ETH/USDT:USDT",{"trigger":true}])"},
    {"Futures/Trading/GetPositionHistory", "fetch_positions", R"([["ETH/USDT:USDT"],{"useHistoryEndpoint":true}])"},
    {"Futures/Trading/PlaceTpSlOrder", "create_stop_loss_order", R"(["ETH/USDT:USDT","market","sell",1,null,2000])"},
    {"Spot/ExchangeData/GetOrderBook", "fetch_order_book", R"(["ETH/USDT"])"},
    {"Spot/ExchangeData/GetServerTime", "fetch_time", "[]"},
    {"Spot/ExchangeData/GetSymbols", "fetch_markets", R"([{"type":"spot"}])"},
    {"Spot/ExchangeData/GetTickers", "fetch_tickers", "[]"},
    {"Spot/ExchangeData/GetTrades", "fetch_trades", R"(["ETH/USDT",1700000000000])"},
    {"Spot/Margin/CancelCrossOrder", "cancel_order", R"(["1","ETH/USDT",{"marginMode":"cross"}])"},
    {"Spot/Margin/GetCrossBalances", "fetch_balance", R"([{"marginMode":"cross"}])"},
    {"Spot/Margin/GetCrossOpenOrders", "fetch_open_orders", R"(["ETH/USDT",{"marginMode":"cross"}])"},
    {"Spot/Trading/CancelAllTriggerOrders", "cancel_all_orders", R"(["ETH/USDT",{"trigger":true}])"},
    {"Spot/Trading/CancelMultipleOrders", "cancel_orders", R"([["1","2"],"ETH/USDT"])"},
    {"Spot/Trading/CancelOrdersBySymbol", "cancel_all_orders", R"(["ETH/USDT"])"},
    {"Spot/Trading/CancelTriggerOrder", "cancel_order", R"(["1","ETH/USDT",{"trigger":true}])"},
    {"Spot/Trading/GetClosedOrders", "fetch_closed_orders", "[]"},
    {"Spot/Trading/GetOpenOrders", "fetch_open_orders", "[]"},
    {"Spot/Trading/GetOrder", "fetch_order", R"(["1","ETH/USDT"])"},
    {"Spot/Trading/GetUserTrades", "fetch_my_trades", R"(["ETH/USDT"])"},
    {"Spot/Trading/PlaceMultipleOrders", "create_orders",
     R"([[{"symbol":"ETH/USDT","type":"limit","side":"buy","amount":1,"price":2000}]])"},
    {"Spot/Trading/PlaceOrder", "create_order", R"(["ETH/USDT","limit","buy",1,2000])"},
    {"Spot/Trading/PlaceTriggerOrder", "create_order", R"(["ETH/USDT","limit","buy",1,2000,{"triggerPrice":2100}])"},
    {"Unified/Account/SetHoldMode", "set_position_mode", R"([false,{"uta":true}])"},
    // the record asks for the funding of SPOT, which has none
    {"Unified/ExchangeData/GetFundingRateHistory", "fetch_funding_rate_history", R"(["ETH/USDT:USDT",{"uta":true}])",
     nullptr, "category"},
    {"Unified/ExchangeData/GetFuturesTickers", "fetch_tickers", R"([null,{"uta":true,"type":"swap"}])"},
    {"Unified/ExchangeData/GetKlines", "fetch_ohlcv", R"(["ETH/USDT","1m",null,null,{"uta":true}])"},
    {"Unified/ExchangeData/GetRecentTrades", "fetch_trades", R"(["ETH/USDT",null,null,{"uta":true}])"},
    {"Unified/Trading/EditOrder", "edit_order", R"(["1","ETH/USDT","limit","buy",1,2000,{"uta":true}])"},
    {"Unified/Trading/GetClosedOrders", "fetch_closed_orders", R"([{"uta":true}])"},
    {"Unified/Trading/GetOpenOrders", "fetch_open_orders", R"([{"uta":true,"type":"swap"}])"},
    {"Unified/Trading/GetOpenStrategyOrders", "fetch_open_orders", R"([{"uta":true,"trigger":true}])"},
    {"Unified/Trading/GetOrder", "fetch_order", R"(["1","ETH/USDT",{"uta":true}])"},
    {"Unified/Trading/GetPositions", "fetch_positions", R"([{"uta":true}])"},
    {"Unified/Trading/PlaceStrategyOrder", "create_stop_loss_order",
     R"(["ETH/USDT:USDT","market","sell",1,null,2000,{"uta":true}])"},
};

constexpr const char* reports = "reports, fees, tiers and settings that no trading call asks";
constexpr const char* wallet = "wallet, deposits, withdrawals, transfers: not trading";
constexpr const char* loans = "borrowing, repaying and interest of spot margin: no unified call of ours";

constexpr test::OutsideRow outside[] = {
    {"Futures/Account/", reports},
    {"Futures/ExchangeData/", reports},
    {"Futures/Trading/ClosePosition",
     "closes a position in one request: no unified call of ours (a market order does)"},
    {"Futures/Trading/GetTriggerSubOrders", reports},
    {"Spot/Account/", wallet},
    {"Spot/ExchangeData/GetVipFeeRates", reports},
    {"Spot/Margin/", loans},
    {"Spot/Trading/CancelReplaceMultipleOrders", "changes many orders at once: no unified call of ours"},
    {"Spot/Trading/GetTriggerSubOrders", reports},
    {"Unified/Account/", wallet},
    {"Unified/ExchangeData/", reports},
    {"Unified/Trading/ClosePositions", "closes positions in one request: no unified call of ours"},
    {"Unified/Trading/GetClosedStrategyOrders", reports},
    {"Unified/Trading/GetPosition", reports},
};

TEST(BitgetGolden, EndpointsOfJkorfAreAskedAndReadOrOutside) {
    NEEDS_SHARED_DATA();
    test::check_folder(*make_service(core::Venue::bitget), "bitget", endpoints, outside);
}

}  // namespace
}  // namespace gateways::exchange
