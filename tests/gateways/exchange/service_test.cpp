#include "gateways/exchange/service.hpp"

#include "core/net/sign.hpp"
#include "tests/gateways/exchange/golden.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateways::exchange {
namespace {

using testing::HasSubstr;

/// A venue with its main markets.
struct Desk {
    std::unique_ptr<Service> service;
    MarketTable markets;
    Context context{.markets = markets, .fresh_id = "fresh-1"};

    explicit Desk(core::Venue venue) : service{make_service(venue)}, markets{main_market_table(*service)} {}

    Expected<std::vector<Request>> build(std::string_view call, std::string_view arguments) const {
        const auto bound = test::bind(call, arguments);
        return service->build(bound.call, bound.arguments, context);
    }
    Expected<Unified> parse(std::string_view call, std::string_view arguments, int status, std::string body,
                            std::vector<Header> headers = {}) const {
        const auto bound = test::bind(call, arguments);
        const auto requests = service->build(bound.call, bound.arguments, context);
        if (!requests) return requests.error();
        return service->parse(bound.call, bound.arguments, context, requests->front(),
                              {.status = status, .headers = std::move(headers), .body = std::move(body)});
    }
    Value json(std::string_view call, std::string_view arguments, std::string body) const {
        const auto result = parse(call, arguments, 200, std::move(body));
        EXPECT_TRUE(result) << (result ? "" : result.error().message);
        return result ? to_json(*result) : Value{};
    }
};

constexpr const char* limit_order = R"(["BTC/USDT","limit","buy",0.001,50000])";

struct ErrorCase {
    core::Venue venue;
    int status;
    const char* body;
    ErrorKind kind;
};

TEST(ExchangeErrors, AreTypedByTheVenuesCodes) {
    using enum ErrorKind;
    const ErrorCase cases[] = {
        {core::Venue::binance, 400, R"({"code":-2010,"msg":"Account has insufficient balance for requested action."})",
         insufficient_funds},
        {core::Venue::binance, 400, R"({"code":-2010,"msg":"Order would immediately match and take."})", invalid_order},
        {core::Venue::binance, 400, R"({"code":-1021,"msg":"Timestamp for this request is outside."})", nonce},
        {core::Venue::binance, 429, R"({"code":-1003,"msg":"Too many requests"})", rate_limited},
        {core::Venue::binance, 418, R"({"code":-1003,"msg":"Way too many requests"})", banned},
        {core::Venue::binance, 400, R"({"code":-1013,"msg":"Filter failure: LOT_SIZE"})", invalid_order},
        {core::Venue::binance, 400, R"({"code":-2011,"msg":"Unknown order sent."})", order_not_found},
        {core::Venue::binance, 400, R"({"code":-2013,"msg":"Order does not exist."})", order_not_found},
        {core::Venue::binance, 401, R"({"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."})",
         authentication},
        {core::Venue::binance, 400, R"({"code":-1022,"msg":"Signature for this request is not valid."})",
         authentication},
        {core::Venue::binance, 400, R"({"code":-2019,"msg":"Margin is insufficient."})", insufficient_funds},
        {core::Venue::binance, 400, R"({"code":-4164,"msg":"Order's notional must be no smaller than 5"})",
         invalid_order},
        {core::Venue::binance, 400, R"({"code":-5022,"msg":"Post Only order will be rejected."})", invalid_order},
        {core::Venue::binance, 400, R"({"code":-1121,"msg":"Invalid symbol."})", bad_request},
        {core::Venue::binance, 408, R"({"code":-1007,"msg":"Timeout waiting for response from backend server."})",
         unknown_outcome},
        {core::Venue::binance, 503, "Service Unavailable", unknown_outcome},
        {core::Venue::binance, 403, "<html>WAF</html>", permission},
        {core::Venue::binance, 200, "", unknown_outcome},
        {core::Venue::bitget, 400, R"({"code":"40009","msg":"sign signature error","data":null})", authentication},
        {core::Venue::bitget, 400, R"({"code":"43012","msg":"Insufficient balance","data":null})", insufficient_funds},
        {core::Venue::bitget, 400, R"({"code":"40762","msg":"The order amount exceeds the balance"})",
         insufficient_funds},
        {core::Venue::bitget, 400, R"({"code":"40109","msg":"The data of the order cannot be found"})",
         order_not_found},
        {core::Venue::bitget, 400, R"({"code":"45110","msg":"less than the minimum amount 5 USDT"})", invalid_order},
        {core::Venue::bitget, 429, R"({"code":"429","msg":"Too Many Requests"})", rate_limited},
        {core::Venue::bitget, 400, R"({"code":"40008","msg":"Request timestamp expired"})", nonce},
        {core::Venue::bitget, 400, R"({"code":"40014","msg":"Incorrect permissions"})", permission},
        {core::Venue::bitget, 400, R"({"code":"40725","msg":"service return an error"})", unknown_outcome},
        {core::Venue::bitget, 502, "bad gateway", unknown_outcome},
        {core::Venue::bitget, 200, R"({"data":{}})", unknown_outcome},
    };

    for (const auto& row : cases) {
        SCOPED_TRACE(row.body);
        const auto result = Desk{row.venue}.parse("create_order", limit_order, row.status, row.body);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, row.kind) << name(result.error().kind);
        EXPECT_EQ(result.error().status, row.status);
    }
}

