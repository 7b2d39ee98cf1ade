#include "feeds/any_feed.hpp"
#include "feeds/frame.hpp"
#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>

namespace stream_faults {

using test::Json;
using test::secret;
using venue::FaultKind;
using namespace std::chrono_literals;

namespace {

struct World : test::Simulated {
    using Simulated::Simulated;

    void fault(const Json& spec) { (void)control("faults", spec); }
    [[nodiscard]] std::uint64_t struck(FaultKind kind) { return simulator.faults().struck(kind); }
    /// Somebody trades at a price: a message a trade stream brings.
    void trade(const char* price) {
        (void)control("trade", {{"symbol", "BTCUSDT"}, {"market", "spot"}, {"price", price}, {"quantity", "0.00001"}});
    }
    /// An Okx subscription of a book, and the market moves.
    venue::ConnectionId okx_book() {
        const auto id = open("/ws/v5/public");
        simulator.message(id, R"({"op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT-SWAP"}]})");
        simulator.feeder().hold(false);
        return id;
    }
    std::string listen_key() {
        return Json::parse(ask("POST", "/fapi/v1/listenKey", {}, {{"x-mbx-apikey", "omega-sim-key"}}).body)["listenKey"]
            .get<std::string>();
    }
    /// A futures order by its owner; nothing: it was refused.
    Json buy(const std::string& more = "&type=MARKET&quantity=0.001") {
        auto query = "symbol=BTCUSDT&side=BUY" + more + "&timestamp=" + std::to_string(now.count() / 1'000'000);
        query += "&signature=" + venue::hmac_hex(secret, query);
        return Json::parse(ask("POST", "/fapi/v1/order?" + query, {}, {{"x-mbx-apikey", "omega-sim-key"}}).body);
    }
    [[nodiscard]] std::size_t closed_with(std::uint16_t code) const {
        return static_cast<std::size_t>(
            std::count_if(sent.begin(), sent.end(), [&](const auto& out) { return out.close_code == code; }));
    }
};

/// How many gaps our own decoder finds in what a connection was sent.
std::pair<std::uint64_t, bool> gaps_in(World& world, venue::ConnectionId id, core::Venue venue, const char* symbol) {
    core::InstrumentTable table;
    core::Instrument listed;
    listed.venue = venue;
    listed.market = core::Market::linear;
    listed.symbol = symbol;
    listed.price_decimals = 1;
    listed.quantity_decimals = 4;
    const auto instrument = table.add(listed);
    feeds::AnyFeed feed{venue, table};
    std::uint64_t gaps = 0;
    for (const auto& out : world.sent) {
        if (out.to != id || out.close_code != 0) continue;
        const auto padded = out.text + std::string(feeds::frame_padding, '\0');
        feed.on_frame({.bytes = std::string_view{padded}.substr(0, out.text.size()),
                       .receive_time = world.now,
                       .connection = 0,
                       .origin = feeds::FrameOrigin::socket,
                       .url = "wss://x/ws/v5/public"},
                      [&](const core::Tick& tick) {
                          gaps += tick.is(core::TickKind::session) &&
                                          static_cast<core::Session>(tick.code) == core::Session::gap
                                      ? 1U
                                      : 0U;
                      });
    }
    return {gaps, feed.book_valid(instrument)};
}

}  // namespace

TEST(VenueFaults, AReorderedMessageComesAfterTheNextOneAndNoneIsLost) {
    World world{core::Venue::binance, "faults: [{kind: reorder, match: '\"q\":\"0.00001', count: 1}]"};
    const auto id = world.open("/ws/btcusdt@trade");
    for (const char* price : {"60000", "60001", "60002"}) world.trade(price);

    std::string order;
    for (const auto& message : world.received(id))
        if (message["q"].get<std::string>().starts_with("0.00001"))
            order += message["p"].get<std::string>().substr(4, 1);
    EXPECT_EQ(order, "102");
    EXPECT_EQ(world.struck(FaultKind::reorder), 1u);
}

TEST(VenueFaults, OurDecoderSeesACorruptChecksumAndAnUntouchedStreamHasNone) {
    for (const bool corrupt : {false, true}) {
        SCOPED_TRACE(corrupt);
        World world{core::Venue::okx};
        const auto id = world.okx_book();
        world.pass(2s);
        if (corrupt) world.fault({{"kind", "corrupt_checksum"}, {"count", 1}});
        world.pass(2s);
        const auto [gaps, valid] = gaps_in(world, id, core::Venue::okx, "BTC-USDT-SWAP");
        EXPECT_EQ(world.struck(FaultKind::corrupt_checksum), corrupt ? 1u : 0u);
        EXPECT_EQ(gaps, corrupt ? 1u : 0u);
        EXPECT_EQ(valid, !corrupt);
    }
}

TEST(VenueFaults, AGapIsAGapForOurDecoder) {
    World world{core::Venue::okx};
    const auto id = world.okx_book();
    world.pass(2s);
    world.fault({{"kind", "gap"}, {"count", 1}});
    world.pass(2s);
    EXPECT_EQ(gaps_in(world, id, core::Venue::okx, "BTC-USDT-SWAP").first, 1u);
    EXPECT_EQ(world.struck(FaultKind::gap), 1u);
}

TEST(VenueFaults, ASlowReaderHearsEverythingLaterAndInOrder) {
    World world{core::Venue::binance};
    const auto id = world.open("/ws/btcusdt@trade");
    world.fault({{"kind", "slow_reader"}, {"lasting", "1s"}});
    world.simulator.message(id, R"({"method":"LIST_SUBSCRIPTIONS","id":1})");
    world.simulator.message(id, R"({"method":"LIST_SUBSCRIPTIONS","id":2})");
    world.pass(900ms);
    EXPECT_TRUE(world.received(id).empty());
    EXPECT_EQ(world.struck(FaultKind::slow_reader), 2u);
    world.pass(200ms);
    const auto answers = world.received(id);
    ASSERT_EQ(answers.size(), 2u);
    EXPECT_EQ(answers[0]["id"], 1);
    EXPECT_EQ(answers[1]["id"], 2);
}

TEST(VenueFaults, AnExpiredListenKeyIsToldAndBringsNoMoreFills) {
    World world{core::Venue::binance};
    const auto id = world.open("/private/ws/" + world.listen_key());
    ASSERT_NE(id, 0u);
    EXPECT_EQ(world.buy()["status"], "FILLED");
    const auto before = world.received(id);
    EXPECT_TRUE(
        std::any_of(before.begin(), before.end(), [](const Json& m) { return m["e"] == "ORDER_TRADE_UPDATE"; }));

    world.fault({{"kind", "listen_key_expiry"}, {"count", 1}});
    world.pass(40ms);
    EXPECT_EQ(world.buy()["status"], "FILLED");
    world.pass(40ms);

    const auto after = world.received(id);
    ASSERT_EQ(after.size(), 1u);
    EXPECT_EQ(after[0]["e"], "listenKeyExpired");
    EXPECT_EQ(world.simulator.engine().account(1u).fills.size(), 2u);
    EXPECT_EQ(world.open("/private/ws/" + after[0]["listenKey"].get<std::string>()), 0u);
    EXPECT_NE(world.open("/private/ws/" + world.listen_key()), 0u);
}

TEST(VenueFaults, ARefusedSubscriptionIsAnsweredInTheVenuesWordsAndBringsNothing) {
    struct Case {
        core::Venue dialect;
        const char *path, *message;
        bool (*refused)(const Json&);
    };
    const Case cases[] = {
        {core::Venue::binance, "/ws", R"({"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":7})",
         [](const Json& m) { return m.contains("error") && m["id"] == 7; }},
        {core::Venue::binance, "/ws-api/v3", R"({"method":"userDataStream.subscribe.signature","params":{},"id":"u"})",
         [](const Json& m) { return m["status"] == 400 && m["id"] == "u"; }},
        {core::Venue::bybit, "/v5/public/spot", R"({"op":"subscribe","args":["publicTrade.BTCUSDT"],"req_id":"3"})",
         [](const Json& m) { return m["success"] == false && m["req_id"] == "3"; }},
        {core::Venue::okx, "/ws/v5/public",
         R"({"id":"4","op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]})",
         [](const Json& m) { return m["event"] == "error" && m["id"] == "4"; }},
        {core::Venue::bitget, "/v2/ws/public",
         R"({"op":"subscribe","args":[{"instType":"SPOT","channel":"trade","instId":"BTCUSDT"}]})",
         [](const Json& m) { return m["event"] == "error" && m["arg"]["channel"] == "trade"; }}};
    for (const auto& one : cases) {
        SCOPED_TRACE(one.path);
        World world{one.dialect, "faults: [{kind: refused_subscribe, count: 1}]"};
        const auto id = world.open(one.path);
        world.simulator.message(id, one.message);
        const auto answers = world.received(id);
        ASSERT_EQ(answers.size(), 1u);
        EXPECT_TRUE(one.refused(answers[0])) << answers[0];
        world.pass(100ms);
        EXPECT_TRUE(world.received(id).empty());
        EXPECT_EQ(world.struck(FaultKind::refused_subscribe), 1u);
    }
}

