#include "gateways/okx/exchange_service.hpp"
#include "gateways/okx/private_stream.hpp"
#include "tests/gateways/exchange/golden.hpp"

#include <gtest/gtest.h>

namespace gateways::okx {
namespace {

using namespace exchange;

constexpr const char* published_secret = "22582BD0CFF14C41EDBF1AB98506286D";

struct OkxExchange : testing::Test {
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
    /// The path behind /api/v5 and the body.
    std::string post(std::string_view name, std::string_view json) {
        const auto requests = build(name, json);
        return requests ? requests->front().path.substr(7) + ' ' + requests->front().body.write()
                        : requests.error().message;
    }
    /// The same of a question.
    std::string get(std::string_view name, std::string_view json) {
        const auto requests = build(name, json);
        return requests ? requests->front().path.substr(7) + '?' + query_string(requests->front().query, false)
                        : requests.error().message;
    }
    ErrorKind refusal(std::string_view name, std::string_view json) {
        const auto requests = build(name, json);
        EXPECT_FALSE(requests) << name << ' ' << json;
        return requests ? ErrorKind::other : requests.error().kind;
    }
};

core::Nanoseconds published_time() {
    return std::chrono::milliseconds{1607418537715};  // 2020-12-08T09:08:57.715Z
}

/// Source: OKX API v5, "Making Requests".
TEST_F(OkxExchange, SignsAsThePublishedVector) {
    const Credentials keys{core::Secret{"K"}, core::Secret{published_secret}, core::Secret{"P"}};
    Request request{.method = Method::get, .path = "/api/v5/account/balance"};
    request.query.set("ccy", "BTC");
    request.is_signed = true;

    const auto wire = service.prepare(request, &keys, published_time(), Environment::live);

    EXPECT_EQ(wire.base + wire.target, "https://www.okx.com/api/v5/account/balance?ccy=BTC");
    ASSERT_EQ(wire.headers.size(), 4u);
    EXPECT_EQ(wire.headers[1].value, "HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY=");
    EXPECT_EQ(wire.headers[2].value, "2020-12-08T09:08:57.715Z");
    EXPECT_TRUE(wire.headers[0].secret && wire.headers[1].secret && wire.headers[3].secret);
}

TEST_F(OkxExchange, DemoTradingIsAHeader) {
    const Request request{.method = Method::get, .path = "/api/v5/public/time"};

    const auto demo = service.prepare(request, nullptr, {}, Environment::testnet);

    EXPECT_EQ(demo.base, "https://www.okx.com");
    ASSERT_EQ(demo.headers.size(), 1u);
    EXPECT_EQ(demo.headers[0].name, "x-simulated-trading");
    EXPECT_EQ(demo.headers[0].value, "1");
    EXPECT_TRUE(service.prepare(request, nullptr, {}, Environment::live).headers.empty());
}

TEST_F(OkxExchange, LogsInAsThePublishedVector) {
    EXPECT_EQ(login_request(core::Secret{"K"}, core::Secret{published_secret}, core::Secret{"P"},
                            std::chrono::seconds{1538054050}),
              R"({"op":"login","args":[{"apiKey":"K","passphrase":"P","timestamp":"1538054050",)"
              R"("sign":"+LdIr8lkkvhr5hoA3g9TMC0+uQJ849ftAcocA/ouu4M="}]})");
}

TEST_F(OkxExchange, TypesTheErrorsOfTheVenue) {
    constexpr std::pair<const char*, ErrorKind> rows[] = {
        {"50001", ErrorKind::maintenance},     {"50004", ErrorKind::unknown_outcome},
        {"50011", ErrorKind::rate_limited},    {"50013", ErrorKind::maintenance},
        {"50026", ErrorKind::unknown_outcome}, {"50061", ErrorKind::rate_limited},
        {"50101", ErrorKind::authentication},  {"50102", ErrorKind::nonce},
        {"50103", ErrorKind::authentication},  {"50107", ErrorKind::authentication},
        {"50105", ErrorKind::authentication},  {"50111", ErrorKind::authentication},
        {"50113", ErrorKind::authentication},  {"51000", ErrorKind::bad_request},
        {"51001", ErrorKind::bad_request},     {"51008", ErrorKind::insufficient_funds},
        {"51020", ErrorKind::invalid_order},   {"51121", ErrorKind::invalid_order},
        {"51400", ErrorKind::order_not_found}, {"51603", ErrorKind::order_not_found},
        {"51016", ErrorKind::invalid_order},   {"51999", ErrorKind::unknown_outcome},
        {"51149", ErrorKind::unknown_outcome}, {"58001", ErrorKind::unknown_outcome},
        {"51278", ErrorKind::invalid_order},
    };
    for (const auto& [code, kind] : rows) {
        const std::string text{code};
        const auto whole = parse("create_order", R"(["BTC/USDT","limit","buy",1,2])",
                                 {200, {}, R"({"code":")" + text + R"(","msg":"m","data":[]})"});
        const auto one = parse("create_order", R"(["BTC/USDT","limit","buy",1,2])",
                               {200, {}, R"({"code":"1","msg":"","data":[{"sCode":")" + text + R"(","sMsg":"m"}]})"});
        ASSERT_FALSE(whole) << code;
        ASSERT_FALSE(one) << code;
        EXPECT_EQ(whole.error().kind, kind) << code;
        EXPECT_EQ(one.error().kind, kind) << code;
        EXPECT_EQ(one.error().code, text);
    }
}

TEST_F(OkxExchange, AWriteWithoutAReadableAnswerHasAnUnknownOutcome) {
    for (const auto& [status, body] : {std::pair{500, "<html>"}, std::pair{200, "{}"}, std::pair{502, ""},
                                       std::pair{200, R"({"code":"0","msg":"","data":[]})"}}) {
        const auto write = parse("create_order", R"(["BTC/USDT","limit","buy",1,2])", {status, {}, body});
        ASSERT_FALSE(write);
        EXPECT_EQ(write.error().kind, ErrorKind::unknown_outcome) << body;
    }
    EXPECT_EQ(parse("fetch_balance", "[]", {503, {}, R"({"code":"50004","msg":"timeout","data":[]})"}).error().kind,
              ErrorKind::maintenance);
    EXPECT_EQ(parse("fetch_balance", "[]", {429, {}, R"({"code":"50011","msg":"","data":[]})"}).error().kind,
              ErrorKind::rate_limited);
}

TEST_F(OkxExchange, PlacesOrdersThatWaitForAPriceAsAlgoOrders) {
    EXPECT_EQ(post("create_order", R"(["BTC/USDT:USDT","limit","sell",1,59000,{"triggerPrice":60000}])"),
              R"(/trade/order-algo {"instId":"BTC-USDT-SWAP","side":"sell","ordType":"trigger","tdMode":"cross",)"
              R"("sz":"1","triggerPx":"60000","orderPx":"59000"})");
    EXPECT_EQ(post("create_order",
                   R"(["BTC/USDT:USDT","market","sell",1,null,{"stopLossPrice":59000,"takeProfitPrice":70000,
                       "clientOrderId":"mine","reduceOnly":true}])"),
              R"(/trade/order-algo {"instId":"BTC-USDT-SWAP","side":"sell","ordType":"oco","tdMode":"cross",)"
              R"("sz":"1","slTriggerPx":"59000","slOrdPx":"-1","slTriggerPxType":"last","tpTriggerPx":"70000",)"
              R"("tpOrdPx":"-1","tpTriggerPxType":"last","reduceOnly":true,"algoClOrdId":"mine"})");
}