TEST(ExchangeErrors, OfAReadingCallAreNeverAnUnknownOutcome) {
    for (const auto venue : {core::Venue::binance, core::Venue::bitget}) {
        const auto broken = Desk{venue}.parse("fetch_order", R"(["1","BTC/USDT"])", 503, "oops");
        ASSERT_FALSE(broken);
        EXPECT_EQ(broken.error(), ErrorKind::maintenance);
    }
}

TEST(ExchangeErrors, SayHowLongToWait) {
    const auto result = Desk{core::Venue::binance}.parse(
        "create_order", limit_order, 429, R"({"code":-1003,"msg":"Too many requests"})", {{"retry-after", "17"}});

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().retry_after_s, 17);
}

TEST(BinanceExchange, SignsAsItsDocumentsDo) {
    const Desk desk{core::Venue::binance};
    const Credentials keys{
        .key = core::Secret{std::string{"key"}},
        .secret = core::Secret{std::string{"NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"}},
        .passphrase = {}};
    Request request{.method = Method::post,
                    .path = "/api/v3/order",
                    .body = Value::object(),
                    .body_kind = BodyKind::form,
                    .is_signed = true};
    const std::pair<const char*, const char*> members[] = {{"symbol", "LTCBTC"},   {"side", "BUY"},   {"type", "LIMIT"},
                                                           {"timeInForce", "GTC"}, {"quantity", "1"}, {"price", "0.1"},
                                                           {"recvWindow", "5000"}};
    for (const auto& [name, text] : members) request.body.set(name, text);

    const auto wire =
        desk.service->prepare(request, &keys, core::Nanoseconds{1499827319559'000'000}, Environment::live);

    EXPECT_EQ(wire.body,
              "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp="
              "1499827319559&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
    EXPECT_EQ(wire.target, "/api/v3/order");
}

TEST(BitgetExchange, SignsAsItsDocumentsDo) {
    const Desk desk{core::Venue::bitget};
    const Credentials keys{.key = core::Secret{std::string{"key"}},
                           .secret = core::Secret{std::string{"22582BD0CFF14C41EDBF1AB98506286D"}},
                           .passphrase = core::Secret{std::string{"pass"}}};
    Request request{.path = "/api/mix/v2/market/depth", .is_signed = true};
    request.query.set("symbol", "BTCUSDT").set("limit", "20");
    Request post{.method = Method::post,
                 .path = "/api/v2/mix/order/place-order",
                 .body_kind = BodyKind::json,
                 .is_signed = true};
    post.body = *Value::parse(
        R"({"productType":"usdt-futures","symbol":"BTCUSDT","size":"8","marginMode":"crossed","side":"buy","orderType":"limit","clientOid":"channel#123456"})");
    const core::Nanoseconds at{1'700'000'000'000'000'000};
    // The published vectors' time is past what nanoseconds hold, so the signature is checked on them and the string on
    // another time.
    const auto signature = [&](std::string_view payload) {
        std::string text(core::base64_length, '0');
        core::write_base64(text.data(), core::Signer{keys.secret}.sign(payload));
        return text;
    };
    EXPECT_EQ(signature("16273667805456GET/api/mix/v2/market/depth?limit=20&symbol=BTCUSDT"),
              "30l+qfOwyfwL90Ss/Wz2h2be1+vlW/DKH5rcFIsocEI=");
    EXPECT_EQ(signature("16273667805456POST/api/v2/mix/order/place-order" + post.body.write()),
              "jIRuviYIBOMtYTXX+ji2u+/QsuvmwgqRWhM6kiexTEU=");

    const auto get = desk.service->prepare(request, &keys, at, Environment::testnet);
    const auto placed = desk.service->prepare(post, &keys, at, Environment::live);

    const auto header = [](const WireRequest& wire, std::string_view name) {
        return std::string{Response{.headers = wire.headers}.header(name)};
    };
    EXPECT_EQ(get.target, "/api/mix/v2/market/depth?limit=20&symbol=BTCUSDT");
    EXPECT_EQ(header(get, "ACCESS-TIMESTAMP"), "1700000000000");
    EXPECT_EQ(header(get, "ACCESS-SIGN"),
              signature("1700000000000GET/api/mix/v2/market/depth?limit=20&symbol=BTCUSDT"));
    EXPECT_EQ(header(get, "paptrading"), "1");
    EXPECT_EQ(header(placed, "ACCESS-SIGN"),
              signature("1700000000000POST/api/v2/mix/order/place-order" + post.body.write()));
    for (const auto& one : placed.headers)
        EXPECT_EQ(one.secret, one.name == "ACCESS-KEY" || one.name == "ACCESS-SIGN" || one.name == "ACCESS-PASSPHRASE");
}

TEST(BinanceExchange, ReadsAnOrderWithItsFills) {
    const auto order = Desk{core::Venue::binance}.json(
        "create_order", R"(["BTC/USDT","market","sell",10])",
        R"({"symbol":"BTCUSDT","orderId":28,"clientOrderId":"abc","transactTime":1507725176595,"price":"0.00000000",
            "origQty":"10.00000000","executedQty":"4.0","cummulativeQuoteQty":"16002","status":"PARTIALLY_FILLED",
            "timeInForce":"IOC","type":"MARKET","side":"SELL","fills":[
            {"price":"4000.5","qty":"3","commission":"4.5","commissionAsset":"USDT","tradeId":56},
            {"price":"4000.5","qty":"1","commission":"1.5","commissionAsset":"USDT","tradeId":57}]})");

    EXPECT_EQ(order["id"].text(), "28");
    EXPECT_EQ(order["symbol"].text(), "BTC/USDT");
    EXPECT_EQ(order["status"].text(), "open");
    EXPECT_EQ(order["average"].text(), "4000.5");
    EXPECT_EQ(order["remaining"].text(), "6");
    EXPECT_TRUE(order["price"].is_null());
    EXPECT_EQ(order["fee"]["cost"].text(), "6");
    EXPECT_EQ(order["fee"]["currency"].text(), "USDT");
    EXPECT_EQ(order["trades"].at(1)["id"].text(), "57");
    EXPECT_EQ(order["timestamp"].text(), "1507725176595000000");
}

TEST(BinanceExchange, ReadsConditionalOrdersAsWhatTheyBecome) {
    const auto* answer = R"([{"algoId":1,"symbol":"BTCUSDT","side":"SELL","orderType":"STOP_MARKET","quantity":"2",
        "algoStatus":"NEW","triggerPrice":"45000.0","reduceOnly":true,"createTime":1},
        {"algoId":2,"symbol":"BTCUSDT","side":"SELL","orderType":"TAKE_PROFIT","price":"9","algoStatus":"CANCELED"}])";

    const auto orders =
        Desk{core::Venue::binance}.json("fetch_open_orders", R"(["BTC/USDT:USDT",{"trigger":true}])", answer);

    EXPECT_EQ(orders.at(0)["type"].text(), "market");
    EXPECT_EQ(orders.at(0)["triggerPrice"].text(), "45000.0");
    EXPECT_TRUE(orders.at(0)["reduceOnly"].is_true());
    EXPECT_EQ(orders.at(1)["type"].text(), "limit");
    EXPECT_EQ(orders.at(1)["status"].text(), "canceled");
}

