#include "pipeline/trends/calibration.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

using namespace pipeline;
using namespace pipeline::ai;

TEST(Calibration, ScoresTheGoldenTen) {
    const std::vector<double> p{.9, .8, .7, .6, .4, .3, .2, .1, .6, .5};
    const std::vector<int> y{1, 1, 0, 1, 0, 0, 1, 0, 1, 0};
    Calibration calibration{5000};
    for (std::size_t i = 0; i < p.size(); ++i) calibration.add(p[i], y[i] == 1);
    for (const Score& score : {calibration.rolling(), calibration.total()}) {
        EXPECT_EQ(score.n, 10u);
        EXPECT_NEAR(score.brier, .201, 1e-6);
        EXPECT_NEAR(score.base, .5, 1e-12);
        EXPECT_NEAR(score.skill, .196, 1e-6);
        EXPECT_NEAR(score.log_loss, .582957, 1e-6);
        EXPECT_NEAR(score.accuracy, .7, 1e-12);
        EXPECT_EQ(score.bins[6].n, 2u);
        EXPECT_NEAR(score.bins[6].mean_p, .6, 1e-6);
        EXPECT_NEAR(score.bins[6].hit_share, 1, 1e-12);
        EXPECT_EQ(score.bins[0].n, 0u);
        EXPECT_FALSE(core::known(score.bins[0].mean_p));
    }
    EXPECT_NEAR(calibration.skill(), .196, 1e-6);
}

TEST(Calibration, HasNoSkillWithoutLabelsOrWithOneKindOfThem) {
    Calibration calibration{10};
    EXPECT_FALSE(core::known(calibration.skill()));
    EXPECT_FALSE(core::known(calibration.rolling().brier));
    for (int i = 0; i < 10; ++i) calibration.add(1, true);
    EXPECT_FALSE(core::known(calibration.skill()));
    EXPECT_EQ(calibration.standing(10), Standing::uncalibrated) << "nothing to predict is no skill";
    calibration.add(core::unknown, true);
    EXPECT_EQ(calibration.labels(), 10u) << "a prediction that was never made is not scored";
}

TEST(Calibration, StandsOnAThousandLabels) {
    Calibration good{5000}, poor{5000};
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(good.standing(1000), Standing::unproven);
        good.add(i % 2 == 0 ? .7 : .3, i % 2 == 0);
        poor.add(i % 2 == 0 ? .3 : .7, i % 2 == 0);
    }
    EXPECT_EQ(good.standing(1000), Standing::calibrated);
    EXPECT_EQ(poor.standing(1000), Standing::uncalibrated);
}

RC_GTEST_PROP(CalibrationProperty, RollsLikeAWindowScoredFromScratch, ()) {
    const auto raw = *rc::gen::container<std::vector<std::pair<int, bool>>>(
        rc::gen::pair(rc::gen::inRange(0, 1001), rc::gen::arbitrary<bool>()));
    Calibration calibration{7};
    std::deque<std::pair<float, bool>> window;
    for (const auto& [thousandths, label] : raw) {
        const auto p = static_cast<float>(thousandths / 1000.0);
        calibration.add(thousandths / 1000.0, label);
        window.emplace_back(p, label);
        if (window.size() > 7) window.pop_front();
        double brier = 0, loss = 0;
        for (const auto& [q, y] : window) {
            brier += std::pow(static_cast<double>(q) - (y ? 1 : 0), 2);
            const double inside = std::clamp(static_cast<double>(q), 1e-6, 1 - 1e-6);
            loss -= std::log(y ? inside : 1 - inside);
        }
        const auto n = static_cast<double>(window.size());
        const auto score = calibration.rolling();
        RC_ASSERT(score.n == window.size());
        RC_ASSERT(std::abs(score.brier - brier / n) < 1e-9);
        RC_ASSERT(std::abs(score.log_loss - loss / n) < 1e-9);
    }
}
