#include "gateways/live/private_link.hpp"

#include "tests/gateways/live/private_world.hpp"

#include <gtest/gtest.h>

namespace test {
namespace {

using Event = VenueEventKind;

struct Accounts : testing::TestWithParam<AccountCase> {};
INSTANTIATE_TEST_SUITE_P(, Accounts, testing::ValuesIn(account_cases()), case_name);

TEST_P(Accounts, ComeUpOnceEverySubscriptionStands) {
    PrivateWorld world{GetParam()};

    ASSERT_TRUE(world.come_up()) << world.link.status().trouble;
    world.run(5s);

    EXPECT_EQ(world.count(Event::stream_up), 1u);
    EXPECT_EQ(world.count(Event::stream_down), 0u);
    EXPECT_TRUE(world.link.entry_up());
    EXPECT_EQ(world.link.status().trouble, "");
    for (const auto& line : world.link.status().lines) {
        EXPECT_EQ(line.phase, gateways::live::LinkLine::Phase::live) << line.name;
    }
}

TEST_P(Accounts, OpenNothingBeforeTheVenuesTimeIsKnown) {
    PrivateWorld world{GetParam()};
    world.time_known = false;

    world.run(10s);
    EXPECT_TRUE(world.opens.empty());
    EXPECT_TRUE(world.requests.empty());

    world.time_known = true;
    EXPECT_TRUE(world.come_up());
}

TEST_P(Accounts, TellOfAFillThatTheVenueMade) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    const auto action = world.resting(GetParam().markets.back());
    ASSERT_TRUE(world.link.submit(action, world.now));
    world.run(1s);
    ASSERT_NE(world.at_venue(action.order.id), nullptr);

    world.simulator.engine().move_market(world.listing(action.order.instrument),
                                         core::Price{action.order.price.units / 2}, action.order.quantity);
    world.run(1s);

    const auto* fill = world.find(Event::fill, action.order.id);
    ASSERT_NE(fill, nullptr);
    EXPECT_EQ(fill->fill.quantity, action.order.quantity);
    EXPECT_EQ(fill->fill.price, action.order.price);
    EXPECT_EQ(fill->instrument, action.order.instrument);
    const auto* update = world.find(Event::acknowledged, action.order.id);
    ASSERT_NE(update, nullptr);
    EXPECT_EQ(update->source, gateways::EventSource::answer);
    EXPECT_EQ(world.count(Event::stream_down), 0u);
}

TEST_P(Accounts, StayUpWhileNothingHappens) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());

    world.run(40min, 1s);

    EXPECT_EQ(world.count(Event::stream_down), 0u) << world.link.status().trouble;
    EXPECT_GE(world.link.status().counts.pings, 75u);
    EXPECT_EQ(world.opens.size(), world.link.status().lines.size());
}

TEST_P(Accounts, AreLeftAloneWhenTheVenueRefusesThem) {
    PrivateWorld world{GetParam(), {}, "another-secret"};
    const bool keyed = GetParam().markets == std::vector{Market::linear} && GetParam().venue == Venue::binance;

    world.run(10min, 50ms);

    if (keyed) {  // a listen key asks for no signature
        EXPECT_TRUE(world.link.stream_up());
        return;
    }
    EXPECT_EQ(world.count(Event::stream_up), 0u);
    EXPECT_FALSE(world.link.entry_up() && GetParam().venue != Venue::binance);
    const auto status = world.link.status();
    const auto refused = status.counts.of(LinkTrouble::login_refused) +
                         status.counts.of(LinkTrouble::subscription_refused) + status.counts.of(LinkTrouble::lost);
    EXPECT_GE(refused, 2u);
    // With a back-off of 5 s that doubles up to 5 min, ten minutes see some ten attempts of each line.
    EXPECT_LT(world.opens.size(), 12u * status.lines.size());
    EXPECT_NE(status.trouble.find("refused"), std::string_view::npos) << status.trouble;
    EXPECT_EQ(status.trouble.find("another-secret"), std::string_view::npos);
}

TEST_P(Accounts, ComeUpAfterEachAnswerWasLostOnce) {
    // The first answer is lost, then the second of the next try, and so on: whatever it was, it is noticed.
    for (int lost = 0; lost < 3; ++lost) {
        SCOPED_TRACE(lost);
        PrivateWorld world{GetParam()};
        int seen = 0;
        world.swallow = [&](const std::string&) { return seen++ == lost; };

        ASSERT_TRUE(world.come_up()) << world.link.status().trouble;
        EXPECT_EQ(world.count(Event::stream_up), 1u);
    }
}

