#include "core/runtime/histogram.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using core::Histogram;

TEST(Histogram, KeepsSmallValuesExactly) {
    Histogram h;
    for (std::uint64_t v = 1; v <= 1000; ++v) h.record(v);
    EXPECT_EQ(h.count(), 1000u);
    EXPECT_EQ(h.percentile(50), 500u);
    EXPECT_EQ(h.percentile(99), 990u);
    EXPECT_EQ(h.percentile(100), 1000u);
    EXPECT_EQ(h.max(), 1000u);
    EXPECT_EQ(h.min(), 1u);
}

TEST(Histogram, IsEmptyAtFirst) {
    const Histogram h;
    EXPECT_EQ(h.percentile(50), 0u);
    EXPECT_EQ(h.min(), 0u);
    EXPECT_EQ(h.max(), 0u);
}

TEST(Histogram, HoldsTheWholeRange) {
    Histogram h;
    h.record(~std::uint64_t{});
    h.record(0);
    EXPECT_EQ(h.percentile(50), 0u);
    EXPECT_EQ(h.percentile(100), ~std::uint64_t{});
}

RC_GTEST_PROP(HistogramProperty, AgreesWithASortedListToOnePartInAThousand, (std::vector<std::uint64_t> values)) {
    RC_PRE(!values.empty());
    Histogram h, left, right;
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] >>= values[i] % 64;
        h.record(values[i]);
        (i % 2 == 0 ? left : right).record(values[i]);
    }
    left.merge(right);
    std::sort(values.begin(), values.end());
    for (const double p : {1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
        const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(p / 100 * static_cast<double>(values.size()) - 1e-9)));
        const auto exact = values[rank - 1];
        RC_ASSERT(h.percentile(p) >= exact);
        RC_ASSERT(h.percentile(p) - exact <= exact / 1000 + 0);
        RC_ASSERT(left.percentile(p) == h.percentile(p));
    }
}
