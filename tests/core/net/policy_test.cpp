#include "core/net/backoff.hpp"
#include "core/net/liveness.hpp"
#include "core/net/rotation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace std::chrono_literals;
using core::Backoff;
using core::Liveness;
using core::Nanoseconds;
using core::Rotation;
using Do = core::Rotation::Do;

TEST(Backoff, DoublesUpToItsLongest) {
    Backoff backoff{{.first = 100ms, .longest = 1s}, 1};
    for (const auto bound : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
        const auto wait = backoff.failed();
        EXPECT_GE(wait, bound / 2);
        EXPECT_LE(wait, bound);
    }
    EXPECT_EQ(backoff.failures(), 6U);
    EXPECT_LE(backoff.failed(60s), 100ms) << "what ended had been healthy";
    backoff.reset();
    EXPECT_LE(backoff.failed(), 100ms);
}

RC_GTEST_PROP(Backoff, SpreadsThoseThatFailedTogether, ()) {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    Backoff one{{}, seed}, other{{}, seed + 1};
    bool differs = false;
    for (int i = 0; i < 40; ++i) {
        const auto a = one.failed(), b = other.failed();
        RC_ASSERT(a > 0ns && a <= 30s && b > 0ns && b <= 30s);
        differs = differs || a != b;
    }
    RC_ASSERT(differs);
}

TEST(Rotation, OpensTheSecondBeforeTheCutAndHandsOverWhenItIsReady) {
    Rotation rotation{{.lifetime = 24h, .margin = 30min, .spread = 0s, .patience = 1min}, 1};
    EXPECT_EQ(rotation.ask(100h, false), Do::nothing) << "nothing is open";
    rotation.opened(1h);

    EXPECT_EQ(rotation.ask(24h + 29min, false), Do::nothing);
    EXPECT_EQ(rotation.ask(24h + 30min, false), Do::open_second);
    EXPECT_EQ(rotation.ask(24h + 30min + 5s, false), Do::nothing);
    EXPECT_EQ(rotation.ask(24h + 30min + 7s, true), Do::hand_over);
    EXPECT_EQ(rotation.due(), 24h + 30min + 7s + 23h + 30min) << "the second is the first now";
    EXPECT_FALSE(rotation.under_way());
}

TEST(Rotation, TriesAnotherWhenTheSecondIsNotReadyInTime) {
    Rotation rotation{{.lifetime = 24h, .margin = 30min, .spread = 0s, .patience = 1min}, 1};
    rotation.opened(0h);
    ASSERT_EQ(rotation.ask(23h + 30min, false), Do::open_second);
    EXPECT_EQ(rotation.ask(23h + 31min, false), Do::drop_second);
    EXPECT_EQ(rotation.ask(23h + 31min + 30s, false), Do::nothing);
    EXPECT_EQ(rotation.ask(23h + 32min, false), Do::open_second);
    rotation.second_failed(23h + 32min + 1s);
    EXPECT_EQ(rotation.ask(23h + 32min + 2s, true), Do::nothing) << "ready cannot be what failed";
    EXPECT_EQ(rotation.ask(23h + 33min + 1s, false), Do::open_second);
    rotation.lost();
    EXPECT_EQ(rotation.ask(23h + 33min + 2s, true), Do::hand_over) << "it takes the place of the one that broke";
}

TEST(Rotation, NeverComesWhereTheVenueDoesNotCut) {
    Rotation rotation{{.lifetime = 0s}, 1};
    rotation.opened(0s);
    EXPECT_EQ(rotation.ask(1'000'000h, false), Do::nothing);
}

RC_GTEST_PROP(Rotation, IsNeverAfterTheCutAndNotAllAtOnce, ()) {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    Rotation rotation{{}, seed};
    rotation.opened(10h);
    RC_ASSERT(rotation.due() >= 10h + 23h && rotation.due() <= 10h + 23h + 30min);
}

TEST(Liveness, JudgesEachStreamByItsData) {
    Liveness liveness;
    const auto trades = liveness.watch(10s), book = liveness.watch(2s), funding = liveness.watch(0s);
    liveness.started(100s);

    EXPECT_FALSE(liveness.silent(101s));
    liveness.seen(book, 101s);
    EXPECT_FALSE(liveness.silent(103s));
    EXPECT_EQ(liveness.silent(103s + 1ns), book);
    liveness.seen(book, 109s);
    EXPECT_FALSE(liveness.silent(110s));
    liveness.seen(book, 110s);
    EXPECT_EQ(liveness.silent(110s + 1ns), trades) << "the book alone does not keep it alive";
    liveness.seen(trades, 200s), liveness.seen(book, 200s);
    EXPECT_FALSE(liveness.silent(201s)) << "funding may be silent for ever";
    EXPECT_EQ(liveness.last_seen(funding), Nanoseconds{100s});
}

RC_GTEST_PROP(Liveness, AgreesWithLookingAtEveryStreamEveryTime, ()) {
    const auto limits = *rc::gen::container<std::vector<int>>(4, rc::gen::inRange(0, 20));
    Liveness liveness;
    std::vector<Nanoseconds> last(limits.size(), 0s);
    for (const int limit : limits) liveness.watch(std::chrono::seconds{limit});
    liveness.started(0s);
    Nanoseconds now{0};
    for (int i = 0; i < 100; ++i) {
        now += std::chrono::seconds{*rc::gen::inRange(0, 4)};
        const auto stream = *rc::gen::inRange<std::size_t>(0, limits.size());
        liveness.seen(stream, now);
        last[stream] = now;
        bool silent = false;
        for (std::size_t s = 0; s < limits.size(); ++s)
            silent = silent || (limits[s] != 0 && now - last[s] > std::chrono::seconds{limits[s]});
        RC_ASSERT(liveness.silent(now).has_value() == silent);
    }
}
