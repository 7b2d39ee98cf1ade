#include "feeds/synthetic/book.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

using namespace feeds::synthetic;

RC_GTEST_PROP(BookSide, AgreesWithAMap, ()) {
    const auto which = *rc::gen::element(core::Side::buy, core::Side::sell);
    BookSide side{which};
    std::map<std::int64_t, std::int64_t> twin;
    const auto changes = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(1000, 1200), rc::gen::inRange(0, 4)));
    for (const auto& [price, quantity] : changes) {
        side.set(price, quantity);
        if (quantity == 0)
            twin.erase(price);
        else
            twin[price] = quantity;
        RC_ASSERT(side.quantity_at(price) == quantity);
    }
    RC_ASSERT(side.size() == twin.size());
    std::size_t depth = twin.size();
    for (const auto& [price, quantity] : twin) {
        --depth;
        const auto& level = side.at(which == core::Side::buy ? depth : twin.size() - 1 - depth);
        RC_ASSERT(level.price == price);
        RC_ASSERT(level.quantity == quantity);
    }
}

/// A price that wanders carries the levels along the flat piece: its ends are reached again and again.
TEST(BookSide, FollowsAWanderingPrice) {
    for (const auto which : {core::Side::buy, core::Side::sell})
        for (const std::int64_t direction : {+1, -1}) {
            BookSide side{which};
            std::map<std::int64_t, std::int64_t> twin;
            for (std::int64_t step = 0; step < 20'000; ++step) {
                const std::int64_t price = 1'000'000 + direction * step;
                side.set(price, step + 1);
                twin[price] = step + 1;
                if (step >= 300) {
                    side.set(price - direction * 300, 0);
                    twin.erase(price - direction * 300);
                }
            }
            ASSERT_EQ(side.size(), twin.size());
            for (const auto& [price, quantity] : twin) ASSERT_EQ(side.quantity_at(price), quantity);
        }
}

TEST(ChangedPrices, HoldsEachPriceOnceAndSorted) {
    ChangedPrices changed;
    for (int round = 0; round < 5; ++round) {
        std::set<std::int64_t> twin;
        for (std::int64_t i = 0; i < 400; ++i) {
            const std::int64_t price = 618'000 + (i * 37 + round) % 200;
            changed.add(price);
            twin.insert(price);
        }
        EXPECT_EQ(changed.size(), twin.size());
        const auto taken = changed.take();
        EXPECT_TRUE(std::equal(taken.begin(), taken.end(), twin.begin(), twin.end()));
        EXPECT_EQ(changed.size(), 0U);
    }
}
