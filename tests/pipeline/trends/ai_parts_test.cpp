#include "pipeline/trends/ftrl.hpp"
#include "pipeline/trends/judgement.hpp"
#include "pipeline/trends/standardiser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <vector>

using namespace pipeline;
using namespace pipeline::ai;

TEST(FeatureSchema, HashesItsNames) {
    EXPECT_EQ(fnv1a("r1,r2,r3"), 0x176d6d5ce11a1fdfULL);
    EXPECT_EQ(schema_hash(), 0x7b2a2b18ed653db1ULL);
    EXPECT_EQ(feature_names.size(), 35u);
}

TEST(Ftrl, LearnsTheGoldenRows) {
    struct Row {
        std::array<double, 3> x;
        bool y;
        double p;
        std::array<double, 3> w;
    };
    const FtrlSettings settings;
    Ftrl<3> model;
    for (const auto& [x, y, p, w] : std::vector<Row>{{{1, 1, -.5}, true, .500000, {.015806, .015806, -.009231}},
                                                     {{1, -.5, 1}, false, .499668, {.001586, .023570, -.024761}},
                                                     {{1, 2, 0}, true, .512179, {.014364, .046005, -.024761}},
                                                     {{1, 1, 1}, false, .508901, {.001941, .034865, -.038852}}}) {
        EXPECT_NEAR(model.predict(x, settings), p, 5e-7);
        model.learn(x, y, settings);
        for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(model.weight(i, settings), w[i], 5e-7);
    }
    EXPECT_NEAR(model.predict({1, 1, -.5}, settings), .514055, 5e-7);
}

TEST(Standardiser, KnowsMeanAndVarianceAsWellAsItsRowsAllow) {
    Standardiser standardiser;
    Inputs inputs;
    Features features;
    features.fill(core::unknown);
    features[0] = 3;
    EXPECT_EQ(standardiser.add(features, inputs), feature_count - 1);
    EXPECT_EQ(inputs[0], 1) << "the bias";
    EXPECT_EQ(inputs[1], 0) << "one value has no variance";
    features[0] = 5;
    standardiser.add(features, inputs);
    EXPECT_NEAR(inputs[1], 1, 1e-12) << "mean 4, deviation 1";
    features[0] = core::unknown;
    standardiser.add(features, inputs);
    EXPECT_EQ(inputs[1], 0);
    features[0] = 1e9;
    for (int i = 0; i < 60; ++i) {
        features[0] = i % 2 == 0 ? 1 : -1;
        standardiser.add(features, inputs);
    }
    features[0] = 1e9;
    standardiser.add(features, inputs);
    EXPECT_EQ(inputs[1], 5) << "clipped";
}

TEST(Standardiser, ForgetsWithOneTwoThousandthLater) {
    Standardiser standardiser;
    Inputs inputs;
    Features features{};
    double mean = 0, variance = 0;
    for (int i = 0; i < 6000; ++i) {
        features[4] = std::sin(i) + (i > 4000 ? 10 : 0);
        standardiser.add(features, inputs);
        const double weight = std::max(1.0 / (i + 1), 1.0 / 2000);
        const double step = features[4] - mean;
        mean += weight * step;
        variance = (1 - weight) * (variance + weight * step * step);
    }
    EXPECT_NEAR(inputs[5], (features[4] - mean) / std::sqrt(variance), 1e-12);
    EXPECT_EQ(inputs[1], 0) << "a flat feature is 0";
}

TEST(Blend, AveragesInLogits) {
    EXPECT_NEAR(blend(.6, .7, .5), .651669, 5e-7);
    EXPECT_NEAR(blend(.52, .9, .5), .757429, 5e-7);
    EXPECT_EQ(blend(.6, core::unknown, .5), .6);
    EXPECT_EQ(blend(core::unknown, .7, .5), .7);
    EXPECT_FALSE(core::known(blend(core::unknown, core::unknown, .5)));
    EXPECT_TRUE(std::isfinite(blend(0, 1, .5)));
}

TEST(TrendClass, NeedsFiveHundredthsBeyondTheMiddle) {
    EXPECT_EQ(trend_class(.55), TrendClass::bullish);
    EXPECT_EQ(trend_class(.549), TrendClass::neutral);
    EXPECT_EQ(trend_class(.451), TrendClass::neutral);
    EXPECT_EQ(trend_class(.45), TrendClass::bearish);
    EXPECT_EQ(trend_class(core::unknown), TrendClass::unknown);
    EXPECT_NEAR(confidence(.85), .7, 1e-12);
    EXPECT_NEAR(confidence(.15), .7, 1e-12);
}

TEST(Harmony, ScoresTheGoldenRows) {
    using C = TrendClass;
    EXPECT_NEAR(harmony(.7, .6, .2, C::bullish, 30), 7.5, 1e-12);
    EXPECT_NEAR(harmony(.5, .5, .5, C::neutral, 80), 4, 1e-12);
    EXPECT_NEAR(harmony(.9, .8, .05, C::bearish, -120), 9, 1e-12);
    EXPECT_NEAR(harmony(.3, .4, .9, C::bullish, -10), 2.3, 1e-12);
    EXPECT_NEAR(harmony(.5, .5, .5, C::neutral, -49), 6, 1e-12);
    constexpr double U = core::unknown;
    for (const double score :
         {harmony(U, .6, .2, C::bullish, 30), harmony(.7, U, .2, C::bullish, 30), harmony(.7, .6, U, C::bullish, 30),
          harmony(.7, .6, .2, C::unknown, 30), harmony(.7, .6, .2, C::bullish, U)})
        EXPECT_FALSE(core::known(score));
    EXPECT_EQ(harmony_band(9), HarmonyBand::excellent);
    EXPECT_EQ(harmony_band(8), HarmonyBand::good);
    EXPECT_EQ(harmony_band(6), HarmonyBand::mixed);
    EXPECT_EQ(harmony_band(4), HarmonyBand::poor);
    EXPECT_EQ(harmony_band(U), HarmonyBand::unknown);
}

RC_GTEST_PROP(FtrlProperty, StaysFiniteAndInsideItsRange, ()) {
    const FtrlSettings settings;
    Ftrl<4> model;
    const auto rows = *rc::gen::container<std::vector<std::pair<std::array<int, 3>, bool>>>(
        rc::gen::pair(rc::gen::container<std::array<int, 3>>(rc::gen::inRange(-50, 51)), rc::gen::arbitrary<bool>()));
    for (const auto& [raw, label] : rows) {
        const std::array<double, 4> x{1, raw[0] * .1, raw[1] * .1, raw[2] * .1};
        model.learn(x, label, settings);
        const double p = model.predict(x, settings);
        RC_ASSERT(p >= 0 && p <= 1);
    }
}
