#include "feeds/batch.hpp"

#include <gtest/gtest.h>

TEST(Control, EveryKindHasAName) {
    EXPECT_EQ(feeds::name(feeds::Control::other), "other");
}
