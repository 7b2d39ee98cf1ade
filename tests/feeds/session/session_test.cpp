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

TEST(Session, AsksForABookThatDoesNotLastSeldomerAndSeldomer) {
    SessionWorld world{
        Venue::binance,
        {.snapshot = {.first = 500ms, .longest = 30s}, .any_silence = 0s, .quote_silence = 0s, .book_silence = 0s}};
    world.open();
    world.frame(R"({"result":null,"id":1})");
    int id = 100;
    for (int i = 0; i < 6000; ++i) {  // a minute of a venue whose updates have a hole behind every snapshot
        world.frame(binance_depth(id, id));
        world.pass(10ms);
        if (!world.commands.empty() && world.commands.back().starts_with("request")) {
            world.commands.push_back("answered");
            world.snapshot(binance_snapshot(id));
            world.frame(binance_depth(id + 1, id + 1));
            id += 10;
            world.frame(binance_depth(id, id));
        }
        ++id;
    }
    EXPECT_GT(world.count("request"), 3U);
    EXPECT_LT(world.count("request"), 15U);
    EXPECT_EQ(world.count("close"), 0U);
}

TEST(Session, ComesBackToABookAtOnceWhenItHadLasted) {
    SessionWorld world{Venue::binance, {.any_silence = 0s, .quote_silence = 0s, .book_silence = 0s}};
    world.open();
    world.frame(R"({"result":null,"id":1})");
    for (std::size_t n = 1; n <= 4; ++n) {
        world.frame(binance_depth(101, 105));
        world.pass(300ms);
        EXPECT_EQ(world.count("request"), n);
        world.snapshot(binance_snapshot(103));
        EXPECT_TRUE(world.session->ready());
        world.pass(61s);
        world.frame(binance_depth(200, 205));  // a gap
        EXPECT_FALSE(world.session->ready());
        world.session->book_is_wrong(world.now, world.sink());
    }
}

TEST(Session, SpreadsItsSnapshotsAndKeepsAwayAsLongAsTheVenueSaysWhateverBecomesOfTheConnection) {
    core::InstrumentTable table;
    std::vector<core::InstrumentId> ids;
    for (const auto* symbol : {"AAAUSDT", "BBBUSDT", "CCCUSDT", "DDDUSDT"})
        ids.push_back(test::add_instrument(table, Venue::binance, core::Market::spot, symbol, 2, 8));
    feeds::Session session{feeds::plan_sessions(Venue::binance, feeds::FeedMode::prod, table, ids).front(),
                           {.any_silence = 0s, .quote_silence = 0s, .book_silence = 0s},
                           table,
                           0,
                           1};
    core::Nanoseconds now{1h};
    const auto sink = [](const core::Tick&) {};
    std::vector<core::InstrumentId> asked;
    const auto pass = [&](core::Nanoseconds time) {
        for (const auto end = now + time; now < end;) {
            session.time(now += 10ms, sink);
            while (const auto command = session.next_command())
                if (command->kind == feeds::SessionCommand::Kind::request) asked.push_back(command->instrument);
        }
    };
    const auto open = [&] {
        session.opened(now, sink);
        const test::Bytes ack{R"({"result":null,"id":1})"};
        session.frame(
            {.bytes = ack.view(), .receive_time = now, .connection = 0, .origin = {}, .url = session.plan().url}, sink);
        for (const auto* symbol : {"AAAUSDT", "BBBUSDT", "CCCUSDT", "DDDUSDT"}) {
            const test::Bytes bytes{R"({"stream":"x","data":{"e":"depthUpdate","E":1700000000000,"s":")" +
                                    std::string{symbol} + R"(","U":1,"u":2,"b":[["1.00","1.00000000"]],"a":[]}})"};
            session.frame(
                {.bytes = bytes.view(), .receive_time = now, .connection = 0, .origin = {}, .url = session.plan().url},
                sink);
        }
    };
    pass(10ms);
    open();
    pass(100ms);
    EXPECT_EQ(asked.size(), 1U);
    pass(300ms);
    EXPECT_EQ(asked.size(), 2U);

    session.snapshot(now, asked[0], {}, 60s, sink);  // 429
    session.closed(now, "cut", sink);
    pass(5s);
    open();
    pass(50s);
    EXPECT_EQ(asked.size(), 2U) << "not one more, on no connection";
    pass(10s);
    EXPECT_GT(asked.size(), 2U);
}

TEST(Session, AsksOnForARefusedSubscriptionAndLeavesTheOthersAlone) {
    auto world = SessionWorld{
        Venue::bybit,
        {.subscribe = {.first = 1s, .longest = 2s}, .book_patience = 10h, .any_silence = 0s, .book_silence = 0s}};
    world.open();
    world.frame(bybit_book("snapshot", 10));
    for (int i = 0; i < 600; ++i) {
        world.pass(100ms);
        if (world.commands.back().starts_with("send")) {
            world.frame(bybit_ack("1", false));
            world.commands.push_back("refused");
        }
    }
    EXPECT_GT(world.count("send"), 20U);
    EXPECT_EQ(world.count("close"), 0U) << "the book goes on";
    EXPECT_TRUE(world.session->book_valid(world.id));
    EXPECT_FALSE(world.session->ready());
}

TEST(Session, TakesAStreamForQuietThatBringsNothingOnANewConnectionEither) {
    SessionWorld world{Venue::bybit,
                       {.reconnect = {.first = 10ms, .longest = 10ms},
                        .book_patience = 10h,
                        .any_silence = 0s,
                        .trade_silence = 10s,
                        .book_silence = 0s}};
    core::Nanoseconds opened = world.now;
    std::size_t closed = 0;
    for (const auto end = world.now + 1h; world.now < end; world.pass(100ms)) {
        if (world.session->phase() != Phase::opening) continue;
        world.session->opened(world.now, world.sink());
        world.frame(bybit_ack("1"));
        world.frame(bybit_book("snapshot", 10));
        if (++closed > 1) {
            EXPECT_GE(world.now - opened, 10s);
        }
        opened = world.now;
    }
    EXPECT_LE(world.count("close"), 9U) << "10, 20, 40, … s; not 360 times";
    EXPECT_GE(world.count("close"), 5U);
}

TEST(Session, HearsThatTheVenueIsAboutToLeave) {
    SessionWorld binance{Venue::binance}, okx{Venue::okx}, kraken{Venue::kraken};
    binance.open(), okx.open(), kraken.open();
    EXPECT_FALSE(binance.session->leaving());
    binance.frame(R"({"e":"serverShutdown","E":1770123456789})");
    EXPECT_TRUE(binance.session->leaving());
    okx.frame(R"({"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"a"})");
    EXPECT_FALSE(okx.session->leaving());
    okx.frame(R"({"event":"notice","code":"64008","msg":"The connection will soon be closed.","connId":"a"})");
    EXPECT_TRUE(okx.session->leaving());
    okx.session->closed(okx.now, "cut", okx.sink());
    okx.pass(1s);
    okx.session->opened(okx.now, okx.sink());
    EXPECT_FALSE(okx.session->leaving()) << "that was the other connection";
}
