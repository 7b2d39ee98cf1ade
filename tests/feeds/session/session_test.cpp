#include "feeds/session/session.hpp"

#include "tests/feeds/session/session_world.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using core::Venue;
using feeds::SessionTrouble;
using Phase = feeds::Session::Phase;
using test::binance_depth;
using test::binance_snapshot;
using test::bybit_ack;
using test::bybit_book;
using test::bybit_trade;
using test::SessionWorld;

namespace {

/// Open, subscribed, with a valid book.
SessionWorld live_bybit(feeds::SessionSettings settings = {}) {
    SessionWorld world{Venue::bybit, settings};
    world.open();
    world.frame(bybit_ack("1"));
    world.frame(bybit_book("snapshot", 10));
    world.ticks.clear();
    world.commands.clear();
    return world;
}

}  // namespace

TEST(Session, OpensSubscribesAndIsReadyWhenItsBooksAreValid) {
    SessionWorld world{Venue::bybit};
    world.pass(20ms);
    EXPECT_EQ(world.commands, std::vector<std::string>{"open wss://stream.bybit.com/v5/public/spot"});
    EXPECT_EQ(world.session->phase(), Phase::opening);

    world.session->opened(world.now, world.sink());
    world.pass(20ms);
    EXPECT_EQ(world.count("send {\"req_id\":\"1\",\"op\":\"subscribe\""), 1U);
    EXPECT_EQ(world.session->unconfirmed(), 1U);

    world.frame(bybit_ack("1"));
    EXPECT_EQ(world.session->phase(), Phase::live);
    EXPECT_FALSE(world.session->ready()) << "no book yet";
    world.frame(bybit_book("snapshot", 10));
    EXPECT_TRUE(world.session->ready());
    EXPECT_EQ(world.ticks, (std::vector<std::string>{"connected", "level", "level"}));
    EXPECT_EQ(world.session->trouble(), "");
}

TEST(Session, AsksAgainWhatIsNotAnsweredThenOnANewConnection) {
    SessionWorld world{Venue::bybit, {.answer = 1s, .answer_tries = 2}};
    world.open();
    world.frame(bybit_trade());  // data flows: it is not silence that ends it

    world.pass(1500ms);
    EXPECT_EQ(world.count("send"), 2U) << "asked again";
    EXPECT_EQ(world.session->count(SessionTrouble::subscription_unanswered), 1U);
    EXPECT_NE(world.session->trouble().find("publicTrade"), std::string::npos) << world.session->trouble();

    world.pass(2s);
    EXPECT_EQ(world.count("close"), 1U);
    EXPECT_GE(world.session->count(SessionTrouble::subscription_unanswered), 2U);
    EXPECT_EQ(world.ticks.back(), "disconnected");
    world.pass(2s);
    EXPECT_EQ(world.count("open"), 2U);
}

TEST(Session, TellsARefusedSubscriptionAndAsksAgainLater) {
    SessionWorld world{Venue::bybit, {.subscribe = {.first = 4s, .longest = 60s}}};
    world.open();
    world.frame(bybit_ack("1", false));
    EXPECT_EQ(world.session->count(SessionTrouble::subscription_refused), 1U);
    EXPECT_EQ(world.session->unconfirmed(), 1U);
    EXPECT_EQ(world.session->phase(), Phase::subscribing);

    world.pass(1900ms);
    EXPECT_EQ(world.count("send"), 1U) << "not at once";
    world.pass(2200ms);
    EXPECT_EQ(world.count("send"), 2U);
    world.frame(bybit_ack("1"));
    EXPECT_EQ(world.session->phase(), Phase::live);
}

TEST(Session, KeepsTheVenuesPaceOfMessages) {
    SessionWorld world{Venue::coinbase};
    world.open();
    world.pass(90ms);
    EXPECT_EQ(world.count("send"), 1U);
    world.pass(260ms);
    EXPECT_EQ(world.count("send"), 3U) << "heartbeats, level2, market_trades; 125 ms apart";
}