TEST_P(Accounts, SayWhatWasRefusedAndAskAgainLater) {
    PrivateWorld world{GetParam()};
    const bool keyed = GetParam().markets.front() == Market::linear && GetParam().venue == Venue::binance;
    if (keyed) return;  // a listen key's stream has no subscription that could be refused
    bool bent = true;
    world.bend_request = [&](std::string& text) {
        const bool subscribes =
            text.find("subscribe") != std::string::npos && text.find("LIST_SUBSCRIPTIONS") == std::string::npos;
        if (!bent || !subscribes) return;
        for (const auto& [word, other] :
             {std::pair{"\"account\"", "\"acount\""}, {"wallet", "walet"}, {"\"signature\":\"", "\"signature\":\"0"}})
            if (const auto at = text.find(word); at != std::string::npos)
                text.replace(at, std::string{word}.size(), other);
    };

    world.run(30s);
    EXPECT_EQ(world.count(Event::stream_up), 0u);
    EXPECT_GE(world.troubles(LinkTrouble::subscription_refused), 1u);
    EXPECT_LE(world.troubles(LinkTrouble::subscription_refused), 4u);

    bent = false;
    EXPECT_TRUE(world.run_until([&] { return world.link.stream_up(); }, 2min));
}

TEST_P(Accounts, NoticeASocketThatIsHalfOpen) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    const auto up_at = world.now;

    world.simulator.add_fault({.kind = venue::FaultKind::half_open, .lasting = 50s});
    ASSERT_TRUE(world.run_until([&] { return !world.link.stream_up(); }, 60s));

    EXPECT_GE(world.troubles(LinkTrouble::pong_missing), 1u) << world.link.status().trouble;
    EXPECT_LE(world.now - up_at, 41s);  // a ping every 30 s at most, and ten seconds for what answers it
    EXPECT_TRUE(world.run_until([&] { return world.link.stream_up(); }, 120s)) << world.link.status().trouble;
}

TEST_P(Accounts, NoticeAStreamThatAnswersPingsButTellsNothing) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    // Only the events of orders are lost: acknowledgements and pongs come.
    for (const auto topic : {venue::Topic::order, venue::Topic::fill})
        world.simulator.add_fault({.kind = venue::FaultKind::drop, .topic = topic, .lasting = 8s});

    ASSERT_TRUE(world.link.submit(world.resting(GetParam().markets.front()), world.now));
    world.run(5s);
    EXPECT_TRUE(world.link.stream_up());
    ASSERT_TRUE(world.run_until([&] { return !world.link.stream_up(); }, 10s));

    EXPECT_GE(world.troubles(LinkTrouble::news_missing), 1u);
    EXPECT_TRUE(world.come_up());
    // An order that came over REST is owed, too.
    world.link.expect_news(core::OrderId::of(9, 1), world.now);
    EXPECT_TRUE(world.run_until([&] { return !world.link.stream_up(); }, 11s));
}

TEST_P(Accounts, SurviveAStormOfDisconnects) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());

    world.simulator.add_fault({.kind = venue::FaultKind::disconnect, .count = 30, .every = 700ms});
    world.run(30s);
    ASSERT_TRUE(world.run_until([&] { return world.link.stream_up() && world.link.entry_up(); }, 60s));

    // Up and down take turns, and no venue was asked more often than it allows (300 connections in five minutes).
    bool up = false;
    for (const auto& event : world.events) {
        if (event.kind != Event::stream_up && event.kind != Event::stream_down) continue;
        EXPECT_NE(event.kind == Event::stream_up, up);
        up = event.kind == Event::stream_up;
    }
    EXPECT_TRUE(up);
    EXPECT_LT(world.opens.size(), 120u);
}

TEST_P(Accounts, WaitLongerAndLongerForAVenueThatIsAway) {
    PrivateWorld world{GetParam()};
    world.network = false;

    world.run(5min, 50ms);
    const auto attempts = world.opens.size() + world.requests.size();
    EXPECT_GE(attempts, 10u);
    EXPECT_LT(attempts, 40u * world.link.status().lines.size());

    world.network = true;
    EXPECT_TRUE(world.run_until([&] { return world.link.stream_up(); }, 60s));
}

