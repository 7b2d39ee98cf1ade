#include "tests/gateways/exchange/golden_answers.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace gateways::exchange {
namespace {

constexpr test::GoldenRow endpoints[] = {
    {"CoinFutures/Account/ChangeInitialLeverage", "set_leverage", R"([10,"BTC/USD:BTC"])"},
    {"CoinFutures/Account/ChangeMarginType", "set_margin_mode", R"(["isolated","BTC/USD:BTC"])"},
    {"CoinFutures/Account/GetPositionInformation", "fetch_positions", R"([null,{"subType":"inverse"}])"},
    {"CoinFutures/Account/ModifyPositionMode", "set_position_mode", R"([true,{"subType":"inverse"}])"},
    {"CoinFutures/ExchangeData/GetAggregatedTradeHistory", "fetch_trades", R"(["BTC/USD:BTC"])"},
    {"CoinFutures/ExchangeData/GetExchangeInfo", "fetch_markets", R"([{"type":"inverse"}])"},
    {"CoinFutures/ExchangeData/GetOrderBook", "fetch_order_book", R"(["BTC/USD:BTC",10])"},
    {"CoinFutures/ExchangeData/GetTickers", "fetch_tickers", R"([null,{"subType":"inverse"}])"},
    {"CoinFutures/ExchangeData/GetTradeHistory", "fetch_trades",
     R"(["BTC/USD:BTC",null,null,{"fetchTradesMethod":"dapiPublicGetHistoricalTrades"}])"},
    {"CoinFutures/Trading/CancelAllOrders", "cancel_all_orders", R"(["BTC/USD:BTC"])"},
    {"CoinFutures/Trading/CancelOrder", "cancel_order", R"(["1","BTC/USD:BTC"])"},
    {"CoinFutures/Trading/GetOrders", "fetch_orders", R"(["BTC/USD:BTC"])"},
    {"CoinFutures/Trading/PlaceMultipleOrders", "create_orders",
     R"([[{"symbol":"BTC/USD:BTC","type":"market","side":"buy","amount":1}]])"},
    {"CoinFutures/Trading/PlaceOrder", "create_order", R"(["BTC/USD:BTC","limit","buy",1,50000])"},
    {"Spot/Account/GetAccountInfo", "fetch_balance", "[]"},
    {"Spot/ExchangeData/GetAggregatedTradeHistory", "fetch_trades", R"(["ETH/USDT"])"},
    {"Spot/ExchangeData/GetKlines", "fetch_ohlcv", R"(["ETH/USDT","1d"])"},
    {"Spot/ExchangeData/GetRecentTrades", "fetch_trades",
     R"(["ETH/USDT",null,null,{"fetchTradesMethod":"publicGetTrades"}])"},
    {"Spot/ExchangeData/GetServerTime", "fetch_time", "[]"},
    {"Spot/ExchangeData/GetTicker", "fetch_ticker", R"(["ETH/USDT"])"},
    {"Spot/ExchangeData/GetUiKlines", "fetch_ohlcv", R"(["ETH/USDT","1d"])", "/api/v3/klines"},
    {"Spot/Trading/CancelOrder", "cancel_order", R"(["1","ETH/USDT"])"},
    {"Spot/Trading/PlaceOrder", "create_order", R"(["ETH/USDT","limit","buy",1,2000])"},
    {"Spot/Trading/PlaceTestOrder", "create_order", R"(["ETH/USDT","limit","buy",1,2000,{"test":true}])"},
    {"Spot/Trading/ReplaceOrder", "edit_order", R"(["1","ETH/USDT","limit","buy",1,2000])"},
    {"UsdFutures/Account/ChangeInitialLeverage", "set_leverage", R"([10,"ETH/USDT:USDT"])"},
    {"UsdFutures/Account/GetAccountInfo", "fetch_balance", R"([{"type":"swap"}])", "/fapi/v3/account"},
    {"UsdFutures/Account/GetAccountInfoV3", "fetch_balance", R"([{"type":"swap"}])"},
    {"UsdFutures/Account/ModifyPositionMode", "set_position_mode", "[true]"},
    {"UsdFutures/ExchangeData/GetFundingInfo", "fetch_funding_intervals", "[]"},
    {"UsdFutures/ExchangeData/GetFundingRates", "fetch_funding_rate_history", R"(["ETH/USDT:USDT"])"},
    {"UsdFutures/ExchangeData/GetIndexPriceKlines", "fetch_ohlcv",
     R"(["ETH/USDT:USDT","1d",null,null,{"price":"index"}])"},
    {"UsdFutures/ExchangeData/GetMarkPrice", "fetch_funding_rate", R"(["BTC/USDT:USDT"])"},
    {"UsdFutures/ExchangeData/GetOpenInterest", "fetch_open_interest", R"(["ETH/USDT:USDT"])"},
    {"UsdFutures/Trading/CancelConditionalOrder", "cancel_order", R"(["1","ETH/USDT:USDT",{"trigger":true}])"},
    {"UsdFutures/Trading/CancelMultipleOrders", "cancel_orders", R"([["1","2"],"ETH/USDT:USDT"])"},
    {"UsdFutures/Trading/GetConditionalOrders", "fetch_orders", R"(["ETH/USDT:USDT",null,null,{"trigger":true}])"},
    {"UsdFutures/Trading/GetOpenOrder", "fetch_order", R"(["1","ETH/USDT:USDT"])", "/fapi/v1/order"},
    {"UsdFutures/Trading/GetOrder", "fetch_order", R"(["1","ETH/USDT:USDT"])"},
    {"UsdFutures/Trading/GetOrders", "fetch_orders", R"(["ETH/USDT:USDT"])"},
    {"UsdFutures/Trading/GetPositions", "fetch_positions", "[]"},
    {"UsdFutures/Trading/PlaceOrder", "create_order", R"(["ETH/USDT:USDT","limit","buy",1,2000])"},
};

constexpr const char* report_only = "reports, settings and limits of an account that no trading call asks";
constexpr const char* wallet = "wallet, deposits, withdrawals, transfers, fiat: not trading";
constexpr const char* margin = "borrowed spot margin: not offered on Binance";
constexpr const char* lists = "order lists (OCO, OTOCO), algorithmic and converted orders: no such unified call";
constexpr const char* statistics = "statistics and market data that no unified call of ours asks";

constexpr test::OutsideRow outside[] = {
    {"General/", "products other than trading: mining, loans, cards, earn, copy trading, NFT"},
    {"CoinFutures/Account/StartUserStream", "listen keys: the private stream's"},
    {"CoinFutures/Account/StopUserStream", "listen keys: the private stream's"},
    {"CoinFutures/Account/", report_only},
    {"CoinFutures/ExchangeData/", statistics},
    {"CoinFutures/Trading/CancelAllOrdersAfterTimeout", "dead man's switch: no unified call of ours"},
    {"Spot/Account/GetMargin", margin},
    {"Spot/Account/Cross", margin},
    {"Spot/Account/EnableIsolated", margin},
    {"Spot/Account/GetIsolated", margin},
    {"Spot/Account/GetInterestMarginData", margin},
    {"Spot/Account/Portfolio", margin},
    {"Spot/Account/GetPortfolio", margin},
    {"Spot/Account/GetCommissionRates", report_only},
    {"Spot/Account/GetOrderRateLimitStatus", report_only},
    {"Spot/Account/GetTradingStatus", report_only},
    {"Spot/Account/GetAccountVip", report_only},
    {"Spot/Account/", wallet},
    {"Spot/ExchangeData/GetMargin", margin},
    {"Spot/ExchangeData/GetIsolated", margin},
    {"Spot/ExchangeData/GetFutureHourly", margin},
    {"Spot/ExchangeData/", statistics},
    {"Spot/Trading/CancelMargin", margin},
    {"Spot/Trading/GetMargin", margin},
    {"Spot/Trading/GetOpenMargin", margin},
    {"Spot/Trading/PlaceMargin", margin},
    {"Spot/Trading/GetPreventedTrades", report_only},
    {"Spot/Trading/GetPay", wallet},
    {"Spot/Trading/", lists},
    {"UsdFutures/Account/", report_only},
    {"UsdFutures/ExchangeData/", statistics},
    {"UsdFutures/Trading/GetOrderEditHistory", report_only},
    {"UsdFutures/Trading/", lists},
};

TEST(BinanceGolden, EndpointsOfJkorfAreAskedAndReadOrOutside) {
    NEEDS_SHARED_DATA();
    test::check_folder(*make_service(core::Venue::binance), "binance", endpoints, outside);
}

constexpr test::GoldenRow nautilus[] = {
    {"futures/http_json/balance.json", "fetch_balance", R"([{"type":"swap"}])"},
    {"futures/http_json/open_algo_orders.json", "fetch_open_orders", R"(["BTC/USDT:USDT",{"trigger":true}])"},
    {"futures/http_json/order_response.json", "create_order", R"(["BTC/USDT:USDT","limit","buy",0.001,50000])"},
    {"futures/http_json/position_risk.json", "fetch_positions", "[]"},
    {"spot/http_json/depth_response.json", "fetch_order_book", R"(["LTC/USDT"])"},
    {"spot/http_json/klines_response.json", "fetch_ohlcv", R"(["LTC/USDT"])"},
    {"spot/http_json/new_order_full_response.json", "create_order", R"(["BTC/USDT","market","sell",10])"},
    {"spot/http_json/open_orders_response.json", "fetch_open_orders", "[]"},
    {"spot/http_json/order_response.json", "fetch_order", R"(["1","LTC/USDT"])"},
    {"spot/http_json/server_time_response.json", "fetch_time", "[]"},
    {"spot/http_json/ticker_price_response.json", "fetch_ticker", R"(["LTC/USDT"])"},
    {"spot/http_json/trades_response.json", "fetch_trades", R"(["LTC/USDT"])"},
};

Expected<Unified> parsed(const Service& service, std::string_view call, std::string_view arguments,
                         const std::string& answer) {
    const auto bound = test::bind(call, arguments);
    const auto markets = main_market_table(service);
    const Context context{.markets = markets};
    const auto requests = service.build(bound.call, bound.arguments, context);
    if (!requests) return requests.error();
    return service.parse(bound.call, bound.arguments, context, requests->front(),
                         {.status = 200, .headers = {}, .body = answer});
}

TEST(BinanceGolden, AnswersThatNautilusRecordedAreRead) {
    NEEDS_SHARED_DATA();
    const auto service = make_service(core::Venue::binance);
    int passed = 0;

    for (const auto& row : nautilus) {
        SCOPED_TRACE(row.file);
        const auto answer = test::text_of(test::shared(std::string{"golden/nautilus/binance/"} + row.file));
        const auto result = parsed(*service, row.call, row.arguments, answer);
        EXPECT_TRUE(result) << (result ? "" : result.error().message);
        passed += result ? 1 : 0;
    }

    test::report("binance nautilus answers", passed, std::size(nautilus));
}

struct Route {
    const char* path;
    const char* call;
    const char* arguments;
};
constexpr Route routes[] = {
    {"/api/v3/allOrders", "fetch_orders", R"(["BTC/USDT"])"},
    {"/api/v3/depth", "fetch_order_book", R"(["BTC/USDT"])"},
    {"/api/v3/klines", "fetch_ohlcv", R"(["BTC/USDT"])"},
    {"/api/v3/openOrders", "fetch_open_orders", "[]"},
    {"/api/v3/ticker/bookTicker", "fetch_ticker", R"(["BTC/USDT"])"},
    {"/api/v3/trades", "fetch_trades", R"(["BTC/USDT"])"},
    {"/dapi/v1/depth", "fetch_order_book", R"(["BTC/USD:BTC"])"},
    {"/dapi/v1/exchangeInfo", "fetch_markets", R"([{"type":"inverse"}])"},
    {"/dapi/v1/fundingInfo", "fetch_funding_intervals", R"([null,{"subType":"inverse"}])"},
    {"/dapi/v1/fundingRate", "fetch_funding_rate_history", R"(["BTC/USD:BTC"])"},
    {"/dapi/v1/indexPriceKlines", "fetch_ohlcv", R"(["BTC/USD:BTC","1M",null,null,{"price":"index"}])"},
    {"/dapi/v1/klines", "fetch_ohlcv", R"(["BTC/USD:BTC"])"},
    {"/dapi/v1/markPriceKlines", "fetch_ohlcv", R"(["BTC/USD:BTC","1M",null,null,{"price":"mark"}])"},
    {"/dapi/v1/ticker/24hr", "fetch_tickers", R"([null,{"subType":"inverse"}])"},
    {"/dapi/v1/ticker/bookTicker", "fetch_tickers", R"([null,{"subType":"inverse"}])"},
    {"/dapi/v1/ticker/price", "fetch_tickers", R"([null,{"subType":"inverse"}])"},
    {"/fapi/v1/depth", "fetch_order_book", R"(["BTC/USDT:USDT"])"},
    {"/fapi/v1/exchangeInfo", "fetch_markets", R"([{"type":"linear"}])"},
    {"/fapi/v1/klines", "fetch_ohlcv", R"(["BTC/USDT:USDT"])"},
    {"/fapi/v1/premiumIndex", "fetch_funding_rates", "[]"},
    {"/fapi/v1/ticker/24hr", "fetch_tickers", R"([null,{"type":"swap"}])"},
    {"/fapi/v1/time", "fetch_time", R"([{"type":"swap"}])"},
    {"/fapi/v1/trades", "fetch_trades", R"(["BTC/USDT:USDT"])"},
};

std::string unpacked(const std::filesystem::path& file) {
    const auto command = "zstd -dcq '" + file.string() + "'";
    std::string text;
    auto* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return text;
    char block[1 << 16];
    for (std::size_t read; (read = std::fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, read);
    pclose(pipe);
    return text;
}

TEST(BinanceGolden, ExchangesThatGocryptotraderRecordedAreRead) {
    NEEDS_SHARED_DATA();
    const auto text = unpacked(test::shared("golden/gocryptotrader/binance_http.json.zst"));
    if (text.empty()) GTEST_SKIP() << "skipped: no program zstd";
    const auto document = Value::parse(text);
    ASSERT_TRUE(document);
    const auto service = make_service(core::Venue::binance);
    int passed = 0, all = 0, refusals = 0;

    for (const auto& route : routes) {
        for (const auto& verb : (*document)["routes"][route.path].items()) {
            for (const auto& exchanged : verb.items()) {
                ++all;
                const auto& data = exchanged["data"];
                SCOPED_TRACE(route.path + exchanged["queryString"].text());
                const auto result = parsed(*service, route.call, route.arguments, data.write());
                const bool refused = data["code"].integer().value_or(0) < 0;
                refusals += refused ? 1 : 0;
                EXPECT_EQ(result.has_value(), !refused) << (result ? "" : result.error().message);
                EXPECT_EQ(result ? "" : result.error().code, data["code"].text());
                passed += result.has_value() != refused ? 1 : 0;
            }
        }
    }

    EXPECT_GT(all, 50);
    EXPECT_GT(refusals, 0);
    test::report("binance gocryptotrader exchanges", passed, all);
}

}  // namespace
}  // namespace gateways::exchange
