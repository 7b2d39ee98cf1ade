#include "gateways/bybit/exchange_service.hpp"
#include "gateways/bybit/private_stream.hpp"
#include "tests/gateways/exchange/golden.hpp"

#include <gtest/gtest.h>

namespace gateways::bybit {
namespace {

using namespace exchange;

constexpr const char* published_secret = "22582BD0CFF14C41EDBF1AB98506286D";

struct BybitExchange : testing::Test {
    ExchangeService service;
    MarketTable markets = main_market_table(service);
    Context context{.markets = markets};

    Expected<std::vector<Request>> build(std::string_view name, std::string_view json) {
        const auto [call, arguments] = test::bind(name, json);
        return service.build(call, arguments, context);
    }
    Expected<Unified> parse(std::string_view name, std::string_view json, Response response) {
        const auto [call, arguments] = test::bind(name, json);
        const auto requests = service.build(call, arguments, context);
        if (!requests) return requests.error();
        return service.parse(call, arguments, context, requests->front(), response);
    }
    std::string body(std::string_view name, std::string_view json) {
        const auto requests = build(name, json);
        return requests ? requests->front().body.write() : requests.error().message;
    }
    std::string query(std::string_view name, std::string_view json) {
        const auto requests = build(name, json);
        return requests ? query_string(requests->front().query) : requests.error().message;
    }
    ErrorKind refusal(std::string_view name, std::string_view json) {
        const auto requests = build(name, json);
        EXPECT_FALSE(requests) << name << ' ' << json;
        return requests ? ErrorKind::other : requests.error().kind;
    }
};

/// Source: Bybit v5, "Integration Guidance", the documented vector.
TEST_F(BybitExchange, SignsAsThePublishedVector) {
    const Credentials keys{core::Secret{"XXXXXXXXXX"}, core::Secret{published_secret}, core::Secret{}};
    Request request{.method = Method::get, .path = "/v5/order/realtime"};
    request.query.set("category", "option").set("symbol", "BTC-29JUL22-25000-C");
    request.is_signed = true;

    const auto wire = service.prepare(request, &keys, std::chrono::milliseconds{1658384314791}, Environment::testnet);

    EXPECT_EQ(wire.base, "https://api-testnet.bybit.com");
    EXPECT_EQ(wire.target, "/v5/order/realtime?category=option&symbol=BTC-29JUL22-25000-C");
    ASSERT_EQ(wire.headers.size(), 4u);
    EXPECT_EQ(wire.headers[1].value, "1658384314791");
    EXPECT_EQ(wire.headers[2].value, "5000");
    EXPECT_EQ(wire.headers[3].value, "6ffe92d55e809d8723ee51ed95f03ba8174b905fcdfc37542d56aa0d03b8ffbc");
    EXPECT_TRUE(wire.headers[0].secret && wire.headers[3].secret);
}

TEST_F(BybitExchange, SignsTheBodyOfAPost) {
    const Credentials keys{core::Secret{"XXXXXXXXXX"}, core::Secret{published_secret}, core::Secret{}};
    const auto requests = build("cancel_order", R"(["1","BTC/USDT:USDT"])");
    ASSERT_TRUE(requests);

    const auto one = service.prepare(requests->front(), &keys, std::chrono::milliseconds{1}, Environment::live);
    auto other = requests->front();
    other.body.set("orderId", "2");
    const auto two = service.prepare(other, &keys, std::chrono::milliseconds{1}, Environment::live);

    EXPECT_EQ(one.body, R"({"category":"linear","symbol":"BTCUSDT","orderId":"1"})");
    EXPECT_EQ(one.headers[0].value, "application/json");
    EXPECT_NE(one.headers.back().value, two.headers.back().value);
}

TEST_F(BybitExchange, PractisesOnTheTestnetOrInDemoTrading) {
    const ExchangeService demo{Practice::demo};
    const Request request{.method = Method::get, .path = "/v5/market/time"};

    EXPECT_EQ(demo.prepare(request, nullptr, {}, Environment::testnet).base, "https://api-demo.bybit.com");
    EXPECT_EQ(demo.prepare(request, nullptr, {}, Environment::live).base, "https://api.bybit.com");
    EXPECT_TRUE(service.prepare(request, nullptr, {}, Environment::testnet).headers.empty());
}

TEST_F(BybitExchange, LogsInAsThePublishedVector) {
    EXPECT_EQ(
        login_request(core::Secret{"K"}, core::Secret{published_secret}, std::chrono::milliseconds{1662350400000}),
        R"({"op":"auth","args":["K",1662350400000,)"
        R"("a0400ad4d1c25ebf2021552662d5672b7f399cb2e8a74cc66856886c11c68c46"]})");
}

TEST_F(BybitExchange, TypesTheErrorsOfTheVenue) {
    constexpr std::pair<const char*, ErrorKind> rows[] = {
        {"10001", ErrorKind::bad_request},         {"10002", ErrorKind::nonce},
        {"10003", ErrorKind::authentication},      {"10004", ErrorKind::authentication},
        {"10005", ErrorKind::permission},          {"10006", ErrorKind::rate_limited},
        {"10007", ErrorKind::authentication},      {"10010", ErrorKind::permission},
        {"10014", ErrorKind::unknown_outcome},     {"10016", ErrorKind::unknown_outcome},
        {"10029", ErrorKind::bad_request},         {"110001", ErrorKind::order_not_found},
        {"110003", ErrorKind::invalid_order},      {"110004", ErrorKind::insufficient_funds},
        {"110006", ErrorKind::insufficient_funds}, {"110007", ErrorKind::insufficient_funds},
        {"110008", ErrorKind::order_not_found},    {"110009", ErrorKind::invalid_order},
        {"110010", ErrorKind::order_not_found},    {"110012", ErrorKind::insufficient_funds},
        {"110017", ErrorKind::invalid_order},      {"110043", ErrorKind::unknown_outcome},
        {"110092", ErrorKind::invalid_order},      {"110072", ErrorKind::invalid_order},
        {"170131", ErrorKind::insufficient_funds}, {"170213", ErrorKind::order_not_found},
        {"10404", ErrorKind::bad_request},         {"10429", ErrorKind::rate_limited},
        {"20003", ErrorKind::rate_limited},        {"20006", ErrorKind::bad_request},
        {"110999", ErrorKind::unknown_outcome},    {"170001", ErrorKind::unknown_outcome},
        {"99", ErrorKind::unknown_outcome},
    };
    for (const auto& [code, kind] : rows) {
        const auto result = parse("create_order", R"(["BTC/USDT","limit","buy",1,2])",
                                  {200, {}, R"({"retCode":)" + std::string{code} + R"(,"retMsg":"m","result":{}})"});
        ASSERT_FALSE(result) << code;
        EXPECT_EQ(result.error().kind, kind) << code;
        EXPECT_EQ(result.error().code, code);
    }
}

TEST_F(BybitExchange, AWriteWithoutAReadableAnswerHasAnUnknownOutcome) {
    for (const auto& [status, body] : {std::pair{500, "<html>"}, std::pair{200, "{}"}, std::pair{502, ""},
                                       std::pair{200, R"({"retCode":0,"retMsg":"OK","result":{}})"}}) {
        const auto write = parse("create_order", R"(["BTC/USDT","limit","buy",1,2])", {status, {}, body});
        ASSERT_FALSE(write);
        EXPECT_EQ(write.error().kind, ErrorKind::unknown_outcome) << body;
    }
    const auto read = parse("fetch_balance", "[]", {500, {}, "<html>"});
    EXPECT_EQ(read.error().kind, ErrorKind::maintenance);
    const auto banned = parse("fetch_balance", "[]", {403, {}, "access too frequent"});
    EXPECT_EQ(banned.error().kind, ErrorKind::banned);
    EXPECT_EQ(banned.error().retry_after_s, 600);
}

TEST_F(BybitExchange, AttachesStopLossAndTakeProfit) {
    EXPECT_EQ(body("create_order", R"(["BTC/USDT:USDT","limit","buy",0.001,41000,
                   {"stopLoss":{"triggerPrice":39500,"price":39400},"takeProfit":{"triggerPrice":45000.04}}])"),
              R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","category":"linear","qty":"0.001",)"
              R"("price":"41000","stopLoss":"39500","tpslMode":"Partial","slOrderType":"Limit",)"
              R"("slLimitPrice":"39400","takeProfit":"45000"})");
    EXPECT_EQ(body("create_order", R"(["BTC/USDT","limit","buy",0.001,41000,{"stopLoss":39500}])"),
              R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","category":"spot","qty":"0.001",)"
              R"("price":"41000","stopLoss":"39500","slOrderType":"Market"})");
    EXPECT_EQ(refusal("create_order", R"(["BTC/USDT","market","buy",0.001,41000,{"stopLoss":39500}])"),
              ErrorKind::not_supported);
}

TEST_F(BybitExchange, NamesThePositionInHedgeMode) {
    EXPECT_EQ(body("create_order", R"(["BTC/USDT:USDT","market","sell",0.001,null,{"hedged":true}])"),
              R"({"symbol":"BTCUSDT","side":"Sell","orderType":"Market","category":"linear","qty":"0.001",)"
              R"("positionIdx":2})");
    EXPECT_EQ(body("create_order", R"(["BTC/USDT:USDT","market","sell",0.001,null,{"hedged":true,"reduceOnly":true}])"),
              R"({"symbol":"BTCUSDT","side":"Sell","orderType":"Market","category":"linear","qty":"0.001",)"
              R"("positionIdx":1,"reduceOnly":true})");
}

TEST_F(BybitExchange, RefusesWhatTheVenueWouldMisunderstand) {
    constexpr const char* orders[] = {
        R"(["BTC/USDT:USDT","limit","buy",1])",                          // no price
        R"(["BTC/USDT:USDT","limit","buy",1,100,{"triggerPrice":90}])",  // from which side?
        R"(["BTC/USDT","limit","buy",1,100,{"triggerPrice":90,"triggerDirection":"above"}])",
        R"(["BTC/USDT:USDT","market","buy",1,null,{"cost":100}])",
        R"(["BTC/USDT:USDT","market","buy",1,null,{"postOnly":true}])",
        R"(["BTC/USDT:USDT","limit","buy",1,100,{"timeInForce":"DAY"}])",
        R"(["BTC/USDT:USDT","limit","buy",1,100,{"stopLossPrice":90,"takeProfitPrice":110}])",
        R"(["NONE/USDT","limit","buy",1,100])",
    };
    for (const auto* order : orders) EXPECT_EQ(refusal("create_order", order), ErrorKind::bad_request) << order;
    EXPECT_EQ(refusal("create_order", R"(["BTC/USDT:USDT","limit","buy",0.0001,100])"), ErrorKind::invalid_order);
    EXPECT_EQ(refusal("edit_order", R"(["1","BTC/USDT:USDT","limit","buy"])"), ErrorKind::bad_request);
    EXPECT_EQ(refusal("fetch_funding_rate", R"(["BTC/USDT"])"), ErrorKind::bad_request);
}

TEST_F(BybitExchange, EditsAndCancelsByEitherId) {
    EXPECT_EQ(body("edit_order", R"(["7","BTC/USDT:USDT","limit","buy",0.002,42000.04,{"stopLoss":0}])"),
              R"({"symbol":"BTCUSDT","orderId":"7","category":"linear","qty":"0.002","price":"42000","stopLoss":"0"})");
    EXPECT_EQ(body("edit_order_with_client_order_id", R"(["mine","BTC/USDT:USDT","limit","buy",0.002])"),
              R"({"symbol":"BTCUSDT","orderLinkId":"mine","category":"linear","qty":"0.002"})");
    EXPECT_EQ(body("cancel_order", R"(["7","BTC/USDT",{"trigger":true}])"),
              R"({"category":"spot","symbol":"BTCUSDT","orderId":"7","orderFilter":"StopOrder"})");
    EXPECT_EQ(body("cancel_order_with_client_order_id", R"(["mine","BTC/USDT:USDT"])"),
              R"({"category":"linear","symbol":"BTCUSDT","orderLinkId":"mine"})");
    EXPECT_EQ(body("cancel_all_orders", "[]"), R"({"category":"linear","settleCoin":"USDT"})");
}

TEST_F(BybitExchange, SplitsBatchesAsTheVenueTakesThem) {
    std::string ids;
    for (int i = 0; i < 25; ++i) ids += (i > 0 ? "," : "") + std::to_string(i);

    const auto linear = build("cancel_orders", "[[" + ids + R"(],"BTC/USDT:USDT"])");
    const auto spot = build("cancel_orders", "[[" + ids + R"(],"BTC/USDT"])");

    ASSERT_TRUE(linear && spot);
    EXPECT_EQ(linear->size(), 2u);
    EXPECT_EQ(spot->size(), 3u);
    EXPECT_EQ(spot->back().body["request"].size(), 5u);
    EXPECT_EQ(refusal("create_orders", R"([[{"symbol":"BTC/USDT","type":"limit","side":"buy","amount":1,"price":2},
              {"symbol":"BTC/USDT:USDT","type":"limit","side":"buy","amount":1,"price":2}]])"),
              ErrorKind::bad_request);
}

