#include "tests/gateways/exchange/golden_answers.hpp"

#include <gtest/gtest.h>

namespace gateways::exchange {
namespace {

constexpr test::GoldenRow endpoints[] = {
    {"V5Api/Account/GetAccountSpotSymbols", "fetch_markets", "[]", "/v5/market/instruments-info"},
    {"V5Api/Account/SwitchPositionMode", "set_position_mode", "[true]"},
    {"V5Api/ExchangeData/GetIndexPriceKlines", "fetch_ohlcv", R"(["BTC/USD:BTC","1m",null,null,{"price":"index"}])"},
    {"V5Api/ExchangeData/GetLinearInverseSymbolsPreListing", "fetch_markets", R"([{"status":"PreLaunch"}])"},
    {"V5Api/ExchangeData/GetLinearInverseTickers", "fetch_tickers", R"([null,{"subType":"inverse"}])"},
    {"V5Api/ExchangeData/GetOpenInterest", "fetch_open_interest", R"(["BTC/USD:BTC"])"},
    {"V5Api/ExchangeData/GetSpotTickers", "fetch_ticker", R"(["BTC/USDT"])"},
    {"V5Api/ExchangeData/GetTradeHistory", "fetch_trades", R"(["BTC/USDT"])"},
    {"V5Api/Trading/CancelAllOrder", "cancel_all_orders", R"(["BTC/USDT:USDT"])"},
    {"V5Api/Trading/EditMultipleOrders", "cancel_orders", R"([["1","2"],"ETH/USDT:USDT"])", "/v5/order/cancel-batch"},
    {"V5Api/Trading/GetOrderHistory", "fetch_closed_orders", R"(["BTC/USDT:USDT"])"},
    {"V5Api/Trading/GetOrders", "fetch_open_orders", R"(["ETH/USDT:USDT"])"},
    {"V5Api/Trading/PlaceMultipleOrders", "create_orders",
     R"([[{"symbol":"BTC/USDT","type":"limit","side":"buy","amount":1,"price":60000},
          {"symbol":"ETH/USDT","type":"limit","side":"buy","amount":1,"price":2000}]])"},
    {"V5Api/Trading/PlaceOrder", "create_order", R"(["BTC/USDT","limit","buy",0.1,15600,{"postOnly":true}])"},
};

constexpr const char* products = "products other than trading: earn, loans, leveraged tokens";
constexpr const char* spreads = "spread trading: no such unified call";
constexpr const char* options = "options and deliveries: no market of ours";
constexpr const char* wallet = "wallet, assets, conversions, borrowing: not trading";

constexpr test::OutsideRow outside[] = {
    {"V5Api/Earn/", products},
    {"V5Api/CryptoLoan/", products},
    {"V5Api/Account/SetMarginMode", "the recorded answer is a refusal: a test of its own below"},
    {"V5Api/Account/", wallet},
    {"V5Api/ExchangeData/GetLeverageTokens", products},
    {"V5Api/ExchangeData/GetOption", options},
    {"V5Api/ExchangeData/GetDeliveryPrice", options},
    {"V5Api/ExchangeData/GetSpread", spreads},
    {"V5Api/ExchangeData/GetAnnouncements", "news, risk and price limits: no unified call of ours"},
    {"V5Api/ExchangeData/GetRiskLimit", "news, risk and price limits: no unified call of ours"},
    {"V5Api/ExchangeData/GetOrderPriceLimit", "news, risk and price limits: no unified call of ours"},
    {"V5Api/Trading/CancelSpreadOrder", spreads},
    {"V5Api/Trading/CancelAllSpreadOrders", spreads},
    {"V5Api/Trading/EditSpreadOrder", spreads},
    {"V5Api/Trading/GetClosedSpreadOrders", spreads},
    {"V5Api/Trading/GetSpreadUserTrades", spreads},
    {"V5Api/Trading/RedeemLeverageToken", products},
    {"V5Api/Trading/PurchaseLeverageToken", products},
    {"V5Api/Trading/GetLeverageTokenOrderHistory", products},
    {"V5Api/Trading/GetBorrowQuota", wallet},
    {"V5Api/Trading/GetDeliveryHistory", options},
    {"V5Api/Trading/GetSettlementHistory", options},
};