TEST_F(OkxExchange, CountsSpotOrdersInBaseOrQuoteCurrency) {
    EXPECT_EQ(post("create_market_buy_order_with_cost", R"(["BTC/USDT",100.50])"),
              R"(/trade/batch-orders [{"instId":"BTC-USDT","side":"buy","ordType":"market","tdMode":"cash",)"
              R"("sz":"100.5","tgtCcy":"quote_ccy"}])");
    EXPECT_EQ(post("create_order", R"(["BTC/USDT","market","buy",0.5])"),
              R"(/trade/batch-orders [{"instId":"BTC-USDT","side":"buy","ordType":"market","tdMode":"cash",)"
              R"("sz":"0.5","tgtCcy":"base_ccy"}])");
    EXPECT_EQ(refusal("create_market_buy_order_with_cost", R"(["BTC/USDT:USDT",100])"), ErrorKind::bad_request);
}

TEST_F(OkxExchange, NamesThePositionInLongShortMode) {
    EXPECT_EQ(post("create_order", R"(["BTC/USDT:USDT","market","sell",1,null,{"hedged":true,"reduceOnly":true}])"),
              R"(/trade/batch-orders [{"instId":"BTC-USDT-SWAP","side":"sell","ordType":"market","tdMode":"cross",)"
              R"("sz":"1","posSide":"long","reduceOnly":true}])");
    EXPECT_EQ(post("create_order", R"(["BTC/USDT:USDT","limit","sell",1,60000,{"hedged":true,"postOnly":true,
                   "marginMode":"isolated"}])"),
              R"(/trade/batch-orders [{"instId":"BTC-USDT-SWAP","side":"sell","ordType":"post_only",)"
              R"("tdMode":"isolated","sz":"1","posSide":"short","px":"60000"}])");
}

