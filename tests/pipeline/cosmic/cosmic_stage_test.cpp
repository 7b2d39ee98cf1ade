#include "pipeline/cosmic/cosmic_stage.hpp"
#include "pipeline/cosmic/conditions.hpp"
#include "pipeline/cosmic/sky.hpp"

#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>

#include <cstring>

using namespace pipeline;
using namespace test;

namespace {

CosmicSettings switched_on() {
    CosmicSettings settings;
    settings.enabled = true;
    return settings;
}

constexpr core::Nanoseconds full_moon_time = 1741935300s;  // 2025-03-14 06:55 UTC, a Friday

std::vector<core::Tick> conditions(core::Nanoseconds bucket, const CosmicSettings& settings,
                                   const ConditionInputs& inputs = {}) {
    std::vector<core::Tick> ticks(max_conditions);
    ticks.resize(make_conditions(bucket, settings, inputs, ticks));
    return ticks;
}

const core::Tick* find(const std::vector<core::Tick>& ticks, core::Condition condition) {
    for (const auto& tick : ticks)
        if (tick.code == static_cast<std::uint16_t>(condition)) return &tick;
    return nullptr;
}

}  // namespace

TEST(Conditions, AreTicksOfTheBucketForEveryFactorThatCounts) {
    const auto ticks = conditions(full_moon_time, switched_on());

    ASSERT_EQ(ticks.size(), 6U);
    for (const auto& tick : ticks) {
        EXPECT_EQ(tick.kind, core::TickKind::condition);
        EXPECT_EQ(tick.instrument, core::no_instrument);
        EXPECT_EQ(tick.venue, core::Venue::omega);
        EXPECT_EQ(tick.venue_time, full_moon_time);
    }
    EXPECT_NEAR(find(ticks, core::Condition::moon)->condition.value, 179.988, .05);
    EXPECT_NEAR(find(ticks, core::Condition::moon)->condition.aux, 1, .001);
    EXPECT_EQ(find(ticks, core::Condition::time_cycle)->condition.value, 5);
    EXPECT_EQ(find(ticks, core::Condition::time_cycle)->condition.aux, 6);
    EXPECT_EQ(find(ticks, core::Condition::circadian)->condition.value, 6);
    EXPECT_EQ(find(ticks, core::Condition::geographic)->condition.aux, 3);
    EXPECT_FALSE(core::known(find(ticks, core::Condition::sentiment)->condition.value));
    EXPECT_EQ(find(ticks, core::Condition::mercury), nullptr);
    EXPECT_EQ(find(ticks, core::Condition::schumann), nullptr);
}

TEST(Conditions, UseLocalTime) {
    auto settings = switched_on();
    settings.utc_offset_min = -7 * 60;
    const auto west = conditions(full_moon_time, settings);
    EXPECT_EQ(find(west, core::Condition::time_cycle)->condition.value, 4) << "still Thursday";
    EXPECT_EQ(find(west, core::Condition::time_cycle)->condition.aux, 23);
}

TEST(Conditions, DropInputsThatAreTooOld) {
    auto settings = switched_on();
    settings.factor(Factor::schumann_resonance) = {true, .5};
    const auto value = [&](core::Condition condition, const ConditionInputs& inputs) {
        return find(conditions(full_moon_time, settings, inputs), condition)->condition.value;
    };
    EXPECT_EQ(value(core::Condition::schumann, {.schumann_hz = 8, .schumann_time = full_moon_time - 3600s}), 8);
    EXPECT_FALSE(
        core::known(value(core::Condition::schumann, {.schumann_hz = 8, .schumann_time = full_moon_time - 3601s})));
    EXPECT_EQ(value(core::Condition::sentiment, {.sentiment = 40, .sentiment_time = full_moon_time - 36h}), 40);
    EXPECT_FALSE(
        core::known(value(core::Condition::sentiment, {.sentiment = 40, .sentiment_time = full_moon_time - 37h})));
    EXPECT_EQ(value(core::Condition::liquidity, {.liquidity = .5}), .5);
}

