#include "feeds/session/live_feed.hpp"

#include "feeds/capture/discover.hpp"
#include "tests/core/net/loopback.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/feeds/session/session_world.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

using namespace std::chrono_literals;
using core::Session;
using core::TickKind;
using core::Venue;
using test::Loopback;
using test::Peer;
using test::server_frame;

namespace {

/// A tick's content in words, without when it was received.
std::string words(const core::Tick& tick) {
    std::string text = std::string{core::name(tick.kind)} + ' ' + std::to_string(tick.instrument.value);
    const auto add = [&](auto number) { text += ' ' + std::to_string(number); };
    if (tick.venue_time != tick.receive_time) add(tick.venue_time.count());
    add(static_cast<int>(tick.side));
    if (tick.is(TickKind::trade)) add(tick.trade.price.units), add(tick.trade.quantity.units), add(tick.trade.trade_id);
    if (tick.is(TickKind::quote)) add(tick.quote.bid_price.units), add(tick.quote.ask_quantity.units);
    if (tick.is(TickKind::level))
        add(tick.level.price.units), add(tick.level.quantity.units), add(tick.level.update_id), add(tick.flags);
    if (tick.is(TickKind::session)) text = std::string{core::name(static_cast<Session>(tick.code))};
    return text;
}

/// A feed on loopback, and what it brought.
struct Rig {
    core::TlsContext tls{{.ca_file = {}, .system_authorities = false}};
    core::Resolver resolver{};
    core::NetThread thread{};
    core::HttpClient http{thread, tls, resolver};
    core::Clock clock{1ms};
    core::InstrumentTable table{};
    std::vector<std::string> ticks{};
    std::unique_ptr<feeds::LiveFeed> feed{};

    void begin(std::vector<feeds::SessionPlan> plans, feeds::LiveFeedSettings settings = {},
               feeds::Recorder* recorder = nullptr) {
        settings.session.reconnect = {.first = 5ms, .longest = 50ms};
        feed = std::make_unique<feeds::LiveFeed>(feeds::LiveFeedNet{thread, tls, resolver, http}, std::move(plans),
                                                 settings, table, recorder);
    }
    feeds::SessionPlan bybit(const Loopback& server) {
        const auto id = test::add_instrument(table, Venue::bybit, core::Market::spot, "BTCUSDT", 2, 8);
        const auto url = server.url("");
        return feeds::plan_sessions(Venue::bybit, feeds::FeedMode::prod, table, {&id, 1}, {},
                                    feeds::FeedHosts{url, url})
            .front();
    }
    bool poll_until(const std::function<bool()>& enough) {
        const auto give_up = std::chrono::steady_clock::now() + 60s;
        while (!enough() && std::chrono::steady_clock::now() < give_up)
            feed->poll(clock, [&](const core::Tick& tick) { ticks.push_back(words(tick)); });
        return enough();
    }
    [[nodiscard]] std::size_t count(std::string_view what) const {
        return static_cast<std::size_t>(
            std::count_if(ticks.begin(), ticks.end(), [&](const auto& tick) { return tick.starts_with(what); }));
    }
};

/// Takes a Bybit client's subscription and brings it a book.
void welcome(Peer& peer, int book) {
    peer.accept();
    peer.frame();
    peer.write(server_frame(test::bybit_ack("1")) + server_frame(test::bybit_book("snapshot", book)));
}

std::string trade_number(int n) {
    return server_frame(test::bybit_trade(std::to_string(n).c_str()));
}

}  // namespace