TEST_F(BybitExchange, TellsWhichOrderOfABatchWasRefused) {
    const auto result = parse(
        "create_orders", R"([[{"symbol":"BTC/USDT","type":"limit","side":"buy","amount":1,"price":2}]])",
        {200, {}, R"({"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCUSDT","orderId":"1","orderLinkId":"a"},
                     {"symbol":"BTCUSDT","orderId":"","orderLinkId":"b"}]},
                     "retExtInfo":{"list":[{"code":0,"msg":"OK"},{"code":170131,"msg":"Balance insufficient"}]}})"});
    ASSERT_TRUE(result);
    const auto& orders = std::get<std::vector<Order>>(*result);
    ASSERT_EQ(orders.size(), 2u);
    EXPECT_FALSE(orders[0].error);
    ASSERT_TRUE(orders[1].error);
    EXPECT_EQ(orders[1].error->kind, ErrorKind::insufficient_funds);
    EXPECT_EQ(orders[1].status, "rejected");
}

TEST_F(BybitExchange, AsksForTheAccount) {
    EXPECT_EQ(query("fetch_balance", "[]"), "accountType=UNIFIED");
    EXPECT_EQ(query("fetch_balance", R"([{"type":"funding"}])"), "accountType=FUND");
    EXPECT_EQ(query("fetch_positions", "[]"), "category=linear&settleCoin=USDT&limit=200");
    EXPECT_EQ(query("fetch_positions", R"([["BTC/USD:BTC"]])"), "category=inverse&symbol=BTCUSD");
    EXPECT_EQ(query("fetch_open_orders", "[]"), "category=linear&settleCoin=USDT");
    EXPECT_EQ(query("fetch_my_trades", R"(["BTC/USDT",1700000000000,50])"),
              "category=spot&symbol=BTCUSDT&limit=50&startTime=1700000000000");
    EXPECT_EQ(body("set_leverage", R"([12.5,"BTC/USDT:USDT"])"),
              R"({"category":"linear","symbol":"BTCUSDT","buyLeverage":"12.5","sellLeverage":"12.5"})");
    EXPECT_EQ(body("set_position_mode", "[true]"), R"({"category":"linear","coin":"USDT","mode":3})");
    EXPECT_EQ(body("set_position_mode", R"([false,"BTC/USDT:USDT"])"),
              R"({"category":"linear","symbol":"BTCUSDT","mode":0})");
}

