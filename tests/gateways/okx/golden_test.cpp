#include "tests/gateways/exchange/golden_answers.hpp"

#include <gtest/gtest.h>

namespace gateways::exchange {
namespace {

constexpr test::GoldenRow endpoints[] = {
    {"UnifiedApi/ExchangeData/GetFundingRates", "fetch_funding_rates", "[]"},
    {"UnifiedApi/ExchangeData/GetKlineHistory", "fetch_ohlcv", R"(["BTC/USDT","1m",1597026383085])"},
    {"UnifiedApi/ExchangeData/GetOpenInterests", "fetch_open_interests", "[]"},
    {"UnifiedApi/ExchangeData/GetRecentTrades", "fetch_trades", R"(["BTC/USDT"])"},
    {"UnifiedApi/ExchangeData/GetTicker", "fetch_ticker", R"(["BTC/USD:BTC"])"},
    {"UnifiedApi/Trading/CancelAlgoOrder", "cancel_order", R"(["1234","BTC/USDT",{"trigger":true}])"},
    {"UnifiedApi/Trading/CancelOrder", "cancel_order", R"(["12345689","BTC/USDT"])"},
    {"UnifiedApi/Trading/GetAlgoOrderList", "fetch_open_orders", R"(["BTC/USDT",null,null,{"trigger":true}])"},
    {"UnifiedApi/Trading/GetOrderArchive", "fetch_closed_orders", R"(["BTC/USDT"])", "/api/v5/trade/orders-history"},
    {"UnifiedApi/Trading/GetOrderDetails", "fetch_order", R"(["680800019749904384","BTC/USDT"])"},
    {"UnifiedApi/Trading/GetUserTrades", "fetch_my_trades", R"(["BTC/USDT"])", "/api/v5/trade/fills-history"},
    {"UnifiedApi/Trading/GetUserTradesArchive", "fetch_my_trades", R"(["BTC/USDT"])"},
    {"UnifiedApi/Trading/PlaceMultipleOrders", "create_orders",
     R"([[{"symbol":"BTC/USDT","type":"limit","side":"buy","amount":1,"price":60000},
          {"symbol":"ETH/USDT","type":"limit","side":"buy","amount":1,"price":2000}]])"},
    {"UnifiedApi/Trading/PlaceOrder", "create_order", R"(["BTC/USDT","limit","buy",0.1,15600])",
     "/api/v5/trade/batch-orders"},
};

constexpr const char* wallet = "wallet, sub-accounts, loans, savings, settings and reports: not trading";
constexpr const char* statistics = "statistics, news and market data that no unified call of ours asks";

constexpr test::OutsideRow outside[] = {
    {"UnifiedApi/Account/", wallet},
    {"UnifiedApi/SubAccounts/", wallet},
    {"UnifiedApi/CopyTrading/", "copy trading: no such unified call"},
    {"UnifiedApi/ExchangeData/", statistics},
    {"UnifiedApi/Trading/OneClickRepay", wallet},
    {"UnifiedApi/Trading/GetOneClickRepayHistory", wallet},
    {"UnifiedApi/Trading/CancelAdvanceAlgoOrder", "iceberg, twap and trailing orders: no such unified call"},
    {"UnifiedApi/Trading/CheckOrder", "a rehearsal of an order: no such unified call"},
    {"UnifiedApi/Trading/ClosePosition", "closes at the market's price without an order of ours: no such unified call"},
};

TEST(OkxGolden, EndpointsOfJkorfAreAskedAndReadOrOutside) {
    NEEDS_SHARED_DATA();
    test::check_folder(*make_service(core::Venue::okx), "okx", endpoints, outside);
}