TEST(LiveFeed, BringsARecordedSessionAsADecoderWouldAndRecordsIt) {
    NEEDS_SHARED_DATA();
    const auto frames = test::recorded("OKX.ws.1.0");
    Rig rig;
    const std::filesystem::path file = test::shared("ws/cryptofeed/OKX.ws.1.0.zst");
    rig.table = feeds::capture::discover(Venue::okx, {&file, 1});
    std::vector<std::string> expected;
    feeds::AnyFeed direct{Venue::okx, rig.table};
    for (const auto& recorded : frames) {
        auto frame = recorded.frame();
        direct.on_frame(frame, [&](const core::Tick& tick) { expected.push_back(words(tick)); });
    }
    ASSERT_GT(expected.size(), 1000U);
    const Loopback server{[&](Peer& peer) {
        peer.accept();
        peer.frame();
        for (const auto& recorded : frames) peer.write(server_frame(recorded.bytes.view()));
        peer.wait_for_end();
    }};
    feeds::SessionPlan plan;
    plan.venue = Venue::okx;
    plan.url = server.url("/ws/v5/public");
    const auto answers = static_cast<unsigned>(direct.stats().of(feeds::Control::subscribed));
    plan.subscriptions = {{R"({"op":"subscribe","args":[]})", 0, answers}};
    const test::TemporaryFolder folder;
    {
        feeds::Recorder recorder{{.folder = folder / "captures", .queue_bytes = 8 << 20}, Venue::okx};
        rig.begin({plan}, {}, &recorder);
        ASSERT_TRUE(rig.poll_until([&] { return rig.ticks.size() > expected.size(); })) << rig.ticks.size();
        EXPECT_EQ(rig.feed->status().front().phase, feeds::Session::Phase::live);
        rig.feed.reset();
    }
    EXPECT_EQ(rig.ticks.front(), "connected");
    rig.ticks.erase(rig.ticks.begin());
    EXPECT_EQ(rig.ticks, expected);

    std::size_t captured = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder / "captures"}) {
        const auto reader = feeds::capture::open(entry.path());
        for (feeds::Frame frame; reader->next(frame);) {
            if (frame.origin != feeds::FrameOrigin::socket) continue;
            ASSERT_LT(captured, frames.size());
            EXPECT_EQ(frame.bytes, frames[captured++].bytes.view());
        }
    }
    EXPECT_EQ(captured, frames.size());
}

TEST(LiveFeed, TheEndOfOneOfItsConnectionsIsNotTheEndOfTheVenue) {
    std::atomic<bool> lives{false};
    const Loopback stays{[&](Peer& peer) {
        welcome(peer, 10);  // after its subscription: the client knows that it is connected
        lives = true;
        peer.wait_for_end();
    }};
    const Loopback breaks{[&](Peer& peer) {
        const auto give_up = std::chrono::steady_clock::now() + 60s;
        while (!lives && std::chrono::steady_clock::now() < give_up)  // alone it would be the venue
            std::this_thread::sleep_for(1ms);
        peer.accept();
        peer.frame();
        peer.cut();
    }};
    Rig rig;
    auto broken = rig.bybit(stays);
    auto plans = std::vector{rig.bybit(stays), std::move(broken)};
    plans.back().url = breaks.url("/v5/public/spot");
    rig.begin(plans);

    ASSERT_TRUE(rig.poll_until([&] { return rig.feed->status().back().counts.opened >= 3 && rig.count("level") > 0; }));

    EXPECT_EQ(rig.count("connected"), 1U);
    EXPECT_EQ(rig.count("disconnected"), 0U) << "the other one's books live on";
}

TEST(LiveFeed, ComesBackAfterAConnectionEndsAndItsBookIsInvalidMeanwhile) {
    const Loopback server{[](Peer& peer) {
        welcome(peer, 10);
        if (peer.connection == 0) return peer.cut();
        peer.wait_for_end();
    }};
    Rig rig;
    rig.begin({rig.bybit(server)});
    ASSERT_TRUE(rig.poll_until([&] { return rig.count("resynchronised") == 1; }));
    std::vector<std::string> sessions;
    for (const auto& tick : rig.ticks)
        if (!tick.starts_with("level")) sessions.push_back(tick);
    EXPECT_EQ(sessions, (std::vector<std::string>{"connected", "gap", "disconnected", "connected", "resynchronised"}));
    EXPECT_TRUE(rig.feed->ready());
    EXPECT_NE(rig.feed->status().front().trouble.find("lost"), std::string::npos);
}

