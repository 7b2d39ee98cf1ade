#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>

using test::Json;
using test::secret;

namespace {

struct Faulty : test::Simulated {
    explicit Faulty(const std::string& script = {}) : Simulated{core::Venue::binance, script} {
        const auto stamp = "apiKey=omega-sim-key&timestamp=" + std::to_string(now.count() / 1'000'000);
        user = open("/ws-api/v3");
        simulator.message(user, Json{{"id", 1},
                                     {"method", "userDataStream.subscribe.signature"},
                                     {"params",
                                      {{"apiKey", "omega-sim-key"},
                                       {"timestamp", now.count() / 1'000'000},
                                       {"signature", venue::hmac_hex(secret, stamp)}}}}
                                    .dump());
        market = open("/ws/btcusdt@trade");
    }
    venue::HttpReply buy() {
        auto query =
            "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&timestamp=" + std::to_string(now.count() / 1'000'000);
        query += "&signature=" + venue::hmac_hex(secret, query);
        return ask("POST", "/api/v3/order?" + query, {}, {{"x-mbx-apikey", "omega-sim-key"}});
    }
    /// Trade ids of the fills the user was told of.
    std::vector<std::uint64_t> told() {
        std::vector<std::uint64_t> ids;
        for (const auto& message : received(user))
            if (message.contains("event") && message["event"]["e"] == "executionReport" &&
                message["event"]["x"] == "TRADE")
                ids.push_back(message["event"]["t"].get<std::uint64_t>());
        return ids;
    }
    std::size_t own_fills() { return simulator.engine().account(1u).fills.size(); }
    venue::ConnectionId user{}, market{};
};

}  // namespace

TEST(VenueFaults, ALostFillHappenedAndIsNotTold) {
    Faulty rig{"faults: [{kind: lost_fill, count: 1}]"};
    EXPECT_EQ(rig.buy().status, 200);
    EXPECT_EQ(rig.own_fills(), 1u);
    EXPECT_TRUE(rig.told().empty());
    rig.buy();
    EXPECT_EQ(rig.told().size(), 1u);
}

TEST(VenueFaults, ADuplicateFillIsToldTwice) {
    Faulty rig{"faults: [{kind: duplicate_fill, count: 1}]"};
    rig.buy();
    const auto ids = rig.told();
    ASSERT_EQ(ids.size(), 2u);
    EXPECT_EQ(ids[0], ids[1]);
    EXPECT_EQ(rig.own_fills(), 1u);
}

TEST(VenueFaults, ALateFillComesLater) {
    Faulty rig{"faults: [{kind: late_fill, delay: 300ms, count: 1}]"};
    rig.buy();
    rig.pass(std::chrono::milliseconds{299});
    EXPECT_TRUE(rig.told().empty());
    rig.pass(std::chrono::milliseconds{30});
    EXPECT_EQ(rig.told().size(), 1u);
}

TEST(VenueFaults, ALostAckLeavesTheOrderAtTheVenue) {
    Faulty rig{"faults: [{kind: lost_ack, match: /order, count: 1}]"};
    EXPECT_TRUE(rig.buy().drop);
    EXPECT_EQ(rig.own_fills(), 1u);
    EXPECT_FALSE(rig.buy().drop);
}

TEST(VenueFaults, AnUnknownOutcomeWasCarriedOutAndAServerErrorWasNot) {
    Faulty rig{"faults: [{kind: unknown_outcome, count: 1}]"};
    EXPECT_EQ(rig.buy().status, 503);
    EXPECT_EQ(rig.own_fills(), 1u);
    rig.ask("POST", "/sim/faults", R"({"kind": "5xx", "count": 1})");
    EXPECT_EQ(rig.buy().status, 503);
    EXPECT_EQ(rig.own_fills(), 1u);
}

TEST(VenueFaults, IdReuseGivesTwoFillsOneTradeId) {
    Faulty rig;
    rig.buy();
    rig.ask("POST", "/sim/faults", R"({"kind": "id_reuse", "count": 1})");
    rig.pass(std::chrono::milliseconds{20});
    rig.buy();
    const auto ids = rig.told();
    ASSERT_EQ(ids.size(), 2u);
    EXPECT_EQ(ids[0], ids[1]);
}

