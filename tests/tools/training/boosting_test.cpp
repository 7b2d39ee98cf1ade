#include "tools/omega/training/boosting.hpp"

#include "pipeline/trends/ftrl.hpp"
#include "tools/omega/training/walk_forward.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

using namespace omega;
using pipeline::ai::Features;
using pipeline::ai::Target;

namespace {

struct Dice {
    std::uint64_t state{88172645463325252ULL};
    double operator()() noexcept {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<double>(state % 1'000'003) / 1'000'003;
    }
};

/// Minutes whose label is 1 with probability .8 where feature 3 exceeds .5 (or is unknown), else .2; the rest is noise.
std::vector<LabelledRow> learnable(std::size_t count, std::uint64_t seed, double edge = .3) {
    Dice dice{seed};
    std::vector<LabelledRow> rows(count);
    for (std::size_t i = 0; i < count; ++i) {
        rows[i].time = std::chrono::minutes{i};
        rows[i].until = std::chrono::minutes{i + 15};
        for (double& x : rows[i].features) x = dice();
        if (dice() < .1) rows[i].features[3] = core::unknown;
        const double x = rows[i].features[3];
        const bool high = !core::known(x) || x > .5;
        rows[i].label = dice() < .5 + (high ? edge : -edge);
    }
    return rows;
}

std::vector<Example> examples_of(const std::vector<LabelledRow>& rows) {
    std::vector<Example> examples;
    for (const auto& row : rows) examples.push_back({&row.features, row.label});
    return examples;
}

}  // namespace

TEST(Boosting, FindsTheOneFeatureThatMatters) {
    const auto rows = learnable(4000, 3);
    const auto table = boost(examples_of(rows), Target::direction, {.trees = 40, .depth = 2});
    Features low{}, high{}, missing{};
    for (auto* f : {&low, &high, &missing}) f->fill(.5);
    low[3] = .2;
    high[3] = .8;
    missing[3] = core::unknown;
    EXPECT_NEAR(table.predict(low), .2, .08);
    EXPECT_NEAR(table.predict(high), .8, .08);
    EXPECT_NEAR(table.predict(missing), .8, .12) << "unknown values have their own side";
    EXPECT_EQ(table.trees(), 40u);
}

TEST(Boosting, GivesTheSameTableTwiceAndOneThatSurvivesItsText) {
    const auto rows = learnable(1000, 4);
    const BoostingSettings settings{.trees = 10, .depth = 4, .min_rows = 20};
    const auto table = boost(examples_of(rows), Target::trap, settings);
    EXPECT_EQ(table, boost(examples_of(rows), Target::trap, settings));
    EXPECT_EQ(pipeline::ai::parse_trees(table.text(), Target::trap, "again"), table);
}

TEST(Boosting, SaysTheBaseRateWhereNothingCanBeSplit) {
    auto rows = learnable(300, 5);
    for (auto& row : rows) row.features.fill(1);
    double ones = 0;
    for (const auto& row : rows) ones += row.label ? 1 : 0;
    const auto table = boost(examples_of(rows), Target::direction, {});
    EXPECT_EQ(table.trees(), 0u);
    EXPECT_NEAR(table.predict(rows[0].features), (ones + 1) / 302, 1e-12);

    for (auto& row : rows) row.features.fill(core::unknown);
    EXPECT_EQ(boost(examples_of(rows), Target::direction, {}).trees(), 0u);
    for (auto& row : rows) row.label = true;
    EXPECT_LT(boost(examples_of(rows), Target::direction, {}).predict(rows[0].features), 1);
}

TEST(Boosting, RefusesWhatItCannotDo) {
    const auto rows = learnable(10, 6);
    EXPECT_THROW(boost({}, Target::direction, {}), std::invalid_argument);
    EXPECT_THROW(boost(examples_of(rows), Target::direction, {.depth = 5}), std::invalid_argument);
    EXPECT_THROW(boost(examples_of(rows), Target::direction, {.shrinkage = 0}), std::invalid_argument);
    EXPECT_THROW(boost(examples_of(rows), Target::direction, {.bins = 1}), std::invalid_argument);
}

TEST(WalkForward, MeasuresSkillWhereThereIsSome) {
    const auto walk = walk_forward(learnable(3000, 7), Target::direction, {.trees = 20, .depth = 2}, 3);
    ASSERT_EQ(walk.folds.size(), 3u);
    EXPECT_GT(walk.model.skill, .2);
    EXPECT_LT(walk.model.log_loss, walk.base_rate.log_loss);
    EXPECT_TRUE(walk.proven(1000));
    EXPECT_FALSE(walk.proven(3000)) << "too few predictions";
}

TEST(WalkForward, MeasuresNoneInNoise) {
    const auto walk = walk_forward(learnable(3000, 8, 0), Target::direction, {.trees = 20, .depth = 2}, 3);
    EXPECT_LE(walk.model.skill, 0);
    EXPECT_FALSE(walk.proven(1000));
}

TEST(WalkForward, NeverTrainsOnALabelThatWasNotKnown) {
    const auto rows = learnable(400, 9);
    const auto walk = walk_forward(rows, Target::direction, {.trees = 1, .min_rows = 1}, 3);
    for (const auto& fold : walk.folds) {
        std::size_t known = 0;
        for (const auto& row : rows) known += row.until <= fold.from ? 1u : 0u;
        EXPECT_EQ(fold.trained_on, known);
        EXPECT_LT(fold.trained_on, static_cast<std::size_t>(fold.from / std::chrono::minutes{1}) - 13);
    }
    // What happens after a stretch does not change its predictions.
    auto other = rows;
    for (std::size_t i = 300; i < other.size(); ++i) other[i].label = !other[i].label;
    const auto again = walk_forward(other, Target::direction, {.trees = 1, .min_rows = 1}, 3);
    EXPECT_EQ(again.folds[0].model.brier, walk.folds[0].model.brier);
    EXPECT_EQ(again.folds[1].model.brier, walk.folds[1].model.brier);
    EXPECT_NE(again.folds[2].model.brier, walk.folds[2].model.brier);
}

TEST(WalkForward, RefusesTooFewRowsOrUnorderedOnes) {
    auto rows = learnable(40, 10);
    EXPECT_THROW(walk_forward({}, Target::direction, {}, 3), std::invalid_argument);
    EXPECT_THROW(walk_forward(rows, Target::direction, {}, 0), std::invalid_argument);
    EXPECT_THROW(walk_forward({rows.begin(), rows.begin() + 4}, Target::direction, {}, 3), std::invalid_argument)
        << "no label is known before the first stretch";
    std::swap(rows[0], rows[9]);
    EXPECT_THROW(walk_forward(rows, Target::direction, {}, 3), std::invalid_argument);
}
