#include "strategies/analysis/statistics.hpp"

#include "core/domain/unknown.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <vector>

using core::known;
using core::unknown;
using strategies::Share;

namespace {

/// Adjusted p-values by the definition: the least, over every rank at or after one's own, of p·m/rank.
std::vector<double> slow_benjamini_hochberg(const std::vector<double>& p) {
    std::vector<double> adjusted(p.size(), unknown);
    std::size_t m = 0;
    for (const double x : p) m += known(x);
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!known(p[i])) continue;
        double least = 1;
        for (std::size_t j = 0; j < p.size(); ++j) {
            if (!(p[j] >= p[i])) continue;
            std::size_t rank = 0;
            for (const double x : p) rank += x <= p[j];
            least = std::min(least, p[j] * static_cast<double>(m) / static_cast<double>(rank));
        }
        adjusted[i] = least;
    }
    return adjusted;
}

}  // namespace

TEST(Wilson, GivesTheGoldenIntervals) {
    struct Case {
        Share share;
        double low, high;
    };
    constexpr std::array<Case, 3> cases{{{{62, 100}, .5221, .7090}, {{9, 12}, .4677, .9111}, {{0, 10}, 0, .2775}}};
    for (const auto& [share, low, high] : cases) {
        SCOPED_TRACE(share.n);
        EXPECT_NEAR(strategies::wilson(share).low, low, 1e-4);
        EXPECT_NEAR(strategies::wilson(share).high, high, 1e-4);
    }
}

TEST(Wilson, KnowsNothingOfNothing) {
    EXPECT_FALSE(known(strategies::wilson({0, 0}).low));
    EXPECT_FALSE(known(strategies::wilson({0, 0}).high));
    EXPECT_EQ(strategies::wilson({10, 10}).high, 1);
}

RC_GTEST_PROP(Wilson, HoldsTheShareAndMirrors, ()) {
    const auto n = *rc::gen::inRange<std::uint64_t>(1, 5000);
    const auto hits = *rc::gen::inRange<std::uint64_t>(0, n + 1);
    const auto here = strategies::wilson({hits, n}), mirrored = strategies::wilson({n - hits, n});
    const Share share{hits, n};
    RC_ASSERT(here.low <= share.value() && share.value() <= here.high);
    RC_ASSERT(here.low >= 0 && here.high <= 1);
    RC_ASSERT(std::abs(here.low - (1 - mirrored.high)) < 1e-12);
}

TEST(Lift, GivesTheGoldenIntervals) {
    struct Case {
        Share events, controls;
        double value, low, high;
    };
    constexpr std::array<Case, 3> cases{{{{62, 100}, {450, 1000}, 1.3778, 1.1647, 1.6299},
                                         {{9, 12}, {400, 1000}, 1.8750, 1.3408, 2.6221},
                                         {{30, 80}, {380, 1000}, .9868, .7356, 1.3238}}};
    for (const auto& [events, controls, value, low, high] : cases) {
        SCOPED_TRACE(events.n);
        const auto lift = strategies::katz_lift(events, controls.value(), static_cast<double>(controls.hits));
        EXPECT_NEAR(lift.value, value, 1e-4);
        EXPECT_NEAR(lift.bounds.low, low, 1e-4);
        EXPECT_NEAR(lift.bounds.high, high, 1e-4);
        EXPECT_EQ(lift.p_value<.05, low> 1 || high < 1) << "interval and test are one statement";
    }
}

TEST(Lift, IsUnknownWithoutEventsOrWithoutAControlHit) {
    for (const auto& lift : {strategies::katz_lift({0, 0}, .4, 40), strategies::katz_lift({3, 10}, 0, 0),
                             strategies::katz_lift({3, 10}, unknown, unknown)}) {
        EXPECT_FALSE(known(lift.value));
        EXPECT_FALSE(known(lift.bounds.low));
        EXPECT_FALSE(known(lift.bounds.high));
        EXPECT_FALSE(known(lift.p_value));
    }
}

TEST(Lift, SeesThatAHundredMissesAreFewerThanChanceButThreeAreNot) {
    const auto many = strategies::katz_lift({0, 100}, .4, 400);
    EXPECT_EQ(many.value, 0);
    EXPECT_EQ(many.bounds.low, 0);
    EXPECT_LT(many.bounds.high, 1);

    EXPECT_GT(strategies::katz_lift({0, 3}, .4, 400).bounds.high, 1);
}

