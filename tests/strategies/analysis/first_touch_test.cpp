#include "strategies/analysis/first_touch.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <tuple>
#include <vector>

using core::Nanoseconds;
using namespace std::chrono_literals;
using strategies::FirstTouches;
using strategies::Touch;

namespace {

struct Step {
    Nanoseconds time;
    double price;
};

/// One path by the definition, all its prices at hand.
Touch slow_touch(double p0, double bps, Nanoseconds from, Nanoseconds until, Nanoseconds known_until,
                 const std::vector<Step>& steps) {
    if (known_until < until) return Touch::unresolved;
    for (const auto& [time, price] : steps) {
        if (time <= from || time > until) continue;
        const double moved = 1e4 * (price - p0) / p0;
        if (moved >= bps) return Touch::up;
        if (moved <= -bps) return Touch::down;
    }
    return Touch::none;
}

struct Seen : std::map<FirstTouches::Tag, Touch> {
    auto note() {
        return [this](FirstTouches::Tag tag, Touch touch) { ASSERT_TRUE(emplace(tag, touch).second); };
    }
};

}  // namespace

TEST(FirstTouches, TakesTheEndThatWasReachedFirst) {
    FirstTouches paths;
    Seen seen;
    paths.start(1, 60'000, 15, 10s);
    paths.start(2, 60'000, 30, 10s);

    paths.prices(60'089.99, 60'089.99, 1s);
    paths.prices(59'910, 59'910, 2s);
    paths.prices(60'180, 60'180, 3s);
    paths.expire(10s, seen.note());
    EXPECT_TRUE(seen.empty()) << "their time is not over";
    paths.expire(10s + 1ns, seen.note());

    EXPECT_EQ(seen[1], Touch::down);
    EXPECT_EQ(seen[2], Touch::up) << "exactly 30 bps";
    EXPECT_EQ(paths.size(), 0u);
}

TEST(FirstTouches, CannotTellTheOrderInsideABar) {
    FirstTouches paths;
    Seen seen;
    paths.start(1, 100, 50, 120s);
    paths.prices(99.5, 100.5, 60s);
    paths.expire(121s, seen.note());
    EXPECT_EQ(seen[1], Touch::both);
}

TEST(FirstTouches, CannotTellWhetherABarTouchedBeforeTheTimeRanOutInsideIt) {
    FirstTouches paths;
    Seen seen;
    paths.start(1, 100, 50, 30s);
    paths.start(2, 100, 80, 30s);
    paths.prices(99.9, 100.6, 60s);
    paths.expire(60s, seen.note());
    EXPECT_EQ(seen[1], Touch::unresolved);
    EXPECT_EQ(seen[2], Touch::none);
}

TEST(FirstTouches, ForgetsEvenATouchWhenTheFeedIsLostBeforeTheTimeIsOver) {
    FirstTouches paths;
    Seen seen;
    paths.start(1, 100, 50, 30s);
    paths.start(2, 100, 50, 10s);
    paths.prices(101, 101, 5s);
    paths.lose(20s, seen.note());
    EXPECT_EQ(seen[1], Touch::unresolved);
    EXPECT_EQ(seen[2], Touch::up);
}

RC_GTEST_PROP(FirstTouches, AgreeWithOnePathAtATime, ()) {
    std::vector<Step> steps;
    Nanoseconds time{};
    double price = 1000;
    for (const auto& [wait, move] : *rc::gen::container<std::vector<std::pair<int, int>>>(
             rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange(-8, 9)))) {
        time += std::chrono::seconds{wait};
        price = std::max(1., price + move);
        steps.push_back({time, price});
    }
    struct Start {
        double p0, bps;
        Nanoseconds from, until;
    };
    std::vector<Start> starts;
    FirstTouches paths;
    Seen seen;
    for (const auto& step : steps) {
        paths.expire(step.time, seen.note());
        paths.prices(step.price, step.price, step.time);
        // After the last of equal times only: a path sees what comes later.
        if (&step != &steps.back() && (&step)[1].time == step.time) continue;
        const auto bps = *rc::gen::inRange(1, 200);
        const auto horizon = std::chrono::seconds{*rc::gen::inRange(1, 30)};
        paths.start(starts.size(), step.price, bps, step.time + horizon);
        starts.push_back({step.price, static_cast<double>(bps), step.time, step.time + horizon});
    }
    paths.lose(time, seen.note());

    RC_ASSERT(seen.size() == starts.size());
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const auto& [p0, bps, from, until] = starts[i];
        RC_ASSERT(seen[i] == slow_touch(p0, bps, from, until, time, steps));
    }
}
