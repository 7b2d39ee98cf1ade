#include "core/net/clock_offset.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace core;

TEST(ClockOffset, BelievesTheFastestAnswer) {
    ClockOffset clock;
    EXPECT_FALSE(clock.known());
    EXPECT_TRUE(clock.due(0s));
    EXPECT_TRUE(clock.sample(0s, 1000s + 90ms, 100ms, 0ms));  // truth 1000 s; nearly all of the way was the way there
    EXPECT_EQ(clock.offset(1s), 1000s + 40ms);
    EXPECT_TRUE(clock.sample(1s, 1001s + 1ms, 1s + 2ms, 0ms));
    EXPECT_EQ(clock.offset(2s), 1000s);
    EXPECT_TRUE(clock.sample(2s, 1002s + 95ms, 2s + 100ms, 0ms));
    EXPECT_EQ(clock.offset(3s), 1000s) << "a slow answer changes nothing";
    EXPECT_LE(clock.uncertainty(3s), 2ms);
}

TEST(ClockOffset, AnOldAnswerLosesItsWorth) {
    ClockOffset clock;
    clock.sample(0s, 1000s, 0s, 0ms);
    EXPECT_EQ(clock.uncertainty(100s), 5ms);
    clock.sample(1000s, 2000s + 30ms, 1000s + 20ms, 0ms);  // ± 10 ms is better than 50 ppm of 1000 s
    EXPECT_EQ(clock.offset(1000s + 20ms), 1000s + 20ms);
}

TEST(ClockOffset, ThrowsAwayWhatCannotBe) {
    ClockOffset clock;
    EXPECT_FALSE(clock.sample(2s, 1000s, 1s));
    EXPECT_FALSE(clock.sample(0s, 1000s, 3s));
    EXPECT_FALSE(clock.known());
    EXPECT_EQ(clock.uncertainty(0s), Nanoseconds::max());
}

TEST(ClockOffset, AsksOftenAtFirstThenSeldomAndAtOnceWhenTheVenueDisagrees) {
    ClockOffset clock;
    Nanoseconds now = 0s;
    int asked = 0;
    for (; now < 60s; now += 50ms) {
        if (!clock.due(now)) continue;
        ++asked;
        clock.asked(now);
        clock.sample(now, 1000s + now, now + 1ms);
    }
    EXPECT_EQ(asked, 4 + 1);
    clock.distrust();
    EXPECT_TRUE(clock.due(now));
    EXPECT_EQ(clock.uncertainty(now), Nanoseconds::max());
    EXPECT_TRUE(clock.known()) << "a cancel is tried all the same";
}

TEST(SigningClock, WaitsThroughSmallCorrectionsAndFollowsLargeOnes) {
    ClockOffset offset;
    SigningClock signing;
    offset.sample(0s, 1000s + 100ms, 200ms, 0ms);
    EXPECT_EQ(signing.at(offset, 1s), 1001s);
    offset.sample(1s, 1001s - 50ms, 1s, 0ms);  // we were 50 ms ahead
    EXPECT_EQ(signing.at(offset, 1s + 10ms), 1001s);
    EXPECT_EQ(signing.at(offset, 1s + 60ms), 1001s + 10ms);

    offset.distrust();  // a refusal: the venue's clock is far behind what we believed, so cancels fail, too
    offset.sample(2s, 900s, 2s, 0ms);
    EXPECT_EQ(signing.at(offset, 2s), 900s) << "healed by one answer";
    EXPECT_EQ(signing.steps_back(), 1u);
}

RC_GTEST_PROP(ClockOffset, IsNeverFurtherFromTheTruthThanItSays, ()) {
    const auto truth = std::chrono::milliseconds{*rc::gen::inRange(-100'000, 100'000)};
    ClockOffset clock;
    Nanoseconds now = 10s;
    for (int i = 0; i < 30; ++i) {
        const auto there = std::chrono::microseconds{*rc::gen::inRange(1, 90'000)};
        const auto back = std::chrono::microseconds{*rc::gen::inRange(1, 90'000)};
        const auto venue = std::chrono::floor<std::chrono::milliseconds>(now + there + truth);
        RC_ASSERT(clock.sample(now, venue, now + there + back));
        now += there + back + std::chrono::milliseconds{*rc::gen::inRange(0, 5000)};
        const auto error = clock.offset(now) - truth;
        RC_ASSERT((error.count() < 0 ? -error : error) <= clock.uncertainty(now));
    }
}

RC_GTEST_PROP(SigningClock, NeverGoesBackUnlessItWasFarAhead, ()) {
    ClockOffset offset;
    SigningClock signing;
    Nanoseconds now = 0s, last = Nanoseconds::min();
    for (int i = 0; i < 50; ++i) {
        now += std::chrono::milliseconds{*rc::gen::inRange(0, 300)};
        const auto wrong = std::chrono::milliseconds{*rc::gen::inRange(-120, 120)};
        offset.sample(now, 1000s + now + wrong, now, 0ms);
        const auto time = signing.at(offset, now);
        RC_ASSERT(time >= last);
        last = time;
    }
}