TEST(Session, BridgesTheBookWithASnapshotByRest) {
    SessionWorld world{Venue::binance};
    world.open();
    world.frame(R"({"result":null,"id":1})");
    world.pass(50ms);
    EXPECT_EQ(world.count("request"), 0U) << "first an update must be there to bridge";

    world.frame(binance_depth(101, 105));
    world.pass(20ms);
    EXPECT_EQ(world.commands.back(), "request /api/v3/depth?symbol=BTCUSDT&limit=1000");
    world.frame(binance_depth(106, 110));
    world.pass(200ms);
    EXPECT_EQ(world.count("request"), 1U) << "one at a time";

    world.snapshot(binance_snapshot(103));
    EXPECT_TRUE(world.session->ready());
    EXPECT_EQ(world.session->stats().snapshots.applied, 1U);
    EXPECT_EQ(world.session->stats().depth.applied, 2U);
}

TEST(Session, KeepsItsBufferAndAsksAgainWhileSnapshotsAreTooOld) {
    SessionWorld world{Venue::binance, {.snapshot = {.first = 200ms, .longest = 10s}}};
    world.open();
    world.frame(R"({"result":null,"id":1})");
    world.frame(binance_depth(101, 105));
    world.pass(20ms);
    std::size_t asked = 1;
    core::Nanoseconds waited{};
    for (const int old : {50, 51, 52, 53}) {
        ASSERT_EQ(world.count("request"), asked);
        world.snapshot(binance_snapshot(old));
        EXPECT_FALSE(world.session->ready());
        const auto before = world.now;
        while (world.count("request") == asked && world.now < before + 10s) world.pass(10ms);
        EXPECT_GE(world.now - before, waited / 4) << "less and less often";
        waited = world.now - before;
        ++asked;
    }
    EXPECT_EQ(world.session->count(SessionTrouble::snapshot_too_old), 4U);
    EXPECT_EQ(world.session->stats().depth.dropped, 0U) << "what waited still waits";
    world.snapshot(binance_snapshot(104));
    EXPECT_TRUE(world.session->ready());
    EXPECT_EQ(world.count("close"), 0U);
}

TEST(Session, WaitsAsLongAsTheVenueSaysWhenASnapshotIsRefused) {
    SessionWorld world{Venue::binance,
                       {.snapshot_answer = 2s, .any_silence = 0s, .quote_silence = 0s, .book_silence = 0s}};
    world.open();
    world.frame(R"({"result":null,"id":1})");
    world.frame(binance_depth(101, 105));
    world.pass(20ms);
    world.snapshot("", 30s);  // 429 with Retry-After
    EXPECT_EQ(world.session->count(SessionTrouble::snapshot_failed), 1U);
    world.pass(29s);
    EXPECT_EQ(world.count("request"), 1U);
    world.pass(2s);
    EXPECT_EQ(world.count("request"), 2U);
    world.pass(2500ms);  // no answer at all
    EXPECT_EQ(world.session->count(SessionTrouble::snapshot_failed), 2U);
    EXPECT_EQ(world.count("request"), 3U);
}

TEST(Session, TakesNoSnapshotThatAnEarlierConnectionAskedFor) {
    SessionWorld world{Venue::binance, {.reconnect = {.first = 10ms, .longest = 10ms}}};
    world.open();
    world.frame(R"({"result":null,"id":1})");
    world.frame(binance_depth(101, 105));
    world.pass(20ms);
    ASSERT_EQ(world.count("request"), 1U);
    world.session->closed(world.now, "cut", world.sink());
    world.snapshot(binance_snapshot(103));
    world.open();
    world.snapshot(binance_snapshot(103));
    EXPECT_EQ(world.ticks_of("level"), 0U);
    EXPECT_FALSE(world.session->book_valid(world.id));
}

TEST(Session, AsksForABookAnewAfterAGap) {
    auto world = live_bybit();
    world.frame(bybit_book("delta", 11));
    world.frame(bybit_book("delta", 13));
    EXPECT_EQ(world.ticks.back(), "gap 0");
    EXPECT_FALSE(world.session->ready());

    world.pass(200ms);
    EXPECT_EQ(world.count("send {\"req_id\":\"900000\",\"op\":\"unsubscribe\",\"args\":[\"orderbook.200.BTCUSDT\"]"),
              1U);
    EXPECT_EQ(world.count("send {\"req_id\":\"900001\",\"op\":\"subscribe\",\"args\":[\"orderbook.200.BTCUSDT\"]"), 1U);
    world.frame(bybit_ack("900001"));
    world.frame(bybit_book("snapshot", 20));
    EXPECT_EQ(world.ticks.back(), "resynchronised 0");
    EXPECT_TRUE(world.session->ready());
    EXPECT_EQ(world.session->counts().books_asked_again, 1U);
}