TEST(LiveFeed, BridgesABinanceBookByRest) {
    const Loopback rest{[](Peer& peer) {
        int asked = 0;
        for (auto head = peer.read_to("\r\n\r\n"); !head.empty(); head = peer.read_to("\r\n\r\n")) {
            EXPECT_TRUE(head.starts_with("GET /api/v3/depth?symbol=BTCUSDT&limit=1000 HTTP/1.1"));
            peer.write(test::http_ok(test::binance_snapshot(++asked == 1 ? 50 : 103)));  // the first is too old
        }
    }};
    const Loopback server{[](Peer& peer) {
        peer.accept();
        peer.frame();
        peer.write(server_frame(R"({"result":null,"id":1})") + server_frame(test::binance_depth(101, 105)));
        peer.wait_for_end();
    }};
    Rig rig;
    const auto id = test::add_instrument(rig.table, Venue::binance, core::Market::spot, "BTCUSDT", 2, 8);
    feeds::LiveFeedSettings settings;
    settings.session.snapshot = {.first = 5ms, .longest = 20ms};
    auto http = rest.url("");
    http.replace(0, 2, "http");
    rig.begin(feeds::plan_sessions(Venue::binance, feeds::FeedMode::prod, rig.table, {&id, 1}, {},
                                   feeds::FeedHosts{server.url(""), http}),
              settings);
    ASSERT_TRUE(rig.poll_until([&] { return rig.feed->ready(); })) << rig.feed->status().front().trouble;
    EXPECT_EQ(rig.count("level"), 4U) << "the snapshot and the update that waited";
    EXPECT_EQ(rig.feed->status().front().counts.snapshots_asked, 2U);
}

TEST(LiveFeed, HoldsTheBookWhenOneOfTwoConnectionsEnds) {
    std::atomic<bool> cut{}, gone{};
    const Loopback server{[&](Peer& peer) {
        welcome(peer, 10);
        for (int n = 0; n < 50; ++n) peer.write(trade_number(n));
        if (peer.connection == 0) {
            while (!cut) std::this_thread::yield();
            peer.cut();
            gone = true;
            return;
        }
        if (peer.connection == 1) {
            while (!gone) std::this_thread::yield();
            peer.write(trade_number(1000));
        }
        peer.wait_for_end();
    }};
    Rig rig;
    feeds::LiveFeedSettings settings;
    settings.redundant = 2;
    rig.begin({rig.bybit(server)}, settings);
    ASSERT_TRUE(rig.poll_until([&] { return rig.feed->arbitration().copies >= 50; }));
    EXPECT_EQ(rig.count("trade"), 50U) << "each once";
    cut = true;
    ASSERT_TRUE(rig.poll_until([&] { return rig.count("trade") == 51 && server.accepted() >= 3; }));
    EXPECT_EQ(rig.count("gap"), 0U);
    EXPECT_EQ(rig.count("disconnected"), 0U);
    EXPECT_EQ(rig.feed->arbitration().gaps_bridged, 1U);
}

TEST(LiveFeed, RotatesBeforeTheVenueCutsWithoutAGap) {
    const Loopback server{[](Peer& peer) {
        welcome(peer, 10 + peer.connection);
        peer.wait_for_end();
    }};
    Rig rig;
    auto plan = rig.bybit(server);
    plan.lifetime = 1h;
    feeds::LiveFeedSettings settings;
    settings.rotation = {.margin = 1h - 30ms, .spread = 0s, .patience = 10s};
    rig.begin({plan}, settings);
    ASSERT_TRUE(rig.poll_until([&] { return server.accepted() >= 3 && rig.feed->status().size() == 1; }));
    EXPECT_EQ(rig.count("gap"), 0U);
    EXPECT_EQ(rig.count("disconnected"), 0U);
    EXPECT_TRUE(rig.feed->ready());
}

