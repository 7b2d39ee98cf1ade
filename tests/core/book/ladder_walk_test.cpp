#include "core/book/ladder.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace core {
namespace {

RC_GTEST_PROP(LadderWalkFrom, StartsAtTheBestLevelAtThePriceOrWorse, ()) {
    const Side side = *rc::gen::element(Side::buy, Side::sell);
    const auto step = *rc::gen::element<std::int64_t>(1, 10, 7);
    Ladder ladder{side, 64};  // small: some levels lie in the overflow
    for (const auto& [price, quantity] : *rc::gen::container<std::vector<std::pair<int, int>>>(
             rc::gen::pair(rc::gen::inRange(0, 400), rc::gen::inRange(0, 4))))
        ladder.set({price * step}, {quantity});
    const Price from{*rc::gen::inRange<std::int64_t>(-5, 400 * step + 5)};

    std::vector<Price> expected, walked;
    ladder.walk([&](Price price, Quantity) {
        if (side == Side::buy ? price <= from : price >= from) expected.push_back(price);
        return true;
    });
    ladder.walk_from(from, [&](Price price, Quantity quantity) {
        RC_ASSERT(ladder.at(price) == quantity);
        walked.push_back(price);
        return true;
    });
    RC_ASSERT(walked == expected);
}

TEST(LadderWalkFrom, StopsWhenToldTo) {
    Ladder asks{Side::sell, 64};
    for (std::int64_t price = 100; price < 1000; ++price) asks.set({price}, {1});
    int seen = 0;
    asks.walk_from({150}, [&](Price, Quantity) { return ++seen < 300; });

    EXPECT_EQ(seen, 300);
}

}  // namespace
}  // namespace core
