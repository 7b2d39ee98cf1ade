#include "feeds/binance/rules.hpp"

#include <gtest/gtest.h>

using namespace feeds;
using feeds::binance::Rules;

namespace {

BookEvent spot(std::uint64_t first, std::uint64_t last) {
    return {.kind = BookEvent::Kind::update, .first = first, .last = last};
}
BookEvent futures(std::uint64_t first, std::uint64_t last, std::uint64_t previous) {
    return {.kind = BookEvent::Kind::update, .first = first, .last = last, .previous = previous, .has_previous = true};
}

}  // namespace

TEST(BinanceRules, SpotUpdatesRunOn) {
    const Rules rules;
    EXPECT_EQ(rules.follows(spot(1, 5), spot(6, 9)), Follow::apply);
    EXPECT_EQ(rules.follows(spot(1, 5), spot(4, 9)), Follow::apply) << "an overlap repeats what is known";
    EXPECT_EQ(rules.follows(spot(1, 5), spot(7, 9)), Follow::gap);
    EXPECT_EQ(rules.follows(spot(1, 5), spot(3, 5)), Follow::superseded);
}

TEST(BinanceRules, FuturesUpdatesNameTheOneBefore) {
    const Rules rules;
    EXPECT_EQ(rules.follows(futures(1, 5, 0), futures(40, 50, 5)), Follow::apply);
    EXPECT_EQ(rules.follows(futures(1, 5, 0), futures(6, 9, 6)), Follow::gap);
    EXPECT_EQ(rules.follows(futures(1, 5, 0), futures(1, 5, 0)), Follow::superseded);
}

TEST(BinanceRules, ASpotSnapshotIsBridgedByTheUpdateThatHoldsItsSuccessor) {
    const Rules rules;
    EXPECT_EQ(rules.bridges(10, spot(8, 10)), Follow::superseded);
    EXPECT_EQ(rules.bridges(10, spot(8, 11)), Follow::apply);
    EXPECT_EQ(rules.bridges(10, spot(11, 12)), Follow::apply);
    EXPECT_EQ(rules.bridges(10, spot(12, 13)), Follow::gap);
}

TEST(BinanceRules, AFuturesSnapshotIsBridgedByTheUpdateThatHoldsIt) {
    const Rules rules;
    EXPECT_EQ(rules.bridges(10, futures(5, 9, 4)), Follow::superseded);
    EXPECT_EQ(rules.bridges(10, futures(8, 10, 7)), Follow::apply);
    EXPECT_EQ(rules.bridges(10, futures(8, 12, 7)), Follow::apply);
    EXPECT_EQ(rules.bridges(10, futures(14, 20, 9)), Follow::apply) << "nothing happened between 9 and 14";
    EXPECT_EQ(rules.bridges(10, futures(14, 20, 12)), Follow::gap);
}