TEST(VenueFaults, AStuckCacheAnswersAsItDidTheFirstTime) {
    World world{core::Venue::binance, "faults: [{kind: stale_answer, match: /depth, count: 2}]"};
    int price = 60'000;
    const auto snapshot = [&] {
        price += 1'000;  // far enough to take levels
        world.trade(std::to_string(price).c_str());
        return Json::parse(world.ask("GET", "/api/v3/depth?symbol=BTCUSDT&limit=5").body)["lastUpdateId"]
            .get<std::uint64_t>();
    };
    const auto first = snapshot();
    EXPECT_EQ(snapshot(), first);
    EXPECT_EQ(snapshot(), first);
    EXPECT_GT(snapshot(), first);
    EXPECT_EQ(world.struck(FaultKind::stale_answer), 2u);
}

TEST(VenueFaults, AShutdownIsAnnouncedWhereTheVenueHasWordsAndThenItComes) {
    for (const auto& [dialect, path, word] :
         {std::tuple{core::Venue::binance, "/ws/btcusdt@trade", "serverShutdown"},
          std::tuple{core::Venue::okx, "/ws/v5/public", "notice"}, std::tuple{core::Venue::bybit, "/v5/private", ""}}) {
        SCOPED_TRACE(path);
        World world{dialect};
        const auto id = world.open(path);
        world.fault({{"kind", "shutdown_notice"}, {"delay", "5s"}, {"count", 1}});
        world.pass(4900ms);
        const auto told = world.received(id);
        EXPECT_EQ(told.size(), std::string_view{word}.empty() ? 0u : 1u);
        if (!told.empty()) {
            EXPECT_EQ(told[0].value("e", told[0].value("event", "")), word);
        }
        EXPECT_EQ(world.closed_with(1006), 0u);
        world.pass(200ms);
        EXPECT_EQ(world.closed_with(1006), 1u);
        EXPECT_EQ(world.simulator.connections(), 0u);
    }
}

