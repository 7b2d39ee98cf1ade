#include "core/runtime/clock.hpp"
#include "core/runtime/lifecycle.hpp"

#include <gtest/gtest.h>
#include <signal.h>

TEST(WallClock, NeverGoesBackAlsoAcrossRecalibrations) {
    core::WallClock clock;
    auto last = clock.now();
    for (int i = 0; i < 2000; ++i) {
        if (i % 100 == 0) clock.recalibrate();
        const auto now = clock.now();
        ASSERT_GE(now, last);
        last = now;
    }
}

TEST(Tsc, RunsAtAPlausibleRate) {
    EXPECT_GT(core::Tsc::ns_per_cycle(), .1);
    EXPECT_LT(core::Tsc::ns_per_cycle(), 10);
}

TEST(Lifecycle, TheFirstSignalAsksTheSecondEnds) {
    const auto asked = [] {
        const core::Lifecycle lifecycle;
        ::raise(SIGTERM);
        return lifecycle.stopping();
    };
    EXPECT_TRUE(asked());
    EXPECT_EXIT(
        {
            core::Lifecycle lifecycle;
            ::raise(SIGINT);
            ::raise(SIGINT);
        },
        testing::ExitedWithCode(130), "");
    const core::Lifecycle fresh;
    EXPECT_FALSE(fresh.stopping());
}