TEST(BinanceExchange, LeavesOutContractsWithoutAPosition) {
    const auto positions = Desk{core::Venue::binance}.json(
        "fetch_positions", "[]",
        R"([{"symbol":"BTCUSDT","positionAmt":"-0.5","entryPrice":"100","positionSide":"BOTH"},
            {"symbol":"ETHUSDT","positionAmt":"0.000","entryPrice":"0.0","positionSide":"BOTH"}])");

    ASSERT_EQ(positions.size(), 1u);
    EXPECT_EQ(positions.at(0)["side"].text(), "short");
    EXPECT_EQ(positions.at(0)["contracts"].text(), "0.5");
    EXPECT_TRUE(positions.at(0)["hedged"].text() == "false");
}

TEST(BinanceExchange, ReadsOneOrderOfABatchThatWasRefused) {
    const auto orders = Desk{core::Venue::binance}.json(
        "create_orders", R"([[{"symbol":"BTC/USDT:USDT","type":"limit","side":"buy","amount":1,"price":9}]])",
        R"([{"code":-2022,"msg":"ReduceOnly Order is rejected."}])");

    EXPECT_EQ(orders.at(0)["status"].text(), "rejected");
    EXPECT_EQ(orders.at(0)["error"]["kind"].text(), "invalid_order");
}