TEST_P(Accounts, ReplaceTheirConnectionsWithoutAGap) {
    PrivateLinkSettings settings;
    settings.rotation.margin = 23h + 59min;
    settings.rotation.spread = 10s;
    PrivateWorld world{GetParam(), settings};
    const bool rotates = GetParam().venue == Venue::binance || GetParam().venue == Venue::bitget;
    ASSERT_TRUE(world.come_up());

    world.run(3min, 20ms);

    EXPECT_EQ(world.count(Event::stream_down), 0u) << world.link.status().trouble;
    EXPECT_EQ(world.link.status().counts.rotated >= 2, rotates);
    EXPECT_TRUE(world.link.entry_up());
    EXPECT_EQ(world.link.status().trouble, "");
    // The new connections work.
    const auto action = world.resting(GetParam().markets.front());
    ASSERT_TRUE(world.link.submit(action, world.now));
    world.run(1s);
    EXPECT_NE(world.find(Event::acknowledged, action.order.id), nullptr);
    EXPECT_NE(world.find(Event::order_update, action.order.id), nullptr);
}

TEST_P(Accounts, MoveAwayFromAVenueThatSaysThatItGoesDown) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    const bool says = GetParam().venue == Venue::binance || GetParam().venue == Venue::okx;

    // Told 20 s before, half of the connections of a venue would be cut; the new ones were opened at once.
    world.simulator.add_fault({.kind = venue::FaultKind::shutdown_notice, .count = 1, .delay = 20s});
    world.run(15s);

    EXPECT_EQ(world.link.status().counts.rotated >= 1, says) << world.link.status().trouble;
    EXPECT_EQ(world.count(Event::stream_down), 0u);
    EXPECT_TRUE(world.link.stream_up());
}

TEST_P(Accounts, DistrustTheirClockWhenTheVenueDoes) {
    PrivateWorld world{GetParam()};
    const bool keyed = GetParam().markets.front() == Market::linear && GetParam().venue == Venue::binance;
    world.skew = -90s;

    world.run(8s);
    EXPECT_EQ(world.link.status().clock_refusals > 0, !keyed) << world.link.status().trouble;

    world.skew = 0s;  // LiveGateway asked the venue for its time
    EXPECT_TRUE(world.run_until([&] { return world.link.stream_up(); }, 60s)) << world.link.status().trouble;
}

TEST_P(Accounts, HaveTheAccountComparedWhenARowCannotBeRead) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    const char* frame =
        GetParam().venue == Venue::bitget
            ? R"({"action":"snapshot","arg":{"instType":"SPOT","channel":"orders","instId":"default"},)"
              R"("data":[{"instId":"BTCUSDT","status":"live","size":"0.1234567890123"}]})"
        : GetParam().venue == Venue::bybit
            ? R"({"topic":"order","data":[{"category":"spot","symbol":"BTCUSDT","side":"Buy",)"
              R"("orderId":"1","orderStatus":"New","qty":"0.1234567890123"}]})"
        : GetParam().venue == Venue::okx
            ? R"({"arg":{"channel":"orders"},"data":[{"instType":"SPOT","instId":"BTC-USDT","side":"buy",)"
              R"("ordId":"1","state":"live","sz":"0.1234567890123"}]})"
            : "{ this is no JSON";
    std::string padded{frame};
    const auto size = padded.size();
    padded.resize(size + 64);
    const auto bring = [&] { world.link.frame(0, std::string_view{padded}.substr(0, size), world.now); };

    for (int i = 0; i < 50; ++i) bring();
    world.run(20ms);
    EXPECT_EQ(world.count(Event::stream_down), 1u);
    EXPECT_EQ(world.count(Event::stream_up), 2u);
    EXPECT_EQ(world.troubles(LinkTrouble::unreadable), 50u);
    EXPECT_TRUE(world.link.stream_up());

    world.run(11s);  // what came meanwhile is compared once more, and then it is quiet
    EXPECT_EQ(world.count(Event::stream_down), 2u);
    world.run(30s);
    EXPECT_EQ(world.count(Event::stream_down), 2u);
}

