// "Stale book served after a gap", "endless resync because the REST snapshot is older than the buffer".
#include "tests/faults/market_world.hpp"

using namespace std::chrono_literals;
using feeds::SessionTrouble;
using test::MarketWorld;
using venue::FaultKind;

TEST(StaleBook, AfterAGapIsNotServedAndTheNewOneIsTheVenues) {
    for (const auto dialect : test::dialects) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{dialect};
        ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); })) << world.session->trouble();
        ASSERT_TRUE(world.settled());
        const auto match = dialect == core::Venue::binance ? "depthUpdate"
                           : dialect == core::Venue::bybit ? "orderbook"
                                                           : "\"channel\":\"books\"";
        world.fault("{kind: gap, count: 1, match: '" + std::string{match} + "'}");
        ASSERT_TRUE(world.until(10s, [&] { return world.struck(FaultKind::gap) == 1; }));

        ASSERT_TRUE(world.until(5s, [&] { return world.consumer.gaps == 1; })) << "the next update shows the gap";
        ASSERT_TRUE(world.until(20s, [&] { return world.consumer.valid; })) << world.session->trouble();
        EXPECT_EQ(world.consumer.gaps, 1u);
        EXPECT_EQ(world.consumer.levels_while_invalid, 0u);
        EXPECT_TRUE(world.settled());
    }
}

TEST(StaleBook, IsNeverServedWhateverTheStreamLosesSwapsOrDoubles) {
    for (const auto dialect : test::dialects) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{dialect};
        ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); })) << world.session->trouble();
        for (const char* kind : {"gap", "reorder", "duplicate", "delay"})
            world.fault("{kind: " + std::string{kind} +
                        ", topic: book, probability: 0.03, delay: 150ms, lasting: 60s}");
        world.pass(60s);
        for (const auto kind : {FaultKind::gap, FaultKind::reorder, FaultKind::duplicate, FaultKind::delay})
            EXPECT_GT(world.struck(kind), 0u) << venue::name(kind);
        EXPECT_GT(world.consumer.gaps, 0u);
        EXPECT_EQ(world.consumer.levels_while_invalid, 0u);
        ASSERT_TRUE(world.until(2min, [&] { return world.consumer.valid; })) << world.session->trouble();
        EXPECT_TRUE(world.settled());
    }
}

TEST(StaleBook, WithAWrongChecksumIsThrownAway) {
    for (const auto dialect : {core::Venue::okx, core::Venue::bitget}) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{dialect};
        ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); })) << world.session->trouble();
        world.fault(R"({kind: corrupt_checksum, count: 1, match: '"action":"update"'})");
        ASSERT_TRUE(world.until(10s, [&] { return world.struck(FaultKind::corrupt_checksum) == 1; }));
        ASSERT_TRUE(world.until(1s, [&] { return world.consumer.gaps == 1; }));
        ASSERT_TRUE(world.until(20s, [&] { return world.consumer.valid; })) << world.session->trouble();
        EXPECT_TRUE(world.settled());
    }
}

TEST(EndlessResync, WithSnapshotsOlderThanTheBufferAsksPatientlyAndTakesTheFirstThatFits) {
    for (const auto market : {core::Market::spot, core::Market::linear}) {
        SCOPED_TRACE(core::name(market));
        MarketWorld world{core::Venue::binance, market};
        world.fault("{kind: stale_answer, match: /depth, count: 4}");
        ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); })) << world.session->trouble();
        world.pass(5s);
        const auto before = world.requests;
        world.fault("{kind: gap, count: 1, match: depthUpdate}");
        ASSERT_TRUE(world.until(10s, [&] { return world.consumer.gaps == 1; }));

        ASSERT_TRUE(world.until(2min, [&] { return world.consumer.valid; })) << world.session->trouble();

        EXPECT_EQ(world.struck(FaultKind::stale_answer), 4u);
        EXPECT_EQ(world.session->count(SessionTrouble::snapshot_too_old), 4u);
        EXPECT_EQ(world.requests - before, 5u) << "one question an answer";
        EXPECT_EQ(world.session->counts().opened, 1u) << "the updates stayed buffered on the same connection";
        EXPECT_TRUE(world.settled());
    }
}

TEST(EndlessResync, ForAnHourIsAQuestionNowAndThenNotAStorm) {
    MarketWorld world{core::Venue::binance, core::Market::spot, {}, 100ms};
    ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); })) << world.session->trouble();
    world.fault("{kind: stale_answer, match: /depth, lasting: 1h}");
    (void)world.simulator.http(venue::HttpRequest::make("GET", world.session->plan().books.front().snapshot));
    world.pass(5s);
    world.fault("{kind: gap, count: 1, match: depthUpdate}");
    ASSERT_TRUE(world.until(1min, [&] { return !world.consumer.valid; }));
    const auto before = world.requests;
    world.pass(55min);
    EXPECT_FALSE(world.consumer.valid) << "no snapshot fitted";
    EXPECT_LE(world.requests - before, 55u * 60 / 15) << "thirty seconds between two, with jitter";
    EXPECT_GE(world.requests - before, 55u * 60 / 60) << "not given up";
    EXPECT_TRUE(world.until(10min, [&] { return world.consumer.valid; })) << world.session->trouble();
    EXPECT_TRUE(world.settled());
}
