#include "core/book/ladder.hpp"

#include "bench/core/tape.hpp"
#include "tests/support.hpp"

#include <rapidcheck/gtest.h>

#include <limits>
#include <map>
#include <utility>
#include <vector>

using namespace core;

namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
using Levels = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// The slow obvious twin.
struct MapLadder {
    Side side;
    std::map<std::int64_t, std::int64_t> levels{};

    void set(Price price, Quantity quantity) {
        if (quantity.units == 0)
            levels.erase(price.units);
        else
            levels[price.units] = quantity.units;
    }
    [[nodiscard]] Levels walk() const {
        return side == Side::buy ? Levels{levels.rbegin(), levels.rend()} : Levels{levels.begin(), levels.end()};
    }
};

Levels walk(const Ladder& ladder) {
    Levels levels;
    ladder.walk([&](Price price, Quantity quantity) {
        levels.emplace_back(price.units, quantity.units);
        return true;
    });
    return levels;
}

/// Sets both and compares what is cheap to compare.
void set(Ladder& ladder, MapLadder& twin, Price price, Quantity quantity) {
    const auto held = twin.levels.find(price.units);
    const std::int64_t before = held == twin.levels.end() ? 0 : held->second;
    RC_ASSERT(ladder.set(price, quantity).units == before);
    twin.set(price, quantity);
    RC_ASSERT(ladder.size() == twin.levels.size());
    RC_ASSERT(ladder.at(price) == quantity);
    RC_ASSERT(ladder.empty() == twin.levels.empty());
    if (ladder.empty()) return;
    const auto best = twin.side == Side::buy ? *twin.levels.rbegin() : *twin.levels.begin();
    RC_ASSERT(ladder.best().units == best.first);
    RC_ASSERT(ladder.best_quantity().units == best.second);
}

}  // namespace

TEST(Ladder, KeepsTheBestFirstOnBothSides) {
    Ladder bids{Side::buy}, asks{Side::sell};
    for (const auto price : {1000, 1010, 990}) {
        bids.set({price}, {price + 1});
        asks.set({price}, {price + 1});
    }
    EXPECT_EQ(walk(bids), (Levels{{1010, 1011}, {1000, 1001}, {990, 991}}));
    EXPECT_EQ(walk(asks), (Levels{{990, 991}, {1000, 1001}, {1010, 1011}}));
    EXPECT_EQ(bids.best(), Price{1010});
    EXPECT_EQ(asks.best(), Price{990});

    bids.set({1010}, {0});
    asks.set({990}, {0});
    EXPECT_EQ(bids.best(), Price{1000});
    EXPECT_EQ(asks.best_quantity(), Quantity{1001});
}

TEST(Ladder, IgnoresTheRemovalOfAbsentLevels) {
    Ladder asks{Side::sell};
    asks.set({5}, {0});
    EXPECT_TRUE(asks.empty());
    asks.set({100}, {1});
    for (const auto price : {std::int64_t{0}, std::int64_t{7}, std::int64_t{200}, largest}) asks.set({price}, {0});
    EXPECT_EQ(walk(asks), (Levels{{100, 1}}));
    EXPECT_EQ(asks.at({7}), Quantity{0});
    EXPECT_EQ(asks.at({largest}), Quantity{0});
}

TEST(Ladder, HoldsTheWholeRangeOfPrices) {
    for (const auto side : {Side::buy, Side::sell}) {
        for (const auto window : {std::size_t{64}, std::size_t{1} << 18}) {
            Ladder ladder{side, window};
            MapLadder twin{side};
            for (const auto price : {largest, std::int64_t{0}, largest - 1, std::int64_t{1}, std::int64_t{1} << 62,
                                     std::int64_t{1'000'000}}) {
                ladder.set({price}, {price / 2 + 1});
                twin.set({price}, {price / 2 + 1});
                EXPECT_EQ(walk(ladder), twin.walk());
            }
            ladder.set({-5}, {1});
            EXPECT_EQ(walk(ladder), twin.walk());
        }
    }
}

TEST(Ladder, StopsWalkingWhenToldTo) {
    Ladder asks{Side::sell, 64};
    for (std::int64_t price = 0; price < 1000; ++price) asks.set({price * 7}, {1});
    int seen = 0;
    asks.walk([&](Price, Quantity) { return ++seen < 500; });
    EXPECT_EQ(seen, 500);
}

TEST(Ladder, IsEmptyAfterClearAndUsableAgain) {
    Ladder bids{Side::buy, 64};
    for (std::int64_t price = 1; price < 1000; ++price) bids.set({price}, {1});
    bids.clear();
    EXPECT_TRUE(bids.empty());
    EXPECT_EQ(bids.size(), 0U);
    EXPECT_EQ(bids.at({999}), Quantity{0});
    EXPECT_EQ(walk(bids), Levels{});
    bids.set({5}, {2});
    EXPECT_EQ(walk(bids), (Levels{{5, 2}}));
}

