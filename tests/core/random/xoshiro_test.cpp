#include "core/random/xoshiro.hpp"

#include <gtest/gtest.h>

using namespace core;

TEST(Xoshiro, GivesTheGoldenValuesOfSeed42) {
    SplitMix64 words{42};
    for (const std::uint64_t word :
         {0xbdd732262feb6e95U, 0x28efe333b266f103U, 0x47526757130f9f52U, 0x581ce1ff0e4ae394U})
        EXPECT_EQ(words.next(), word);

    Xoshiro random{42};
    for (const std::uint64_t word :
         {0x15780b2e0c2ec716U, 0x6104d9866d113a7eU, 0xae17533239e499a1U, 0xecb8ad4703b360a1U})
        EXPECT_EQ(random.next(), word);
}

TEST(Xoshiro, GivesTheGoldenUniformsOfSeed42) {
    Xoshiro random{42};
    for (const double u : {.083863, .378980, .680043, .924693, .991804, .769739, .719259, .850008})
        EXPECT_NEAR(random.uniform(), u, 5e-7);
    EXPECT_NEAR(Xoshiro{42}.uniform() * 360, 30.1907, 5e-5);
}

TEST(Xoshiro, GoesOnWhereAStateWasTaken) {
    Xoshiro first{7};
    for (int i = 0; i < 10; ++i) first.next();
    Xoshiro second{0};
    second.restore(first.state());

    for (int i = 0; i < 100; ++i) ASSERT_EQ(first.next(), second.next());
}

TEST(Xoshiro, StaysBelowItsBound) {
    Xoshiro random{1};
    std::array<int, 7> seen{};
    for (int i = 0; i < 7000; ++i) ++seen[random.below(7)];
    for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
    EXPECT_EQ(random.below(1), 0U);
}

TEST(Fnv1a, GivesThePublishedValues) {
    EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325U);
    EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cU);
    EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8U);
}
