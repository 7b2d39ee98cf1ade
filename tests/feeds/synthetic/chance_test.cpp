#include "feeds/synthetic/chance.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace feeds::synthetic;

TEST(Chance, KnowsTheLogarithm) {
    for (const double x : {1e-4, 0.1, 0.5, 1.0, 1.5, 2.0, 10.0}) EXPECT_NEAR(natural_log(x), std::log(x), 1e-12);
}

TEST(Chance, DrawsNormalAndExponentialNumbers) {
    Chance chance{3};
    constexpr int draws = 200'000;
    double sum = 0, squares = 0, waits = 0;
    for (int i = 0; i < draws; ++i) {
        const double x = chance.normal();
        sum += x;
        squares += x * x;
        waits += chance.exponential();
    }
    EXPECT_NEAR(sum / draws, 0, 0.01);
    EXPECT_NEAR(squares / draws, 1, 0.02);
    EXPECT_NEAR(waits / draws, 1, 0.01);
}
