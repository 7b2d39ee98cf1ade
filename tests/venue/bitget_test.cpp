#include "feeds/checksum_book.hpp"
#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

namespace bitget_dialect {

using test::Json;

namespace {

const core::Secret secret{std::string{"omega-sim-secret"}};
const std::string usdt_futures = "&productType=USDT-FUTURES";

struct Client : test::Simulated {
    explicit Client(const std::string& faults = {}) : Simulated{core::Venue::bitget, faults} {}

    std::string stamp(std::int64_t shift_ms = 0) const { return std::to_string(now.count() / 1'000'000 + shift_ms); }
    std::pair<int, Json> send(const std::string& method, const std::string& target, const std::string& body,
                              const std::string& time, const std::string& key = "omega-sim-key",
                              const std::string& phrase = "omega-sim-pass") {
        const auto sign = venue::hmac_base64(secret, time + method + target + body);
        const auto reply = ask(
            method, target, body,
            {{"access-key", key}, {"access-sign", sign}, {"access-timestamp", time}, {"access-passphrase", phrase}});
        return {reply.status, Json::parse(reply.body)};
    }
    Json get(const std::string& target) { return send("GET", target, {}, stamp()).second; }
    Json post(const std::string& path, const Json& body) { return send("POST", path, body.dump(), stamp()).second; }
    Json mix(const std::string& path, Json body) {
        body["productType"] = "USDT-FUTURES";
        body["marginCoin"] = "USDT";
        if (!body.contains("symbol")) body["symbol"] = "BTCUSDT";
        return post("/api/v2/mix/" + path, body);
    }
    Json order(const Json& changes) {
        Json body{
            {"marginMode", "crossed"}, {"side", "buy"}, {"orderType", "limit"}, {"size", "0.1"}, {"price", "50000"}};
        body.update(changes);
        return mix("order/place-order", body);
    }
    Json detail(const std::string& id) {
        return get("/api/v2/mix/order/detail?orderId=" + id + usdt_futures + "&symbol=BTCUSDT")["data"];
    }
    Json positions() {
        return get("/api/v2/mix/position/all-position?marginCoin=USDT&productType=USDT-FUTURES")["data"];
    }
    double last() {
        const auto t = Json::parse(ask("GET", "/api/v2/mix/market/ticker?symbol=BTCUSDT" + usdt_futures).body);
        return std::stod(t["data"][0]["lastPr"].get<std::string>());
    }
    void move(double price, const char* market = "linear") {
        (void)control("trade", {{"symbol", "BTCUSDT"}, {"market", market}, {"price", tick(price)}});
        pass(std::chrono::milliseconds{20});
    }
    static std::string tick(double price) {
        const auto tenths = static_cast<std::int64_t>(price * 10);
        return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
    }
    venue::ConnectionId log_in() {
        const auto id = open("/v2/ws/private");
        const auto time = std::to_string(now.count() / 1'000'000'000);
        const auto sign = venue::hmac_base64(secret, time + "GET/user/verify");
        simulator.message(id, Json{{"op", "login"},
                                   {"args", Json::array({{{"apiKey", "omega-sim-key"},
                                                          {"passphrase", "omega-sim-pass"},
                                                          {"timestamp", time},
                                                          {"sign", sign}}})}}
                                  .dump());
        return id;
    }
    void subscribe(venue::ConnectionId id, const char* type, const char* channel, const char* name,
                   const char* key = "instId") {
        simulator.message(id, Json{{"op", "subscribe"},
                                   {"args", Json::array({{{"instType", type}, {"channel", channel}, {key, name}}})}}
                                  .dump());
    }
};

/// The book a client keeps: by price, the text of its level.
struct KeptBook {
    std::map<double, std::string, std::greater<>> bids;
    std::map<double, std::string> asks;

