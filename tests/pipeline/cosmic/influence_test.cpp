#include "pipeline/cosmic/influence.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>

using namespace pipeline;

namespace {

/// The fields of a decision that the interceptor may touch, between two that it may not.
struct Wish {
    double score{.7}, size_fraction{1}, entry_threshold{1}, exit_impulse{1}, stop_bps{20};
};

CosmicSettings switched_on() {
    CosmicSettings settings;
    settings.enabled = true;
    return settings;
}

constexpr double new_moon = 0, full_moon = 180;
constexpr double monday = 1, wednesday = 3, friday = 5;

/// Everything neutral but what the case says.
CosmicConditions neutral() {
    return {.moon_elongation_deg = new_moon,
            .mercury_rate = 1,
            .weekday = wednesday,
            .hour = 12,
            .circadian_hour = core::unknown,
            .latitude = 50,
            .month = 4,
            .schumann_hz = 7.83,
            .liquidity = .5,
            .sentiment = 50};
}

}  // namespace

TEST(Cosmic, HasTheGoldenInfluences) {
    struct Case {
        const char* name;
        CosmicSettings settings;
        CosmicConditions now;
        double risk, confidence, intensity, mistake, size, entry, exit;
    };
    std::vector<Case> cases;

    auto now = neutral();
    now.moon_elongation_deg = full_moon;
    cases.push_back({"full moon", switched_on(), now, .25, .25, .5, .05, 1.25, .8, 1.5});
    cases.push_back({"full moon, rest unknown",
                     switched_on(),
                     {.moon_elongation_deg = full_moon},
                     .25,
                     .25,
                     .5,
                     .05,
                     1.25,
                     .8,
                     1.5});

    auto settings = switched_on();
    settings.factor(Factor::circadian).enabled = false;
    now = neutral();
    now.sentiment = 20;
    now.liquidity = .05;
    now.weekday = monday;
    now.hour = 9;
    cases.push_back({"new moon, fearful, dry, Monday 09 h", settings, now, -.54, -.34, .15, 0, .5, 1.3, 1.15});

    now = neutral();
    now.moon_elongation_deg = full_moon;
    now.sentiment = 90;
    now.liquidity = .95;
    now.weekday = friday;
    now.hour = now.circadian_hour = 15;
    now.month = 7;
    cases.push_back(
        {"full, euphoric, abundant, Friday 15 h, summer", switched_on(), now, .85, .97, .7, .05, 1.85, .7, 1.5});

    settings = switched_on();
    for (auto& factor : settings.factors) factor.enabled = false;
    settings.factor(Factor::mercury_retrograde) = {true, 1};
    now = neutral();
    now.mercury_rate = -.5;
    cases.push_back({"retrograde only", settings, now, 0, 0, 0, .2, 1, 1.2, 1});

    now = neutral();
    now.sentiment = 5;
    now.circadian_hour = now.hour = 2;
    cases.push_back({"despair, 02 h, new moon", switched_on(), now, -.5, -.68, .31, 0, .5, 1.3, 1.31});

    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto influence = calculate(c.settings, c.now);
        EXPECT_NEAR(influence.risk, c.risk, 1e-12);
        EXPECT_NEAR(influence.confidence, c.confidence, 1e-12);
        EXPECT_NEAR(influence.intensity, c.intensity, 1e-12);
        EXPECT_NEAR(influence.mistake, c.mistake, 1e-12);
        const auto wish = apply(Wish{}, weigh(influence, c.settings.apply));
        EXPECT_NEAR(wish.size_fraction, c.size, 1e-12);
        EXPECT_NEAR(wish.entry_threshold, c.entry, 1e-12);
        EXPECT_NEAR(wish.exit_impulse, c.exit, 1e-12);
        EXPECT_EQ(wish.score, .7);
        EXPECT_EQ(wish.stop_bps, 20);
    }
}

TEST(Cosmic, RecordsInsightAtNewMoon) {
    EXPECT_DOUBLE_EQ(calculate(switched_on(), {.moon_elongation_deg = 3}).insight, .15);
    EXPECT_EQ(calculate(switched_on(), {.moon_elongation_deg = 60}).insight, 0);
}

