#include "gateways/bitget/private_requests.hpp"
#include "gateways/exchange/value.hpp"
#include "gateways/live/private_link.hpp"
#include "gateways/okx/private_stream.hpp"
#include "tests/gateways/live/calls_world.hpp"

/// What a private socket may not lose: facts of ours that it cannot tell, and the words of a login.
namespace test {
namespace {

using gateways::live::PrivateLink;
using gateways::live::PrivateLinkSettings;

std::string padded(std::string text) {
    text.reserve(text.size() + 64);
    return text;
}

/// A link whose stream is up, made by hand.
struct Link {
    core::InstrumentTable table;
    Market market;
    PrivateLink link;
    Nanoseconds now{std::chrono::hours{480'000}};

    Link(Venue venue, Market of, PrivateLinkSettings settings = {})
        : table{pairs_of(venue)}, market{of}, link{std::move(settings), venue, {of}, table, some_keys()} {}

    void frame(std::size_t socket, const std::string& text) {
        const auto bytes = padded(text);
        link.frame(socket, bytes, now);
    }
    [[nodiscard]] std::size_t count(VenueEventKind kind) {
        return static_cast<std::size_t>(std::count_if(link.events().begin(), link.events().end(),
                                                      [&](const auto& event) { return event.kind == kind; }));
    }
    void up_bitget() {
        link.time(now, now);
        link.opened(0, now, now);
        frame(0, R"({"event":"login","code":"0","msg":""})");
        for (int i = 0; i < (market == Market::spot ? 3 : 4); ++i) frame(0, R"({"event":"subscribe","arg":{}})");
        ASSERT_TRUE(link.stream_up());
        link.events().clear();
    }
};

}  // namespace

TEST(PrivateFacts, AStatusNobodyKnowsHasTheAccountComparedAndTakesNoOtherRow) {
    Link world{Venue::bitget, Market::spot};
    world.up_bitget();
    const auto row = [](const std::string& id, const std::string& status) {
        return R"({"instId":"BTCUSDT","orderId":")" + id + R"(","clientOid":"x","side":"buy","orderType":"limit",)" +
               R"("size":"1","price":"5","accBaseVolume":"0","uTime":"1700000000000","status":")" + status + "\"}";
    };
    world.frame(0, R"({"action":"snapshot","arg":{"instType":"SPOT","channel":"orders","instId":"default"},"data":[)" +
                       row("1", "put_to_sleep") + "," + row("2", "live") + "]}");
    EXPECT_EQ(world.count(VenueEventKind::order_update), 1u);
    EXPECT_EQ(world.count(VenueEventKind::stream_down), 1u);
    EXPECT_EQ(world.count(VenueEventKind::stream_up), 1u);
    EXPECT_EQ(world.link.status().counts.unknown, 0u);
}

TEST(PrivateFacts, ANewsNobodyHeardOfIsNoDoubt) {
    Link world{Venue::bitget, Market::spot};
    world.up_bitget();
    world.frame(0, R"({"action":"snapshot","arg":{"instType":"SPOT","channel":"fireworks"},"data":[{}]})");
    EXPECT_EQ(world.count(VenueEventKind::stream_down), 0u);
    EXPECT_EQ(world.link.status().counts.unknown, 1u);
}

TEST(PrivateFacts, BinancesUnknownStatusOfOurOwnIsOneTooAndOfOthersNot) {
    const auto table = pairs_of(Venue::binance);
    gateways::live::LinePlan plan;
    plan.venue = Venue::binance;
    plan.market = Market::linear;
    const auto reader = gateways::live::make_reader(plan, table);
    std::vector<gateways::VenueEvent> events;
    const auto read = [&](const std::string& text) { return reader->read(padded(text), 1s, events); };
    const auto ours =
        read(R"({"e":"ORDER_TRADE_UPDATE","o":{"s":"BTCUSDT","S":"BUY","X":"ASLEEP","x":"NEW","q":"1","i":1}})");
    ASSERT_FALSE(ours);
    EXPECT_NE(ours.error(), core::Error::unknown_message);
    const auto algo = read(R"({"e":"ALGO_UPDATE","o":{"s":"BTCUSDT","S":"BUY","X":"ASLEEP","q":"1","aid":1}})");
    ASSERT_FALSE(algo);
    EXPECT_NE(algo.error(), core::Error::unknown_message);
    EXPECT_TRUE(read(R"({"e":"ORDER_TRADE_UPDATE","o":{"s":"DOGEUSDT","S":"BUY","X":"ASLEEP","x":"NEW","i":1}})"));
    EXPECT_TRUE(events.empty());
}

TEST(PrivateFacts, AChannelThatHasTooManyConnectionsIsNoneAlthoughItWasAcknowledged) {
    Link world{Venue::okx, Market::spot};
    world.link.time(world.now, world.now);
    for (const std::size_t socket : {0u, 2u}) {
        world.link.opened(socket, world.now, world.now);
        world.frame(socket, R"({"event":"login","code":"0","msg":""})");
        for (int i = 0; i < (socket == 0 ? 3 : 1); ++i)
            world.frame(socket, R"({"event":"subscribe","arg":{"channel":"orders"},"connId":"a"})");
    }
    ASSERT_TRUE(world.link.stream_up());
    world.frame(0, R"({"event":"channel-conn-count","channel":"orders","connCount":"30","connId":"a"})");
    EXPECT_TRUE(world.link.stream_up());
    world.frame(0, R"({"event":"channel-conn-count-error","channel":"orders","connCount":"31","connId":"a"})");
    EXPECT_FALSE(world.link.stream_up());
    EXPECT_EQ(world.count(VenueEventKind::stream_down), 1u);
}

TEST(PrivateFacts, WhatALostSocketWasAskedIsUnknownAtOnce) {
    Link world{Venue::okx, Market::spot};
    world.link.time(world.now, world.now);
    world.link.opened(0, world.now, world.now);
    world.frame(0, R"({"event":"login","code":"0","msg":""})");
    for (int i = 0; i < 3; ++i) world.frame(0, R"({"event":"subscribe","arg":{},"connId":"a"})");
    const CallsWorld orders{Venue::okx};
    const auto place = orders.action(ActionKind::place, orders.order(Market::spot));
    ASSERT_TRUE(world.link.submit(place, world.now));
    world.link.closed(0, world.now, "cut");
    const auto& events = world.link.events();
    const auto told = std::find_if(events.begin(), events.end(),
                                   [](const auto& event) { return event.kind == VenueEventKind::outcome_unknown; });
    ASSERT_NE(told, events.end());
    EXPECT_EQ(told->order, place.order.id);
}

TEST(PrivateFacts, NoVenuesWordsRepeatAKeyOfOurs) {
    Link world{Venue::binance, Market::linear};
    world.link.time(world.now, world.now);
    std::uint64_t tag = 0;
    while (auto* command = world.link.next_command())
        if (command->kind == PrivateLink::Command::Kind::request) tag = command->tag;
    ASSERT_NE(tag, 0u);
    world.link.answered(tag, Response{200, {}, R"({"listenKey":"pqia91ma19a5s61cv6a81va65sdf"})"}, world.now);
    EXPECT_EQ(world.link.without_keys("the secret is out"), "(withheld: it repeats a key)");
    EXPECT_EQ(world.link.without_keys("no stream pqia91ma19a5s61cv6a81va65sdf"), "(withheld: it repeats a key)");
    EXPECT_EQ(world.link.without_keys("Unknown order sent."), "Unknown order sent.");
}

TEST(PrivateFacts, APassphraseMayHoldAnything) {
    const std::string phrase = "a\"b\\c\n\x01ü/";
    const core::Secret key{std::string{"k"}}, secret{std::string{"s"}}, passphrase{std::string{phrase}};
    for (const auto& text : {gateways::okx::login_request(key, secret, passphrase, 1s),
                             gateways::bitget::login_request(key, secret, passphrase, 1s)}) {
        const auto document = gateways::exchange::Value::parse(text);
        ASSERT_TRUE(document) << text;
        EXPECT_EQ((*document)["args"].at(0)["passphrase"].text(), phrase);
        EXPECT_EQ((*document)["args"].at(0)["apiKey"].text(), "k");
    }
}

TEST(PrivateFacts, AnOrderWithATriggerThatIsNoStopGoesOutByNoSocket) {
    for (const auto venue : {Venue::binance, Venue::bybit, Venue::okx, Venue::bitget}) {
        const CallsWorld world{venue};
        gateways::live::AccountSetup setup;
        setup.bitget_entry = true;
        gateways::live::OrderEntry entry{venue, {Market::spot, Market::linear}, world.instruments, some_keys(), setup};
        for (const auto type : {core::OrderType::limit, core::OrderType::market}) {
            auto action = world.action(ActionKind::place, world.order(Market::linear));
            action.order.type = type;
            EXPECT_TRUE(entry.write(action, 1)) << core::name(venue);
            action.order.trigger = core::Price{4'900'000};
            EXPECT_FALSE(entry.write(action, 1)) << core::name(venue);
        }
    }
}

}  // namespace test
