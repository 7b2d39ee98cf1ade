#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <map>

using test::Json;
using test::secret;

namespace {

struct OkxClient : test::Simulated {
    explicit OkxClient(const std::string& faults = {}) : Simulated{core::Venue::okx, faults} {}

    [[nodiscard]] std::string stamp(core::Nanoseconds shift = {}) const {
        return core::to_iso8601(now + shift).substr(0, 23) + "Z";
    }
    Json call(const std::string& method, const std::string& target, const Json& body = {}) {
        const auto text = body.is_null() ? std::string{} : body.dump();
        return signed_call(method, target, text, stamp(), "omega-sim-key", "omega-sim-pass", secret);
    }
    Json signed_call(const std::string& method, const std::string& target, const std::string& text,
                     const std::string& at, const std::string& key, const std::string& phrase,
                     const core::Secret& with) {
        const auto reply = ask(method, target, text,
                               {{"ok-access-key", key},
                                {"ok-access-passphrase", phrase},
                                {"ok-access-timestamp", at},
                                {"ok-access-sign", venue::hmac_base64(with, at + method + target + text)}});
        return Json::parse(reply.body);
    }
    venue::ConnectionId logged_in() {
        const auto id = open("/ws/v5/private");
        const auto seconds = std::to_string(now.count() / 1'000'000'000);
        simulator.message(
            id, Json{{"op", "login"},
                     {"args", Json::array({{{"apiKey", "omega-sim-key"},
                                            {"passphrase", "omega-sim-pass"},
                                            {"timestamp", seconds},
                                            {"sign", venue::hmac_base64(secret, seconds + "GET/users/self/verify")}}})}}
                    .dump());
        EXPECT_EQ(received(id).at(0)["event"], "login");
        return id;
    }
};

}  // namespace

// Vectors of the documentation, in protocols of the venue.
TEST(OkxDialect, SignsAsTheDocumentsDo) {
    const core::Secret documented{std::string{"22582BD0CFF14C41EDBF1AB98506286D"}};
    EXPECT_EQ(venue::hmac_base64(documented, "2020-12-08T09:08:57.715ZGET/api/v5/account/balance?ccy=BTC"),
              "HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY=");
    EXPECT_EQ(venue::hmac_base64(documented, "1538054050GET/users/self/verify"),
              "+LdIr8lkkvhr5hoA3g9TMC0+uQJ849ftAcocA/ouu4M=");
}

TEST(OkxDialect, ChecksKeyPhraseTimeAndSignature) {
    OkxClient client;
    const core::Secret wrong{std::string{"wrong"}};
    const std::string path = "/api/v5/account/balance";
    const auto code = [&](const Json& answer) { return answer["code"].get<std::string>(); };
    EXPECT_EQ(code(client.call("GET", path)), "0");
    EXPECT_EQ(code(client.signed_call("GET", path, "", client.stamp(), "omega-sim-key", "omega-sim-pass", wrong)),
              "50113");
    EXPECT_EQ(code(client.signed_call("GET", path, "", client.stamp(), "nobody", "omega-sim-pass", secret)), "50111");
    EXPECT_EQ(code(client.signed_call("GET", path, "", client.stamp(), "omega-sim-key", "no", secret)), "50105");
    EXPECT_EQ(code(client.signed_call("GET", path, "", client.stamp(-std::chrono::seconds{31}), "omega-sim-key",
                                      "omega-sim-pass", secret)),
              "50102");
    EXPECT_EQ(code(client.signed_call("GET", path, "", "yesterday", "omega-sim-key", "omega-sim-pass", secret)),
              "50112");
    EXPECT_EQ(code(Json::parse(client.ask("GET", path).body)), "50103");
}

TEST(OkxDialect, PutsAnOrdersOwnCodeIntoTheData) {
    OkxClient client;
    const auto order = [&](const Json& body) {
        return client.call("POST", "/api/v5/trade/order", body)["data"][0]["sCode"];
    };
    const Json good{{"instId", "BTC-USDT"}, {"tdMode", "cash"}, {"side", "buy"},
                    {"ordType", "limit"},   {"sz", "0.01"},     {"px", "50000"}};
    const auto with = [&](const char* key, const char* value) {
        auto changed = good;
        changed[key] = value;
        return changed;
    };
    EXPECT_EQ(order(good), "0");
    EXPECT_EQ(order(with("sz", "20")), "51008");
    EXPECT_EQ(order(with("instId", "NOPE")), "51001");
    EXPECT_EQ(order(with("sz", "0")), "51000");
    EXPECT_EQ(order(with("px", "x")), "51000");
    EXPECT_EQ(order(with("tdMode", "isolated")), "51000");
    EXPECT_EQ(order(with("clOrdId", "with-dash")), "51000");
    const auto cancel = client.call("POST", "/api/v5/trade/cancel-order", {{"instId", "BTC-USDT"}, {"ordId", "42"}});
    EXPECT_EQ(cancel["code"], "1");
    EXPECT_EQ(cancel["data"][0]["sCode"], "51400");
    EXPECT_EQ(client.call("GET", "/api/v5/trade/order?instId=BTC-USDT&ordId=42")["code"], "51603");
}

TEST(OkxDialect, ItsBookChainsAndItsChecksumIsOfTheTextThatWasSent) {
    OkxClient client;
    client.simulator.feeder().hold(false);
    const auto id = client.open("/ws/v5/public");
    client.simulator.message(id, R"({"op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT-SWAP"}]})");
    for (int i = 0; i < 60; ++i) client.pass(std::chrono::milliseconds{50});

    std::map<std::string, std::map<double, std::pair<std::string, std::string>>> book;
    std::int64_t seq = -1;
    int updates = 0;
    for (const auto& message : client.received(id)) {
        if (!message.contains("action")) continue;
        const auto& data = message["data"][0];
        ASSERT_EQ(data["prevSeqId"].get<std::int64_t>(), seq);
        seq = data["seqId"].get<std::int64_t>();
        updates += message["action"] == "update" ? 1 : 0;
        for (const auto* side : {"bids", "asks"})
            for (const auto& level : data[side]) {
                const auto price = level[0].get<std::string>(), size = level[1].get<std::string>();
                const double key = side[0] == 'b' ? -std::stod(price) : std::stod(price);
                if (size == "0")
                    book[side].erase(key);
                else
                    book[side][key] = {price, size};
            }
        std::string text;
        auto bid = book["bids"].begin();
        auto ask = book["asks"].begin();
        for (int i = 0; i < 25; ++i, ++bid, ++ask)
            text += (i == 0 ? "" : ":") + bid->second.first + ":" + bid->second.second + ":" + ask->second.first + ":" +
                    ask->second.second;
        const auto sum = static_cast<std::int32_t>(
            crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
        ASSERT_EQ(data["checksum"].get<std::int32_t>(), sum);
    }
    EXPECT_GT(updates, 10);
}

TEST(OkxDialect, PrivateChannelsNeedALogin) {
    OkxClient client;
    const auto id = client.open("/ws/v5/private");
    client.simulator.message(id, R"({"op":"subscribe","args":[{"channel":"orders","instType":"ANY"}]})");
    EXPECT_EQ(client.received(id).at(0)["code"], "60011");
    client.simulator.message(id, "ping");
    ASSERT_EQ(client.sent.size(), 1u);
    EXPECT_EQ(client.sent[0].text, "pong");
}

TEST(OkxDialect, TellsAnOrdersLifeAndThePositionItMade) {
    OkxClient client;
    const auto id = client.logged_in();
    client.simulator.message(
        id,
        R"({"op":"subscribe","args":[{"channel":"orders","instType":"ANY"},{"channel":"positions","instType":"SWAP"}]})");
    client.received(id);

    client.simulator.message(
        id,
        R"({"id":"7","op":"order","args":[{"instId":"BTC-USDT-SWAP","tdMode":"cross","side":"buy","ordType":"market","sz":"2"}]})");

    std::vector<std::string> told;
    for (const auto& message : client.received(id))
        told.push_back(message.contains("op")
                           ? "ack " + message["code"].get<std::string>()
                           : message["arg"]["channel"].get<std::string>() + " " +
                                 (message["data"][0].contains("state") ? message["data"][0]["state"].get<std::string>()
                                                                       : message["data"][0]["pos"].get<std::string>()));
    ASSERT_GE(told.size(), 4u);
    EXPECT_EQ(told.front(), "orders live");
    EXPECT_EQ(told[told.size() - 2], "positions 2");
    EXPECT_EQ(told.back(), "ack 0");
}

TEST(OkxDialect, AContractIsAHundredthOfABitcoin) {
    OkxClient client;
    client.call(
        "POST", "/api/v5/trade/order",
        {{"instId", "BTC-USDT-SWAP"}, {"tdMode", "cross"}, {"side", "buy"}, {"ordType", "market"}, {"sz", "1"}});
    const auto position = client.call("GET", "/api/v5/account/positions")["data"][0];
    const double price = std::stod(position["markPx"].get<std::string>());
    EXPECT_NEAR(std::stod(position["notionalUsd"].get<std::string>()), price * 0.01, price * 0.0001);
}

TEST(OkxDialect, AnAlgoOrderThatFindsNoCoinsFailsInItsOwnChannelAlone) {
    OkxClient client;
    const auto id = client.logged_in();
    client.simulator.message(id, R"({"op":"subscribe","args":[{"channel":"orders-algo","instType":"ANY"},)"
                                 R"({"channel":"orders","instType":"ANY"}]})");
    auto& engine = client.simulator.engine();
    const auto spot = *engine.find("BTC-USDT", core::Market::spot);
    const auto last = engine.market(spot).last;
    const auto below = [&](std::int64_t share) {
        return core::to_text(core::Price{last.units - last.units / share}, 2);
    };
    const auto made = client.call("POST", "/api/v5/trade/order-algo",
                                  {{"instId", "BTC-USDT"},
                                   {"tdMode", "cash"},
                                   {"side", "sell"},
                                   {"ordType", "conditional"},
                                   {"sz", "2"},
                                   {"slTriggerPx", below(1'000)},
                                   {"slOrdPx", "-1"}});
    ASSERT_EQ(made["code"], "0") << made;
    EXPECT_EQ(client.call("GET", "/api/v5/account/balance")["data"][0]["details"][0]["ordFrozen"], "0");
    engine.deposit(1, "BTC", -50'000'000, false);
    (void)client.received(id);

    (void)client.control("trade", {{"symbol", "BTC-USDT"}, {"price", below(500)}});

    std::vector<Json> told;
    for (const auto& message : client.received(id))
        if (message.contains("data")) told.push_back(message);
    ASSERT_EQ(told.size(), 1U) << "it never was an order";
    EXPECT_EQ(told[0]["arg"]["channel"], "orders-algo");
    EXPECT_EQ(told[0]["data"][0]["state"], "order_failed");
    EXPECT_EQ(told[0]["data"][0]["failCode"], "51008");
    EXPECT_EQ(told[0]["data"][0]["ordId"], "");
    const auto past = client.call("GET", "/api/v5/trade/orders-algo-history?ordType=conditional&state=order_failed");
    ASSERT_EQ(past["data"].size(), 1U);
    EXPECT_EQ(past["data"][0]["state"], "order_failed");
}
