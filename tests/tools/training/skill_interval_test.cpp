#include "tools/omega/training/skill_interval.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

using namespace omega;

namespace {

struct Dice {
    std::uint64_t state;
    double operator()() noexcept {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<double>(state % 1'000'003) / 1'000'003;
    }
    /// About normal, mean 0, deviation 1.
    double bell() noexcept {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += (*this)();
        return sum;
    }
};

constexpr int horizon = 15;

/// Which of ±2 deviations a random walk reaches first within the horizon; the minutes of one market, so one label has
/// most of its minutes in common with the next.
std::vector<std::optional<bool>> labels_of(const std::vector<double>& walk) {
    std::vector<std::optional<bool>> labels(walk.size());
    for (std::size_t i = 0; i < walk.size(); ++i)
        for (std::size_t k = i + 1; k <= i + horizon && k < walk.size() && !labels[i]; ++k)
            if (std::abs(walk[k] - walk[i]) >= 2) labels[i] = walk[k] > walk[i];
    return labels;
}

/// Predictions that know nothing (slow noise about one half) plus `knowledge` of the label, on `copies` instruments
/// that move as one.
std::vector<ScoredRow> market(std::uint64_t seed, int minutes, int copies, double knowledge) {
    Dice dice{seed * 0x9e3779b97f4a7c15ULL + 1};
    for (int i = 0; i < 20; ++i) dice();
    std::vector<double> walk(static_cast<std::size_t>(minutes));
    for (std::size_t i = 1; i < walk.size(); ++i) walk[i] = walk[i - 1] + dice.bell();
    const auto labels = labels_of(walk);
    std::vector<ScoredRow> rows;
    double noise = 0;
    for (std::size_t i = 0; i < walk.size(); ++i) {
        noise = .95 * noise + std::sqrt(1 - .95 * .95) * dice.bell();
        if (!labels[i]) continue;
        const double p = .5 + .03 * noise + knowledge * (*labels[i] ? 1 : -1);
        for (int c = 0; c < copies; ++c)
            rows.push_back({std::chrono::minutes{i}, std::chrono::minutes{i + horizon}, p, *labels[i]});
    }
    return rows;
}

}  // namespace

/// Skill alone is above 0 again and again where there is none; with its interval it is as often as 95 % promise.
TEST(SkillInterval, IsSeldomAboveZeroWhereNothingIsKnown) {
    for (const auto& [minutes, copies] : {std::pair{900, 1}, std::pair{4000, 1}, std::pair{2500, 3}}) {
        SCOPED_TRACE(minutes);
        constexpr int runs = 300;
        int lucky = 0, proven = 0, groups = 0;
        for (int run = 0; run < runs; ++run) {
            const auto certainty =
                skill_interval(market(static_cast<std::uint64_t>(run + minutes), minutes, copies, 0));
            lucky += certainty.skill > 0;
            proven += certainty.low > 0;
            groups += certainty.groups >= fewest_groups;
        }
        EXPECT_GT(lucky, runs / 20) << "what was called proven";
        EXPECT_LE(proven, runs / 25);
        if (minutes > 900) {
            EXPECT_EQ(groups, runs);
        }
    }
}

TEST(SkillInterval, SeesSkillWhereThereIsSome) {
    int seen = 0;
    for (std::uint64_t run = 0; run < 20; ++run) seen += skill_interval(market(run, 4000, 1, .03)).low > 0;
    EXPECT_GE(seen, 19);
}

TEST(SkillInterval, IsNotNarrowedByCopies) {
    const auto one = skill_interval(market(3, 4000, 1, .01)), four = skill_interval(market(3, 4000, 4, .01));
    EXPECT_EQ(one.groups, four.groups);
    EXPECT_NEAR(one.skill, four.skill, 1e-12);
    EXPECT_NEAR(one.low, four.low, 1e-9);
    EXPECT_NEAR(one.high, four.high, 1e-9);
}

TEST(SkillInterval, SaysNothingOfTooLittle) {
    EXPECT_FALSE(core::known(skill_interval({}).skill));
    auto rows = market(5, 500, 1, .05);
    const auto few = skill_interval(rows);
    EXPECT_TRUE(core::known(few.skill));
    EXPECT_LT(few.groups, fewest_groups);
    EXPECT_FALSE(core::known(few.low) || core::known(few.high));
    for (auto& row : rows) row.label = true;
    EXPECT_FALSE(core::known(skill_interval(rows).skill));
}

/// Eight stretches by hand: eight minutes each, labels that are known a minute later.
TEST(SkillInterval, IsStudentsOverTheStretches) {
    std::vector<ScoredRow> rows;
    for (int g = 0; g < 8; ++g) {
        for (int i = 0; i < 8; ++i) {
            const bool label = (i + g) % 2 == 0;
            const double p = label == (g % 3 != 0) ? .6 : .45;
            rows.push_back({std::chrono::minutes{g * 8 + i}, std::chrono::minutes{g * 8 + i + 1}, p, label});
        }
    }
    const auto certainty = skill_interval(rows);
    ASSERT_EQ(certainty.groups, 8U);
    double ones = 0, brier = 0;
    for (const auto& row : rows) {
        ones += row.label;
        brier += (row.p - row.label) * (row.p - row.label);
    }
    const double base = ones / 64, all = 64 * base * (1 - base), skill = 1 - brier / all;
    double squares = 0;
    for (std::size_t g = 0; g < 8; ++g) {
        double pull = 0;
        for (std::size_t i = 8 * g; i < 8 * g + 8; ++i) {
            const double y = rows[i].label;
            pull += ((base - y) * (base - y) - (rows[i].p - y) * (rows[i].p - y)) - skill * (base - y) * (base - y);
        }
        squares += pull * pull;
    }
    const double error = std::sqrt(squares * 8 / 7) / all;
    EXPECT_NEAR(certainty.skill, skill, 1e-12);
    EXPECT_NEAR(certainty.low, skill - 2.364624 * error, 1e-9);
    EXPECT_NEAR(certainty.high, skill + 2.364624 * error, 1e-9);
}