TEST_F(OkxExchange, RefusesWhatTheVenueWouldMisunderstand) {
    constexpr const char* orders[] = {
        R"(["BTC/USDT:USDT","limit","buy",1])",
        R"(["BTC/USDT:USDT","market","buy",1,null,{"postOnly":true}])",
        R"(["BTC/USDT:USDT","limit","buy",1,100,{"timeInForce":"DAY"}])",
        R"(["BTC/USDT:USDT","limit","buy",1,100,{"triggerPrice":90,"stopLossPrice":80}])",
        R"(["BTC/USDT:USDT","limit","buy",1,100,{"stopLoss":{"price":80}}])",
        R"(["NONE/USDT","limit","buy",1,100])",
    };
    for (const auto* order : orders) EXPECT_EQ(refusal("create_order", order), ErrorKind::bad_request) << order;
    EXPECT_EQ(refusal("create_order", R"(["BTC/USDT:USDT","limit","buy",0.001,100])"), ErrorKind::invalid_order);
    EXPECT_EQ(refusal("cancel_all_orders", R"(["BTC/USDT"])"), ErrorKind::not_supported);
    EXPECT_EQ(refusal("fetch_funding_rate", R"(["BTC/USDT"])"), ErrorKind::bad_request);
    EXPECT_EQ(refusal("set_margin_mode", R"(["isolated","BTC/USDT:USDT"])"), ErrorKind::bad_request);
}

TEST_F(OkxExchange, EditsAndCancelsByEitherId) {
    EXPECT_EQ(post("edit_order", R"(["7","BTC/USDT:USDT","limit","buy",2,42000.04])"),
              R"(/trade/amend-order {"instId":"BTC-USDT-SWAP","ordId":"7","newSz":"2","newPx":"42000"})");
    EXPECT_EQ(post("edit_order_with_client_order_id", R"(["mine","BTC/USDT:USDT","limit","buy",2])"),
              R"(/trade/amend-order {"instId":"BTC-USDT-SWAP","clOrdId":"mine","newSz":"2"})");
    EXPECT_EQ(post("edit_order", R"(["7","BTC/USDT:USDT","market","buy",2,null,{"stopLossPrice":40000}])"),
              R"(/trade/amend-algos {"instId":"BTC-USDT-SWAP","algoId":"7","newSz":"2","newSlTriggerPx":"40000"})");
    EXPECT_EQ(post("cancel_order", R"(["7","BTC/USDT",{"trigger":true}])"),
              R"(/trade/cancel-algos [{"instId":"BTC-USDT","algoId":"7"}])");
    EXPECT_EQ(post("cancel_order_with_client_order_id", R"(["mine","BTC/USDT"])"),
              R"(/trade/cancel-order {"instId":"BTC-USDT","clOrdId":"mine"})");
}

TEST_F(OkxExchange, SplitsBatchesAsTheVenueTakesThem) {
    std::string ids;
    for (int i = 0; i < 45; ++i) ids += (i > 0 ? "," : "") + std::to_string(i);

    const auto cancels = build("cancel_orders", "[[" + ids + R"(],"BTC/USDT"])");

    ASSERT_TRUE(cancels);
    ASSERT_EQ(cancels->size(), 3u);
    EXPECT_EQ(cancels->back().body.size(), 5u);
    EXPECT_EQ(cancels->front().path, "/api/v5/trade/cancel-batch-orders");
}

