#include "pipeline/trends/monitor.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

using namespace pipeline;
using namespace pipeline::trends;

namespace {

constexpr TrendState U = unknown_trend;
const std::vector<double> weights{.5, .75, 1, 1, 1.5, 2, 2, 2.5};

}  // namespace

TEST(TrendMonitor, ThresholdsGrowWithTheSquareRootOfTime) {
    struct Row {
        double minutes, mild, strong;
    };
    for (const auto& [minutes, mild, strong] : std::vector<Row>{{1, 6.4550, 38.7298},
                                                                {5, 14.4338, 86.6025},
                                                                {15, 25, 150},
                                                                {30, 35.3553, 212.1320},
                                                                {60, 50, 300},
                                                                {240, 100, 600},
                                                                {720, 173.2051, 1039.2305},
                                                                {1440, 244.9490, 1469.6938}}) {
        SCOPED_TRACE(minutes);
        EXPECT_NEAR(thresholds(minutes).mild_bps, mild, 5e-5);
        EXPECT_NEAR(thresholds(minutes).strong_bps, strong, 5e-5);
    }
}

TEST(TrendMonitor, NamesTheStateOfAChange) {
    struct Row {
        double minutes, change;
        TrendState state;
    };
    for (const auto& [minutes, change, state] : std::vector<Row>{{15, 26, 1},
                                                                 {15, 151, 2},
                                                                 {15, -25, 0},
                                                                 {15, 25, 0},
                                                                 {15, 150, 1},
                                                                 {15, -25.1, -1},
                                                                 {15, -150, -1},
                                                                 {1440, -1500, -2},
                                                                 {15, core::unknown, U}}) {
        SCOPED_TRACE(change);
        EXPECT_EQ(state_of(change, thresholds(minutes)), state);
    }
}

TEST(TrendMonitor, KnowsAChangeFromTheTwentyFirstCloseOn) {
    std::vector<double> ring(21);
    Change change;
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(core::known(change.add(ring, 100)));
    EXPECT_DOUBLE_EQ(change.add(ring, 101), 100);
    EXPECT_DOUBLE_EQ(change.add(ring, 100), 0);

    change.restart();
    EXPECT_FALSE(core::known(change.add(ring, 100)));
}

TEST(TrendMonitor, HasAWordForEveryMove) {
    const std::vector<std::pair<double, Movement>> rows{{0, Movement::subtle},
                                                        {10, Movement::subtle},
                                                        {-10.1, Movement::mild},
                                                        {20, Movement::mild},
                                                        {20.1, Movement::moderate},
                                                        {-50, Movement::moderate},
                                                        {51, Movement::aggressive},
                                                        {100, Movement::aggressive},
                                                        {-101, Movement::very_aggressive},
                                                        {200, Movement::very_aggressive},
                                                        {-201, Movement::extremely_aggressive},
                                                        {core::unknown, Movement::unknown}};
    for (const auto& [move, word] : rows) {
        SCOPED_TRACE(move);
        EXPECT_EQ(movement_of(move), word);
    }
}

TEST(TrendMonitor, AlignsTheTimeframes) {
    struct Row {
        std::vector<TrendState> states;
        double of_known, share;
        bool known;
        Bias bias;
        int run;
    };
    for (const Row& row : std::vector<Row>{
             {{1, 1, 2, 1, 1, 2, 1, 1}, .6333, 1, true, Bias::strong_bullish, 8},
             {{0, 0, -1, -1, -2, -2, -1, 0}, -.4889, 1, true, Bias::bearish, 5},
             {{-1, -2, 0, 1, 1, U, U, U}, .0526, .4222, false, Bias::unknown, 0},
             {{2, 2, 2, 2, 2, 2, 2, 2}, 1, 1, true, Bias::strong_bullish, 8},
             {{U, U, U, U, U, U, U, U}, core::unknown, 0, false, Bias::unknown, 0},
             {{0, 0, 0, 0, 0, 0, 0, 0}, 0, 1, true, Bias::neutral, 0},
         }) {
        const auto aligned = align(row.states, weights);
        EXPECT_EQ(core::known(aligned.of_known), core::known(row.of_known));
        if (core::known(row.of_known)) {
            EXPECT_NEAR(aligned.of_known, row.of_known, 5e-5);
        }
        EXPECT_NEAR(aligned.known_share, row.share, 5e-5);
        EXPECT_EQ(core::known(aligned.value), row.known);
        EXPECT_EQ(bias_of(aligned.value), row.bias);
        EXPECT_EQ(aligned.run, row.run);
    }
}

TEST(TrendMonitor, BiasNeedsAQuarterAndStrengthSixTenths) {
    const std::vector<std::pair<double, Bias>> rows{
        {.6, Bias::strong_bullish}, {.59, Bias::bullish},  {.25, Bias::bullish},       {.24, Bias::neutral},
        {-.24, Bias::neutral},      {-.25, Bias::bearish}, {-.6, Bias::strong_bearish}};
    for (const auto& [alignment, bias] : rows) EXPECT_EQ(bias_of(alignment), bias) << alignment;
}

TEST(TrendMonitor, OneSideDominatesWithMoreThanTwiceTheSteps) {
    const std::vector<double> three{1, 1, 1};
    const auto dominance = [&](std::vector<TrendState> states) { return align(states, three).dominance; };
    EXPECT_EQ(dominance({2, 0, -1}), 0);
    EXPECT_EQ(dominance({2, 1, -1}), 1);
    EXPECT_EQ(dominance({1, -2, -1}), -1);
    EXPECT_EQ(dominance({0, 0, 0}), 0);
    EXPECT_EQ(dominance({0, 1, U}), 1);
}

TEST(TrendMonitor, AnUnknownTimeframeEndsARun) {
    const std::vector<double> six(6, 1);
    EXPECT_EQ(align(std::vector<TrendState>{1, 1, U, 1, 1, 1}, six).run, 3);
    EXPECT_EQ(align(std::vector<TrendState>{1, 1, U, 1, 1, 0}, six).run, 0);
    EXPECT_EQ(align(std::vector<TrendState>{-1, -2, -1, 1, 1, 0}, six).run_sign, -1);
}

RC_GTEST_PROP(TrendMonitorProperty, MirroredStatesMirrorTheAlignment, ()) {
    const auto raw = *rc::gen::container<std::vector<int>>(8, rc::gen::inRange(-2, 4));
    std::vector<TrendState> states, mirrored;
    for (const int s : raw) {
        states.push_back(s == 3 ? U : static_cast<TrendState>(s));
        mirrored.push_back(s == 3 ? U : static_cast<TrendState>(-s));
    }
    const auto a = align(states, weights), b = align(mirrored, weights);
    RC_ASSERT(core::known(a.value) == core::known(b.value));
    if (core::known(a.value)) {
        RC_ASSERT(a.value == -b.value);
        RC_ASSERT(a.value >= -1 && a.value <= 1);
    }
    RC_ASSERT(a.run == b.run);
    RC_ASSERT(a.dominance == -b.dominance);
}
