// "Subscribe refused and nobody noticed": the connection stands, answers pings, and never brings the stream.
#include "tests/faults/market_world.hpp"

using namespace std::chrono_literals;
using feeds::SessionTrouble;
using test::MarketWorld;
using venue::FaultKind;

TEST(SubscribeRefused, IsNoticedSaidAndAskedAgainUntilTheVenueAgrees) {
    for (const auto dialect : test::dialects) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{dialect};
        world.fault("{kind: refused_subscribe, count: 5}");

        world.pass(500ms);
        EXPECT_GT(world.struck(FaultKind::refused_subscribe), 0u);
        EXPECT_FALSE(world.session->ready());
        EXPECT_FALSE(world.consumer.valid);
        EXPECT_GE(world.session->count(SessionTrouble::subscription_refused), 1u);
        EXPECT_NE(world.session->trouble().find("subscription_refused"), std::string::npos) << world.session->trouble();

        EXPECT_TRUE(world.until(3min, [&] { return world.session->ready(); })) << world.session->trouble();
        EXPECT_EQ(world.struck(FaultKind::refused_subscribe), 5u);
        EXPECT_TRUE(world.settled());
    }
}

TEST(SubscribeRefused, OfOneStreamAmongManyLeavesTheSessionNotReady) {
    // Bitget and OKX answer each stream for itself: the book is refused, the trades come.
    for (const auto dialect : {core::Venue::bitget, core::Venue::okx}) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{dialect};
        const auto unsaid = world.fault(R"({kind: drop, topic: ack, match: '"channel":"books"', lasting: 20s})");
        const auto unsent = world.fault(R"({kind: drop, topic: book, match: '"channel":"books"', lasting: 20s})");

        bool ever_ready = false;
        world.pass(19s, [&] { ever_ready = ever_ready || world.session->ready(); });
        EXPECT_GT(world.strokes(unsaid), 0u);
        EXPECT_GT(world.strokes(unsent), 0u);
        EXPECT_GT(world.consumer.trades, 0u) << "the other streams come";
        EXPECT_FALSE(ever_ready);
        EXPECT_FALSE(world.consumer.valid);
        EXPECT_GE(world.session->count(SessionTrouble::subscription_unanswered), 1u);

        EXPECT_TRUE(world.until(2min, [&] { return world.session->ready(); })) << world.session->trouble();
        EXPECT_TRUE(world.settled());
    }
}

TEST(SubscribeRefused, ForEverIsAskedWithPatienceAndNotInALoop) {
    for (const auto dialect : test::dialects) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{dialect, core::Market::linear, {}, 100ms};
        world.fault("{kind: refused_subscribe}");
        world.pass(1h);
        EXPECT_FALSE(world.session->ready());
        EXPECT_FALSE(world.consumer.valid);
        EXPECT_GE(world.struck(FaultKind::refused_subscribe), 30u) << "not given up";
        EXPECT_LE(world.session->counts().sent, 600u) << "at most one message in six seconds, pings included";
    }
}