TEST_P(Accounts, KeepTheirEventsWhenAKeyMayNotTrade) {
    PrivateWorld world{GetParam()};
    if (GetParam().venue != Venue::okx && GetParam().venue != Venue::bybit) return;  // they say it in an answer
    ASSERT_TRUE(world.come_up());
    const auto action = world.resting(GetParam().markets.front());
    world.swallow = [](const std::string&) { return true; };
    ASSERT_TRUE(world.link.submit(action, world.now));
    world.run(100ms);
    char id[gateways::streams::request_id_length];
    gateways::streams::write_request_id(id, action.order.id, gateways::streams::Operation::place, 1);
    const std::string request{id, sizeof id};
    auto answer =
        GetParam().venue == Venue::okx
            ? R"({"id":")" + request + R"(","op":"order","data":[{"sCode":"51009","sMsg":"blocked"}],"code":"1"})"
            : R"({"reqId":")" + request + R"(","retCode":10005,"retMsg":"Permission denied","op":"order.create"})";
    const auto size = answer.size();
    answer.resize(size + 64);

    world.link.frame(GetParam().venue == Venue::okx ? 0 : 2, std::string_view{answer}.substr(0, size), world.now);
    world.carry_out();

    ASSERT_NE(world.find(Event::rejected, action.order.id), nullptr);
    EXPECT_EQ(world.find(Event::rejected, action.order.id)->rejected.refusal, gateways::Refusal::permission);
    EXPECT_TRUE(world.link.stream_up());
    // Bybit says the same of an order socket whose login ended: orders go over REST until it is logged in again.
    EXPECT_EQ(world.link.entry_up(), GetParam().venue == Venue::okx);
}

TEST(PrivateLink, SubscribesToBybitsDeadManSwitchWhereItIsEnabled) {
    PrivateLinkSettings settings;
    settings.setup.bybit_disconnect_cancel = true;
    PrivateWorld world{account_cases()[4], settings};
    bool asked = false;
    world.bend_request = [&](std::string& text) {
        asked = asked || text.find(R"("wallet","dcp.spot","dcp.future"])") != std::string::npos;
    };
    EXPECT_TRUE(world.come_up());
    EXPECT_TRUE(asked);
}

TEST(PrivateLink, RefusesWhatTheVenueDoesNotOffer) {
    const auto table = PrivateWorld::instruments_of(Venue::binance);
    EXPECT_THROW((PrivateLink{{}, Venue::binance, {Market::inverse}, table, PrivateWorld::keys()}),
                 std::invalid_argument);
    EXPECT_THROW((PrivateLink{{}, Venue::kraken, {Market::spot}, table, PrivateWorld::keys()}), std::invalid_argument);
    EXPECT_THROW((PrivateLink{{}, Venue::bybit, {}, table, PrivateWorld::keys()}), std::invalid_argument);
}

TEST(PrivateLink, GoesToTheVenuesOwnHosts) {
    struct Row {
        Venue venue;
        gateways::exchange::Environment environment;
        std::vector<std::string> urls;
    };
    using enum gateways::exchange::Environment;
    for (const auto& row : std::vector<Row>{
             {Venue::binance, live, {"wss://ws-api.binance.com:443/ws-api/v3", "wss://ws-fapi.binance.com/ws-fapi/v1"}},
             {Venue::binance,
              testnet,
              {"wss://ws-api.testnet.binance.vision/ws-api/v3", "wss://testnet.binancefuture.com/ws-fapi/v1"}},
             {Venue::bitget, live, {"wss://ws.bitget.com/v2/ws/private"}},
             {Venue::bitget, testnet, {"wss://wspap.bitget.com/v2/ws/private"}},
             {Venue::bybit, live, {"wss://stream.bybit.com/v5/private", "wss://stream.bybit.com/v5/trade"}},
             {Venue::bybit,
              testnet,
              {"wss://stream-testnet.bybit.com/v5/private", "wss://stream-testnet.bybit.com/v5/trade"}},
             {Venue::okx, live, {"wss://ws.okx.com:8443/ws/v5/private", "wss://ws.okx.com:8443/ws/v5/business"}},
             {Venue::okx,
              testnet,
              {"wss://wspap.okx.com:8443/ws/v5/private", "wss://wspap.okx.com:8443/ws/v5/business"}},
         }) {
        PrivateLinkSettings settings;
        settings.setup.environment = row.environment;
        const auto table = PrivateWorld::instruments_of(row.venue);
        PrivateLink link{settings, row.venue, {Market::spot, Market::linear}, table, PrivateWorld::keys()};
        link.time(1s, 1'700'000'000s);
        std::vector<std::string> urls;
        while (const auto* command = link.next_command())
            if (command->kind == LinkCommand::Kind::open) urls.push_back(command->text);
        EXPECT_EQ(urls, row.urls) << core::name(row.venue);
    }
}

}  // namespace
}  // namespace test
