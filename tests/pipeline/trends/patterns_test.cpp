#include "pipeline/trends/double_pattern.hpp"
#include "pipeline/trends/harmonic.hpp"
#include "pipeline/trends/swings.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <vector>

using namespace pipeline;
using namespace pipeline::patterns;

TEST(Harmonic, FindsThePatternThatFitsBest) {
    struct Row {
        Points points;
        bool found;
        PatternKind kind;
        bool bullish;
        double score;
    };
    using K = PatternKind;
    for (const Row& row : std::vector<Row>{
             {{100, 200, 138.2, 169.1, 121.4}, true, K::gartley, true, 1},
             {{200, 100, 161.8, 130.9, 178.6}, true, K::gartley, false, 1},
             {{100, 200, 156, 185, 111.4}, true, K::bat, true, 1},
             {{100, 200, 121.4, 160, 73}, true, K::butterfly, true, 1},
             {{100, 200, 145, 190, 38.2}, true, K::crab, true, 1},
             {{100, 200, 136, 170, 120}, true, K::gartley, true, .732948},
             {{100, 200, 170, 185, 150}, false, {}, true, 0},
             {{100, 200, 138.2, 169.1, 180}, false, {}, true, 0},    // D does not turn
             {{100, 100, 138.2, 169.1, 121.4}, false, {}, true, 0},  // no leg
             {{100, 200, 138.2, 169.1, core::unknown}, false, {}, true, 0},
         }) {
        SCOPED_TRACE(row.points[2]);
        const auto match = match_harmonic(row.points, .05);
        ASSERT_EQ(match.found, row.found);
        if (!row.found) continue;
        EXPECT_EQ(match.kind, row.kind);
        EXPECT_EQ(match.bullish, row.bullish);
        EXPECT_NEAR(match.score, row.score, 1e-6);
    }
}

TEST(Harmonic, MeasuresTheGoldenRatios) {
    const struct {
        Points points;
        double ab_xa, bc_ab, cd_bc, ad_xa;
    } rows[] = {{{100, 200, 138.2, 169.1, 121.4}, .618, .5, 1.543689, .786},
                {{200, 100, 161.8, 130.9, 178.6}, .618, .5, 1.543689, .786},
                {{100, 200, 156, 185, 111.4}, .44, .6591, 2.5379, .886},
                {{100, 200, 121.4, 160, 73}, .786, .491094, 2.253886, 1.27},
                {{100, 200, 145, 190, 38.2}, .55, .8182, 3.3733, 1.618},
                {{100, 200, 136, 170, 120}, .64, .53125, 1.470588, .8},
                {{100, 200, 170, 185, 150}, .3, .5, 2.3333, .5}};
    for (const auto& row : rows) {
        const auto ratios = ratios_of(row.points);
        EXPECT_NEAR(ratios.ab_xa, row.ab_xa, 1e-12);
        EXPECT_NEAR(ratios.bc_ab, row.bc_ab, 5e-5);
        EXPECT_NEAR(ratios.cd_bc, row.cd_bc, 5e-5);
        EXPECT_NEAR(ratios.ad_xa, row.ad_xa, 1e-12);
    }
}

TEST(Harmonic, ProjectsItsZoneTargetsAndEnd) {
    const auto up = match_harmonic({100, 200, 138.2, 169.1, 121.4}, .05);
    EXPECT_NEAR(up.zone_low, 200 - 78.6 * 1.05, 1e-9);
    EXPECT_NEAR(up.zone_high, 200 - 78.6 * .95, 1e-9);
    EXPECT_NEAR(up.target1, 121.4 + .382 * 78.6, 1e-9);
    EXPECT_NEAR(up.target2, 121.4 + .618 * 78.6, 1e-9);
    EXPECT_NEAR(up.invalid_at, 116.4, 1e-9);

    const auto down = match_harmonic({200, 100, 161.8, 130.9, 178.6}, .05);
    EXPECT_NEAR(down.target1, 178.6 - .382 * 78.6, 1e-9);
    EXPECT_NEAR(down.invalid_at, 183.6, 1e-9);
}

RC_GTEST_PROP(HarmonicProperty, MirrorsAndScales, ()) {
    const auto raw = *rc::gen::container<std::array<int, 5>>(rc::gen::inRange(1000, 3000));
    Points points, mirrored, scaled;
    for (std::size_t i = 0; i < points.size(); ++i) {
        points[i] = raw[i];
        mirrored[i] = 4000 - raw[i];
        scaled[i] = raw[i] * 4.0;
    }
    const auto a = match_harmonic(points, .5), b = match_harmonic(mirrored, .5), c = match_harmonic(scaled, .5);
    RC_ASSERT(a.found == b.found && a.found == c.found);
    if (!a.found) return;
    RC_ASSERT(a.kind == b.kind && a.kind == c.kind);
    RC_ASSERT(a.bullish != b.bullish && a.bullish == c.bullish);
    RC_ASSERT(std::abs(a.score - b.score) < 1e-9 && a.score >= 0 && a.score <= 1);
}