TEST_F(BybitExchange, ReadsABalanceWithWhatIsBound) {
    const auto result =
        parse("fetch_balance", "[]",
              {200,
               {},
               R"({"retCode":0,"retMsg":"OK","time":1700000000000,"result":{"list":[{"coin":[{"coin":"USDT",
            "walletBalance":"100.5","totalOrderIM":"10","totalPositionIM":"5.25","locked":"0","borrowAmount":"0"}]}]}})"});
    ASSERT_TRUE(result);
    const auto& balance = std::get<Balances>(*result).all.at(0);
    EXPECT_EQ(balance.free, "85.25");
    EXPECT_EQ(balance.used, "15.25");
    EXPECT_EQ(balance.debt, "");
}

TEST_F(BybitExchange, AnOrderInListAndHistoryComesOnce) {
    const auto [call, arguments] = test::bind("fetch_orders", R"(["ETH/USDT:USDT"])");
    const auto requests = service.build(call, arguments, context);
    ASSERT_TRUE(requests);
    ASSERT_EQ(requests->size(), 2u);
    const std::string both =
        R"({"retCode":0,"result":{"list":[{"orderId":"1","symbol":"ETHUSDT","orderStatus":"New"},
            {"orderId":"2","symbol":"ETHUSDT","orderStatus":"Filled"}]}})";

    const auto open = service.parse(call, arguments, context, requests->at(0), {200, {}, both});
    const auto history = service.parse(call, arguments, context, requests->at(1), {200, {}, both});

    ASSERT_TRUE(open && history);
    ASSERT_EQ(std::get<std::vector<Order>>(*open).size(), 1u);
    ASSERT_EQ(std::get<std::vector<Order>>(*history).size(), 1u);
    EXPECT_EQ(std::get<std::vector<Order>>(*open)[0].id, "1");
    EXPECT_EQ(std::get<std::vector<Order>>(*history)[0].id, "2");
}

}  // namespace
}  // namespace gateways::bybit