TEST(LiveFeed, OpensAnotherConnectionWhenTheVenueSaysThatItEndsThisOne) {
    const Loopback server{[](Peer& peer) {
        peer.accept();
        peer.frame();
        peer.write(server_frame(R"({"result":null,"id":1})") +
                   server_frame(R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1700000000001,"s":"BTCUSDT",)"
                                R"("t":12345,"p":"50000.00","q":"0.00100000","T":1700000000000,"m":true,"M":true}})"));
        if (peer.connection == 0) peer.write(server_frame(R"({"e":"serverShutdown","E":1700000000002})"));
        peer.wait_for_end();
    }};
    Rig rig;
    const auto id = test::add_instrument(rig.table, Venue::binance, core::Market::spot, "BTCUSDT", 2, 8);
    rig.begin(feeds::plan_sessions(Venue::binance, feeds::FeedMode::prod, rig.table, {&id, 1},
                                   {.trades = true, .quotes = false, .books = false, .marks = false},
                                   feeds::FeedHosts{server.url(""), ""}));
    ASSERT_TRUE(rig.poll_until([&] { return server.accepted() >= 2 && rig.feed->status().size() == 1; }));
    EXPECT_EQ(rig.count("trade"), 1U);
    EXPECT_EQ(rig.count("disconnected"), 0U);
    EXPECT_TRUE(rig.feed->ready());
}

TEST(LiveFeed, TakesSnapshotsFromTheVenuesBudgetAndTellsItWhatTheVenueSays) {
    const Loopback rest{[](Peer& peer) {
        for (auto head = peer.read_to("\r\n\r\n"); !head.empty(); head = peer.read_to("\r\n\r\n"))
            peer.write("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n");
    }};
    const Loopback server{[](Peer& peer) {
        peer.accept();
        peer.frame();
        peer.write(server_frame(R"({"result":null,"id":1})") + server_frame(test::binance_depth(101, 105)));
        peer.wait_for_end();
    }};
    core::RateRules rules;
    rules.windows[0] = {.length = 60s, .limit = 6000, .reserve = 600};
    rules.count = 1;
    auto budget = core::RateLedger::anonymous(rules);
    ASSERT_TRUE(budget);
    Rig rig;
    const auto id = test::add_instrument(rig.table, Venue::binance, core::Market::spot, "BTCUSDT", 2, 8);
    feeds::LiveFeedSettings settings;
    settings.budget = &*budget;
    auto http = rest.url("");
    http.replace(0, 2, "http");
    rig.begin(feeds::plan_sessions(Venue::binance, feeds::FeedMode::prod, rig.table, {&id, 1}, {},
                                   feeds::FeedHosts{server.url(""), http}),
              settings);
    ASSERT_TRUE(rig.poll_until([&] {
        return rig.feed->status()
                   .front()
                   .counts.troubles[static_cast<std::size_t>(feeds::SessionTrouble::snapshot_failed)] == 1;
    }));
    const auto now = core::Clock{}.now();
    EXPECT_EQ(budget->used(0, now), 50U);
    const auto answer = budget->take(1, core::RateUse::cancel, now);
    EXPECT_EQ(answer.refusal, core::RateRefusal::back_off);
    EXPECT_GT(answer.until - now, 25s);
}

TEST(LiveFeed, RefusesImpossibleSettings) {
    Rig rig;
    feeds::LiveFeedSettings none;
    none.redundant = 0;
    EXPECT_THROW(rig.begin({}, none), std::invalid_argument);
    feeds::SessionPlan nowhere;
    nowhere.url = "not an address";
    EXPECT_THROW(rig.begin({nowhere}), std::invalid_argument);
}
