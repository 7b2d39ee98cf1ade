#include "strategies/decision.hpp"

#include <gtest/gtest.h>

TEST(Denial, EveryCodeHasAName) {
    EXPECT_EQ(strategies::name(strategies::Denial::protection), "protection");
}
