#include "tools/venue/bybit/bybit.hpp"
#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

namespace bybit_dialect {

using test::Json;

namespace {

const core::Secret secret{std::string{"omega-sim-secret"}};

struct Client : test::Simulated {
    explicit Client(const std::string& faults = {}) : Simulated{core::Venue::bybit, faults} {}

    std::string stamp(std::int64_t shift_ms = 0) const { return std::to_string(now.count() / 1'000'000 + shift_ms); }
    venue::HttpReply send(const std::string& method, const std::string& path, const std::string& text,
                          const std::string& time, const std::string& key = "omega-sim-key") {
        const auto sign = venue::hmac_hex(secret, time + key + "5000" + text);
        const bool posts = method == "POST";
        return ask(method, posts ? path : path + "?" + text, posts ? text : std::string{},
                   {{"x-bapi-api-key", key},
                    {"x-bapi-timestamp", time},
                    {"x-bapi-recv-window", "5000"},
                    {"x-bapi-sign", sign}});
    }
    Json get(const std::string& path, const std::string& query) {
        return Json::parse(send("GET", path, query, stamp()).body);
    }
    Json post(const std::string& path, const Json& body) {
        return Json::parse(send("POST", path, body.dump(), stamp()).body);
    }
    Json create(const Json& changes) {
        Json body{{"category", "linear"}, {"symbol", "BTCUSDT"}, {"side", "Buy"},
                  {"orderType", "Limit"}, {"qty", "0.1"},        {"price", "50000"}};
        if (changes.is_object()) body.update(changes);
        return post("/v5/order/create", body);
    }
    Json find(const Json& made, const char* category = "linear") {
        return get("/v5/order/realtime", "category=" + std::string{category} + "&symbol=BTCUSDT&orderId=" +
                                             made["result"]["orderId"].get<std::string>())["result"]["list"][0];
    }
    Json position() { return get("/v5/position/list", "category=linear&symbol=BTCUSDT")["result"]["list"][0]; }
    double last() {
        const auto t = Json::parse(ask("GET", "/v5/market/tickers?category=linear&symbol=BTCUSDT").body);
        return std::stod(t["result"]["list"][0]["lastPrice"].get<std::string>());
    }
    static std::string tick(double price) {
        const auto tenths = static_cast<std::int64_t>(price * 10);
        return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
    }
    void move(double price) {
        (void)control("trade", {{"symbol", "BTCUSDT"}, {"market", "linear"}, {"price", tick(price)}});
        pass(std::chrono::milliseconds{20});
    }
    venue::ConnectionId authenticated(const char* path) {
        const auto id = open(path);
        const auto ends = stamp(10'000);
        simulator.message(
            id, Json{{"op", "auth"}, {"args", {"omega-sim-key", ends, venue::hmac_hex(secret, "GET/realtime" + ends)}}}
                    .dump());
        return id;
    }
    void subscribe(venue::ConnectionId id, const Json& topics) {
        simulator.message(id, Json{{"req_id", "1"}, {"op", "subscribe"}, {"args", topics}}.dump());
    }
};

}  // namespace

TEST(BybitDialect, ChecksKeyTimeAndSignature) {
    Client client;
    const auto code = [&](std::int64_t shift, const char* key) {
        const auto reply = client.send("GET", "/v5/account/info", "", client.stamp(shift), key);
        EXPECT_EQ(reply.status, 200);
        return Json::parse(reply.body)["retCode"].get<int>();
    };

    EXPECT_EQ(code(0, "omega-sim-key"), 0);
    EXPECT_EQ(code(-5'000, "omega-sim-key"), 0);
    EXPECT_EQ(code(-5'001, "omega-sim-key"), 10002);
    EXPECT_EQ(code(999, "omega-sim-key"), 0);
    EXPECT_EQ(code(1'000, "omega-sim-key"), 10002);
    EXPECT_EQ(code(0, "nobody"), 10003);
    EXPECT_EQ(code(0, ""), 10001);
    const auto forged = client.ask("GET", "/v5/account/info", {},
                                   {{"x-bapi-api-key", "omega-sim-key"},
                                    {"x-bapi-timestamp", client.stamp()},
                                    {"x-bapi-sign", std::string(64, '0')}});
    EXPECT_EQ(Json::parse(forged.body)["retCode"], 10004);
}

TEST(BybitDialect, SignsAsTheVenuesExamples) {
    const core::Secret example{std::string{"22582BD0CFF14C41EDBF1AB98506286D"}};

    EXPECT_EQ(venue::hmac_hex(example, "1658384314791XXXXXXXXXX5000category=option&symbol=BTC-29JUL22-25000-C"),
              "6ffe92d55e809d8723ee51ed95f03ba8174b905fcdfc37542d56aa0d03b8ffbc");
    EXPECT_EQ(venue::hmac_hex(example, "GET/realtime1662350400000"),
              "a0400ad4d1c25ebf2021552662d5672b7f399cb2e8a74cc66856886c11c68c46");
}

RC_GTEST_PROP(BybitIds, SurviveARoundTrip, (std::uint64_t number)) {
    number >>= 2U;  // 62 bits are what a UUID of this kind holds
    RC_ASSERT(venue::bybit::uuid_of(number).size() == 36U);
    RC_ASSERT(venue::bybit::number_of(venue::bybit::uuid_of(number)) == number);
    RC_ASSERT(venue::bybit::number_of(std::to_string(number)) == number);
}

TEST(BybitDialect, TellsTheVenuesOwnCodes) {
    Client client;
    const auto code = [&](const Json& changes) {
        client.pass(std::chrono::seconds{1});
        return client.create(changes)["retCode"].get<int>();
    };
    const auto spot = [&](Json changes) {
        changes["category"] = "spot";
        return code(changes);
    };

    EXPECT_EQ(spot({{"qty", "0.00002"}, {"price", "1000"}}), 170140);
    EXPECT_EQ(spot({{"price", "50000.001"}}), 170134);
    EXPECT_EQ(spot({{"qty", "9"}}), 170131);
    EXPECT_EQ(spot({{"qty", "x"}}), 170137);
    EXPECT_EQ(spot({{"side", "Hold"}}), 170117);
    EXPECT_EQ(spot({{"symbol", "NOPE"}}), 10001);
    EXPECT_EQ(spot({{"orderLinkId", "same"}, {"qty", "0.01"}}), 0);
    EXPECT_EQ(spot({{"orderLinkId", "same"}, {"qty", "0.01"}}), 170141);
    EXPECT_EQ(code({{"qty", "5000"}}), 110007);
    EXPECT_EQ(code({{"qty", "0.001"}, {"price", "1000"}}), 110094);
    EXPECT_EQ(code({{"orderType", "Market"}, {"side", "Sell"}, {"reduceOnly", true}}), 110017);
    EXPECT_EQ(code({{"positionIdx", 1}}), 10001);
    EXPECT_EQ(code({{"orderLinkId", "twice"}}), 0);
    EXPECT_EQ(code({{"orderLinkId", "twice"}}), 110072);
    EXPECT_EQ(code({{"triggerPrice", "10"}, {"triggerDirection", 1}}), 110092);
    EXPECT_EQ(code({{"triggerPrice", "999999"}, {"triggerDirection", 2}}), 110093);
    EXPECT_EQ(code({{"category", "futures"}}), 10001);
    const Json nobody{{"category", "linear"}, {"symbol", "BTCUSDT"}, {"orderId", "4242"}};
    EXPECT_EQ(client.post("/v5/order/cancel", nobody)["retCode"], 110001);
    EXPECT_EQ(
        client.post("/v5/order/cancel", {{"category", "spot"}, {"symbol", "BTCUSDT"}, {"orderId", "4242"}})["retCode"],
        170213);
    const Json leverage{{"category", "linear"}, {"symbol", "BTCUSDT"}, {"buyLeverage", "20"}, {"sellLeverage", "20"}};
    EXPECT_EQ(client.post("/v5/position/set-leverage", leverage)["retCode"], 110043);
    EXPECT_EQ(
        client.post("/v5/position/switch-mode", {{"category", "linear"}, {"coin", "USDT"}, {"mode", 0}})["retCode"],
        110025);
}

TEST(BybitDialect, LimitsOrdersPerSecondAndSaysWhatIsLeft) {
    Client client;
    for (int i = 0; i < 10; ++i) ASSERT_EQ(client.create({})["retCode"], 0);

    const Json body{{"category", "linear"}, {"symbol", "BTCUSDT"}, {"side", "Buy"},
                    {"orderType", "Limit"}, {"qty", "0.1"},        {"price", "50000"}};
    const auto refused = client.send("POST", "/v5/order/create", body.dump(), client.stamp());

    EXPECT_EQ(Json::parse(refused.body)["retCode"], 10006);
    std::map<std::string, std::string> headers{refused.headers.begin(), refused.headers.end()};
    EXPECT_EQ(headers["X-Bapi-Limit"], "10");
    EXPECT_EQ(headers["X-Bapi-Limit-Status"], "0");
    client.pass(std::chrono::seconds{1});
    EXPECT_EQ(client.create({})["retCode"], 0);
}

TEST(BybitDialect, AmendsInPlaceAndEndsWithTheReason) {
    Client client;
    const auto made = client.create({});
    Json change{{"category", "linear"},
                {"symbol", "BTCUSDT"},
                {"orderId", made["result"]["orderId"]},
                {"price", "50100"},
                {"qty", "0.2"}};

    EXPECT_EQ(client.post("/v5/order/amend", change)["result"]["orderId"], made["result"]["orderId"]);
    EXPECT_EQ(client.post("/v5/order/amend", change)["retCode"], 10001);
    const auto amended = client.find(made);
    const auto taker = client.create({{"timeInForce", "PostOnly"}, {"price", Client::tick(client.last() * 1.02)}});
    const auto starved = client.create({{"timeInForce", "FOK"}, {"price", Client::tick(client.last() * 0.9)}});

    EXPECT_EQ(amended["price"], "50100.00");
    EXPECT_EQ(amended["qty"], "0.200");
    EXPECT_EQ(amended["orderStatus"], "New");
    EXPECT_EQ(client.find(taker)["rejectReason"], "EC_PostOnlyWillTakeLiquidity");
    EXPECT_EQ(client.find(starved)["rejectReason"], "EC_NoImmediateQtyToFill");
    EXPECT_EQ(client.find(starved)["orderStatus"], "Cancelled");
}

TEST(BybitDialect, BuysSpotForAnAmountUnlessToldOtherwise) {
    Client client;
    const Json market{{"category", "spot"}, {"orderType", "Market"}};
    auto amount = market, quantity = market;
    amount["qty"] = "1000";
    quantity["qty"] = "0.01";
    quantity["marketUnit"] = "baseCoin";

    const auto spent = client.find(client.create(amount), "spot");
    const auto bought = client.find(client.create(quantity), "spot");

    EXPECT_EQ(spent["marketUnit"], "quoteCoin");
    EXPECT_LE(std::stod(spent["cumExecValue"].get<std::string>()), 1'000.0);
    EXPECT_GT(std::stod(spent["cumExecValue"].get<std::string>()), 999.0);
    EXPECT_EQ(bought["cumExecQty"], "0.01000");
    EXPECT_EQ(bought["orderStatus"], "Filled");
}

TEST(BybitDialect, KeepsOneStopOfAPositionAndShowsItThere) {
    Client client;
    const auto price = client.last();
    ASSERT_EQ(client.create({{"orderType", "Market"}, {"stopLoss", Client::tick(price * 0.998)}})["retCode"], 0);
    EXPECT_EQ(client.position()["stopLoss"], Client::tick(price * 0.998) + "0");

    const Json stop{
        {"category", "linear"}, {"symbol", "BTCUSDT"}, {"positionIdx", 0}, {"stopLoss", Client::tick(price * 0.999)}};
    EXPECT_EQ(client.post("/v5/position/trading-stop", stop)["retCode"], 0);
    const auto waiting =
        client.get("/v5/order/realtime", "category=linear&symbol=BTCUSDT&orderFilter=StopOrder")["result"]["list"];
    client.move(price * 0.9985);

    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_EQ(waiting[0]["stopOrderType"], "StopLoss");
    EXPECT_EQ(waiting[0]["orderStatus"], "Untriggered");
    EXPECT_EQ(client.position()["side"], "");
    EXPECT_EQ(client.position()["size"], "0.000");
}

TEST(BybitDialect, SendsBooksThatFoldIntoWhatRestShows) {
    for (const auto* depth : {"50", "200"}) {
        SCOPED_TRACE(depth);
        Client client;
        const auto id = client.open("/v5/public/linear");
        client.subscribe(id, {"orderbook." + std::string{depth} + ".BTCUSDT"});
        client.pass(std::chrono::milliseconds{20});
        client.simulator.feeder().hold(false);
        client.pass(std::chrono::seconds{5});
        client.simulator.feeder().hold(true);
        client.pass(std::chrono::seconds{1});

        std::map<double, double, std::greater<>> bids;
        std::map<double, double> asks;
        std::uint64_t update{};
        const auto messages = client.received(id);
        ASSERT_GT(messages.size(), 5U);
        EXPECT_EQ(messages[0]["success"], true);
        for (std::size_t i = 1; i < messages.size(); ++i) {
            const auto& data = messages[i]["data"];
            ASSERT_EQ(messages[i]["type"], i == 1 ? "snapshot" : "delta");
            if (i > 1) {
                ASSERT_EQ(data["u"], update + 1);
            }
            update = data["u"].get<std::uint64_t>();
            const auto fold = [](auto& kept, const Json& levels) {
                for (const auto& level : levels) {
                    const auto price = std::stod(level[0].get<std::string>()),
                               size = std::stod(level[1].get<std::string>());
                    if (size == 0)
                        ASSERT_EQ(kept.erase(price), 1U);
                    else
                        kept[price] = size;
                }
            };
            fold(bids, data["b"]);
            fold(asks, data["a"]);
        }

        const auto rest = Json::parse(
            client.ask("GET", "/v5/market/orderbook?category=linear&symbol=BTCUSDT&limit=" + std::string{depth})
                .body)["result"];
        ASSERT_EQ(rest["b"].size(), bids.size());
        ASSERT_EQ(rest["a"].size(), asks.size());
        auto bid = bids.begin();
        for (const auto& level : rest["b"]) {
            EXPECT_EQ(std::stod(level[0].get<std::string>()), bid->first);
            EXPECT_EQ(std::stod(level[1].get<std::string>()), (bid++)->second);
        }
    }
}

TEST(BybitDialect, TellsAnAccountOfItsOrdersExecutionsPositionAndWallet) {
    Client client;
    const auto id = client.authenticated("/v5/private");
    client.subscribe(id, {"order", "execution.linear", "execution.fast", "position", "wallet"});
    client.pass(std::chrono::milliseconds{20});
    const auto answers = client.received(id);
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0]["success"], true);
    EXPECT_EQ(answers[1]["ret_msg"], "subscribe");

    ASSERT_EQ(client.create({{"orderType", "Market"}, {"orderLinkId", "mine"}})["retCode"], 0);
    client.pass(std::chrono::milliseconds{20});

    std::map<std::string, Json> newest;
    for (const auto& message : client.received(id)) newest[message["topic"].get<std::string>()] = message["data"][0];
    EXPECT_EQ(newest["order"]["orderStatus"], "Filled");
    EXPECT_EQ(newest["order"]["orderLinkId"], "mine");
    EXPECT_EQ(newest["execution.linear"]["isMaker"], false);
    EXPECT_EQ(newest["execution.fast"]["execId"], newest["execution.linear"]["execId"]);
    EXPECT_EQ(newest["position"]["size"], "0.100");
    EXPECT_EQ(newest["position"]["side"], "Buy");
    EXPECT_EQ(newest["wallet"]["accountType"], "UNIFIED");
}

TEST(BybitDialect, TakesOrdersBySocketOnceEach) {
    Client client;
    const auto id = client.authenticated("/v5/trade");
    EXPECT_EQ(client.received(id)[0]["retCode"], 0);
    const auto ask = [&](const char* request_id, const char* word, const Json& body) {
        client.simulator.message(
            id, Json{{"reqId", request_id},
                     {"header", {{"X-BAPI-TIMESTAMP", client.stamp()}, {"X-BAPI-RECV-WINDOW", "8000"}}},
                     {"op", word},
                     {"args", Json::array({body})}}
                    .dump());
        return client.received(id).front();
    };
    const Json order{{"category", "linear"}, {"symbol", "BTCUSDT"}, {"side", "Buy"},
                     {"orderType", "Limit"}, {"qty", "0.1"},        {"price", "50000"}};

    const auto made = ask("a", "order.create", order);
    ASSERT_EQ(made["retCode"], 0) << made;
    EXPECT_EQ(made["header"]["X-Bapi-Limit-Status"], "9");
    EXPECT_EQ(ask("a", "order.create", order)["retCode"], 20006);
    EXPECT_EQ(ask("b", "order.dance", order)["retCode"], 10404);
    const Json cancel{{"category", "linear"}, {"symbol", "BTCUSDT"}, {"orderId", made["data"]["orderId"]}};
    EXPECT_EQ(ask("c", "order.cancel", cancel)["retCode"], 0);
    EXPECT_EQ(ask("d", "order.cancel", cancel)["retCode"], 110001);
}

TEST(BybitDialect, AnswersPingsAsEachSocketDoesAndRefusesUnknownTopics) {
    Client client;
    const auto market = client.open("/v5/public/spot"), account = client.authenticated("/v5/private");
    client.received(account);
    for (const auto id : {market, account}) client.simulator.message(id, R"({"op":"ping","req_id":"9"})");
    client.subscribe(market, {"orderbook.7.BTCUSDT"});
    client.subscribe(market, {"publicTrade.NOPE"});
    Json many = Json::array();
    for (int i = 0; i < 11; ++i) many.push_back("publicTrade.BTCUSDT");
    client.subscribe(market, many);

    const auto told = client.received(market);
    ASSERT_EQ(told.size(), 4U);
    EXPECT_EQ(told[0]["ret_msg"], "pong");
    EXPECT_EQ(told[0]["op"], "ping");
    for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(told[i]["success"], false) << told[i];
    EXPECT_EQ(client.received(account)[0]["op"], "pong");
    EXPECT_EQ(client.open("/v5/public/futures"), 0U);
}

TEST(BybitDialect, AStopOrderOfSpotLocksNothingAndATpslOrderDoes) {
    Client client;
    const auto id = client.authenticated("/v5/private");
    client.subscribe(id, {"order"});
    auto& engine = client.simulator.engine();
    const auto spot = *engine.find("BTCUSDT", core::Market::spot);
    const auto last = engine.market(spot).last;
    const auto below = [&](std::int64_t share) {
        return core::to_text(core::Price{last.units - last.units / share}, 2);
    };
    const auto stop = [&](const char* filter) {
        return client.create({{"category", "spot"},
                              {"side", "Sell"},
                              {"orderType", "Market"},
                              {"qty", "2"},
                              {"triggerPrice", below(1'000)},
                              {"orderFilter", filter}});
    };
    ASSERT_EQ(stop("StopOrder")["retCode"], 0);
    ASSERT_EQ(stop("tpslOrder")["retCode"], 0) << "what the other would sell is free";
    EXPECT_EQ(stop("tpslOrder")["retCode"], 170131);
    EXPECT_EQ(engine.account(1).wallet.at("BTC").free, 0);
    (void)client.received(id);

    (void)client.control("trade", {{"symbol", "BTCUSDT"}, {"market", "spot"}, {"price", below(500)}});

    // The first finds its coins taken by the second, which then sells them.
    std::vector<std::string> states;
    std::string why;
    for (const auto& message : client.received(id)) {
        states.push_back(message["data"][0]["orderStatus"]);
        if (states.back() == "Cancelled") why = message["data"][0]["rejectReason"];
    }
    ASSERT_GE(states.size(), 3U);
    EXPECT_EQ(states.front(), "Cancelled");
    EXPECT_EQ(why, "EC_NoEnoughQtyToFill");
    EXPECT_EQ(states[1], "Triggered");
    EXPECT_EQ(engine.account(1).wallet.at("BTC").locked, 0);
}

}  // namespace bybit_dialect
