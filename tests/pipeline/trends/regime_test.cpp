#include "pipeline/trends/regime.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

using namespace pipeline;
using namespace pipeline::trends;

TEST(SlowRegime, IsTheFirstMatchOfTheTable) {
    constexpr double U = core::unknown;
    struct Row {
        RegimeInputs in;
        SlowRegime regime;
    };
    for (const auto& [in, regime] : std::vector<Row>{
             {{31, 28, 12, 40, .5}, SlowRegime::trending_up},
             {{31, 12, 28, 40, .96}, SlowRegime::volatile_},
             {{14, 18, 17, 66, .1}, SlowRegime::quiet},
             {{14, 18, 17, 66, .4}, SlowRegime::ranging},
             {{22, 20, 15, 50, .4}, SlowRegime::transition},
             {{31, 12, 28, 70, .5}, SlowRegime::ranging},
             {{31, 12, 28, 40, .5}, SlowRegime::trending_down},
             {{25, 12, 28, 61.7, .94}, SlowRegime::trending_down},
             {{25, 12, 28, 61.8, .94}, SlowRegime::transition},
             {{U, 12, 28, 40, .5}, SlowRegime::unknown},
             {{31, U, 28, 40, .5}, SlowRegime::unknown},
             {{31, 12, U, 40, .5}, SlowRegime::unknown},
             {{31, 12, 28, U, .5}, SlowRegime::unknown},
             {{31, 12, 28, 40, U}, SlowRegime::unknown},
         })
        EXPECT_EQ(classify(in), regime) << in.adx << ' ' << in.choppiness << ' ' << in.volatility_rank;
}

TEST(SlowRegime, ChangesAfterTwoEqualCandidates) {
    using R = SlowRegime;
    RegimeHold hold;
    const std::vector<std::pair<R, R>> rows{
        {R::unknown, R::unknown}, {R::quiet, R::quiet},  // the first known one at once
        {R::ranging, R::quiet},   {R::ranging, R::ranging}, {R::quiet, R::ranging}, {R::transition, R::ranging},
        {R::quiet, R::ranging},   {R::quiet, R::quiet},     {R::ranging, R::quiet}, {R::quiet, R::quiet},
        {R::ranging, R::quiet},   {R::unknown, R::unknown},  // nothing hides that an input is missing
        {R::ranging, R::ranging}};
    for (const auto& [candidate, shown] : rows) EXPECT_EQ(hold.add(candidate, 2), shown);
}

TEST(SlowRegime, ScalesTheSizeOfATrade) {
    EXPECT_EQ(size_factor(SlowRegime::volatile_, .96, 1), .5);
    EXPECT_EQ(size_factor(SlowRegime::trending_up, .8, 1), .8);
    EXPECT_EQ(size_factor(SlowRegime::trending_up, .5, 1), 1.2);
    EXPECT_EQ(size_factor(SlowRegime::trending_up, .5, -1), 1);
    EXPECT_EQ(size_factor(SlowRegime::trending_down, .5, -1), 1.2);
    EXPECT_EQ(size_factor(SlowRegime::quiet, .1, 1), 1);
    EXPECT_EQ(size_factor(SlowRegime::unknown, core::unknown, 1), 1);
}

TEST(SlowRegime, HasAnEverydayLabel) {
    EXPECT_EQ(trend_label(.8, Bias::bearish), "High Volatility Bearish");
    EXPECT_EQ(trend_label(.5, Bias::strong_bullish), "Moderate Volatility Strong Bullish");
    EXPECT_EQ(trend_label(.49, Bias::neutral), "Low Volatility Neutral");
    EXPECT_EQ(trend_label(core::unknown, Bias::neutral), "unknown");
    EXPECT_EQ(trend_label(.49, Bias::unknown), "unknown");
}

TEST(RingRank, CountsWhatLiesBelowAndHalfOfWhatIsEqual) {
    std::vector<double> ring(10);
    RingRank rank;
    double last = 0;
    for (const double x : {1., 2., 3., 4., 6., 7., 8., 9., 10., 5.}) last = rank.add(ring, x, 1);
    EXPECT_DOUBLE_EQ(last, .45);
    rank.restart();
    for (int i = 0; i < 4; ++i) last = rank.add(ring, 2, 4);
    EXPECT_DOUBLE_EQ(last, .5);
    EXPECT_FALSE(core::known(rank.add(ring, core::unknown, 4)));
    EXPECT_DOUBLE_EQ(rank.add(ring, 2, 4), .5) << "an unknown value was remembered";
}

RC_GTEST_PROP(RingRankProperty, AgreesWithCountingTheWholeWindow, ()) {
    const auto values = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9));
    std::vector<double> ring(7), all;
    RingRank rank;
    for (const int value : values) {
        all.push_back(value);
        const auto from = all.end() - std::min<std::ptrdiff_t>(7, static_cast<std::ptrdiff_t>(all.size()));
        double points = 0;
        for (auto it = from; it != all.end(); ++it) points += *it < value ? 1 : *it == value ? .5 : 0;
        const double expected = points / static_cast<double>(all.end() - from);
        const double got = rank.add(ring, value, 3);
        if (all.size() < 3)
            RC_ASSERT(!core::known(got));
        else
            RC_ASSERT(std::abs(got - expected) < 1e-12);
    }
}
