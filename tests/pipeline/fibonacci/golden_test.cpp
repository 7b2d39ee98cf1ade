#include "pipeline/fibonacci/golden.hpp"

#include "pipeline/fibonacci/measures.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

using namespace pipeline;
using namespace std::chrono_literals;

namespace {

constexpr Leg up_leg{.known = true, .up = true, .lo = 60000, .hi = 61000};
constexpr Leg down_leg{.known = true, .up = false, .lo = 60000, .hi = 61000};

/// A detector after `samples` seconds of constant depth 50 + 50, and the second that follows.
struct Warm {
    explicit Warm(int samples = 60, GoldenSettings settings = {}) : detector{settings} {
        const std::array<Leg, 1> no_leg{};
        for (; second < samples; ++second) emit(60900, no_leg);
    }

    bool emit(double price, std::span<const Leg> legs, double bid = 50, double ask = 50, double threshold = 30) {
        return detector.on_sample({std::chrono::seconds{second}, true, price, bid, ask, threshold}, legs, out);
    }
    bool emit_next(double price, std::span<const Leg> legs) {
        ++second;
        return emit(price, legs);
    }

    int second{};
    GoldenDetector detector;
    GoldenConfluence out;
};

}  // namespace

TEST(GoldenConfluence, HasTheGoldenValues) {
    const struct {
        Leg leg;
        double price, ratio, imbalance, history, q, d, c, confluence;
        bool confirmed;
    } cases[] = {{up_leg, 60385, .9, .4, 0, .6150, .4968, .9100, .9100, true},
                 {up_leg, 60500, .5, -.6, 0, .5, 0, .6900, .6900, false},
                 {up_leg, 60700, 1, 0, 0, .3, 10.5326, .8473, .8473, true},
                 {down_leg, 60620, 1.2, -.5, .3, .62, .3299, .9500, 1, true}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.price);
        const auto out = golden_confluence(c.leg, c.price, c.ratio, c.imbalance, c.history, {});
        EXPECT_NEAR(out.q, c.q, 5e-5);
        EXPECT_NEAR(out.distance_bps, c.d, 5e-5);
        EXPECT_NEAR(out.c, c.c, 5e-5);
        EXPECT_NEAR(out.confluence, c.confluence, 5e-5);
        EXPECT_EQ(out.confirmed, c.confirmed);
    }
}

TEST(GoldenDetector, IsSilentUntilItKnowsSixtySamples) {
    Warm warm{59};
    const std::array<Leg, 1> legs{up_leg};

    EXPECT_FALSE(warm.emit(60382, legs, core::unknown)) << "an unknown depth is no sample";
    EXPECT_EQ(warm.detector.counts().book_invalid, 1U);
    EXPECT_TRUE(warm.emit(60382, legs)) << "the sixtieth";
    EXPECT_EQ(warm.detector.counts().ratio_unknown, 59U);
}

TEST(GoldenDetector, EmitsWhatTheFormulaSays) {
    Warm warm;
    const std::array<Leg, 3> legs{Leg{}, Leg{.known = true, .up = true, .lo = 60300, .hi = 60400}, up_leg};

    ASSERT_TRUE(warm.emit(60382, legs, 70, 30));

    EXPECT_EQ(warm.out.timeframe, 2) << "the golden leg speaks louder";
    EXPECT_DOUBLE_EQ(warm.out.level, 60382);
    EXPECT_DOUBLE_EQ(warm.out.depth_ratio, 1);
    EXPECT_DOUBLE_EQ(warm.out.imbalance, .4);
    EXPECT_NEAR(warm.out.c, .5 + .3 + .14, 1e-12);
    EXPECT_EQ(warm.out.confluence, warm.out.c) << "without history";
    EXPECT_TRUE(warm.out.confirmed);
}

TEST(GoldenDetector, LetsALevelCoolDownUnlessTheLegIsNew) {
    Warm warm;
    const std::array<Leg, 1> legs{up_leg};

    EXPECT_TRUE(warm.emit(60382, legs));
    EXPECT_FALSE(warm.emit(60382, legs)) << "one sample a second";
    EXPECT_FALSE(warm.emit_next(60382, legs));
    EXPECT_TRUE(warm.emit_next(60500, legs)) << "another level";
    warm.detector.on_new_leg(0);
    EXPECT_TRUE(warm.emit_next(60382, legs));
    warm.second += 59;
    EXPECT_FALSE(warm.emit(60382, legs));
    EXPECT_TRUE(warm.emit_next(60382, legs));
}

