// The same complaints with real sockets: LiveFeed over TLS against the served simulator, times scaled down.
#include "feeds/session/live_feed.hpp"

#include "tests/faults/market_world.hpp"
#include "tests/faults/served.hpp"

#include <functional>

using namespace std::chrono_literals;
using feeds::SessionTrouble;
using test::Served;
using venue::FaultKind;

namespace {

struct Rig {
    Served& venue;
    core::TlsContext tls;
    core::Resolver resolver{};
    core::NetThread thread{};
    core::HttpClient http{thread, tls, resolver};
    core::Clock clock{1ms};
    core::InstrumentTable table{};
    core::InstrumentId id{};
    core::Market market;
    test::Consumer consumer{};
    std::unique_ptr<feeds::LiveFeed> feed{};

    Rig(Served& served, core::Venue dialect, core::Market of = core::Market::linear,
        const std::function<void(feeds::LiveFeedSettings&, feeds::SessionPlan&)>& change = {})
        : venue{served}, tls{{.ca_file = served.ca, .system_authorities = false}}, market{of} {
        id = table.add(test::bitcoin(dialect, of));
        const auto address = served.server.address();
        auto plans = feeds::plan_sessions(dialect, feeds::FeedMode::prod, table, {&id, 1}, {.marks = false},
                                          feeds::FeedHosts{"wss://" + address, "https://" + address});
        plans.resize(1);
        feeds::LiveFeedSettings settings;
        settings.session.reconnect = {.first = 5ms, .longest = 50ms};
        settings.session.subscribe = {.first = 10ms, .longest = 50ms};
        settings.session.snapshot = {.first = 5ms, .longest = 20ms};
        settings.session.any_silence = 800ms;
        if (change) change(settings, plans.front());
        feed = std::make_unique<feeds::LiveFeed>(feeds::LiveFeedNet{thread, tls, resolver, http}, std::move(plans),
                                                 settings, table);
    }
    bool until(const std::function<bool()>& enough) {
        const auto give_up = std::chrono::steady_clock::now() + 20s;
        while (!enough() && std::chrono::steady_clock::now() < give_up)
            feed->poll(clock, [&](const core::Tick& tick) { consumer.on(tick); });
        return enough();
    }
    [[nodiscard]] std::uint64_t troubles(SessionTrouble trouble) const {
        return feed->status().front().counts.troubles[static_cast<std::size_t>(trouble)];
    }
    /// The market stands: our book becomes the venue's.
    ::testing::AssertionResult becomes_the_venues() {
        venue.server.with([](venue::Simulator& inside) { inside.feeder().hold(true); });
        auto same = ::testing::AssertionResult{::testing::AssertionFailure() << "never looked"};
        (void)until([&] {
            venue.server.with([&](venue::Simulator& inside) {
                const auto listing = *inside.engine().find(table[id].symbol, market);
                same = same_book(consumer, inside.engine().market(listing));
            });
            return static_cast<bool>(same) && consumer.valid;
        });
        return consumer.valid ? same : ::testing::AssertionResult{::testing::AssertionFailure() << "invalid"};
    }
};

}  // namespace

TEST(OverTls, ASubscribeRefusedIsNoticedAndTheBookIsTheVenuesInTheEnd) {
    for (const auto dialect : test::dialects) {
        SCOPED_TRACE(core::name(dialect));
        Served venue{dialect};
        venue.fault("{kind: refused_subscribe, count: 1}");
        Rig rig{venue, dialect};
        ASSERT_TRUE(rig.until([&] { return rig.feed->ready(); })) << rig.feed->status().front().trouble;
        EXPECT_GE(rig.troubles(SessionTrouble::subscription_refused), 1u);
        EXPECT_EQ(venue.struck(FaultKind::refused_subscribe), 1u);
        EXPECT_TRUE(rig.becomes_the_venues());
    }
}

TEST(OverTls, AZombieSocketIsLeftThoughItsPongsCome) {
    Served venue{core::Venue::okx};
    Rig rig{venue, core::Venue::okx};
    ASSERT_TRUE(rig.until([&] { return rig.feed->ready(); })) << rig.feed->status().front().trouble;
    venue.fault("{kind: silent_socket, lasting: 1500ms}");
    ASSERT_TRUE(rig.until([&] { return !rig.consumer.valid; })) << "its book is not served";
    EXPECT_GT(venue.struck(FaultKind::silent_socket), 0u);
    ASSERT_TRUE(rig.until([&] { return rig.feed->ready(); })) << rig.feed->status().front().trouble;
    EXPECT_GE(rig.troubles(SessionTrouble::stream_silent), 1u);
    EXPECT_TRUE(rig.becomes_the_venues());
}

TEST(OverTls, AHalfOpenConnectionIsLeftAndAnotherOpened) {
    Served venue{core::Venue::bybit};
    Rig rig{venue, core::Venue::bybit};
    ASSERT_TRUE(rig.until([&] { return rig.feed->ready(); })) << rig.feed->status().front().trouble;
    venue.fault("{kind: half_open, lasting: 1500ms}");
    ASSERT_TRUE(rig.until([&] { return venue.connections() == 0; })) << "the venue has left it without a word";
    ASSERT_TRUE(rig.until([&] { return !rig.consumer.valid; }));
    EXPECT_GE(rig.troubles(SessionTrouble::stream_silent), 1u);
    ASSERT_TRUE(rig.until([&] { return rig.feed->ready(); })) << rig.feed->status().front().trouble;
    EXPECT_TRUE(rig.becomes_the_venues());
}

TEST(OverTls, TheDayCutIsForestalledWithoutAGap) {
    // A day is three seconds here; the successor is begun long before.
    Served venue{core::Venue::bitget, core::Nanoseconds{3s}};
    Rig rig{venue, core::Venue::bitget, core::Market::linear,
            [](feeds::LiveFeedSettings& settings, feeds::SessionPlan& plan) {
                plan.lifetime = 3s;
                settings.rotation = {.margin = 2500ms, .spread = 0s, .patience = 10s};
            }};
    ASSERT_TRUE(rig.until([&] { return rig.feed->ready(); })) << rig.feed->status().front().trouble;
    const auto venue_time = [&] {
        core::Nanoseconds now{};
        venue.server.with([&](venue::Simulator& inside) { now = inside.engine().now(); });
        return now;
    };
    const auto a_day_later = venue_time() + 4s;
    ASSERT_TRUE(rig.until([&] { return venue_time() > a_day_later; }));
    EXPECT_EQ(rig.consumer.gaps, 0u);
    EXPECT_EQ(rig.consumer.disconnected, 0u);
    EXPECT_TRUE(rig.consumer.valid);
    venue.server.with([](venue::Simulator& inside) {
        EXPECT_EQ(inside.worn_out(), 0u);
        EXPECT_GE(inside.opened(), 3u) << "handed over again and again";
    });
    EXPECT_TRUE(rig.becomes_the_venues());
}