TEST(VenueFaults, MessagesAreDroppedDoubledAndSwapped) {
    const auto order_of = [](const char* script) {
        Faulty rig{script};
        std::string text;
        for (const char* price : {"60000", "60001", "60002"})
            rig.control("trade",
                        {{"symbol", "BTCUSDT"}, {"market", "spot"}, {"price", price}, {"quantity", "0.00001"}});
        for (const auto& message : rig.received(rig.market))
            if (message["q"] == "0.00001") text += message["p"].get<std::string>().substr(4, 1);
        return text;
    };
    const std::string match = ", match: '\"q\":\"0.00001\"', count: 1}]";
    EXPECT_EQ(order_of(""), "012");
    EXPECT_EQ(order_of(("faults: [{kind: drop" + match).c_str()), "12");
    EXPECT_EQ(order_of(("faults: [{kind: duplicate" + match).c_str()), "0012");
    EXPECT_EQ(order_of(("faults: [{kind: silent_socket" + match).c_str()), "12");
}

TEST(VenueFaults, TheHouseSaysNo) {
    Faulty rig;
    for (const auto& [kind, status] : {std::pair{"429", 429}, std::pair{"418", 418}, std::pair{"maintenance", 503}}) {
        SCOPED_TRACE(kind);
        rig.ask("POST", "/sim/faults", Json{{"kind", kind}, {"count", 1}}.dump());
        const auto reply = rig.ask("GET", "/api/v3/time");
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(rig.ask("GET", "/api/v3/time").status, 200);
    }
}

TEST(VenueFaults, AClockJumpMakesSignedRequestsLate) {
    Faulty rig;
    rig.ask("POST", "/sim/faults", R"({"kind": "clock_jump", "delay": "10s", "count": 1})");
    rig.pass(std::chrono::milliseconds{20});
    EXPECT_EQ(Json::parse(rig.buy().body)["code"], -1021);
}

TEST(VenueFaults, DisconnectsComeInStorms) {
    Faulty rig{"faults: [{kind: disconnect, after: 1s, every: 500ms, count: 3}]"};
    int cut = 0;
    for (int i = 0; i < 40; ++i) {
        rig.pass(std::chrono::milliseconds{100});
        for (const auto& out : rig.sent) cut += out.close_code == 1006 ? 1 : 0;
        rig.sent.clear();
        (void)rig.open("/ws/btcusdt@trade");
    }
    EXPECT_GE(cut, 3);
    EXPECT_EQ(rig.simulator.faults().struck(venue::FaultKind::disconnect), 3u);
}

TEST(VenueFaults, AScriptSaysWhatIsWrongWithItAndWhere) {
    const std::pair<const char*, const char*> cases[] = {
        {"faults:\n  - {kind: drpo}", "line 2: kind: drpo"},
        {"faults:\n  - {kind: drop, probability: 2}", "probability: 2"},
        {"faults:\n  - {kind: drop, after: soon}", "after: soon"},
        {"faults:\n  - {kind: drop, topic: books}", "topic: books"},
        {"faults:\n  - {kind: drop, wat: 1}", "wat"},
        {"faults:\n  - {count: 1}", "kind"},
        {"fault: []", "fault"},
        {"faults: [", "line"},
    };
    for (const auto& [script, says] : cases) {
        SCOPED_TRACE(script);
        try {
            (void)venue::parse_fault_script(script);
            ADD_FAILURE() << "accepted";
        } catch (const std::invalid_argument& error) {
            EXPECT_NE(std::string{error.what()}.find(says), std::string::npos) << error.what();
        }
    }
}

TEST(VenueControl, IsOnlyForThisMachine) {
    Faulty rig;
    auto request = venue::HttpRequest::make("GET", "/sim/state");
    EXPECT_EQ(rig.simulator.http(request).status, 200);
    request.loopback = false;
    EXPECT_EQ(rig.simulator.http(request).status, 404);
    EXPECT_EQ(rig.ask("POST", "/sim/trade", "{").status, 400);
    EXPECT_EQ(rig.ask("POST", "/sim/trade", R"({"symbol":"BTCUSDT","price":"-1"})").status, 400);
    EXPECT_EQ(rig.ask("POST", "/sim/nothing", "{}").status, 400);
}
