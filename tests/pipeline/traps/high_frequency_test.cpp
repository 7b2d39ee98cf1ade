#include "pipeline/traps/high_frequency.hpp"

#include "pipeline/traps/pressure.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::traps {
namespace {

using namespace std::chrono_literals;
constexpr HighFrequencyInputs nothing{};
constexpr HighFrequencyInputs sharp{.sharp_event = true};

TEST(HighFrequencyMode, AGrabAndASharpStopHuntActivateItForTenMinutes) {
    HighFrequencyMode mode{{}};
    mode.note(0s, .6);
    mode.evaluate(0s, nothing);
    mode.note(100s, .75);
    mode.evaluate(100s, sharp);
    EXPECT_EQ(mode.points(), 4);
    EXPECT_EQ(mode.state(), HighFrequency::active);

    mode.evaluate(400s, nothing);
    EXPECT_EQ(mode.multiplier(), .6);
    mode.evaluate(700s - 1ns, nothing);
    EXPECT_EQ(mode.multiplier(), .6);
    mode.evaluate(700s, nothing);
    EXPECT_EQ(mode.state(), HighFrequency::normal);
    EXPECT_EQ(mode.multiplier(), 1);
}

TEST(HighFrequencyMode, TwoEventsOutsideOneWindowAreNoCluster) {
    HighFrequencyMode mode{{}};
    mode.note(0s, .6);
    mode.note(181s, .6);
    mode.evaluate(181s, nothing);

    EXPECT_EQ(mode.points(), 0);
    EXPECT_EQ(mode.multiplier(), 1);
}

TEST(HighFrequencyMode, AnEventLeavesTheHalfOpenWindowAtItsEnd) {
    HighFrequencyMode mode{{}};
    mode.note(0s, .5);
    mode.note(179s, .6);
    mode.evaluate(179s, nothing);
    EXPECT_EQ(mode.points(), 2);
    EXPECT_EQ(mode.state(), HighFrequency::elevated);
    EXPECT_EQ(mode.multiplier(), .8);

    mode.evaluate(180s, nothing);
    EXPECT_EQ(mode.multiplier(), 1);
}

TEST(HighFrequencyMode, MovesAndVolatilityAloneCanActivateIt) {
    HighFrequencyMode mode{{}};
    mode.evaluate(1s, {.move60 = 55, .move300 = 60, .sigma60 = 1.6, .sigma300 = 1});

    EXPECT_EQ(mode.points(), 3);
    EXPECT_EQ(mode.state(), HighFrequency::active);
}

TEST(HighFrequencyMode, UnknownInputsAndWeakEventsGiveNoPoints) {
    HighFrequencyMode mode{{}};
    mode.note(0s, .49);
    mode.note(1s, .49);
    mode.evaluate(2s, nothing);
    EXPECT_EQ(mode.points(), 0);

    mode.evaluate(3s, {.sigma60 = 0, .sigma300 = 0});
    EXPECT_EQ(mode.points(), 0);
}

TEST(HighFrequencyMode, SchumannCountsOnlyWhenSwitchedOn) {
    const HighFrequencyInputs loud{.move60 = 21, .schumann_hz = 12};
    HighFrequencyMode off{{}}, on{{.schumann = true}};
    off.evaluate(1s, loud);
    on.evaluate(1s, loud);

    EXPECT_EQ(off.points(), 0);
    EXPECT_EQ(on.points(), 2);
}

struct Aged {
    double confidence;
    std::chrono::seconds age;
};

double pressure_of(std::initializer_list<Aged> events) {
    Pressure pressure;
    const auto now = 10'000s;
    std::uint64_t id = 0;
    for (const auto& [confidence, age] : events) pressure.note(++id, now - age, confidence);
    return pressure.at(now);
}

TEST(TrapPressure, EqualsTheGoldenRows) {
    EXPECT_EQ(pressure_of({}), 0);
    EXPECT_NEAR(pressure_of({{.8, 0s}}), .8, 1e-4);
    EXPECT_NEAR(pressure_of({{.8, 120s}}), .4, 1e-4);
    EXPECT_NEAR(pressure_of({{.8, 60s}, {.6, 0s}}), .8263, 1e-4);
    EXPECT_NEAR(pressure_of({{.5, 240s}, {.5, 0s}, {.5, 0s}}), .7812, 1e-4);
}

TEST(TrapPressure, ForgetsEventsOlderThanFifteenMinutes) {
    EXPECT_GT(pressure_of({{1, 900s}}), 0);
    EXPECT_EQ(pressure_of({{1, 901s}}), 0);
}

TEST(TrapPressure, AnUpgradeRaisesItsEventInsteadOfAddingOne) {
    Pressure pressure;
    pressure.note(7, 0s, .5);
    pressure.note(7, 30s, .8);

    EXPECT_NEAR(pressure.at(120s), .4, 1e-12);
}

TEST(TrapPressure, KeepsTheNewestThirtyTwo) {
    Pressure pressure;
    for (std::uint64_t id = 1; id <= 100; ++id) pressure.note(id, 100s, id <= 68 ? 1. : .01);

    EXPECT_NEAR(pressure.at(100s), 1 - std::pow(.99, 32), 1e-12);
}

}  // namespace
}  // namespace pipeline::traps