TEST(Lift, OfCertaintyOverCertaintyIsOneWithoutDoubt) {
    const auto lift = strategies::katz_lift({20, 20}, 1, 50);
    EXPECT_EQ(lift.value, 1);
    EXPECT_EQ(lift.p_value, 1);
}

TEST(BrierScore, IsTheMeanSquaredError) {
    strategies::Brier brier;
    EXPECT_FALSE(known(brier.value()));
    brier.add(.8, true);
    brier.add(.5, false);
    EXPECT_NEAR(brier.value(), (.04 + .25) / 2, 1e-15);
}

TEST(BenjaminiHochberg, GivesTheGoldenAdjustments) {
    constexpr std::array p{.001, .008, .039, .041, .042, .06, .074, .205, .212};
    constexpr std::array expected{.0090, .0360, .0756, .0756, .0756, .0900, .0951, .2120, .2120};
    const auto adjusted = strategies::benjamini_hochberg(p);
    ASSERT_EQ(adjusted.size(), p.size());
    for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 5e-5) << i;
    EXPECT_EQ(std::ranges::count_if(adjusted, [](double x) { return x <= .10; }), 7);
    EXPECT_EQ(std::ranges::count_if(adjusted, [](double x) { return x <= .05; }), 2);
}

TEST(BenjaminiHochberg, LeavesOutWhatWasNotTested) {
    const auto adjusted = strategies::benjamini_hochberg(std::array{.04, unknown, .01});
    EXPECT_NEAR(adjusted[0], .04, 1e-15);
    EXPECT_FALSE(known(adjusted[1]));
    EXPECT_NEAR(adjusted[2], .02, 1e-15);
    EXPECT_TRUE(strategies::benjamini_hochberg({}).empty());
}

RC_GTEST_PROP(BenjaminiHochberg, AgreesWithItsDefinition, ()) {
    const auto raw = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-20, 1001));
    std::vector<double> p;
    for (const int x : raw) p.push_back(x < 0 ? unknown : x / 1000.);
    const auto fast = strategies::benjamini_hochberg(p), slow = slow_benjamini_hochberg(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
        RC_ASSERT(known(fast[i]) == known(p[i]));
        RC_ASSERT(!known(p[i]) || std::abs(fast[i] - slow[i]) < 1e-12);
    }
}

TEST(NormalQuantile, InvertsTheDistribution) {
    EXPECT_NEAR(strategies::normal_quantile(.975), strategies::z95, 1e-12);
    EXPECT_NEAR(strategies::normal_quantile(.5), 0, 1e-12);
    for (const double p : {1e-12, .001, .2, .7, .999999})
        EXPECT_NEAR(strategies::normal_below(strategies::normal_quantile(p)) / p, 1, 1e-9) << p;
    for (const double p : {0., 1., -1., unknown}) EXPECT_FALSE(known(strategies::normal_quantile(p)));
}

TEST(DeflatedSharpe, EqualsTheGoldenRows) {
    const struct {
        strategies::SharpeRecord record;
        double best, probability;
    } rows[] = {{{.1, 365, 0, 3, 1, 0}, 0, .971488},
                {{.1, 365, -.5, 6, 10, .0025}, .078730, .653095},
                {{.1, 365, -.5, 6, 100, .0025}, .126530, .311695},
                {{.2, 250, .3, 4, 50, .01}, .227630, .328995},
                {{2.5 / std::sqrt(250.), 1250, -3, 10, 100, .002}, .113172, .900397},
                {{.276699, 10, -.122857, 2.501726, 1, 0}, 0, .789654},
                {{.276699, 10, -.122857, 2.501726, 10, .02}, .222682, .562455}};
    for (const auto& [record, best, probability] : rows) {
        EXPECT_NEAR(strategies::expected_best_sharpe(record.trials, record.variance_of_trials), best, 1e-6);
        EXPECT_NEAR(strategies::deflated_sharpe(record), probability, 1e-6);
    }
}

TEST(DeflatedSharpe, IsUnknownWithoutAnError) {
    EXPECT_FALSE(known(strategies::deflated_sharpe({.sharpe = .1, .days = 1})));
    EXPECT_FALSE(known(strategies::deflated_sharpe({.sharpe = 2, .days = 100, .skew = 3, .kurtosis = 1})));
}