RC_GTEST_PROP(Ladder, AgreesWithAMapWhateverIsSet, ()) {
    const auto side = *rc::gen::element(Side::buy, Side::sell);
    Ladder ladder{side, *rc::gen::element<std::size_t>(1, 64, 256, 8192)};
    MapLadder twin{side};
    auto middle = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    const auto step = *rc::gen::element<std::int64_t>(1, 10, 12, 1'000'000'000);
    const auto steps = *rc::gen::inRange(1, 400);
    for (int i = 0; i < steps; ++i) {
        const auto what = *rc::gen::inRange(0, 100);
        if (what == 0) {
            ladder.clear();
            twin.levels.clear();
        }
        if (what < 4) middle = *rc::gen::inRange<std::int64_t>(0, 1'000'000);  // a far jump
        const auto offset = *rc::gen::inRange<std::int64_t>(-40, 40) * *rc::gen::element<std::int64_t>(1, 1, 1, 30);
        auto price = std::max<std::int64_t>(0, middle + offset) * step;
        if (what == 5) price += *rc::gen::inRange<std::int64_t>(0, step);  // off the usual step
        const auto quantity = *rc::gen::element<std::int64_t>(0, 0, 1, 5, largest);
        set(ladder, twin, {price}, {quantity});
    }
    RC_ASSERT(walk(ladder) == twin.walk());
}

RC_GTEST_PROP(Ladder, FollowsATouchThatWanders, ()) {
    const auto side = *rc::gen::element(Side::buy, Side::sell);
    Ladder ladder{side, 128};
    MapLadder twin{side};
    std::int64_t touch = 1'000'000;
    const auto steps = *rc::gen::inRange(1, 300);
    for (int i = 0; i < steps; ++i) {
        touch += *rc::gen::inRange<std::int64_t>(-30, 31);
        // The new touch, everything better removed, some depth added: as a venue would send it.
        for (const auto& [price, quantity] : twin.walk()) {
            if (side == Side::buy ? price <= touch : price >= touch) break;
            set(ladder, twin, {price}, {0});
        }
        set(ladder, twin, {touch}, {i + 1});
        const auto depth = *rc::gen::inRange<std::int64_t>(0, 200);
        set(ladder, twin, {touch - sign(side) * depth}, {i + 1});
    }
    RC_ASSERT(walk(ladder) == twin.walk());
}

TEST(Ladder, AgreesWithAMapOnTheRecordedTapes) {
    NEEDS_SHARED_DATA();
    // Windows that hold the whole depth, and one so small that most levels lie beyond it; units of the tick and far
    // finer.
    struct Case {
        const char* tape;
        int price_decimals;
        std::size_t window;
        std::size_t updates;
    };
    for (const auto& [tape, price_decimals, window, least] :
         {Case{"l2/hftbacktest/usdm_btcusdt_20240808.gz", 1, std::size_t{1} << 16, 400'000},
          Case{"l2/hftbacktest/usdm_btcusdt_20240808.gz", 10, 256, 100'000},
          Case{"l2/hftbacktest/cm_btcusd_perp_20240808.gz", 2, 1024, 100'000}}) {
        SCOPED_TRACE(tape);
        const auto text = bench::inflate(tape);
        Ladder bids{Side::buy, window}, asks{Side::sell, window};
        MapLadder twin_bids{Side::buy}, twin_asks{Side::sell};
        std::size_t count = 0;
        for (const auto& level : bench::levels_of(text)) {
            const auto price = *parse_price(level.price, price_decimals);
            const auto quantity = *parse_quantity(level.quantity, 3);
            auto& ladder = level.side == Side::buy ? bids : asks;
            auto& twin = level.side == Side::buy ? twin_bids : twin_asks;
            ladder.set(price, quantity);
            twin.set(price, quantity);
            ASSERT_EQ(ladder.size(), twin.levels.size());
            if (!ladder.empty()) {
                ASSERT_EQ(ladder.best().units,
                          level.side == Side::buy ? twin.levels.rbegin()->first : twin.levels.begin()->first);
            }
            if (++count % 20'000 == 0) {
                ASSERT_EQ(walk(ladder), twin.walk());
            }
            if (count == least) break;  // the rest would only repeat it, slowly
        }
        EXPECT_EQ(count, least);
        EXPECT_EQ(walk(bids), twin_bids.walk());
        EXPECT_EQ(walk(asks), twin_asks.walk());
    }
}