TEST(BybitGolden, EndpointsOfJkorfAreAskedAndReadOrOutside) {
    NEEDS_SHARED_DATA();
    test::check_folder(*make_service(core::Venue::bybit), "bybit", endpoints, outside);
}

TEST(BybitGolden, ARefusedMarginModeSaysWhy) {
    NEEDS_SHARED_DATA();
    const auto endpoint =
        test::read_endpoint(test::shared("golden/jkorf/bybit/Endpoints/V5Api/Account/SetMarginMode.txt"));
    const auto service = make_service(core::Venue::bybit);
    const auto markets = main_market_table(*service);
    const Context context{.markets = markets};
    const auto [call, arguments] = test::bind("set_margin_mode", R"(["portfolio"])");

    const auto requests = service->build(call, arguments, context);
    ASSERT_TRUE(requests);
    const auto result = service->parse(call, arguments, context, requests->front(), {200, {}, endpoint.answer});

    EXPECT_EQ(requests->front().path, endpoint.path);
    EXPECT_EQ(requests->front().body.write(), R"({"setMarginMode":"PORTFOLIO_MARGIN"})");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "3400045");
    EXPECT_NE(result.error().message.find("Equity needs to be"), std::string::npos);
}

constexpr test::GoldenRow answers[] = {
    {"jkorf/bybit/JsonResponses/V5/ExchangeData/GetSpotSymbolsAsync.txt", "fetch_markets", "[]"},
    {"jkorf/bybit/JsonResponses/V5/Trading/GetPositionsAsync2.txt", "fetch_positions", "[]"},
    {"nautilus/bybit/http_get_executions.json", "fetch_my_trades", R"(["BTC/USDT:USDT"])"},
    {"nautilus/bybit/http_get_funding_history.json", "fetch_funding_rate_history", R"(["BTC/USDT:USDT"])"},
    {"nautilus/bybit/http_get_instruments_inverse.json", "fetch_markets", "[]"},
    {"nautilus/bybit/http_get_instruments_linear_symbol_type.json", "fetch_markets", "[]"},
    {"nautilus/bybit/http_get_instruments_spot.json", "fetch_markets", "[]"},
    {"nautilus/bybit/http_get_orderbook.json", "fetch_order_book", R"(["BTC/USDT"])"},
    {"nautilus/bybit/http_get_orders_history.json", "fetch_closed_orders", R"(["BTC/USDT:USDT"])"},
    {"nautilus/bybit/http_get_orders_history_with_duplicate.json", "fetch_closed_orders", "[]"},
    {"nautilus/bybit/http_get_orders_realtime.json", "fetch_open_orders", "[]"},
    {"nautilus/bybit/http_get_orders_realtime_tp_sl.json", "fetch_open_orders", "[]"},
    {"nautilus/bybit/http_get_positions.json", "fetch_positions", "[]"},
    {"nautilus/bybit/http_get_trades_recent.json", "fetch_trades", R"(["BTC/USDT:USDT"])"},
};
constexpr test::OutsideRow answers_outside[] = {
    {"jkorf/bybit/JsonResponses/Derivatives/", "version 3 of the API, which ended"},
    {"jkorf/bybit/JsonResponses/Spot/", "version 3 of the API, which ended"},
    {"jkorf/bybit/JsonResponses/CopyTrading/", "version 3 of the API, which ended"},
    {"jkorf/bybit/JsonResponses/General/", "version 3 of the API, which ended"},
    {"jkorf/bybit/JsonResponses/V5/", "sub-accounts, deposits, margin of a position, leveraged tokens"},
    {"nautilus/bybit/http_get_instruments_option", "options: no market of ours"},
    {"nautilus/bybit/ws_account_", "the private stream's: private_stream_test"},
    {"nautilus/bybit/ws_", "public streams: the feed's"},
};

TEST(BybitGolden, RecordedAnswersAreReadOrOutside) {
    NEEDS_SHARED_DATA();
    const auto service = make_service(core::Venue::bybit);
    test::check_answers(*service, "bybit", {"jkorf/bybit/JsonResponses", "nautilus/bybit"}, answers, answers_outside);
}

}  // namespace
}  // namespace gateways::exchange