TEST(Session, OpensAnewWhenABookStaysAway) {
    auto world = live_bybit({.book_patience = 1s, .book_tries = 2, .any_silence = 0s, .book_silence = 0s});
    world.frame(bybit_book("delta", 13));
    world.pass(10s);
    EXPECT_EQ(world.session->counts().books_asked_again, 2U);
    EXPECT_EQ(world.session->count(SessionTrouble::book_stuck), 1U);
    EXPECT_EQ(world.count("close"), 1U);
    EXPECT_EQ(world.count("open"), 1U);
}

TEST(Session, BeginsBooksAnewThatAreFoundCrossed) {
    auto world = live_bybit();
    world.session->book_is_wrong(world.now, world.sink());
    EXPECT_EQ(world.ticks, std::vector<std::string>{"gap 0"}) << "and nothing about the connection";
    world.pass(200ms);
    EXPECT_EQ(world.count("send"), 2U);
}

TEST(Session, LeavesASocketThatBringsNoData) {
    auto world = live_bybit({.any_silence = 5s});
    for (int i = 0; i < 10; ++i) {
        world.pass(480ms);
        world.frame(bybit_trade());
    }
    EXPECT_EQ(world.count("close"), 0U);
    for (int i = 0; i < 12; ++i) {  // it answers, but that is all it does
        world.pass(490ms);
        world.frame(R"({"success":true,"ret_msg":"pong","conn_id":"c","op":"ping"})");
    }
    EXPECT_EQ(world.count("close"), 1U);
    EXPECT_EQ(world.session->count(SessionTrouble::stream_silent), 1U);
    EXPECT_EQ(world.session->trouble(), "stream_silent: all streams");
    EXPECT_EQ(world.ticks_of("gap 0"), 1U);
    EXPECT_EQ(world.ticks_of("disconnected"), 1U);
}

TEST(Session, LeavesASocketOfWhichOneStreamIsDead) {
    auto world = live_bybit({.any_silence = 5s, .book_silence = 3s});
    for (int i = 0; i < 40 && world.count("close") == 0; ++i) {
        world.pass(100ms);
        world.frame(bybit_trade());
    }
    EXPECT_EQ(world.session->trouble(), "stream_silent: book of BTCUSDT");
}

TEST(Session, InvalidatesItsBooksWhenTheConnectionEndsAndBacksOff) {
    auto world = live_bybit({.reconnect = {.first = 1s, .longest = 8s}});
    world.session->closed(world.now, "cut", world.sink());
    EXPECT_EQ(world.ticks, (std::vector<std::string>{"gap 0", "disconnected"}));
    EXPECT_EQ(world.session->trouble(), "lost: cut");
    EXPECT_FALSE(world.session->book_valid(world.id));

    core::Nanoseconds last{};
    for (std::size_t failures = 1; failures < 6; ++failures) {
        const auto before = world.now;
        while (world.count("open") < failures && world.now < before + 20s) world.pass(10ms);
        const auto waited = world.now - before;
        EXPECT_GE(waited + 20ms, last / 2);
        EXPECT_LE(waited, 8s + 20ms);
        last = waited;
        world.session->closed(world.now, "refused", world.sink());
    }
    EXPECT_GT(last, 4s);
    EXPECT_EQ(world.session->count(SessionTrouble::open_failed), 5U);
}

TEST(Session, SaysPingAsTheVenueWantsIt) {
    auto world = live_bybit();
    for (int i = 0; i < 41; ++i) {
        world.pass(1s);
        world.frame(bybit_trade());
    }
    EXPECT_EQ(world.count("send {\"op\":\"ping\"}"), 2U) << "every 20 s";
}

TEST(Session, DoesTheSameForTheSameEvents) {
    const auto story = [] {
        auto world = live_bybit({.book_patience = 1s, .book_tries = 2, .any_silence = 5s});
        for (int i = 0; i < 30; ++i) {
            world.frame(i % 7 == 3 ? bybit_book("delta", 100 + i) : bybit_trade());
            world.pass(333ms);
            if (world.session->phase() == Phase::opening) world.session->opened(world.now, world.sink());
        }
        auto all = world.commands;
        all.insert(all.end(), world.ticks.begin(), world.ticks.end());
        return all;
    };
    const auto first = story();
    EXPECT_GT(first.size(), 30U);
    EXPECT_EQ(first, story());
}
