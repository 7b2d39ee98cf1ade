#include "pipeline/trends/pending_rows.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

using namespace pipeline::ai;
using core::Nanoseconds;

namespace {

Nanoseconds at(int minute) {
    return std::chrono::minutes{minute};
}

}  // namespace

TEST(PendingRows, HandARowOutWithTheLastMinuteOfItsHorizon) {
    PendingRows<int> rows{3};
    EXPECT_EQ(rows.close(100, 100), nullptr);
    rows.open(at(1), 100, 10, 7);
    EXPECT_EQ(rows.close(100.05, 99.95), nullptr);
    EXPECT_EQ(rows.close(100.11, 100), nullptr) << "decided, but its horizon has not passed";
    const auto* row = rows.close(100, 99.8);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->barrier, Barrier::up) << "the first barrier";
    EXPECT_EQ(row->payload, 7);
    EXPECT_EQ(rows.close(100, 100), nullptr) << "once";
}

TEST(PendingRows, SayNothingOfTheOrderInsideOneMinute) {
    PendingRows<int> rows{2};
    rows.open(at(0), 100, 10, 0);
    rows.close(100.2, 99.8);
    const auto* row = rows.close(101, 100);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->barrier, Barrier::none);
}

TEST(PendingRows, CountATrapForTheRowsBeforeIt) {
    PendingRows<int> rows{2};
    rows.open(at(1), 100, 10, 0);
    rows.trap(at(1));
    rows.close(100, 100);
    rows.open(at(2), 100, 10, 0);
    rows.trap(at(2) + Nanoseconds{1});
    EXPECT_TRUE(rows.close(100, 100)->trap);
    rows.drop();
    rows.open(at(3), 100, 10, 0);
    rows.trap(at(3));
    rows.close(100, 100);
    EXPECT_FALSE(rows.close(100, 100)->trap) << "what happened with the row itself is not after it";
}

TEST(PendingRows, NeverKnowWhatAGapSwallowed) {
    PendingRows<int> rows{2};
    rows.open(at(0), 100, 10, 0);
    rows.close(100, 100);
    EXPECT_EQ(rows.drop(), 1u);
    EXPECT_EQ(rows.close(200, 50), nullptr);
    EXPECT_EQ(rows.drop(), 0u);
}

TEST(PendingRows, WithoutAThresholdHaveNoDirection) {
    PendingRows<int> rows{1};
    rows.open(at(0), 100, core::unknown, 0);
    const auto* row = rows.close(200, 50);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->barrier, Barrier::none);
}

RC_GTEST_PROP(PendingRowsProperty, LabelLikeALookAheadOverTheWholeSeries, ()) {
    const auto closes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(980, 1021));
    constexpr int horizon = 4;
    PendingRows<std::size_t> rows{horizon};
    for (std::size_t i = 0; i < closes.size(); ++i) {
        const double close = closes[i], high = close + 2, low = close - 2;
        if (const auto* row = rows.close(high, low)) {
            const std::size_t from = row->payload;
            RC_ASSERT(from + horizon == i);
            Barrier expected = Barrier::none;
            for (std::size_t k = from + 1; k <= i; ++k) {
                const bool up = closes[k] + 2 >= closes[from] * 1.01, down = closes[k] - 2 <= closes[from] * .99;
                if (!up && !down) continue;
                expected = up && down ? Barrier::none : up ? Barrier::up : Barrier::down;
                break;
            }
            RC_ASSERT(row->barrier == expected);
        }
        rows.open(at(static_cast<int>(i)), close, 100, i);
    }
}
