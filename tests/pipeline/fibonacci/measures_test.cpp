#include "pipeline/fibonacci/measures.hpp"

#include "pipeline/fibonacci/confluence.hpp"
#include "pipeline/fibonacci/hits.hpp"
#include "pipeline/fibonacci/verdict.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace pipeline;

namespace {

constexpr Leg golden_leg{.known = true, .up = true, .lo = 60000, .hi = 61000};

TEST(LevelPrice, HasTheGoldenValues) {
    constexpr Ratio ratios[] = {Ratio::r236, Ratio::r382,  Ratio::r500,  Ratio::r618,
                                Ratio::r786, Ratio::r1272, Ratio::r1618, Ratio::r2618};
    const struct {
        Leg leg;
        double prices[8];
    } cases[] = {{{true, false, 10010, 10110}, {10033.6, 10048.2, 10060, 10071.8, 10088.6, 9982.8, 9948.2, 9848.2}},
                 {golden_leg, {60764, 60618, 60500, 60382, 60214, 61272, 61618, 62618}},
                 {{true, false, .5, .8}, {.5708, .6146, .65, .6854, .7358, .4184, .3146, .0146}}};
    for (const auto& [leg, prices] : cases)
        for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(level_price(leg, ratios[i]), prices[i], 1e-6 * prices[i]);
    EXPECT_EQ(level_price(golden_leg, Ratio::r0), 61000);
    EXPECT_EQ(level_price(golden_leg, Ratio::r1000), 60000);
}

TEST(Measures, HaveTheGoldenValues) {
    const ActiveLevel level{60382, Ratio::r618, 0};
    EXPECT_NEAR(distance_bps(60385, 60382), .4968, 5e-5);
    EXPECT_NEAR(proximity(60385, 60382), .98758, 5e-6);
    EXPECT_EQ(alignment({&level, 1}, 60385), 1);
    const ActiveLevel plain{60382, Ratio::r500, 0};
    EXPECT_NEAR(alignment({&plain, 1}, 60385), .999006, 5e-7);
    EXPECT_TRUE(near(60385, 60382));
    EXPECT_FALSE(near(60700, 60382));
    EXPECT_FALSE(core::known(alignment({}, 60385)));
}

TEST(Hit, IsWithinHalfAPercentOfTheLeg) {
    EXPECT_TRUE(hit(golden_leg, 60382, 60386.9));
    EXPECT_FALSE(hit(golden_leg, 60382, 60387.1));
    EXPECT_FALSE(hit(Leg{}, 60382, 60382));
}

TEST(Zone, LiesBetweenHalfAndTheDeepRetracement) {
    Leg leg = golden_leg;
    EXPECT_EQ(zone(leg, 60500), Zone::buy);
    EXPECT_EQ(zone(leg, 60214), Zone::buy);
    EXPECT_EQ(zone(leg, 60501), Zone::none);
    EXPECT_EQ(zone(leg, 60213), Zone::none);
    leg.up = false;
    EXPECT_EQ(zone(leg, 60600), Zone::sell);
    EXPECT_EQ(zone(leg, 60400), Zone::none);
    leg.known = false;
    EXPECT_EQ(zone(leg, 60600), Zone::none);
}

RC_GTEST_PROP(Nearest, AgreesWithALinearSearch, ()) {
    auto prices = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 1000));
    std::sort(prices.begin(), prices.end());
    std::vector<ActiveLevel> levels;
    for (const int p : prices) levels.push_back({static_cast<double>(p), Ratio::r500, 0});
    const double price = *rc::gen::inRange(-10, 1010);

    const auto* const found = nearest(levels, price);

    RC_ASSERT((found == nullptr) == levels.empty());
    for (const auto& level : levels) RC_ASSERT(std::abs(found->price - price) <= std::abs(level.price - price));
}

TEST(Clusters, HaveTheGoldenValues) {
    constexpr std::uint8_t m1 = 0, m15 = 1, m60 = 2, m240 = 3, m1440 = 4;
    const std::vector<ActiveLevel> levels{
        {60382, Ratio::r618, m60}, {60400, Ratio::r500, m240}, {60410, Ratio::r382, m15}, {60500, Ratio::r500, m1},
        {60618, Ratio::r382, m60}, {60640, Ratio::r618, m240}, {61000, Ratio::r0, m1440}};
    std::array<Cluster, max_clusters> clusters;
    const auto count = find_clusters(levels, {1, 1, 1.5, 2, 2.5}, 5, 10, clusters);

    ASSERT_EQ(count, 2U);
    const struct {
        std::uint8_t members;
        double centre, weight, strength, distance, proximity;
    } expected[] = {{3, 60396.2222, 4.5, 3.9, 1.0302, .951012}, {2, 60630.5714, 3.5, 2.4, 39.6782, .335131}};
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(clusters[i].members, expected[i].members);
        EXPECT_NEAR(clusters[i].centre, expected[i].centre, 5e-5);
        EXPECT_DOUBLE_EQ(clusters[i].weight, expected[i].weight);
        EXPECT_DOUBLE_EQ(clusters[i].strength, expected[i].strength);
        EXPECT_NEAR(distance_bps(60390, clusters[i].centre), expected[i].distance, 5e-5);
        EXPECT_NEAR(proximity(clusters[i], 60390), expected[i].proximity, 5e-7);
    }
    EXPECT_EQ(nearest(std::span<const Cluster>{clusters.data(), count}, 60600), &clusters[1]);
}

