// "429 ignored until the IP is banned", "recvWindow errors after clock drift, not even able to cancel".
#include "tests/faults/account_world.hpp"

using namespace gateways;
using namespace std::chrono_literals;
using core::Side;
using venue::FaultKind;

namespace limits {
namespace {

struct Started : test::StartedAccount {
    using StartedAccount::StartedAccount;
    std::size_t asked() const {
        std::size_t sum = 0;
        for (const auto& [what, count] : requests) sum += count;
        return sum;
    }
    /// Refusals because of the time a request was signed with, as every venue says it.
    std::size_t clock_refusals() const {
        std::size_t sum = 0;
        for (const char* words : {"-1021", "nonce", ": clock", "10002", "40008", "50102", "60006"}) sum += said(words);
        return sum;
    }
};

}  // namespace

TEST(TooManyRequestsIgnored, UntilTheIpIsBannedNobodyAsksOnAfterTheFirstNo) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect, .websocket_entry = false}};
        const auto open = world.submit(world.limit(Side::buy, "50000", 1));
        world.pass(1s);
        world.fault("{kind: 429, lasting: 20s}");
        for (int i = 0; i < 20; ++i) {
            (void)world.submit(world.limit(Side::buy, "49000", 1));
            world.pass(1s);
        }
        EXPECT_GE(world.struck(FaultKind::too_many_requests), 1u);
        // Each no makes it wait longer, at Binance in everything, elsewhere in what the venue counts together: orders,
        // questions, slow questions.
        EXPECT_LE(world.struck(FaultKind::too_many_requests), dialect == core::Venue::binance ? 8u : 3 * 8u);
        EXPECT_EQ(world.ours(), 1u);
        ASSERT_TRUE(world.until(3min, [&] { return world.block() == Block::none; })) << world.doubts();
        world.cancel(open);
        EXPECT_TRUE(world.until(2min, [&] { return final(world.state(open)); })) << world.doubts();
        EXPECT_TRUE(world.agree());
    }
}

TEST(TooManyRequestsIgnored, AfterABanNothingAtAllLeavesUntilItEnds) {
    Started world{{.venue = core::Venue::binance, .websocket_entry = false}};
    world.fault("{kind: 418, count: 1}");
    (void)world.submit(world.limit(Side::buy, "49000", 1));
    world.pass(100ms);
    ASSERT_EQ(world.struck(FaultKind::banned), 1u);
    const auto asked = world.asked();
    for (int i = 0; i < 110; ++i) {
        (void)world.submit(world.limit(Side::buy, "49000", 1));
        world.pass(1s);
    }
    EXPECT_EQ(world.asked(), asked) << "Retry-After said 120 s";
    EXPECT_EQ(world.said("the venue banned us"), 1u);
    ASSERT_TRUE(world.until(3min, [&] { return world.block() == Block::none && world.asked() > asked; }));
    const auto id = world.submit(world.limit(Side::buy, "50000", 1));
    EXPECT_TRUE(world.until(1min, [&] { return world.ledger->find(id) != nullptr; }));
    world.pass(40s);
    EXPECT_TRUE(world.agree());
}

TEST(RecvWindowErrorsAfterClockDrift, TheClockIsAskedForAndTheCancelGoesThrough) {
    for (const auto dialect : test::account_dialects)
        for (const bool websocket : {false, true}) {
            SCOPED_TRACE(std::string{core::name(dialect)} + (websocket ? " socket" : " rest"));
            Started world{{.venue = dialect, .websocket_entry = websocket}};
            const auto open = world.submit(world.limit(Side::buy, "50000", 1));
            world.pass(1s);
            ASSERT_EQ(world.state(open), OrderState::working);
            ASSERT_EQ(world.clock_refusals(), 0u);
            world.simulator.jump(45s);  // our clock is 45 s late from now on
            world.cancel(open);
            EXPECT_TRUE(world.until(10s, [&] { return world.state(open) == OrderState::cancelled; })) << world.doubts();
            EXPECT_TRUE(world.owner().open.empty());
            // A cancel over a socket that was logged in before bears no time at Bitget, Bybit and OKX.
            const bool signed_anew = !websocket || dialect == core::Venue::binance;
            if (signed_anew) {
                EXPECT_GT(world.clock_refusals(), 0u) << "the first one was refused for its time; " << world.doubts();
            }
            ASSERT_TRUE(world.until(2min, [&] { return world.block() == Block::none; })) << world.doubts();
            const auto next = world.submit(world.limit(Side::buy, "50000", 1));
            EXPECT_TRUE(world.until(
                10s, [&] { return world.ledger->find(next) != nullptr && world.state(next) == OrderState::working; }));
            EXPECT_TRUE(world.agree());
        }
}

TEST(RecvWindowErrorsAfterClockDrift, SlowDriftIsFollowedAndNothingIsEverRefused) {
    Started world{{.venue = core::Venue::binance, .websocket_entry = false, .step = 100ms}};
    for (int minute = 0; minute < 60; ++minute) {
        world.simulator.jump(100ms);  // 1.7 ms a second: a terrible clock
        const auto id = world.submit(world.limit(Side::buy, "50000", 1));
        world.pass(30s);
        EXPECT_EQ(world.state(id), OrderState::working) << minute;
        world.cancel(id);
        world.pass(30s);
        EXPECT_EQ(world.state(id), OrderState::cancelled) << minute;
    }
    EXPECT_EQ(world.clock_refusals(), 0u);
    EXPECT_EQ(world.ours(), 60u);
    EXPECT_TRUE(world.agree());
}

}  // namespace limits