TEST(GoldenDetector, IsSilentOnAnInvalidBookAndWithoutALeg) {
    Warm warm;
    const std::array<Leg, 1> legs{up_leg}, none{};

    EXPECT_FALSE(warm.detector.on_sample({60s, false, 60382, 50, 50, 30}, legs, warm.out));
    EXPECT_EQ(warm.detector.counts().book_invalid, 1U);
    const auto before = warm.detector.counts().no_leg;
    EXPECT_FALSE(warm.emit(60382, none));
    EXPECT_EQ(warm.detector.counts().no_leg, before + 1);
    EXPECT_EQ(warm.detector.counts().emitted, 0U);
}

TEST(GoldenDetector, ForgetsItsSamplesAtAGap) {
    Warm warm;
    const std::array<Leg, 1> legs{up_leg};
    warm.emit(60382, legs);

    warm.detector.on_gap();

    EXPECT_EQ(warm.detector.counts().unresolved, 1U);
    EXPECT_FALSE(warm.emit_next(60500, legs));
}

TEST(GoldenHistory, LabelsABounceByTheFirstMoveOfHalfT) {
    const GoldenSettings settings;
    const auto outcome = [&](bool up, std::initializer_list<double> prices) {
        GoldenHistory history{settings};
        history.emitted(0s, 60000, 60000, up, 40);  // ± 20 bps = ± 120
        auto time = 1s;
        for (const double price : prices) history.on_trade(time += 1s, price);
        return history.share(time, 60000);
    };
    EXPECT_EQ(outcome(true, {60100, 60119}), 0) << "undecided: no label";
    EXPECT_EQ(outcome(true, {60100, 60120}), .5) << "all bounced, capped";
    EXPECT_EQ(outcome(true, {59880, 60200}), .1) << "none bounced, floored";
    EXPECT_EQ(outcome(false, {59880}), .5);
    EXPECT_EQ(outcome(false, {60120, 59000}), .1);
}

TEST(GoldenHistory, CountsATimeOutAsAMissAndAGapAsNothing) {
    GoldenHistory late{{}}, hidden{{}};
    late.emitted(0s, 60000, 60000, true, 40);
    late.on_trade(301s, 60200);
    EXPECT_EQ(late.share(301s, 60000), .1);

    hidden.emitted(0s, 60000, 60000, true, 40);
    EXPECT_EQ(hidden.on_gap(), 1U);
    hidden.on_trade(10s, 60200);
    EXPECT_EQ(hidden.share(10s, 60000), 0);

    GoldenHistory quiet{{}};
    quiet.emitted(0s, 60000, 60000, true, 40);
    EXPECT_EQ(quiet.share(300s, 60000), 0);
    EXPECT_EQ(quiet.share(301s, 60000), .1) << "no trade ever came";
}

TEST(GoldenHistory, KnowsNearLevelsOfTheLastDayOnly) {
    GoldenHistory history{{}};
    for (int i = 0; i < 4; ++i) {
        history.emitted(0s, 60000, 60000, true, 40);
        history.on_trade(1s, i == 0 ? 60200 : 59000);
    }
    EXPECT_EQ(history.share(2s, 60000), .25);
    EXPECT_EQ(history.share(2s, 61000), .25) << "167 bps away";
    EXPECT_EQ(history.share(2s, 61300), 0);
    EXPECT_EQ(history.share(24h, 60000), .25);
    EXPECT_EQ(history.share(24h + 1s, 60000), 0);
}

TEST(GoldenHistory, ForgetsTheOldestWhenFull) {
    GoldenSettings settings;
    settings.history_size = 2;
    GoldenHistory history{settings};
    for (const double outcome : {59000, 59000, 60200, 60200}) {
        history.emitted(0s, 60000, 60000, true, 40);
        history.on_trade(1s, outcome);
    }
    EXPECT_EQ(history.share(2s, 60000), .5);
}

RC_GTEST_PROP(MedianWindow, AgreesWithSorting, ()) {
    const int width = *rc::gen::inRange(1, 20);
    MedianWindow window{std::chrono::seconds{width}};
    std::deque<std::pair<std::int64_t, double>> twin;
    std::int64_t second = 0;
    for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-1, 4))) {
        second += step;
        const double value = *rc::gen::inRange(0, 10);
        while (!twin.empty() && twin.front().first <= second - width) twin.pop_front();
        const bool is_new = twin.empty() || twin.back().first < second;
        if (is_new) twin.emplace_back(second, value);
        RC_ASSERT(window.add(second, value) == is_new);

        std::vector<double> sorted;
        for (const auto& [time, v] : twin) sorted.push_back(v);
        std::sort(sorted.begin(), sorted.end());
        const auto n = sorted.size();
        const double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        RC_ASSERT(window.size() == n);
        RC_ASSERT(window.median() == median);
    }
}