TEST_F(OkxExchange, TellsWhichOrderOfABatchWasRefused) {
    const auto result =
        parse("create_orders", R"([[{"symbol":"BTC/USDT","type":"limit","side":"buy","amount":1,"price":2},
                                    {"symbol":"ETH/USDT","type":"limit","side":"buy","amount":1,"price":2}]])",
              {200, {}, R"({"code":"2","msg":"","data":[{"ordId":"1","clOrdId":"","sCode":"0","sMsg":""},
                           {"ordId":"","clOrdId":"","sCode":"51008","sMsg":"Insufficient balance"}]})"});
    ASSERT_TRUE(result);
    const auto& orders = std::get<std::vector<Order>>(*result);
    ASSERT_EQ(orders.size(), 2u);
    EXPECT_FALSE(orders[0].error);
    EXPECT_EQ(orders[1].symbol, "ETH/USDT");
    ASSERT_TRUE(orders[1].error);
    EXPECT_EQ(orders[1].error->kind, ErrorKind::insufficient_funds);
    EXPECT_EQ(orders[1].status, "rejected");
}

TEST_F(OkxExchange, AsksForMarketDataAndTheAccount) {
    EXPECT_EQ(get("fetch_ohlcv", R"(["BTC/USDT","1d",1700000000000,100])"),
              "/market/history-candles?instId=BTC-USDT&bar=1Dutc&before=1699999999999&limit=100");
    EXPECT_EQ(get("fetch_ohlcv", R"(["BTC/USDT:USDT","1h"])"), "/market/candles?instId=BTC-USDT-SWAP&bar=1H");
    EXPECT_EQ(get("fetch_funding_rate_history", R"(["BTC/USDT:USDT",1700000000000])"),
              "/public/funding-rate-history?instId=BTC-USDT-SWAP&before=1699999999999");
    EXPECT_EQ(get("fetch_positions", R"([["BTC/USDT:USDT","ETH/USDT:USDT"]])"),
              "/account/positions?instId=BTC-USDT-SWAP,ETH-USDT-SWAP");
    EXPECT_EQ(get("fetch_order_with_client_order_id", R"(["mine","BTC/USDT"])"),
              "/trade/order?instId=BTC-USDT&clOrdId=mine");
    EXPECT_EQ(get("fetch_closed_orders", R"(["BTC/USDT:USDT"])"),
              "/trade/orders-history?instType=SWAP&instId=BTC-USDT-SWAP&state=filled");
    EXPECT_EQ(post("set_leverage", R"([5,"BTC/USDT:USDT",{"marginMode":"isolated","posSide":"long"}])"),
              R"(/account/set-leverage {"lever":"5","mgnMode":"isolated","instId":"BTC-USDT-SWAP","posSide":"long"})");
    EXPECT_EQ(post("set_position_mode", "[true]"), R"(/account/set-position-mode {"posMode":"long_short_mode"})");
}

TEST_F(OkxExchange, ReadsFundingWithItsInterval) {
    const auto result =
        parse("fetch_funding_rate", R"(["BTC/USDT:USDT"])",
              {200, {}, R"({"code":"0","msg":"","data":[{"instId":"BTC-USDT-SWAP","fundingRate":"0.0001",
                               "fundingTime":"1703088000000","nextFundingTime":"1703116800000","ts":"1703070685309"}]})"});
    ASSERT_TRUE(result);
    const auto& rate = std::get<FundingRate>(*result);
    EXPECT_EQ(rate.interval, "8h");
    EXPECT_EQ(rate.rate, "0.0001");
    EXPECT_EQ(rate.symbol, "BTC/USDT:USDT");
}

TEST_F(OkxExchange, ReadsShortPositionsOfBothModes) {
    const auto result = parse("fetch_positions", "[]", {200, {}, R"({"code":"0","msg":"","data":[
        {"instId":"BTC-USDT-SWAP","posSide":"net","pos":"-2","avgPx":"60000","mgnMode":"cross","lever":"5"},
        {"instId":"ETH-USDT-SWAP","posSide":"short","pos":"3","avgPx":"2000","mgnMode":"isolated","lever":"3"}]})"});
    ASSERT_TRUE(result);
    const auto& positions = std::get<std::vector<Position>>(*result);
    ASSERT_EQ(positions.size(), 2u);
    for (const auto& position : positions) EXPECT_EQ(position.side, "short");
    EXPECT_EQ(positions[0].contracts, "2");
    EXPECT_EQ(positions[0].contract_size, "0.01");
    EXPECT_EQ(positions[0].hedged, false);
    EXPECT_EQ(positions[1].hedged, true);
}

}  // namespace
}  // namespace gateways::okx