constexpr test::GoldenRow answers[] = {
    {"nautilus/okx/http_cancel_algo_order_response.json", "cancel_order", R"(["1","BTC/USDT",{"trigger":true}])"},
    {"nautilus/okx/http_get_account_balance.json", "fetch_balance", "[]"},
    {"nautilus/okx/http_get_instruments_futures.json", "fetch_markets", "[]"},
    {"nautilus/okx/http_get_order_book.json", "fetch_order_book", R"(["BTC/USDT"])"},
    {"nautilus/okx/http_get_orders_algo_history.json", "fetch_closed_orders",
     R"(["ETH/USDT:USDT",null,null,{"trigger":true}])"},
    {"nautilus/okx/http_get_orders_algo_pending.json", "fetch_open_orders",
     R"(["BTC/USDT:USDT",null,null,{"trigger":true}])"},
    {"nautilus/okx/http_get_orders_algo_pending_attached_oco.json", "fetch_open_orders",
     R"(["ETH/USDT:USDT",null,null,{"trigger":true,"ordType":"oco"}])"},
    {"nautilus/okx/http_get_positions.json", "fetch_positions", "[]"},
    {"nautilus/okx/http_place_algo_order_response.json", "create_order",
     R"(["BTC/USDT","limit","buy",1,60000,{"triggerPrice":59000}])"},
    {"nautilus/okx/http_set_position_mode_response.json", "set_position_mode", "[true]"},
};
constexpr test::OutsideRow answers_outside[] = {
    {"nautilus/okx/http_balance_detail", "one row of a balance: a test of its own below"},
    {"nautilus/okx/http_get_account_positions-history", "closed positions: no unified call of ours"},
    {"nautilus/okx/http_get_index_price", "index prices: no unified call of ours"},
    {"nautilus/okx/http_get_spreads", "spread trading: no unified call of ours"},
    {"nautilus/okx/http_transaction_detail", "one row of fills: a test of its own below"},
    {"nautilus/okx/ws_orders", "the private stream's: private_stream_test"},
    {"nautilus/okx/ws_account", "the private stream's: private_stream_test"},
    {"nautilus/okx/ws_", "public streams: the feed's"},
};

TEST(OkxGolden, RecordedAnswersAreReadOrOutside) {
    NEEDS_SHARED_DATA();
    test::check_answers(*make_service(core::Venue::okx), "okx", {"nautilus/okx"}, answers, answers_outside);
}

/// Reads one recorded row inside of the envelope that answers have.
Value read_row(const std::string& file, const std::string& before, const std::string& after, std::string_view name,
               std::string_view json) {
    const auto service = make_service(core::Venue::okx);
    const auto markets = main_market_table(*service);
    const Context context{.markets = markets};
    const auto [call, arguments] = test::bind(name, json);
    const auto requests = service->build(call, arguments, context);
    EXPECT_TRUE(requests);
    const auto answer = before + test::text_of(test::shared("golden/nautilus/okx/" + file)) + after;
    const auto result = service->parse(call, arguments, context, requests->front(), {200, {}, answer});
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? to_json(*result) : Value{};
}

TEST(OkxGolden, RowsOfBalancesAreReadWithNewAndOldFields) {
    NEEDS_SHARED_DATA();
    for (const auto* file : {"http_balance_detail_new_fields.json", "http_balance_detail_old_fields.json"}) {
        const auto json = read_row(file, R"({"code":"0","msg":"","data":[{"details":[)", R"(],"uTime":"1"}]})",
                                   "fetch_balance", "[]");
        EXPECT_EQ(json["USDT"]["free"].text(), "100.0") << file;
        EXPECT_EQ(json["USDT"]["total"].text(), "100.0") << file;
        EXPECT_EQ(json["USDT"]["used"].text(), "0") << file;
    }
}

TEST(OkxGolden, ARowOfFillsIsReadWithItsFee) {
    NEEDS_SHARED_DATA();
    const auto json = read_row("http_transaction_detail.json", R"({"code":"0","msg":"","data":[)", "]}",
                               "fetch_my_trades", R"(["BTC/USDT"])");
    EXPECT_EQ(json.at(0)["price"].text(), "42000.5");
    EXPECT_EQ(json.at(0)["cost"].text(), "42.0005");
    EXPECT_EQ(json.at(0)["fee"]["cost"].text(), "-0.042");  // written as a rebate
}

}  // namespace
}  // namespace gateways::exchange