TEST(Cosmic, AddsThePlaceboWhereverTheMoonDoes) {
    auto settings = switched_on();
    for (auto& factor : settings.factors) factor.enabled = false;
    settings.factor(Factor::placebo) = {true, .5};

    const auto shifted = calculate(settings, {.moon_elongation_deg = 180 - 30.19});  // seed 42: + 30.1907°

    EXPECT_DOUBLE_EQ(shifted.risk, .25);
    EXPECT_DOUBLE_EQ(shifted.confidence, .25);
    EXPECT_DOUBLE_EQ(shifted.intensity, .5);
    EXPECT_DOUBLE_EQ(shifted.mistake, .05);
}

TEST(Cosmic, FlagsEveryFactorThatCountsButIsUnknown) {
    const auto influence = calculate(switched_on(), {});
    std::uint32_t expected = 0;
    for (const auto f : {Factor::moon_phase, Factor::geographic, Factor::global_sentiment, Factor::market_liquidity,
                         Factor::time_cycle, Factor::circadian})
        expected |= 1U << static_cast<unsigned>(f);
    EXPECT_EQ(influence.unknown_mask, expected);
    EXPECT_EQ(influence.risk, 0);
    EXPECT_EQ(influence.confidence, 0);
}

TEST(Cosmic, AFactorThatIsOffCannotAlterABit) {
    for (std::size_t i = 0; i < factor_count; ++i) {
        auto settings = switched_on();
        for (auto& factor : settings.factors) factor = {true, .7};
        settings.factors[i].enabled = false;
        auto without_weight = settings;
        without_weight.factors[i] = {true, 0};
        auto off = calculate(settings, neutral()), weightless = calculate(without_weight, neutral());
        EXPECT_EQ(off.risk, weightless.risk);
        EXPECT_EQ(off.confidence, weightless.confidence);
        EXPECT_EQ(off.intensity, weightless.intensity);
        EXPECT_EQ(off.mistake, weightless.mistake);
        EXPECT_EQ(off.insight, weightless.insight);
        EXPECT_EQ(off.unknown_mask, weightless.unknown_mask);
    }
}

TEST(Cosmic, ScalesOnlyWhatMayBeScaled) {
    const auto influence = calculate(switched_on(), {.moon_elongation_deg = full_moon});
    Application only_size;
    only_size.entry_threshold = only_size.exit_impulse = false;

    const auto wish = apply(Wish{}, weigh(influence, only_size));

    EXPECT_EQ(wish.size_fraction, 1.25);
    EXPECT_EQ(wish.entry_threshold, 1);
    EXPECT_EQ(wish.exit_impulse, 1);
}

TEST(Cosmic, LeavesTheBytesOfAWishAloneWhenItDoesNotApply) {
    Wish wish{.size_fraction = -0.0, .entry_threshold = core::unknown};
    const Weights off{.applies = false, .size_factor = 2, .entry_factor = .7, .exit_factor = 1.5};
    const auto same = apply(wish, off);
    EXPECT_EQ(std::memcmp(&same, &wish, sizeof wish), 0);
}

TEST(CosmicSettings, AreActiveOnlyIfSomethingCanComeOfThem) {
    auto settings = switched_on();
    EXPECT_TRUE(settings.active());
    EXPECT_FALSE(CosmicSettings{}.active()) << "the master switch is off by default";
    auto weightless = settings;
    for (auto& factor : weightless.factors) factor.weight = 0;
    EXPECT_FALSE(weightless.active());
    settings.apply = {false, false, false, false, false, false, false};
    EXPECT_FALSE(settings.active());
}

TEST(CosmicSettings, OutsideTheirRangeAreRefused) {
    const auto refuse = [](auto change) {
        CosmicSettings settings;
        change(settings);
        EXPECT_THROW(check(settings), std::invalid_argument);
    };
    EXPECT_NO_THROW(check(CosmicSettings{}));
    refuse([](auto& s) { s.factor(Factor::circadian).weight = 1.1; });
    refuse([](auto& s) { s.factor(Factor::circadian).weight = -.1; });
    refuse([](auto& s) { s.factor(Factor::circadian).weight = core::unknown; });
    refuse([](auto& s) { s.latitude = 91; });
    refuse([](auto& s) { s.update_s = 0; });
    refuse([](auto& s) { s.utc_offset_min = 2000; });
}
