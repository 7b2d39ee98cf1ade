// "Zombie socket for hours": the socket is open, pongs come, data does not.
#include "tests/faults/market_world.hpp"

using namespace std::chrono_literals;
using feeds::SessionTrouble;
using test::MarketWorld;
using venue::FaultKind;

TEST(ZombieSocket, ForHoursIsLeftAfterSecondsAndItsBookIsNotServed) {
    for (const auto dialect : test::dialects) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{dialect, core::Market::linear, {}, 500ms};
        ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); })) << world.session->trouble();
        world.fault("{kind: silent_socket, lasting: 20m}");

        // No instant at which a book is believed that nothing has come for in longer than the patience allows.
        const feeds::SessionSettings patience;
        core::Nanoseconds longest{};
        world.pass(20min, [&] {
            if (world.consumer.valid) longest = std::max(longest, world.now - world.consumer.newest);
        });
        EXPECT_LE(longest, patience.any_silence + 1s);
        EXPECT_GE(world.session->count(SessionTrouble::stream_silent), 1u);
        EXPECT_GT(world.struck(FaultKind::silent_socket), 0u);
        EXPECT_LE(world.session->counts().opened, 1200u / 10) << "no storm of new connections";

        EXPECT_TRUE(world.until(3min, [&] { return world.session->ready(); })) << world.session->trouble();
        EXPECT_TRUE(world.settled());
    }
}

TEST(ZombieSocket, WithOneStreamDeadAmongLivelyOnesIsLeft) {
    // The trades go on; the book alone is silent, which a look at the connection would not show.
    for (const auto dialect : test::dialects) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{dialect};
        ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); })) << world.session->trouble();
        const auto trades = world.consumer.trades;
        const auto dead = world.fault("{kind: drop, topic: book, lasting: 90s}");
        world.pass(90s);
        EXPECT_GT(world.strokes(dead), 0u);
        EXPECT_GT(world.consumer.trades, trades);
        EXPECT_FALSE(world.consumer.valid);
        EXPECT_GE(world.session->count(SessionTrouble::stream_silent), 1u) << world.session->trouble();
        EXPECT_TRUE(world.until(3min, [&] { return world.session->ready(); })) << world.session->trouble();
        EXPECT_TRUE(world.settled());
    }
}

TEST(ZombieSocket, AtAHalfOpenVenueIsNotHeldOnTo) {
    MarketWorld world{core::Venue::bybit, core::Market::linear, {}, 100ms};
    ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); }));
    world.fault("{kind: half_open, lasting: 10m}");
    world.pass(1min);
    EXPECT_FALSE(world.consumer.valid);
    EXPECT_GT(world.struck(FaultKind::half_open), 0u);
    world.pass(9min);
    EXPECT_TRUE(world.until(3min, [&] { return world.session->ready(); })) << world.session->trouble();
    EXPECT_TRUE(world.settled());
}
