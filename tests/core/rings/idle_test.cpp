#include "core/rings/idle.hpp"

#include <gtest/gtest.h>

using namespace core;

TEST(Idle, NamesItsPolicies) {
    for (const auto policy : {IdlePolicy::spin, IdlePolicy::yield, IdlePolicy::park})
        EXPECT_EQ(parse_idle(name(policy)), policy);
    EXPECT_EQ(parse_idle("sleep"), std::nullopt);
}

TEST(Idle, ParksLongerTheLongerNothingHappens) {
    EXPECT_EQ(Idle::sleep_ns(1), 0u);
    EXPECT_EQ(Idle::sleep_ns(64), 0u);
    EXPECT_EQ(Idle::sleep_ns(65), 50'000u);
    EXPECT_EQ(Idle::sleep_ns(66), 100'000u);
    EXPECT_EQ(Idle::sleep_ns(70), Idle::longest_sleep_ns);
    EXPECT_EQ(Idle::sleep_ns(~0u), Idle::longest_sleep_ns);
}