TEST(BinanceExchange, TakesAModeThatIsSetAlreadyForDone) {
    const Desk desk{core::Venue::binance};

    EXPECT_TRUE(desk.parse("set_margin_mode", R"(["cross","BTC/USDT:USDT"])", 400,
                           R"({"code":-4046,"msg":"No need to change margin type."})"));
    EXPECT_TRUE(
        desk.parse("set_position_mode", "[true]", 400, R"({"code":-4059,"msg":"No need to change position side."})"));
}

TEST(BinanceExchange, ReadsMarketsOfItsThreeHosts) {
    const Desk desk{core::Venue::binance};
    const auto spot =
        desk.json("fetch_markets", R"([{"type":"spot"}])",
                  R"({"symbols":[{"symbol":"ETHBTC","status":"TRADING","baseAsset":"ETH","quoteAsset":"BTC","filters":[
            {"filterType":"PRICE_FILTER","minPrice":"0.00001000","maxPrice":"922327.0","tickSize":"0.00001000"},
            {"filterType":"LOT_SIZE","minQty":"0.0001","maxQty":"100000","stepSize":"0.00010000"},
            {"filterType":"NOTIONAL","minNotional":"0.00010000","maxNotional":"9000000"}]}]})");
    const auto inverse =
        desk.json("fetch_markets", R"([{"type":"inverse"}])",
                  R"({"symbols":[{"symbol":"BTCUSD_241227","contractStatus":"TRADING","contractType":"CURRENT_QUARTER",
            "contractSize":100,"baseAsset":"BTC","quoteAsset":"USD","marginAsset":"BTC","deliveryDate":1735286400000,
            "filters":[{"filterType":"PRICE_FILTER","tickSize":"0.1"},{"filterType":"LOT_SIZE","stepSize":"1"}]}]})");

    EXPECT_EQ(spot.at(0)["symbol"].text(), "ETH/BTC");
    EXPECT_EQ(spot.at(0)["precision"]["price"].text(), "0.00001");
    EXPECT_EQ(spot.at(0)["limits"]["cost"]["min"].text(), "0.00010000");
    EXPECT_EQ(inverse.at(0)["symbol"].text(), "BTC/USD:BTC-241227");
    EXPECT_TRUE(inverse.at(0)["inverse"].is_true());
    EXPECT_EQ(inverse.at(0)["contractSize"].text(), "100");
}

