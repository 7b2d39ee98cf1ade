#include "pipeline/cosmic/phi.hpp"

#include "core/domain/unknown.hpp"
#include "pipeline/cosmic/cycles.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

using namespace pipeline;
using namespace std::chrono_literals;

namespace {

double harmony(std::vector<double> values) {
    return calculate_harmony(values);
}

/// x(i) = 10 sin(2πi/16) + 3 sin(2πi/8), 64 values.
std::vector<double> two_sines() {
    std::vector<double> x;
    for (int i = 0; i < 64; ++i)
        x.push_back(10 * std::sin(2 * std::numbers::pi * i / 16) + 3 * std::sin(2 * std::numbers::pi * i / 8));
    return x;
}

/// `count` closes of a swing of ±`share` with a period, on a trend.
std::vector<double> swinging(std::size_t count, double period, double share) {
    std::vector<double> closes;
    for (std::size_t i = 0; i < count; ++i) {
        const auto t = static_cast<double>(i);
        closes.push_back(100 * std::exp(1e-3 * t + share * std::sin(2 * std::numbers::pi * t / period)));
    }
    return closes;
}

}  // namespace

TEST(CalculateHarmony, HasTheGoldenValues) {
    EXPECT_NEAR(harmony({1, 2, 3, 5, 8, 13}), .929095, 5e-7);
    EXPECT_NEAR(harmony({10, 10, 10}), .618034, 5e-7);
    EXPECT_NEAR(harmony({1, phi, phi * phi}), 1, 1e-12);
    EXPECT_NEAR(harmony({100, 61.8, 38.2}), .999901, 5e-7);
    EXPECT_EQ(harmony({1, 4}), 0);
}

TEST(CalculateHarmony, IsUnknownForWhatHasNoRatio) {
    for (const auto& values : {std::vector<double>{}, {1}, {1, 0}, {1, -1, 2}, {1, core::unknown}, {1, INFINITY}})
        EXPECT_FALSE(core::known(calculate_harmony(values)));
}

TEST(CalculateResonance, HasTheGoldenValues) {
    EXPECT_EQ(calculate_resonance(7.83), 1);
    EXPECT_NEAR(calculate_resonance(8.5), .914432, 5e-7);
    EXPECT_NEAR(calculate_resonance(14.3), .173691, 5e-7);
    EXPECT_NEAR(calculate_resonance(3), .383142, 5e-7);
    EXPECT_EQ(calculate_resonance(20), 0);
    EXPECT_FALSE(core::known(calculate_resonance(core::unknown)));
}

TEST(AnalyzeGoldenRatio, HasTheGoldenValues) {
    const std::vector<double> legs{100, 61.8, 100.5, 38, 62};
    const auto found = analyze_golden_ratio(legs);

    ASSERT_EQ(found.ratios.size(), 4U);
    const std::pair<int, double> expected[] = {{-1, .000055}, {1, .005055}, {-2, .010097}, {1, .008371}};
    for (std::size_t i = 0; i < found.ratios.size(); ++i) {
        EXPECT_EQ(found.ratios[i].power, expected[i].first);
        EXPECT_NEAR(found.ratios[i].deviation, expected[i].second, 5e-7);
    }
    EXPECT_EQ(found.share, 1);
}

TEST(AnalyzeGoldenRatio, CountsWhatIsNotGolden) {
    const std::vector<double> legs{1, 1, 1.3, 0, 5};
    const auto found = analyze_golden_ratio(legs);
    EXPECT_EQ(found.share, .25);
    EXPECT_FALSE(core::known(found.ratios[2].deviation));
    EXPECT_FALSE(core::known(analyze_golden_ratio({}).share));
}

TEST(GoertzelPower, HasTheGoldenValues) {
    const auto x = two_sines();
    EXPECT_NEAR(goertzel_power(x, 16), 100, 1e-6);
    EXPECT_NEAR(goertzel_power(x, 8), 9, 1e-6);
    EXPECT_NEAR(goertzel_power(x, 32), 0, 1e-6);
    EXPECT_NEAR(goertzel_power(x, 12), 2.041704, 5e-7);
}

TEST(Autocorrelation, HasTheGoldenValues) {
    const auto x = two_sines();
    EXPECT_NEAR(autocorrelation(x, 16), .75, 1e-9);
    EXPECT_NEAR(autocorrelation(x, 8), -.730505, 5e-7);
    EXPECT_NEAR(autocorrelation(x, 32), .5, 1e-9);
    EXPECT_FALSE(core::known(autocorrelation(x, 64)));
    EXPECT_FALSE(core::known(autocorrelation(std::vector<double>(9), 1)));
}

TEST(PredictCycle, FindsTheSwingOnATrend) {
    const auto cycle = predict_cycle(swinging(300, 32, .02));
    EXPECT_EQ(cycle.period_bars, 32U);
    EXPECT_GE(cycle.share, .1);
    EXPECT_GE(cycle.autocorrelation, .3);
}

TEST(PredictCycle, FindsNoneWhereThereIsNone) {
    EXPECT_EQ(predict_cycle(swinging(255, 32, .02)).period_bars, 0U) << "too few closes";
    EXPECT_EQ(predict_cycle(swinging(256, 32, 0)).period_bars, 0U) << "a straight line";
    EXPECT_EQ(predict_cycle(std::vector<double>(256, 5)).period_bars, 0U) << "flat";
    EXPECT_EQ(predict_cycle(std::vector<double>(256, 0)).period_bars, 0U) << "no logarithm";
    EXPECT_FALSE(core::known(predict_cycle(std::vector<double>(256, 5)).share));
    // A swing too long to come back once within the window has no autocorrelation at its period.
    EXPECT_EQ(predict_cycle(swinging(256, 256, .02)).period_bars, 0U);
}

TEST(FibonacciTimeZones, StandBehindThePivot) {
    const auto zones = fibonacci_time_zones(1h, 1min, 2);
    EXPECT_EQ(zones.front(), 1h + 2min);
    EXPECT_EQ(zones[5], 1h + 26min);
    EXPECT_EQ(zones.back(), 1h + 178min);
}

RC_GTEST_PROP(GoertzelPower, IsTheFourierSumWrittenOut, ()) {
    const auto x = *rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::inRange(-1000, 1000), [](int v) { return v * .01; }));
    RC_PRE(!x.empty());
    const auto period = *rc::gen::inRange<std::size_t>(3, 129);
    std::complex<double> sum;
    for (std::size_t i = 0; i < x.size(); ++i)
        sum += x[i] * std::polar(1., -2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(period));
    const auto n = static_cast<double>(x.size());
    RC_ASSERT(std::abs(goertzel_power(x, period) - 4 * std::norm(sum) / (n * n)) < 1e-8);
}

RC_GTEST_PROP(RemoveTrend, LeavesNeitherMeanNorSlope, (std::vector<std::int8_t> values)) {
    RC_PRE(values.size() > 2U);
    std::vector<double> x(values.begin(), values.end());
    remove_trend(x);
    double mean = 0, slope = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        mean += x[i];
        slope += x[i] * static_cast<double>(i);
    }
    RC_ASSERT(std::abs(mean) < 1e-6);
    RC_ASSERT(std::abs(slope) < 1e-6);
}