    void apply(const Json& data) {
        const auto side = [](auto& kept, const Json& levels) {
            for (const auto& level : levels) {
                const auto price = level[0].get<std::string>(), size = level[1].get<std::string>();
                if (std::stod(size) == 0)
                    kept.erase(std::stod(price));
                else
                    kept[std::stod(price)] = price + ":" + size;
            }
        };
        side(bids, data["bids"]);
        side(asks, data["asks"]);
    }
    std::int32_t checksum() const {
        std::string text;
        auto bid = bids.begin();
        auto ask = asks.begin();
        for (int i = 0; i < 25; ++i) {
            if (bid != bids.end()) text += ":" + (bid++)->second;
            if (ask != asks.end()) text += ":" + (ask++)->second;
        }
        return static_cast<std::int32_t>(feeds::crc32(text.substr(1)));
    }
};

}  // namespace

TEST(BitgetDialect, ChecksKeyTimePassphraseAndSignature) {
    Client client;
    const std::string path = "/api/v2/spot/account/assets";
    const auto code = [&](std::int64_t shift, const char* key, const char* phrase) {
        return client.send("GET", path, {}, client.stamp(shift), key, phrase).second["code"].get<std::string>();
    };

    EXPECT_EQ(code(0, "omega-sim-key", "omega-sim-pass"), "00000");
    EXPECT_EQ(code(-30'000, "omega-sim-key", "omega-sim-pass"), "00000");
    EXPECT_EQ(code(-30'001, "omega-sim-key", "omega-sim-pass"), "40008");
    EXPECT_EQ(code(0, "nobody", "omega-sim-pass"), "40037");
    EXPECT_EQ(code(0, "omega-sim-key", "other"), "40012");
    EXPECT_EQ(code(0, "", "omega-sim-pass"), "40001");
    const auto forged = client.ask("GET", path, {},
                                   {{"access-key", "omega-sim-key"},
                                    {"access-sign", "bm90IGl0"},
                                    {"access-timestamp", client.stamp()},
                                    {"access-passphrase", "omega-sim-pass"}});
    EXPECT_EQ(forged.status, 400);
    EXPECT_EQ(Json::parse(forged.body)["code"], "40009");
}

TEST(BitgetDialect, SignsAsTheVenuesExamples) {
    const core::Secret example{std::string{"22582BD0CFF14C41EDBF1AB98506286D"}};

    EXPECT_EQ(venue::hmac_base64(example, "16273667805456GET/api/mix/v2/market/depth?limit=20&symbol=BTCUSDT"),
              "30l+qfOwyfwL90Ss/Wz2h2be1+vlW/DKH5rcFIsocEI=");
    EXPECT_EQ(venue::hmac_base64(example, "1538054050GET/user/verify"), "/4S0C3L8mGdm8894ulf8wfnQ6dqMXO8Iw95zlvMN8Zw=");
}

TEST(BitgetDialect, TakesAQuerySignedAsItReads) {
    Client client;
    const std::string path = "/api/v2/mix/position/all-position";
    const auto time = client.stamp();
    const auto sign = venue::hmac_base64(secret, time + "GET" + path + "?note=a b&productType=USDT-FUTURES");

    const auto reply = client.ask("GET", path + "?note=a%20b&productType=USDT-FUTURES", {},
                                  {{"access-key", "omega-sim-key"},
                                   {"access-sign", sign},
                                   {"access-timestamp", time},
                                   {"access-passphrase", "omega-sim-pass"}});

    EXPECT_EQ(reply.status, 200) << reply.body;
}

TEST(BitgetDialect, TellsTheVenuesOwnCodes) {
    Client client;
    const Json limit{
        {"symbol", "BTCUSDT"}, {"side", "buy"}, {"orderType", "limit"}, {"price", "50000"}, {"size", "0.01"}};
    const auto spot = [&](const Json& changes) {
        Json body = limit;
        body.update(changes);
        client.pass(std::chrono::seconds{1});
        return client.post("/api/v2/spot/trade/place-order", body)["code"].get<std::string>();
    };
    const auto mix = [&](const Json& changes) {
        client.pass(std::chrono::seconds{1});
        return client.order(changes)["code"].get<std::string>();
    };

    EXPECT_EQ(spot({{"size", "0.00002"}, {"price", "1000"}}), "45110");
    EXPECT_EQ(spot({{"size", "0.001"}, {"price", "50000.001"}}), "40808");
    EXPECT_EQ(spot({{"size", "9"}}), "43012");
    EXPECT_EQ(spot({{"size", "x"}}), "40017");
    EXPECT_EQ(spot({{"size", ""}}), "40019");
    EXPECT_EQ(spot({{"symbol", "NOPE"}}), "40034");
    EXPECT_EQ(spot({{"clientOid", "same"}}), "00000");
    EXPECT_EQ(spot({{"clientOid", "same"}}), "43118");
    EXPECT_EQ(mix({{"size", "5000"}}), "40762");
    EXPECT_EQ(mix({{"price", "50000.01"}}), "45115");
    EXPECT_EQ(mix({{"size", "0.001"}, {"price", "1000"}}), "45110");
    EXPECT_EQ(mix({{"orderType", "market"}, {"side", "sell"}, {"reduceOnly", "YES"}}), "22002");
    EXPECT_EQ(mix({{"clientOid", "twice"}}), "00000");
    EXPECT_EQ(mix({{"clientOid", "twice"}}), "40786");
    EXPECT_EQ(client.mix("order/cancel-order", {{"orderId", "4242"}})["code"], "40768");
    EXPECT_EQ(client.post("/api/v2/spot/trade/cancel-order", {{"symbol", "BTCUSDT"}, {"orderId", "4242"}})["code"],
              "43001");
    EXPECT_EQ(client.mix("order/cancel-plan-order", {{"orderIdList", Json::array({{{"orderId", "4242"}}})}})["code"],
              "43025");
    EXPECT_EQ(client.mix("account/set-leverage", {{"leverage", "500"}})["code"], "40104");
    EXPECT_EQ(client.mix("account/set-margin-mode", {{"marginMode", "isolated"}})["code"], "45117");
    EXPECT_EQ(client.get("/api/v2/mix/order/detail?orderId=4242&symbol=BTCUSDT" + usdt_futures)["code"], "40109");
    EXPECT_EQ(client.get("/api/v3/account/settings")["code"], "40404");
}

TEST(BitgetDialect, LimitsEachPathPerSecond) {
    Client client;
    const auto ask = [&] { return client.ask("GET", "/api/v2/mix/market/ticker?symbol=BTCUSDT" + usdt_futures); };

    for (int i = 0; i < 20; ++i) {
        const auto reply = ask();
        ASSERT_EQ(reply.status, 200);
        EXPECT_EQ(reply.headers.front().second, std::to_string(19 - i));
    }
    const auto refused = ask();
    client.pass(std::chrono::seconds{1});

    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(Json::parse(refused.body)["code"], "429");
    EXPECT_EQ(ask().status, 200);
}

TEST(BitgetDialect, ChangesAnOrderByReplacingIt) {
    Client client;
    const auto old_id = client.order({{"clientOid", "first"}})["data"]["orderId"].get<std::string>();

    const auto changed =
        client.mix("order/modify-order",
                   {{"orderId", old_id}, {"newClientOid", "second"}, {"newSize", "0.2"}, {"newPrice", "51000"}});
    const auto open =
        client.get("/api/v2/mix/order/orders-pending?symbol=BTCUSDT" + usdt_futures)["data"]["entrustedList"];

    EXPECT_TRUE(changed["data"]["orderId"].is_null());
    EXPECT_EQ(changed["data"]["clientOid"], "second");
    ASSERT_EQ(open.size(), 1U);
    EXPECT_NE(open[0]["orderId"], old_id);
    EXPECT_EQ(open[0]["clientOid"], "second");
    EXPECT_EQ(open[0]["size"], "0.200");
    EXPECT_EQ(client.detail(old_id)["state"], "canceled");
}

TEST(BitgetDialect, NamesThePositionNotTheDirectionInHedgeMode) {
    Client client;
    ASSERT_EQ(client.mix("account/set-position-mode", {{"posMode", "hedge_mode"}})["code"], "00000");
    EXPECT_EQ(client.order({{"orderType", "market"}})["code"], "40774");
    client.pass(std::chrono::seconds{1});

    const auto opened = client.order({{"orderType", "market"}, {"tradeSide", "Open"}});
    ASSERT_EQ(opened["code"], "00000");
    ASSERT_EQ(client.positions().size(), 1U);
    EXPECT_EQ(client.positions()[0]["holdSide"], "long");
    // Closing the long is again "buy": the market's direction shows in the fills alone.
    const auto closed = client.order({{"orderType", "market"}, {"tradeSide", "Close"}});

    ASSERT_EQ(closed["code"], "00000");
    EXPECT_TRUE(client.positions().empty());
    const auto order = client.detail(closed["data"]["orderId"].get<std::string>());
    EXPECT_EQ(order["side"], "buy");
    EXPECT_EQ(order["tradeSide"], "close");
    const auto fills = client.get("/api/v2/mix/order/fills?symbol=BTCUSDT" + usdt_futures)["data"]["fillList"];
    EXPECT_EQ(fills[0]["side"], "sell");
    EXPECT_EQ(fills[0]["tradeSide"], "close");
}

TEST(BitgetDialect, PlacesTheStopsThatComeWithAnOrderOnceItHasFilled) {
    Client client;
    const auto price = client.last();

    ASSERT_EQ(client.order({{"orderType", "market"},
                            {"presetStopLossPrice", Client::tick(price * 0.998)},
                            {"presetStopSurplusPrice", Client::tick(price * 1.01)}})["code"],
              "00000");
    const auto plans = client.get("/api/v2/mix/order/orders-plan-pending?planType=profit_loss&symbol=BTCUSDT" +
                                  usdt_futures)["data"]["entrustedList"];
    client.move(price * 0.997);

    ASSERT_EQ(plans.size(), 2U);
    EXPECT_EQ(plans[0]["planType"], "loss_plan");
    EXPECT_EQ(plans[1]["planType"], "profit_plan");
    EXPECT_TRUE(client.positions().empty());
}

TEST(BitgetDialect, SendsBooksWhoseChecksumAndSequenceHold) {
    Client client;
    const auto id = client.open("/v2/ws/public");
    client.subscribe(id, "USDT-FUTURES", "books", "BTCUSDT");
    client.pass(std::chrono::milliseconds{20});
    const auto first = client.received(id);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0]["event"], "subscribe");
    ASSERT_EQ(first[1]["action"], "snapshot");
    KeptBook book;
    book.apply(first[1]["data"][0]);
    auto sequence = first[1]["data"][0]["seq"].get<std::uint64_t>();
    EXPECT_EQ(first[1]["data"][0]["checksum"], book.checksum());

    client.simulator.feeder().hold(false);
    client.pass(std::chrono::seconds{5});
    const auto updates = client.received(id);

    ASSERT_GT(updates.size(), 5U);
    for (const auto& update : updates) {
        ASSERT_EQ(update["action"], "update");
        const auto& data = update["data"][0];
        book.apply(data);
        ASSERT_EQ(data["checksum"], book.checksum());
        ASSERT_EQ(data["pseq"], sequence);
        ASSERT_GT(data["seq"], sequence);
        sequence = data["seq"].get<std::uint64_t>();
    }
}

TEST(BitgetDialect, TellsAnAccountOfItsOrdersFillsAndPositions) {
    Client client;
    const auto id = client.log_in();
    for (const auto* channel : {"orders", "fill", "positions"})
        client.subscribe(id, "USDT-FUTURES", channel, "default");
    client.subscribe(id, "USDT-FUTURES", "account", "default", "coin");
    client.pass(std::chrono::milliseconds{20});
    EXPECT_EQ(client.received(id).front()["event"], "login");

    ASSERT_EQ(client.order({{"orderType", "market"}, {"clientOid", "mine"}})["code"], "00000");
    client.pass(std::chrono::milliseconds{20});

    std::map<std::string, Json> newest;
    for (const auto& message : client.received(id))
        newest[message["arg"]["channel"].get<std::string>()] = message["data"][0];
    EXPECT_EQ(newest["orders"]["status"], "filled");
    EXPECT_EQ(newest["orders"]["clientOid"], "mine");
    EXPECT_EQ(newest["orders"]["accBaseVolume"], "0.100");
    EXPECT_EQ(newest["fill"]["tradeScope"], "taker");
    EXPECT_EQ(newest["positions"]["total"], "0.100");
    EXPECT_EQ(newest["positions"]["holdSide"], "long");
    EXPECT_LT(std::stod(newest["account"]["available"].get<std::string>()), 100'000.0);
}

TEST(BitgetDialect, RefusesWhatASocketMayNot) {
    Client client;
    const auto open_public = client.open("/v2/ws/public");
    client.subscribe(open_public, "USDT-FUTURES", "candle1Q", "BTCUSDT");
    client.subscribe(open_public, "SPOT", "trade", "NOPE");
    client.simulator.message(open_public, R"({"op":"dance"})");
    client.simulator.message(open_public, "ping");
    const auto answers = client.received(open_public);
    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(answers[0]["code"], 30001);
    EXPECT_EQ(answers[1]["code"], 30001);
    EXPECT_EQ(answers[2]["code"], 30003);
    EXPECT_TRUE(answers[3].is_discarded());  // the plain text "pong"

    const auto unknown = client.open("/v2/ws/private");
    client.subscribe(unknown, "USDT-FUTURES", "orders", "default");
    EXPECT_EQ(client.received(unknown)[0]["code"], 30004);
    client.pass(std::chrono::minutes{1});
    client.simulator.message(unknown, "ping");
    client.sent.clear();
    client.pass(std::chrono::seconds{61});
    // Two minutes without a ping end a connection.
    const auto closed = std::ranges::find_if(client.sent, [&](const auto& out) { return out.close_code != 0; });
    ASSERT_NE(closed, client.sent.end());
    EXPECT_EQ(closed->to, open_public);
}

TEST(BitgetDialect, TakesOrdersBySocket) {
    Client client;
    const auto id = client.log_in();
    const auto trade = [&](const char* channel, const Json& params) {
        client.received(id);
        client.simulator.message(id, Json{{"op", "trade"},
                                          {"args", Json::array({{{"id", "7"},
                                                                 {"instType", "USDT-FUTURES"},
                                                                 {"instId", "BTCUSDT"},
                                                                 {"channel", channel},
                                                                 {"params", params}}})}}
                                         .dump());
        return client.received(id).front();
    };

    const auto placed =
        trade("place-order", {{"orderType", "limit"}, {"side", "buy"}, {"size", "0.1"}, {"price", "50000"}});
    ASSERT_EQ(placed["event"], "trade") << placed;
    const auto number = placed["arg"][0]["params"]["orderId"];

    EXPECT_EQ(trade("cancel-order", {{"orderId", number}})["code"], 0);
    EXPECT_EQ(trade("cancel-order", {{"orderId", number}})["code"], 25204);
}

TEST(BitgetDialect, APlanOfSpotLocksNothingAndFailsWhereTheCoinsAreGone) {
    Client client;
    const auto id = client.log_in();
    for (const auto* channel : {"orders-algo", "orders"}) client.subscribe(id, "SPOT", channel, "default");
    auto& engine = client.simulator.engine();
    const auto spot = *engine.find("BTCUSDT", core::Market::spot);
    const auto last = engine.market(spot).last;
    const auto below = [&](std::int64_t share) {
        return core::to_text(core::Price{last.units - last.units / share}, 2);
    };
    const auto made = client.post("/api/v2/spot/trade/place-plan-order", {{"symbol", "BTCUSDT"},
                                                                          {"side", "sell"},
                                                                          {"orderType", "market"},
                                                                          {"planType", "amount"},
                                                                          {"size", "2"},
                                                                          {"triggerType", "fill_price"},
                                                                          {"triggerPrice", below(1'000)}});
    ASSERT_EQ(made["code"], "00000") << made;
    EXPECT_EQ(engine.account(1).wallet.at("BTC").locked, 0);
    engine.deposit(1, "BTC", -50'000'000, false);
    (void)client.received(id);

    (void)client.control("trade", {{"symbol", "BTCUSDT"}, {"market", "spot"}, {"price", below(500)}});

    const auto told = client.received(id);
    ASSERT_EQ(told.size(), 1U) << "it never was an order";
    EXPECT_EQ(told[0]["arg"]["channel"], "orders-algo");
    EXPECT_EQ(told[0]["data"][0]["status"], "fail_execute");
    const auto past = client.get("/api/v2/spot/trade/history-plan-order?symbol=BTCUSDT")["data"]["orderList"];
    ASSERT_EQ(past.size(), 1U);
    EXPECT_EQ(past[0]["status"], "fail_execute");
}

}  // namespace bitget_dialect
