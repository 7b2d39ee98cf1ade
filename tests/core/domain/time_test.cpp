#include "core/domain/time.hpp"

#include <gtest/gtest.h>

using namespace core;

TEST(Time, FloorsToTheEpochAlsoBeforeIt) {
    EXPECT_EQ(floor_to(1999ms, 1s), 1s);
    EXPECT_EQ(floor_to(2s, 1s), 2s);
    EXPECT_EQ(floor_to(-1ms, 1s), -1s);
}

TEST(Time, PrintsNanoseconds) {
    EXPECT_EQ(to_iso8601(Nanoseconds{1723161255030314667}), "2024-08-08T23:54:15.030314667Z");
}