TEST(BitgetExchange, ReadsAnOrderOfHedgeMode) {
    const auto order = Desk{core::Venue::bitget}.json(
        "fetch_order", R"(["1","BTC/USDT:USDT"])",
        R"({"code":"00000","data":{"symbol":"BTCUSDT","size":"2","orderId":"1","clientOid":"c","baseVolume":"0.5",
            "priceAvg":"1900","price":"1900","status":"partially_filled","side":"buy","force":"post_only","fee":"-0.1",
            "marginCoin":"USDT","tradeSide":"close","posMode":"hedge_mode","orderType":"limit","quoteVolume":"950",
            "cTime":"1627293504612","presetStopLossPrice":"1800"}})");

    EXPECT_EQ(order["side"].text(), "sell");  // buy closes the long position there
    EXPECT_TRUE(order["reduceOnly"].is_true());
    EXPECT_TRUE(order["postOnly"].is_true());
    EXPECT_EQ(order["remaining"].text(), "1.5");
    EXPECT_EQ(order["stopLossPrice"].text(), "1800");
    EXPECT_EQ(order["fee"]["cost"].text(), "0.1");
    EXPECT_EQ(order["symbol"].text(), "BTC/USDT:USDT");
}

TEST(BitgetExchange, ReadsBalancesAndWhatIsLocked) {
    const auto balance = Desk{core::Venue::bitget}.json(
        "fetch_balance", "[]",
        R"({"code":"00000","data":[{"coin":"usdt","available":"10","frozen":"1.5","locked":"0.5","uTime":"1"}]})");

    EXPECT_EQ(balance["usdt"]["used"].text(), "2");
    EXPECT_EQ(balance["total"]["usdt"].text(), "12");
}

TEST(Exchange, RefusesWhatCannotBeSentBeforeAsking) {
    for (const auto venue : {core::Venue::binance, core::Venue::bitget}) {
        const Desk desk{venue};
        for (const auto* bad : {R"(["NO/SUCH","limit","buy",1,1])", R"(["BTC/USDT","limit","sideways",1,1])",
                                R"(["BTC/USDT","limit","buy",1])", R"(["BTC/USDT","limit","buy","much",1])",
                                R"(["BTC/USDT:USDT","limit","buy",0.0000001,1])"}) {
            SCOPED_TRACE(bad);
            const auto request = desk.build("create_order", bad);
            ASSERT_FALSE(request);
            EXPECT_EQ(request.error(), ErrorKind::bad_request);
        }
        EXPECT_EQ(desk.build("fetch_order", R"(["1"])").error(), ErrorKind::bad_request);
    }
}

TEST(BinanceExchange, RefusesWhatItsVenueWouldLeaveOut) {
    const Desk desk{core::Venue::binance};

    for (const auto* order : {R"(["BTC/USDT","market","sell",1,null,{"reduceOnly":true}])",
                              R"(["BTC/USDT:USDT","limit","buy",1,5,{"stopLoss":{"triggerPrice":4}}])"}) {
        const auto request = desk.build("create_order", order);
        ASSERT_FALSE(request);
        EXPECT_EQ(request.error(), ErrorKind::not_supported);
    }
}

