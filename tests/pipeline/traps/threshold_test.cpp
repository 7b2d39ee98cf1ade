#include "pipeline/traps/threshold.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace pipeline::traps {
namespace {

std::vector<double> repeat(std::initializer_list<std::pair<int, double>> parts) {
    std::vector<double> all;
    for (const auto& [times, value] : parts) all.insert(all.end(), static_cast<std::size_t>(times), value);
    return all;
}

TEST(TrapRegime, EqualsTheGoldenRows) {
    const TrapSettings::Regime settings;
    EXPECT_EQ(classify(repeat({{20, 3}}), settings), Regime::trending);
    EXPECT_EQ(classify(repeat({{16, 4}, {4, -2}}), settings), Regime::normal);  // D is not > .6
    EXPECT_EQ(classify(repeat({{17, 3}, {3, -3}}), settings), Regime::trending);
    EXPECT_EQ(classify(repeat({{10, 5}, {10, -5}}), settings), Regime::normal);
    EXPECT_EQ(classify(repeat({{18, 0}, {1, 40}, {1, -40}}), settings), Regime::volatile_);
    EXPECT_EQ(classify(repeat({{19, 3}}), settings), Regime::unknown);
}

TEST(TrapRegime, MeasuresTheGoldenRows) {
    struct Row {
        std::vector<double> moves;
        double sigma, direction, size;
    };
    const Row rows[] = {{repeat({{20, 3}}), 0, 1, 3},
                        {repeat({{16, 4}, {4, -2}}), 2.4, .6, 3.6},
                        {repeat({{17, 3}, {3, -3}}), 2.1424, .7, 3},
                        {repeat({{10, 5}, {10, -5}}), 5, 0, 5},
                        {repeat({{18, 0}, {1, 40}, {1, -40}}), 12.6491, 0, 4}};
    for (const Row& row : rows) {
        const auto [sigma, direction, size] = statistics_of(row.moves);
        EXPECT_NEAR(sigma, row.sigma, 5e-5);
        EXPECT_NEAR(direction, row.direction, 1e-12);
        EXPECT_NEAR(size, row.size, 1e-12);
    }
}

TEST(TrapThreshold, EqualsTheGoldenRows) {
    struct Row {
        std::vector<double> sizes;
        double regime, hf, T;
    };
    const Row rows[] = {
        {{2, 5, 1, 8, 3}, 1, 1, 30},
        {{4, 30, 2, 40, 6, 25}, 1, 1, 73.5935},
        {{4, 30, 2, 40, 6, 25}, 1.5, .6, 66.2341},
        {{4, 30, 2, 40, 6, 25}, .75, .8, 44.1561},
        {{2, 5, 1, 8}, 1.5, .6, 18},
    };
    for (const Row& row : rows) {
        const double by_volatility = volatility_threshold(row.sizes, 2.5) * row.regime * row.hf;
        EXPECT_NEAR(std::max(by_volatility, 30 * row.hf), row.T, 1e-4);
    }
    EXPECT_NEAR(volatility_threshold(rows[0].sizes, 1), 4.9687, 1e-4);
    EXPECT_NEAR(volatility_threshold(rows[1].sizes, 1), 29.4374, 1e-4);
}

/// Feeds closes of 15 s buckets as their last seconds.
void feed(Threshold& threshold, const std::vector<double>& closes) {
    std::int64_t bucket = 1000;
    for (const double close : closes) threshold.close(close, 15 * ++bucket - 1);
}

TEST(TrapThreshold, IsTheBaseUntilFiveMovesAreKnown) {
    Threshold threshold{TrapSettings{}};

    EXPECT_EQ(threshold.at(1), 30);
    feed(threshold, {10000, 10004, 10034, 10036, 10076});

    EXPECT_EQ(threshold.at(1), 30);
    EXPECT_EQ(threshold.at(.6), 18);
    EXPECT_EQ(threshold.regime(), Regime::unknown);
}

TEST(TrapThreshold, FollowsTheMovesOfItsBuckets) {
    Threshold threshold{TrapSettings{}};
    std::vector<double> closes{10000}, sizes;
    for (const double move : {4., -30., 2., -40., 6., 25.}) {
        closes.push_back(closes.back() * (1 + move / 1e4));
        sizes.push_back(std::abs(move));
    }

    feed(threshold, closes);

    EXPECT_NEAR(threshold.at(1), 73.5935, 1e-4);
    EXPECT_NEAR(threshold.at(.8), .8 * 73.5935, 1e-4);
}

TEST(TrapThreshold, OnlyTheLastSecondOfABucketClosesIt) {
    Threshold threshold{TrapSettings{}};
    for (std::int64_t second = 0; second < 400; ++second) threshold.close(second % 15 == 14 ? 10000 : 20000, second);

    EXPECT_EQ(threshold.at(1), 30);
    EXPECT_EQ(threshold.regime(), Regime::normal);
}

TEST(TrapThreshold, AGapForgetsTheMoves) {
    Threshold threshold{TrapSettings{}};
    std::vector<double> closes;
    for (int i = 0; i < 30; ++i) closes.push_back(i % 2 ? 10100 : 10000 + 10 * i);
    feed(threshold, closes);
    ASSERT_GT(threshold.at(1), 30);
    ASSERT_NE(threshold.regime(), Regime::unknown);

    threshold.clear();

    EXPECT_EQ(threshold.at(1), 30);
    EXPECT_EQ(threshold.regime(), Regime::unknown);
}

TEST(TrapThreshold, KeepsTheNewestHundredMoves) {
    Threshold filled{TrapSettings{}}, fresh{TrapSettings{}};
    std::vector<double> noise{10000}, calm{10000};
    for (int i = 0; i < 50; ++i) noise.push_back(i % 2 ? 10000 : 10300);
    for (int i = 0; i < 101; ++i) calm.push_back(10000 + i % 7 * 20 + i % 3 * 11);
    feed(filled, noise);
    feed(filled, calm);
    feed(fresh, calm);

    EXPECT_EQ(filled.at(1), fresh.at(1));
    EXPECT_EQ(filled.regime(), fresh.regime());
}

}  // namespace
}  // namespace pipeline::traps
