#include "strategies/analysis/position_levels.hpp"

#include "core/domain/unknown.hpp"

#include <gtest/gtest.h>

using namespace strategies;
using core::Side;
using pipeline::Ratio;

namespace {

constexpr pipeline::Leg up{.known = true, .up = true, .lo = 60000, .hi = 61000};

}  // namespace

TEST(PositionLevels, OfALongLieAboveAndBelowThePrice) {
    const auto levels = levels_for(up, Side::buy, 60350);  // .618 at 60382 above, .786 at 60214 below

    ASSERT_TRUE(levels);
    EXPECT_EQ(levels->target->ratio, Ratio::r618);
    EXPECT_DOUBLE_EQ(levels->target->price, 60382);
    EXPECT_EQ(levels->stop->ratio, Ratio::r786) << "no .382 below: the nearest";
    EXPECT_EQ(levels->favourable.front().ratio, Ratio::r618);
    EXPECT_EQ(levels->favourable.back().ratio, Ratio::r2618);
    EXPECT_EQ(levels->adverse.size(), 2U);
    EXPECT_EQ(levels->favourable.size() + levels->adverse.size(), 11U);
}

TEST(PositionLevels, OfAShortAreTheOtherWayRound) {
    const auto levels = levels_for(up, Side::sell, 60550);

    EXPECT_EQ(levels->target->ratio, Ratio::r618);
    EXPECT_EQ(levels->stop->ratio, Ratio::r382);
    EXPECT_DOUBLE_EQ(levels->stop->price, 60618);
    EXPECT_EQ(levels->favourable.front().ratio, Ratio::r500) << "nearest first";
}

TEST(PositionLevels, GiveTheNearestWhereTheGoldenOneIsBehind) {
    const auto levels = levels_for(up, Side::buy, 60650);
    EXPECT_EQ(levels->target->ratio, Ratio::r236);
    EXPECT_EQ(levels->stop->ratio, Ratio::r382);
    const auto beyond = levels_for(up, Side::buy, 70000);
    EXPECT_FALSE(beyond->target);
    EXPECT_TRUE(beyond->stop);
}

TEST(PositionLevels, AreNoneWithoutALeg) {
    EXPECT_FALSE(levels_for({}, Side::buy, 100));
    EXPECT_FALSE(levels_for(up, Side::buy, core::unknown));
    EXPECT_FALSE(levels_for({.known = true, .up = true, .lo = 100, .hi = 100.05}, Side::buy, 100)) << "5 bps long";
}

TEST(PositionLevels, DropPricesThatDoNotExist) {
    const auto levels = levels_for({.known = true, .up = false, .lo = 1, .hi = 100}, Side::sell, 50);
    for (const auto& level : levels->favourable) EXPECT_GT(level.price, 0);
    EXPECT_EQ(levels->favourable.size() + levels->adverse.size(), 7U) << "four extensions lie below zero";
}