TEST(BinanceExchange, CountsClosedOrdersAfterTheOthersAreLeftOut) {
    const Desk desk{core::Venue::binance};
    const auto* orders =
        R"([{"orderId":1,"symbol":"BTCUSDT","status":"FILLED","side":"BUY"},
            {"orderId":2,"symbol":"BTCUSDT","status":"NEW","side":"BUY"},
            {"orderId":3,"symbol":"BTCUSDT","status":"FILLED","side":"BUY"},
            {"orderId":4,"symbol":"BTCUSDT","status":"CANCELED","side":"BUY"},
            {"orderId":5,"symbol":"BTCUSDT","status":"FILLED","side":"BUY"}])";

    const auto newest = desk.json("fetch_closed_orders", R"(["BTC/USDT",null,2])", orders);
    const auto oldest = desk.json("fetch_closed_orders", R"(["BTC/USDT",1700000000000,2])", orders);

    EXPECT_FALSE(desk.build("fetch_closed_orders", R"(["BTC/USDT",null,2])")->front().query.contains("limit"));
    ASSERT_EQ(newest.size(), 2u);
    EXPECT_EQ(newest.at(0)["id"].text() + newest.at(1)["id"].text(), "35");
    ASSERT_EQ(oldest.size(), 2u);
    EXPECT_EQ(oldest.at(0)["id"].text() + oldest.at(1)["id"].text(), "13");
}

TEST(BinanceExchange, AsksForAWeekOfTradesAtMost) {
    const auto requests = Desk{core::Venue::binance}.build("fetch_my_trades", R"(["BTC/USDT:USDT",1700000000000,5])");

    ASSERT_TRUE(requests);
    EXPECT_EQ(requests->front().query["endTime"].text(), "1700604800000");
}

TEST(Exchange, SendsWhatWasBuiltAndMergesItsAnswers) {
    const Desk desk{core::Venue::binance};
    const auto bound = test::bind("fetch_markets", "[]");
    std::vector<std::string> sent;
    const Transport transport = [&](const WireRequest& wire) -> Expected<Response> {
        sent.push_back(wire.base + wire.target);
        return Response{.status = 200, .body = R"({"symbols":[{"symbol":"S","baseAsset":"A","quoteAsset":"B"}]})"};
    };

    const auto result = perform(
        *desk.service, bound.call, bound.arguments, desk.context, nullptr, [] { return core::Nanoseconds{1}; },
        Environment::live, transport);

    ASSERT_TRUE(result);
    EXPECT_EQ(std::get<std::vector<Market>>(*result).size(), 3u);
    EXPECT_THAT(sent, testing::ElementsAre("https://api.binance.com/api/v3/exchangeInfo",
                                           "https://fapi.binance.com/fapi/v1/exchangeInfo",
                                           "https://dapi.binance.com/dapi/v1/exchangeInfo"));
}

TEST(Exchange, SendsNothingPrivateWithoutKeys) {
    const Desk desk{core::Venue::bitget};
    const auto bound = test::bind("create_order", limit_order);
    const Transport transport = [](const WireRequest&) -> Expected<Response> {
        ADD_FAILURE() << "sent";
        return Response{};
    };

    const auto result = perform(
        *desk.service, bound.call, bound.arguments, desk.context, nullptr, [] { return core::Nanoseconds{1}; },
        Environment::live, transport);

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), ErrorKind::authentication);
}

TEST(Markets, SurviveBeingPrintedAndReadAgain) {
    for (const auto venue : {core::Venue::binance, core::Venue::bitget}) {
        const Desk desk{venue};
        const auto printed = to_json(Unified{desk.service->main_markets()});

        const auto table = read_markets(*desk.service, printed.write());

        ASSERT_TRUE(table);
        EXPECT_EQ(table->size(), desk.markets.size());
        for (const auto& market : *table) EXPECT_EQ(to_json(market), to_json(*desk.markets.find(market.symbol)));
    }
}

}  // namespace
}  // namespace gateways::exchange
