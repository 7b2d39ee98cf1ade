#include "pipeline/traps/traps.hpp"

#include <gtest/gtest.h>

TEST(TrapKind, EveryKindHasAName) {
    EXPECT_EQ(pipeline::name(pipeline::TrapKind::time_dilation), "time_dilation");
}