TEST(Conditions, AreNotComputedWhileNothingCanComeOfThem) {
    EXPECT_TRUE(conditions(full_moon_time, {}).empty());
    auto moon_off = switched_on();
    moon_off.factor(Factor::moon_phase).enabled = false;
    EXPECT_EQ(find(conditions(full_moon_time, moon_off), core::Condition::moon), nullptr);
    moon_off.factor(Factor::placebo) = {true, .5};
    EXPECT_NE(find(conditions(full_moon_time, moon_off), core::Condition::moon), nullptr);
}

TEST(Conditions, AreAPureFunctionOfTheBucket) {
    const auto settings = switched_on();
    const ConditionInputs inputs{.sentiment = 40, .sentiment_time = full_moon_time, .liquidity = .5};
    const auto once = conditions(full_moon_time, settings, inputs);
    conditions(full_moon_time + 60s, settings, inputs);
    const auto again = conditions(full_moon_time, settings, inputs);
    ASSERT_EQ(again.size(), once.size());
    for (std::size_t i = 0; i < once.size(); ++i)
        EXPECT_EQ(std::memcmp(&once[i].condition, &again[i].condition, sizeof once[i].condition), 0);
}

TEST(CosmicStage, WeighsWhatTheConditionTicksSay) {
    auto settings = switched_on();
    settings.factor(Factor::geographic).enabled = settings.factor(Factor::circadian).enabled = false;
    CosmicStage stage{settings, instruments()};
    Weights weights;

    stage.on(quote(full_moon_time), at(full_moon_time), weights);
    EXPECT_TRUE(weights.applies);
    EXPECT_EQ(weights.size_factor, 1) << "nothing known yet";
    EXPECT_NE(weights.influence.unknown_mask, 0);
    for (const auto& tick : conditions(full_moon_time, settings)) stage.on(tick, {}, weights);
    stage.on(quote(full_moon_time + 1s), at(full_moon_time + 1s), weights);

    EXPECT_DOUBLE_EQ(weights.influence.risk, .25);
    EXPECT_DOUBLE_EQ(weights.size_factor, 1.25);
    EXPECT_DOUBLE_EQ(weights.influence.confidence, .25 + .8 * .10) << "a Friday";
    EXPECT_DOUBLE_EQ(weights.exit_factor, 1.5);
}

TEST(CosmicStage, TakesConditionsOlderThanThreeBucketsForUnknown) {
    const auto settings = switched_on();
    CosmicStage stage{settings, instruments()};
    Weights weights;
    for (const auto& tick : conditions(full_moon_time, settings)) stage.on(tick, {}, weights);

    stage.on(quote(0s), at(full_moon_time + 180s), weights);
    EXPECT_NE(weights.size_factor, 1);
    stage.on(quote(0s), at(full_moon_time + 181s), weights);
    EXPECT_TRUE(weights.applies);
    EXPECT_EQ(weights.size_factor, 1);
    EXPECT_EQ(weights.entry_factor, 1);
    EXPECT_EQ(weights.exit_factor, 1);
}

TEST(CosmicStage, HoldsAConditionUntilItsSuccessorArrives) {
    const auto settings = switched_on();
    CosmicStage stage{settings, instruments()};
    Weights weights;
    for (const auto& tick : conditions(full_moon_time, settings)) stage.on(tick, {}, weights);
    const auto before = weights;

    stage.on(conditions(full_moon_time + 60s, settings).front(), {}, weights);
    EXPECT_EQ(weights.influence.confidence, before.influence.confidence);
    EXPECT_EQ(weights.influence.unknown_mask, before.influence.unknown_mask);
    stage.on(conditions(full_moon_time + 240s, settings).front(), {}, weights);
    EXPECT_NE(weights.influence.unknown_mask, before.influence.unknown_mask) << "the others are four buckets old now";
}

