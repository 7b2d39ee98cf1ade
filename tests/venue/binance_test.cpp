#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

using test::Json;
using test::secret;

namespace {

struct BinanceClient : test::Simulated {
    explicit BinanceClient(const std::string& faults = {}) : Simulated{core::Venue::binance, faults} {}

    /// A signed request with its parameters in the query.
    std::pair<int, Json> call(const std::string& method, const std::string& path, std::string query,
                              const std::string& key = "omega-sim-key") {
        query += (query.empty() ? "timestamp=" : "&timestamp=") + std::to_string(now.count() / 1'000'000);
        const auto signature = venue::hmac_hex(secret, query);
        const auto reply = ask(method, path + "?" + query + "&signature=" + signature, {}, {{"x-mbx-apikey", key}});
        return {reply.status, Json::parse(reply.body)};
    }
    double best(const char* path, const char* side) {
        const auto book = Json::parse(ask("GET", path).body);
        return std::stod(book[side][0][0].get<std::string>());
    }
};

}  // namespace

TEST(BinanceDialect, ChecksKeyTimeAndSignature) {
    BinanceClient client;
    const auto at = [&](std::int64_t shift_ms) { return std::to_string(client.now.count() / 1'000'000 + shift_ms); };
    const auto code = [&](const std::string& query, const char* key) {
        const auto reply = client.ask("GET", "/api/v3/account?" + query, {}, {{"x-mbx-apikey", key}});
        const auto body = Json::parse(reply.body);
        return body.contains("code") ? body["code"].get<int>() : 0;
    };
    const auto good = [&](const std::string& query) { return query + "&signature=" + venue::hmac_hex(secret, query); };

    EXPECT_EQ(code(good("timestamp=" + at(0)), "omega-sim-key"), 0);
    EXPECT_EQ(code(good("timestamp=" + at(-4'999)), "omega-sim-key"), 0);
    EXPECT_EQ(code(good("timestamp=" + at(-5'001)), "omega-sim-key"), -1021);
    EXPECT_EQ(code(good("recvWindow=10000&timestamp=" + at(-5'001)), "omega-sim-key"), 0);
    EXPECT_EQ(code(good("timestamp=" + at(1'000)), "omega-sim-key"), -1021);
    EXPECT_EQ(code(good("timestamp=" + at(0)), "nobody"), -2015);
    EXPECT_EQ(code(good("timestamp=" + at(0)), ""), -2014);
    EXPECT_EQ(code("timestamp=" + at(0) + "&signature=" + std::string(64, '0'), "omega-sim-key"), -1022);
    EXPECT_EQ(code("timestamp=" + at(0), "omega-sim-key"), -1102);
    EXPECT_EQ(code(good("timestamp=-9223372036854775808"), "omega-sim-key"), -1102);
    EXPECT_EQ(code(good("timestamp=9223372036854775807"), "omega-sim-key"), -1021);
}

TEST(BinanceDialect, SignsQueryAndBodyAsOneText) {
    BinanceClient client;
    const std::string query = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC";
    const auto body = "quantity=0.001&price=50000&timestamp=" + std::to_string(client.now.count() / 1'000'000);
    const auto signature = venue::hmac_hex(secret, query + body);

    const auto reply = client.ask("POST", "/api/v3/order?" + query, body + "&signature=" + signature,
                                  {{"x-mbx-apikey", "omega-sim-key"}});

    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(Json::parse(reply.body)["status"], "NEW");
}

TEST(BinanceDialect, TellsTheVenuesOwnCodes) {
    BinanceClient client;
    const std::string order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC";
    const std::tuple<const char*, const char*, std::string, int> cases[] = {
        {"POST", "/api/v3/order", order + "&quantity=0.00001&price=50000", -1013},
        {"POST", "/api/v3/order", order + "&quantity=0.001&price=50000.001", -1111},
        {"POST", "/api/v3/order", order + "&quantity=9&price=50000", -2010},
        {"POST", "/api/v3/order", order + "&quantity=x&price=50000", -1100},
        {"POST", "/api/v3/order", order + "&price=50000", -1102},
        {"POST", "/api/v3/order", "symbol=NOPE&side=BUY&type=MARKET&quantity=1", -1121},
        {"POST", "/api/v3/order", "symbol=BTCUSDT&side=HOLD&type=MARKET&quantity=1", -1117},
        {"POST", "/api/v3/order", "symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.001&price=90000", -2010},
        {"DELETE", "/api/v3/order", "symbol=BTCUSDT&orderId=4242", -2011},
        {"GET", "/api/v3/order", "symbol=BTCUSDT&orderId=4242", -2013},
        {"POST", "/fapi/v1/order", order + "&quantity=100&price=50000", -2019},
        {"POST", "/fapi/v1/order", order + "&quantity=0.001&price=50000.01", -4014},
        {"POST", "/fapi/v1/order", order + "&quantity=0.001&price=1000", -4164},
        {"POST", "/fapi/v1/order", "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1&reduceOnly=true", -2022},
        {"POST", "/fapi/v1/order", "symbol=BTCUSDT&side=SELL&type=STOP_MARKET&quantity=0.1&stopPrice=50000", -4120},
        {"POST", "/fapi/v1/order", order + "&quantity=0.1&price=50000&positionSide=LONG", -4061},
        {"POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=CROSSED", -4046},
        {"POST", "/fapi/v1/positionSide/dual", "dualSidePosition=false", -4059},
        {"POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=500", -4028},
    };
    for (const auto& [method, path, query, code] : cases) {
        SCOPED_TRACE(std::string{method} + " " + path + " " + query);
        const auto [status, body] = client.call(method, path, query);
        EXPECT_GE(status, 400);
        EXPECT_EQ(body.value("code", 0), code) << body;
    }
}

TEST(BinanceDialect, CountsWeightAndSaysWhenItIsUsedUp) {
    BinanceClient client;
    auto reply = client.ask("GET", "/fapi/v1/aggTrades?symbol=BTCUSDT");
    EXPECT_EQ(reply.headers[0].first, "X-MBX-USED-WEIGHT-1M");
    EXPECT_EQ(reply.headers[0].second, "20");
    for (int i = 0; i < 120; ++i) reply = client.ask("GET", "/fapi/v1/aggTrades?symbol=BTCUSDT");
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(Json::parse(reply.body)["code"], -1003);

    client.pass(std::chrono::minutes{1});
    EXPECT_EQ(client.ask("GET", "/fapi/v1/aggTrades?symbol=BTCUSDT").status, 200);
}

// The rule of the documentation: snapshot, then events, each following the one before it.
TEST(BinanceDialect, ItsDepthEventsMakeTheBookThatRestShows) {
    for (const bool spot : {true, false}) {
        SCOPED_TRACE(spot ? "spot" : "futures");
        BinanceClient client;
        client.simulator.feeder().hold(false);
        const auto id = client.open(spot ? "/ws" : "/public/ws/1");
        client.simulator.message(id, R"({"method":"SUBSCRIBE","params":["btcusdt@depth@100ms"],"id":1})");
        EXPECT_EQ(client.received(id).at(0), (Json{{"result", nullptr}, {"id", 1}}));
        client.pass(std::chrono::seconds{1});
        const std::string path =
            spot ? "/api/v3/depth?symbol=BTCUSDT&limit=5000" : "/fapi/v1/depth?symbol=BTCUSDT&limit=1000";
        const auto snapshot = Json::parse(client.ask("GET", path).body);
        for (int i = 0; i < 100; ++i) client.pass(std::chrono::milliseconds{50});

        std::map<std::string, std::map<std::string, std::string>> book;
        for (const auto* side : {"bids", "asks"})
            for (const auto& level : snapshot[side])
                book[side][level[0].get<std::string>()] = level[1].get<std::string>();
        auto last = snapshot["lastUpdateId"].get<std::uint64_t>();
        bool first = true;
        int applied = 0;
        for (const auto& event : client.received(id)) {
            ASSERT_EQ(event["e"], "depthUpdate");
            const auto from = event["U"].get<std::uint64_t>(), until = event["u"].get<std::uint64_t>();
            if (until <= last) continue;
            if (first) {
                ASSERT_LE(from, last + 1);
            } else if (spot) {
                ASSERT_EQ(from, last + 1);
            } else {
                ASSERT_EQ(event["pu"].get<std::uint64_t>(), last);
            }
            first = false;
            last = until;
            ++applied;
            for (const auto& [side, key] : {std::pair{"bids", "b"}, std::pair{"asks", "a"}})
                for (const auto& level : event[key]) {
                    const auto quantity = level[1].get<std::string>();
                    if (std::stod(quantity) == 0)
                        book[side].erase(level[0].get<std::string>());
                    else
                        book[side][level[0].get<std::string>()] = quantity;
                }
        }
        EXPECT_GT(applied, 10);
        client.simulator.feeder().hold(true);
        client.pass(std::chrono::milliseconds{200});
        for (const auto& event : client.received(id))
            for (const auto& [side, key] : {std::pair{"bids", "b"}, std::pair{"asks", "a"}})
                for (const auto& level : event[key]) {
                    if (std::stod(level[1].get<std::string>()) == 0)
                        book[side].erase(level[0].get<std::string>());
                    else
                        book[side][level[0].get<std::string>()] = level[1].get<std::string>();
                }
        const auto now = Json::parse(client.ask("GET", path).body);
        for (const auto* side : {"bids", "asks"})
            for (std::size_t i = 0; i < 20; ++i)
                EXPECT_EQ(book[side][now[side][i][0].get<std::string>()], now[side][i][1].get<std::string>());
    }
}

TEST(BinanceDialect, PushesAnOrdersLifeToItsListenKey) {
    BinanceClient client;
    const auto reply = client.ask("POST", "/fapi/v1/listenKey", {}, {{"x-mbx-apikey", "omega-sim-key"}});
    const auto key = Json::parse(reply.body)["listenKey"].get<std::string>();
    EXPECT_EQ(client.open("/private/ws?listenKey=wrong"), 0u);
    const auto id = client.open("/private/ws?listenKey=" + key);
    ASSERT_NE(id, 0u);

    client.call("POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010&newClientOrderId=mine");

    std::vector<std::string> kinds;
    for (const auto& event : client.received(id))
        kinds.push_back(event["e"].get<std::string>() +
                        (event["e"] == "ORDER_TRADE_UPDATE" ? " " + event["o"]["x"].get<std::string>() : ""));
    ASSERT_GE(kinds.size(), 3u);
    EXPECT_EQ(kinds[0], "ORDER_TRADE_UPDATE NEW");
    EXPECT_EQ(kinds[1], "ORDER_TRADE_UPDATE TRADE");
    EXPECT_EQ(kinds[2], "ACCOUNT_UPDATE");

    client.pass(std::chrono::minutes{61});
    const auto last = client.received(id);
    ASSERT_FALSE(last.empty());
    EXPECT_EQ(last.back()["e"], "listenKeyExpired");
}

TEST(BinanceDialect, AConditionalOrderIsAnAlgoOrderUntilItsTrigger) {
    BinanceClient client;
    client.call("POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010");
    const double bid = client.best("/fapi/v1/depth?symbol=BTCUSDT&limit=5", "bids");
    const auto price = [&](double below) {
        auto text = std::to_string(bid - below);
        return text.substr(0, text.find('.') + 2);
    };
    const auto [status, algo] = client.call("POST", "/fapi/v1/algoOrder",
                                            "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&"
                                            "quantity=0.010&reduceOnly=true&triggerPrice=" +
                                                price(5));
    ASSERT_EQ(status, 200) << algo;
    EXPECT_EQ(algo["algoStatus"], "NEW");
    EXPECT_EQ(client.call("GET", "/fapi/v1/openOrders", "symbol=BTCUSDT").second.size(), 0u);
    EXPECT_EQ(client.call("GET", "/fapi/v1/openAlgoOrders", "symbol=BTCUSDT").second.size(), 1u);

    client.control("trade", {{"symbol", "BTCUSDT"}, {"market", "linear"}, {"price", price(6)}});

    EXPECT_EQ(client.call("GET", "/fapi/v1/openAlgoOrders", "symbol=BTCUSDT").second.size(), 0u);
    const auto id = std::to_string(algo["algoId"].get<std::uint64_t>());
    EXPECT_EQ(client.call("GET", "/fapi/v1/algoOrder", "algoId=" + id).second["algoStatus"], "FINISHED");
    EXPECT_EQ(client.call("GET", "/fapi/v3/positionRisk", "symbol=BTCUSDT").second.size(), 0u);
}

TEST(BinanceDialect, AnswersNonsenseWithAnErrorAndGoesOn) {
    BinanceClient client;
    const auto id = client.open("/stream?streams=btcusdt@trade");
    const auto api = client.open("/ws-api/v3");
    for (const auto& text : std::vector<std::string>{
             "", "{", "[]", "null", "{\"method\":1}", "{\"method\":\"SUBSCRIBE\",\"params\":[5]}",
             "{\"method\":\"SUBSCRIBE\",\"params\":[\"@\"]}", "\xff\xfe", std::string(100'000, '['),
             "{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\"]}"}) {
        SCOPED_TRACE(text);
        client.simulator.message(id, text);
        const auto answers = client.received(id);
        ASSERT_EQ(answers.size(), 1u);
        EXPECT_TRUE(answers[0].contains("error")) << answers[0];
        client.simulator.message(api, text);
        ASSERT_EQ(client.received(api).size(), 1u);
    }
    for (const std::string target :
         {"/", "/api/v3/depth", "/api/v3/depth?symbol=%zz", "/api/v3/klines?symbol=BTCUSDT&interval=9x",
          "/api/v3/klines?symbol=BTCUSDT&interval=1m&endTime=99999999999999999",
          "/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=9223372036854775807",
          "/fapi/v1/trades?symbol=BTCUSDT&limit=-5"})
        EXPECT_FALSE(client.ask("GET", target).body.empty()) << target;
    EXPECT_EQ(client.open("/nowhere"), 0u);
}

TEST(BinanceDialect, EqualRunsGiveEqualBytes) {
    const auto run = [] {
        BinanceClient client;
        client.simulator.feeder().hold(false);
        const auto id = client.open("/stream?streams=btcusdt@depth@100ms/ethusdt@trade/btcusdt@kline_1m");
        std::string text;
        for (int i = 0; i < 40; ++i) client.pass(std::chrono::milliseconds{50});
        text += client.call("POST", "/api/v3/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01").second.dump();
        for (const auto& one : client.received(id)) text += one.dump();
        return text;
    };
    const auto first = run();
    EXPECT_GT(first.size(), 1'000u);
    EXPECT_EQ(first, run());
}