TEST(Clusters, AreRankedByWeightThenDistanceThenPrice) {
    std::array<Cluster, 4> clusters{{{100, 2, 0, 2}, {110, 3, 0, 2}, {121, 3, 0, 2}, {105, 3, 0, 2}}};
    rank(clusters, 112);
    EXPECT_EQ(clusters[0].centre, 110);
    EXPECT_EQ(clusters[1].centre, 105);
    EXPECT_EQ(clusters[2].centre, 121);
    EXPECT_EQ(clusters[3].centre, 100);
}

TEST(KnownLevels, KeepTheListsOfTheNewestChange) {
    Levels levels;
    levels.changed = true;
    levels.active_count = 2;
    levels.active[0] = {10, Ratio::r0, 0};
    levels.active[1] = {20, Ratio::r618, 0};
    levels.cluster_count = 1;
    levels.clusters[0].centre = 15;
    levels.legs[3] = golden_leg;
    KnownLevels known;
    known.take(levels);
    levels.changed = false;
    levels.active_count = 0;
    known.take(levels);

    ASSERT_EQ(known.active().size(), 2U);
    EXPECT_EQ(known.active()[1].price, 20);
    EXPECT_EQ(known.clusters()[0].centre, 15);
    EXPECT_TRUE(known.legs[3].known);
}

/// The rule of a hit, level by level, without quiet intervals.
struct SlowHits {
    struct Watched {
        ActiveLevel level;
        bool inside{};
    };
    std::vector<Watched> watched;

    std::vector<double> reach(double price, const Leg& leg, double hit_range) {
        std::vector<double> hits;
        for (auto& w : watched) {
            const double distance = std::abs(price - w.level.price);
            if (w.inside)
                w.inside = distance <= 2 * hit_range * (leg.hi - leg.lo);
            else if (hit(leg, w.level.price, price, hit_range))
                w.inside = true, hits.push_back(w.level.price);
        }
        return hits;
    }
};

TEST(Hits, ComeOnceUntilThePriceHasLeftTwiceTheBand) {
    const std::array<Leg, 1> legs{golden_leg};
    const ActiveLevel level{60382, Ratio::r618, 0};
    Hits hits;
    hits.rebuild({&level, 1}, legs, .005);
    std::array<ActiveLevel, max_hits> out;

    EXPECT_EQ(hits.reach(60388, out), 0U);
    EXPECT_TRUE(hits.quiet(60500));
    EXPECT_FALSE(hits.quiet(60387));
    EXPECT_EQ(hits.reach(60386, out), 1U);
    EXPECT_EQ(out[0].price, 60382);
    EXPECT_EQ(hits.reach(60391, out), 0U) << "outside the band, but not yet twice as far";
    EXPECT_EQ(hits.reach(60383, out), 0U);
    EXPECT_EQ(hits.reach(60393, out), 0U);
    EXPECT_EQ(hits.reach(60383, out), 1U);
    hits.rebuild({&level, 1}, legs, .005);
    EXPECT_EQ(hits.reach(60383, out), 0U) << "the same level in a new list keeps its memory";
}

TEST(Hits, ThatFindNoRoomComeWithTheNextPrice) {
    const std::array<Leg, 1> legs{golden_leg};
    std::array<ActiveLevel, 3> levels{{{60382, Ratio::r618, 0}, {60382, Ratio::pivot, 0}, {60383, Ratio::r500, 0}}};
    Hits hits;
    hits.rebuild(levels, legs, .005);
    std::array<ActiveLevel, 2> out;

    EXPECT_EQ(hits.reach(60382, out), 2U);
    EXPECT_FALSE(hits.quiet(60382));
    EXPECT_EQ(hits.reach(60382, out), 1U);
    EXPECT_TRUE(hits.quiet(60382));
}

RC_GTEST_PROP(Hits, AgreeWithTheRule, ()) {
    const std::array<Leg, 1> legs{Leg{.known = true, .up = true, .lo = 1000, .hi = 2000}};
    auto prices = *rc::gen::container<std::vector<int>>(10, rc::gen::inRange(1000, 1200));
    std::sort(prices.begin(), prices.end());
    std::vector<ActiveLevel> levels;
    SlowHits slow;
    for (const int p : prices) {
        levels.push_back({static_cast<double>(p), Ratio::r500, 0});
        slow.watched.push_back({levels.back()});
    }
    Hits hits;
    hits.rebuild(levels, legs, .005);
    std::array<ActiveLevel, 16> out;

    double price = 1100;
    for (const int step : *rc::gen::container<std::vector<int>>(200, rc::gen::inRange(-12, 13))) {
        price += step;
        std::size_t count = 0;
        if (!hits.quiet(price)) count = hits.reach(price, out);
        const auto expected = slow.reach(price, legs[0], .005);
        RC_ASSERT(count == expected.size());
        for (std::size_t i = 0; i < count; ++i) RC_ASSERT(out[i].price == expected[i]);
    }
}

TEST(MovementVerdict, HasTheGoldenValues) {
    EXPECT_EQ(movement_verdict(250, 2.5, false), Verdict::trap_volume);
    EXPECT_EQ(movement_verdict(250, 1, true), Verdict::trap_level);
    EXPECT_EQ(movement_verdict(-250, 1, false), Verdict::trap_move);
    EXPECT_EQ(movement_verdict(50, 1, false), Verdict::organic);
    EXPECT_EQ(movement_verdict(50, 2.5, false), Verdict::insufficient);
    EXPECT_EQ(movement_verdict(5, 0, false), Verdict::insufficient);
    EXPECT_EQ(movement_verdict(50, core::unknown, true), Verdict::unknown);
    EXPECT_EQ(name(Verdict::insufficient), "insufficient");
}

}  // namespace