TEST(CosmicStage, TakesAnImpossibleConditionForUnknown) {
    auto settings = switched_on();
    for (auto& factor : settings.factors) factor = {true, 1};
    CosmicStage stage{settings, instruments()};
    Weights weights;
    for (auto tick : conditions(full_moon_time, settings)) {
        tick.condition = {1e300, -1e300};
        stage.on(tick, {}, weights);
    }
    auto of_no_kind = tick(core::TickKind::condition, full_moon_time, core::no_instrument.value);
    of_no_kind.code = 99;
    stage.on(of_no_kind, {}, weights);

    EXPECT_EQ(weights.influence.unknown_mask, calculate(settings, {}).unknown_mask);
    EXPECT_EQ(weights.size_factor, 1);
}

TEST(CosmicStage, CountsUnknownFactors) {
    const auto settings = switched_on();
    CosmicStage stage{settings, instruments()};
    Weights weights;
    for (int i = 0; i < 3; ++i)
        for (const auto& tick : conditions(full_moon_time + i * 60s, settings)) stage.on(tick, {}, weights);

    EXPECT_EQ(stage.unknown_counts()[static_cast<std::size_t>(Factor::global_sentiment)], 3U);
    EXPECT_EQ(stage.unknown_counts()[static_cast<std::size_t>(Factor::moon_phase)], 0U);
}

TEST(CosmicStage, ComputesNothingWhenSwitchedOff) {
    CosmicStage stage{CosmicSettings{}, instruments()};
    Weights weights{.applies = true, .size_factor = 2};
    for (const auto& tick : conditions(full_moon_time, switched_on())) stage.on(tick, {}, weights);

    EXPECT_FALSE(weights.applies);
    EXPECT_EQ(weights.size_factor, 1);
    EXPECT_EQ(weights.influence.risk, 0);
    EXPECT_EQ(stage.unknown_counts(), (std::array<std::uint64_t, factor_count>{}));
}

/// A bucket of the year 2100, from a stamp that nobody could doubt: its Moon is not today's.
TEST(CosmicStage, KnowsNothingOfConditionsFromAnotherTime) {
    const auto settings = switched_on();
    const auto table = instruments();
    CosmicStage stage{settings, table};
    Weights fresh, weights, unknown;
    CosmicStage{settings, table}.on(trade(full_moon_time, 100), at(full_moon_time), unknown);
    const auto far = full_moon_time + std::chrono::hours{24 * 365 * 75};
    for (const auto& tick : conditions(far, settings)) stage.on(tick, {}, fresh);

    stage.on(trade(full_moon_time, 100), at(full_moon_time), weights);

    EXPECT_EQ(weights.influence.unknown_mask, unknown.influence.unknown_mask);
    EXPECT_NE(weights.influence.unknown_mask, fresh.influence.unknown_mask);
    EXPECT_EQ(weights.size_factor, unknown.size_factor);
}

TEST(Conditions, BringTheResonanceThatHfModeAsksFor) {
    CosmicSettings settings;
    settings.schumann_asked = true;
    const ConditionInputs loud{.schumann_hz = 14, .schumann_time = full_moon_time};
    EXPECT_TRUE(conditions(full_moon_time, settings, loud).empty()) << "the master switch is off";

    settings.enabled = true;
    settings.factors = {};
    auto ticks = conditions(full_moon_time, settings, loud);
    ASSERT_EQ(ticks.size(), 1U) << "and nothing else, for no factor counts";
    EXPECT_EQ(find(ticks, core::Condition::schumann)->condition.value, 14);

    settings = switched_on();
    EXPECT_EQ(find(conditions(full_moon_time, settings, loud), core::Condition::schumann), nullptr);
    settings.schumann_asked = true;
    ticks = conditions(full_moon_time, settings, loud);
    EXPECT_EQ(ticks.size(), 7U);
    EXPECT_EQ(find(ticks, core::Condition::schumann)->condition.value, 14);
}
