#include "core/runtime/histogram.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <cmath>
#include <numeric>

using core::Histogram;

TEST(Histogram, RefusesImpossibleShapes) {
    EXPECT_THROW((Histogram{1, 2}), std::invalid_argument);
    EXPECT_THROW((Histogram{1000, 0}), std::invalid_argument);
    EXPECT_THROW((Histogram{1000, 6}), std::invalid_argument);
}

TEST(Histogram, IsEmptyAtFirst) {
    const Histogram empty;

    EXPECT_EQ(empty.count(), 0u);
    EXPECT_EQ(empty.min(), 0u);
    EXPECT_EQ(empty.max(), 0u);
    EXPECT_EQ(empty.percentile(50), 0u);
    EXPECT_EQ(empty.mean(), 0);
}

TEST(Histogram, HasTheLayoutOfHdrHistogram) {
    Histogram histogram{3'600'000'000, 3};
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;

    // The worked values of HdrHistogram at 3 digits: units to 2047, then steps of 2, 4, …
    for (const std::uint64_t value : {0u, 2047u, 2048u, 2050u, 4095u, 4096u, 8192u, 100'000'000u})
        histogram.record(value);
    histogram.walk([&](std::uint64_t low, std::uint64_t high, std::uint64_t) { ranges.emplace_back(low, high); });

    EXPECT_EQ(ranges, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0, 0},
                                                                            {2047, 2047},
                                                                            {2048, 2049},
                                                                            {2050, 2051},
                                                                            {4094, 4095},
                                                                            {4096, 4099},
                                                                            {8192, 8199},
                                                                            {99'942'400, 100'007'935}}));
}

TEST(Histogram, CountsTooLargeValuesAsTheHighest) {
    Histogram histogram{1000, 2};

    histogram.record(5000, 3);

    EXPECT_EQ(histogram.saturated(), 3u);
    EXPECT_EQ(histogram.max(), 1000u);
    EXPECT_EQ(histogram.percentile(50), 1000u);
}

RC_GTEST_PROP(Histogram, AgreesWithASortedVectorWithinItsDigits,
              (std::vector<std::uint32_t> values, std::uint8_t digit_choice)) {
    RC_PRE(!values.empty());
    const int digits = 1 + digit_choice % 4;
    Histogram histogram{std::uint64_t{1} << 33, digits};
    for (const auto value : values) histogram.record(value);
    std::sort(values.begin(), values.end());

    RC_ASSERT(histogram.count() == values.size());
    RC_ASSERT(histogram.min() == values.front());
    RC_ASSERT(histogram.max() == values.back());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    RC_ASSERT(std::abs(histogram.mean() - mean) <= 1e-9 * mean);
    for (const double percent : {0.0, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
        const auto rank = std::max(1.0, std::ceil(percent / 100 * static_cast<double>(values.size())));
        const auto exact = static_cast<double>(values[static_cast<std::size_t>(rank) - 1]);
        const auto found = static_cast<double>(histogram.percentile(percent));
        RC_ASSERT(found >= exact);
        RC_ASSERT(found <= exact + exact * std::pow(10, -digits));
    }
}

RC_GTEST_PROP(Histogram, MergesToWhatOneWouldHaveRecorded,
              (std::vector<std::uint32_t> first, std::vector<std::uint32_t> second)) {
    Histogram a, b, both;
    for (const auto value : first) a.record(value), both.record(value);
    for (const auto value : second) b.record(value), both.record(value);

    a.merge(b);

    RC_ASSERT(a.count() == both.count());
    RC_ASSERT(a.min() == both.min());
    RC_ASSERT(a.max() == both.max());
    RC_ASSERT(a.mean() == both.mean());
    for (int percent = 0; percent <= 100; ++percent) RC_ASSERT(a.percentile(percent) == both.percentile(percent));
}

TEST(Histogram, MergesOnlyItsOwnShape) {
    Histogram fine{1000, 3};
    EXPECT_THROW(fine.merge(Histogram{1000, 2}), std::invalid_argument);
}
