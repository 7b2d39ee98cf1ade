#include "feeds/session/live_feed.hpp"
#include "core/net/openssl_memory.hpp"
#include "tests/allocations/counting_new.hpp"
#include "tools/venue/server/server.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t frames = 10'000;

/// Four perpetuals of a simulated venue over TLS on loopback, taken by the program's own driver.
struct World {
    venue::Server server;
    core::TlsContext tls;
    core::Resolver resolver{};
    core::NetThread thread{};
    core::HttpClient http{thread, tls, resolver};
    core::Clock clock{1ms};
    core::InstrumentTable table{};
    std::unique_ptr<feeds::LiveFeed> feed{};
    std::uint64_t came{}, ticks{};  ///< frames, and what they brought

    explicit World(core::Venue dialect)
        : server{{.tls = true}, simulated(dialect)}, tls{{.ca_pem = server.authority(), .system_authorities = false}} {
        server.start();
        std::vector<core::InstrumentId> ids;
        for (const auto& listing : simulated(dialect).listings) ids.push_back(table.add(listing.instrument));
        feeds::LiveFeedSettings settings;
        settings.session.snapshot_gap = 1ms;
        feed = std::make_unique<feeds::LiveFeed>(
            feeds::LiveFeedNet{thread, tls, resolver, http},
            feeds::plan_sessions(dialect, feeds::FeedMode::prod, table, ids, {},
                                 feeds::FeedHosts{"wss://" + server.address(), "https://" + server.address()}),
            settings, table);
    }
    static venue::SimulatorSettings simulated(core::Venue dialect) {
        venue::SimulatorSettings made;
        made.dialect = dialect;
        made.source.warm_up = 1s;
        made.source.events_per_s = 4'000;
        for (auto& listing : venue::usual_listings(dialect))
            if (!listing.spot()) made.listings.push_back(std::move(listing));
        return made;
    }
    template <class Enough>
    bool until(Enough&& enough) {
        const auto give_up = std::chrono::steady_clock::now() + 240s;
        while (!enough() && std::chrono::steady_clock::now() < give_up)
            came += feed->poll(clock, [&](const core::Tick&) { ++ticks; });
        return enough();
    }
    /// True when so many more frames came.
    bool take(std::uint64_t more) {
        return until([this, end = came + more] { return came >= end; });
    }
    [[nodiscard]] std::uint64_t breaks() const {
        std::uint64_t sum = 0;
        for (const auto& one : feed->status()) sum += one.sequence_breaks + one.errors + one.counts.opened - 1;
        return sum;
    }
};

}  // namespace

/// From the socket to ticks: recv, TLS, WebSocket, session, codec, synchroniser, arbiter. A ping to the venue may fall
/// into the stretch, and take one.
TEST(Allocations, AtMostOneInTenThousandFramesFromALiveSocketToTicks) {
    ASSERT_TRUE(core::openssl_memory_is_ours());
    for (const auto dialect : {core::Venue::binance, core::Venue::bitget, core::Venue::bybit, core::Venue::okx}) {
        SCOPED_TRACE(core::name(dialect));
        World world{dialect};
        ASSERT_TRUE(world.until([&] { return world.feed->ready(); }));
        ASSERT_TRUE(world.take(frames / 5));
        const auto breaks = world.breaks(), ticks = world.ticks;

        const auto before = test::allocations() + core::openssl_allocations();
        ASSERT_TRUE(world.take(frames));
        const auto taken = test::allocations() + core::openssl_allocations() - before;

        EXPECT_LE(taken, 1U);
        EXPECT_GE(world.ticks - ticks, frames);
        EXPECT_EQ(world.breaks(), breaks);
        world.server.stop();
    }
}
