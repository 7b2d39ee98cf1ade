// The venues' own dead man's switches: they cancel what a silent client has left.
#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>

namespace dead_man {

using test::Json;
using test::secret;
using namespace std::chrono_literals;

namespace {

struct World : test::Simulated {
    using Simulated::Simulated;

    [[nodiscard]] std::string milliseconds() const { return std::to_string(now.count() / 1'000'000); }
    [[nodiscard]] std::size_t open_orders() { return simulator.engine().account(1u).open.size(); }

    Json binance(const std::string& path, std::string query) {
        query += "&timestamp=" + milliseconds();
        query += "&signature=" + venue::hmac_hex(secret, query);
        return Json::parse(ask("POST", path + "?" + query, {}, {{"x-mbx-apikey", "omega-sim-key"}}).body);
    }
    Json okx(const std::string& path, const Json& body) {
        const auto at = core::to_iso8601(now).substr(0, 23) + "Z", text = body.dump();
        return Json::parse(ask("POST", path, text,
                               {{"ok-access-key", "omega-sim-key"},
                                {"ok-access-passphrase", "omega-sim-pass"},
                                {"ok-access-timestamp", at},
                                {"ok-access-sign", venue::hmac_base64(secret, at + "POST" + path + text)}})
                               .body);
    }
    Json bybit(const std::string& path, const Json& body) {
        const auto text = body.dump();
        return Json::parse(ask("POST", path, text,
                               {{"x-bapi-api-key", "omega-sim-key"},
                                {"x-bapi-timestamp", milliseconds()},
                                {"x-bapi-recv-window", "5000"},
                                {"x-bapi-sign", venue::hmac_hex(secret, milliseconds() + "omega-sim-key5000" + text)}})
                               .body);
    }
    venue::ConnectionId bybit_private(const Json& topics) {
        const auto id = open("/v5/private");
        const auto ends = std::to_string(now.count() / 1'000'000 + 10'000);
        simulator.message(
            id, Json{{"op", "auth"}, {"args", {"omega-sim-key", ends, venue::hmac_hex(secret, "GET/realtime" + ends)}}}
                    .dump());
        simulator.message(id, Json{{"op", "subscribe"}, {"args", topics}}.dump());
        return id;
    }
};

const Json bybit_order{{"category", "linear"}, {"symbol", "BTCUSDT"}, {"side", "Buy"},
                       {"orderType", "Limit"}, {"qty", "0.01"},       {"price", "50000"}};

}  // namespace

TEST(DeadMan, BinanceCancelsASymbolWhenItsCountdownIsNotRenewed) {
    World world{core::Venue::binance};
    const std::string path = "/fapi/v1/countdownCancelAll";
    const auto limit = [&](const char* symbol, const char* price) {
        return world.binance("/fapi/v1/order", "symbol=" + std::string{symbol} +
                                                   "&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=" + price);
    };
    ASSERT_EQ(limit("BTCUSDT", "50000")["status"], "NEW");
    ASSERT_EQ(limit("ETHUSDT", "2000")["status"], "NEW");
    EXPECT_EQ(world.binance(path, "symbol=BTCUSDT&countdownTime=2000"),
              Json({{"symbol", "BTCUSDT"}, {"countdownTime", "2000"}}));
    for (int i = 0; i < 5; ++i) {
        world.pass(1s);
        (void)world.binance(path, "symbol=BTCUSDT&countdownTime=2000");
    }
    EXPECT_EQ(world.open_orders(), 2u);
    world.pass(2100ms);
    EXPECT_EQ(world.open_orders(), 1u) << "the other symbol's stays";
    ASSERT_EQ(limit("BTCUSDT", "50000")["status"], "NEW");
    world.pass(1h);
    EXPECT_EQ(world.open_orders(), 2u) << "it has run out once";

    (void)world.binance(path, "symbol=BTCUSDT&countdownTime=2000");
    (void)world.binance(path, "symbol=BTCUSDT&countdownTime=0");
    world.pass(3s);
    EXPECT_EQ(world.open_orders(), 2u) << "it was stopped";
    EXPECT_EQ(world.binance(path, "symbol=BTCUSDT")["code"], -1102);
}

TEST(DeadMan, OkxCancelsAllWhenItsTimerIsNotRenewed) {
    World world{core::Venue::okx};
    const auto place = [&](const char* instrument, const char* mode) {
        return world.okx("/api/v5/trade/order", {{"instId", instrument},
                                                 {"tdMode", mode},
                                                 {"side", "buy"},
                                                 {"ordType", "limit"},
                                                 {"sz", "1"},
                                                 {"px", "1000"}})["code"];
    };
    ASSERT_EQ(place("BTC-USDT", "cash"), "0");
    ASSERT_EQ(place("ETH-USDT-SWAP", "cross"), "0");
    for (const char* wrong : {"5", "121", "x"}) {
        world.pass(2s);  // one a second
        EXPECT_EQ(world.okx("/api/v5/trade/cancel-all-after", {{"timeOut", wrong}})["code"], "51000") << wrong;
    }
    world.pass(2s);
    const auto set = world.okx("/api/v5/trade/cancel-all-after", {{"timeOut", "10"}});
    EXPECT_EQ(set["data"][0]["triggerTime"], std::to_string(world.now.count() / 1'000'000 + 10'000));
    world.pass(9900ms);
    EXPECT_EQ(world.open_orders(), 2u);
    world.pass(200ms);
    EXPECT_EQ(world.open_orders(), 0u);

    ASSERT_EQ(place("BTC-USDT", "cash"), "0");
    world.pass(2s);
    (void)world.okx("/api/v5/trade/cancel-all-after", {{"timeOut", "10"}});
    EXPECT_EQ(world.okx("/api/v5/trade/cancel-all-after", {{"timeOut", "0"}})["data"][0]["triggerTime"], "0");
    world.pass(20s);
    EXPECT_EQ(world.open_orders(), 1u);
}

TEST(DeadMan, BybitCancelsWhenTheLastConnectionWithItsTopicIsGone) {
    World world{core::Venue::bybit};
    const auto first = world.bybit_private({"order", "dcp.future"}), second = world.bybit_private({"dcp.future"});
    (void)world.bybit_private({"order"});
    EXPECT_EQ(
        world.bybit("/v5/order/disconnected-cancel-all", {{"product", "DERIVATIVES"}, {"timeWindow", 2}})["retCode"],
        10001);
    ASSERT_EQ(
        world.bybit("/v5/order/disconnected-cancel-all", {{"product", "DERIVATIVES"}, {"timeWindow", 5}})["retCode"],
        0);
    ASSERT_EQ(world.bybit("/v5/order/create", bybit_order)["retCode"], 0);
    world.simulator.closed(first);
    world.pass(30s);
    EXPECT_EQ(world.open_orders(), 1u) << "another holds the topic";
    world.simulator.closed(second);
    world.pass(4s);
    (void)world.bybit_private({"dcp.future"});
    world.pass(30s);
    EXPECT_EQ(world.open_orders(), 1u) << "back in time";
    world.simulator.add_fault({.kind = venue::FaultKind::disconnect, .count = 1});
    world.pass(4900ms);
    EXPECT_EQ(world.open_orders(), 1u);
    world.pass(200ms);
    EXPECT_EQ(world.open_orders(), 0u);
}

TEST(DeadMan, OkxEndsAConnectionThatNobodySaysAnythingOn) {
    World world{core::Venue::okx};
    const auto silent = world.open("/ws/v5/private"), pinging = world.open("/ws/v5/private");
    for (int i = 0; i < 4; ++i) {
        world.pass(20s);
        world.simulator.message(pinging, "ping");
    }
    EXPECT_EQ(std::count_if(world.sent.begin(), world.sent.end(),
                            [&](const auto& out) { return out.to == silent && out.close_code == 4004; }),
              1);
    EXPECT_EQ(world.simulator.connections(), 1u);
}

}  // namespace dead_man