TEST(VenueFaults, AConnectionIsCutWhenItsLifetimeIsOverWhateverComesOnIt) {
    auto settings = World::settings(core::Venue::binance, {});
    settings.step = 1min;
    venue::Simulator simulator{std::move(settings)};
    simulator.feeder().hold(true);
    std::vector<std::uint16_t> ends;
    simulator.deliver_to([&](venue::Simulator::Outgoing&& out) {
        if (out.close_code != 0) ends.push_back(out.close_code);
    });
    (void)simulator.open(venue::HttpRequest::make("GET", "/ws/btcusdt@trade"));
    core::Nanoseconds now{std::chrono::hours{480'000}};
    simulator.advance(now += 23h);
    EXPECT_TRUE(ends.empty());
    simulator.advance(now += 1h);
    EXPECT_EQ(ends, std::vector<std::uint16_t>{1001});
    EXPECT_EQ(simulator.worn_out(), 1u);
}

TEST(VenueStreams, OutliveAClientThatEndsWhileItIsSentTo) {
    const struct {
        core::Venue dialect;
        const char *path, *subscribe;
    } cases[] = {
        {core::Venue::binance, "/ws/btcusdt@trade", ""},
        {core::Venue::bitget, "/v2/ws/public",
         R"({"op":"subscribe","args":[{"instType":"SPOT","channel":"trade","instId":"BTCUSDT"}]})"},
        {core::Venue::bybit, "/v5/public/spot", R"({"op":"subscribe","args":["publicTrade.BTCUSDT"]})"},
        {core::Venue::okx, "/ws/v5/public", R"({"op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]})"}};
    for (const auto& [dialect, path, subscribe] : cases) {
        SCOPED_TRACE(core::name(dialect));
        venue::Simulator simulator{World::settings(dialect, {})};
        std::map<venue::ConnectionId, int> told;
        venue::ConnectionId slow = 0;
        simulator.deliver_to([&](venue::Simulator::Outgoing&& out) {
            ++told[out.to];
            if (out.to == slow) simulator.closed(slow);  // as a socket does whose queue is full
        });
        const auto first = simulator.open(venue::HttpRequest::make("GET", path));
        const auto second = simulator.open(venue::HttpRequest::make("GET", path));
        for (const auto id : {first, second})
            if (*subscribe != 0) simulator.message(id, subscribe);
        core::Nanoseconds now{std::chrono::hours{480'000}};
        for (int i = 0; i < 50; ++i) simulator.advance(now += 100ms);
        slow = first;
        told.clear();
        for (int i = 0; i < 600 && told[second] < 5; ++i) simulator.advance(now += 100ms);
        EXPECT_EQ(told[first], 1);
        EXPECT_GE(told[second], 5);
        EXPECT_EQ(simulator.connections(), 1u);
    }
}

TEST(VenueControl, SaysHowOftenEachFaultStruckAndWhatTheAccountHolds) {
    World world{core::Venue::binance};
    world.fault(Json::array({{{"kind", "429"}, {"count", 2}}, {{"kind", "drop"}, {"topic", "trade"}}}));
    EXPECT_EQ(world.ask("GET", "/api/v3/time").status, 429);
    auto told = Json::parse(world.ask("GET", "/sim/faults").body);
    EXPECT_EQ(told["struck"], Json({{"429", 1}}));
    EXPECT_EQ(told["active"][0]["left"], 1);
    EXPECT_EQ(told["active"][0]["struck"], 1);
    EXPECT_EQ(told["active"][1]["struck"], 0);
    (void)world.ask("DELETE", "/sim/faults");
    told = Json::parse(world.ask("GET", "/sim/faults").body);
    EXPECT_TRUE(told["active"].empty());
    EXPECT_EQ(told["struck"]["429"], 1);

    EXPECT_EQ(world.buy()["status"], "FILLED");
    const auto account = Json::parse(world.ask("GET", "/sim/account").body);
    EXPECT_EQ(account["orders"], 1);
    EXPECT_EQ(account["fills"], 1);
    EXPECT_EQ(account["open"], 0);
    EXPECT_EQ(account["positions"][0]["quantity"], "0.001");
}

}  // namespace stream_faults