TEST(DoublePattern, ScoresTheGoldenPairs) {
    struct Row {
        double first, second, neckline;
        bool found;
        double difference, height, score;
    };
    for (const Row& row : std::vector<Row>{
             {60300, 60330, 60000, true, 4.9739, 52.5, .420399},
             {60600, 60600, 60000, true, 0, 100, .741935},
             {60300, 60420, 60000, false, 19.88, 60, 0},
             {60070, 60080, 60000, false, 1.6646, 12.5, 0},
         }) {
        SCOPED_TRACE(row.second);
        const auto match = match_double(row.first, row.neckline, row.second, true, 15);
        EXPECT_EQ(match.found, row.found);
        EXPECT_NEAR(match.difference_bps, row.difference, 5e-3);
        EXPECT_NEAR(match.height_bps, row.height, 5e-5);
        EXPECT_NEAR(match.score, row.score, 1e-6);
    }
    EXPECT_DOUBLE_EQ(match_double(60600, 60000, 60600, true, 15).target, 59400);
    EXPECT_DOUBLE_EQ(match_double(59400, 60000, 59400, false, 15).target, 60600);
    EXPECT_FALSE(match_double(60600, 60700, 60600, true, 15).found) << "the neckline of a top lies below it";
}

TEST(DoublePattern, NeedsItsNecklineToBreakInTime) {
    DoubleWatch watch;
    const DoubleWatch::Candidate pair{.match = match_double(60600, 60000, 60600, true, 15),
                                      .first = 60600,
                                      .neckline = 60000,
                                      .second = 60600,
                                      .top = true,
                                      .bar = 10};
    watch.watch(pair);
    EXPECT_FALSE(watch.close(60000, 12, 50)) << "at the neckline is not below it";
    EXPECT_TRUE(watch.close(59999, 60, 50));
    EXPECT_FALSE(watch.close(59000, 60, 50)) << "once";
    watch.watch(pair);
    EXPECT_FALSE(watch.close(59999, 61, 50)) << "too late";
    EXPECT_FALSE(watch.watching());
}

namespace {

/// Bars straight from turn to turn, with the pivots that a zigzag of three confirming bars would tell.
struct Path {
    Swings swings{};
    std::vector<PatternEvent> told{};
    PatternSettings settings{};
    double price{};
    std::int64_t bar{};
    double pending{};  // the newest turn, confirmed three bars later
    std::int64_t pending_bar{-1};
    bool pending_high{};

    void step(double next) {
        price = next;
        const bool confirmed = pending_bar >= 0 && bar == pending_bar + 3;
        const Pivot pivot{.high = pending_high, .price = pending, .bar = pending_bar};
        swings.add({price, price, price, std::chrono::minutes{bar + 1}}, confirmed ? &pivot : nullptr, settings,
                   [&](const PatternEvent& event) { told.push_back(event); });
        if (confirmed) pending_bar = -1;
        ++bar;
    }
    /// To `turn` in six bars.
    void to(double turn) {
        const double from = price;
        const bool high = turn > from;
        for (int i = 1; i <= 6; ++i) step(from + (turn - from) * i / 6);
        pending = turn;
        pending_bar = bar - 1;
        pending_high = high;
    }
};

}  // namespace

TEST(Swings, TellsAHarmonicPatternWhileItFormsAndWhenItIsConfirmed) {
    Path path;
    path.price = 150;
    for (const double turn : {100., 200., 138.2, 169.1}) path.to(turn);
    EXPECT_TRUE(path.told.empty());
    path.to(121.4);
    ASSERT_EQ(path.told.size(), 1u);
    EXPECT_TRUE(path.told[0].forming);
    EXPECT_EQ(path.told[0].kind, PatternKind::gartley);
    EXPECT_TRUE(path.told[0].bullish);
    path.to(150);
    ASSERT_EQ(path.told.size(), 2u);
    EXPECT_FALSE(path.told[1].forming);
    EXPECT_NEAR(path.told[1].score, 1, 1e-9);
    EXPECT_EQ(path.told[1].time, std::chrono::minutes{33}) << "known with the third bar after the turn, not before";
}

TEST(Swings, TellsADoubleTopAndItsNeckline) {
    Path path;
    path.price = 59000;
    for (const double turn : {60600., 60000., 60600.}) path.to(turn);
    EXPECT_TRUE(path.told.empty());
    path.to(59500);
    ASSERT_EQ(path.told.size(), 2u);
    EXPECT_EQ(path.told[0].kind, PatternKind::double_top);
    EXPECT_TRUE(path.told[0].forming);
    EXPECT_FALSE(path.told[1].forming);
    EXPECT_NEAR(path.told[1].score, .741935, 1e-6);
    EXPECT_DOUBLE_EQ(path.told[1].target1, 59400);
}

TEST(Swings, ForgetEverythingWithASeedOrAGap) {
    Path path;
    path.price = 150;
    for (const double turn : {100., 200., 138.2, 169.1}) path.to(turn);
    path.swings.restart();
    path.to(121.4);
    path.to(150);
    EXPECT_TRUE(path.told.empty());

    Swings swings;
    const Pivot seed{.high = true, .seed = true, .price = 100, .bar = 0};
    swings.add({100, 100, 100, {}}, &seed, {}, [](const PatternEvent&) {});
    EXPECT_EQ(swings.pivots(), 0u);
}
