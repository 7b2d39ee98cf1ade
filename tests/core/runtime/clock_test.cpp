#include "core/runtime/clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace core;

namespace {

constexpr std::uint64_t start = 1'000'000'000'000;  // cycles
constexpr Nanoseconds day0{1'723'161'255'000'000'000};

/// A counter of 2.5 GHz, its time 400 ps a cycle.
Nanoseconds truth(std::uint64_t cycles) {
    return day0 + Nanoseconds{static_cast<std::int64_t>((cycles - start) * 2 / 5)};
}

TscLine calibrated() {
    return {start, day0, start + 50'000'000, truth(start + 50'000'000)};
}

}  // namespace

TEST(TscLine, RunsThroughBothSamples) {
    const auto line = calibrated();

    EXPECT_NEAR(line.cycles_per_second(), 2.5e9, 10);
    for (const std::uint64_t cycles : {start, start + 12'345'678, start + 50'000'000, start + 2'500'000'000})
        EXPECT_LE(std::abs((line.at(cycles) - truth(cycles)).count()), 2) << cycles;
}

TEST(TscLine, CreepsTowardsTheTruthAndStaysThere) {
    auto line = calibrated();
    constexpr Nanoseconds late = 100us;  // the system clock was set forward by this much

    std::uint64_t cycles = start + 50'000'000;
    for (int second = 0; second < 60; ++second) {
        cycles += 2'500'000'000;
        line.adjust(cycles, truth(cycles) + late);
    }

    EXPECT_LE(std::abs(line.error().count()), 100);
    EXPECT_LE(std::abs((line.at(cycles + 1000) - truth(cycles + 1000) - late).count()), 100);
}

TEST(TscLine, CreepsNoFasterThanTheSlewAllows) {
    auto line = calibrated();
    const auto cycles = start + 2'550'000'000;
    line.adjust(cycles, truth(cycles) + 1h);

    const auto second = line.at(cycles + 2'500'000'000) - line.at(cycles);

    EXPECT_GT(second, 1s);
    EXPECT_LE(second, 1s + Nanoseconds{TscLine::max_slew_ppm * 1000 + 1000});
}

RC_GTEST_PROP(TscLine, NeverGoesBackWhateverTheSystemClockSays,
              (std::vector<std::pair<std::uint32_t, std::int32_t>> steps)) {
    auto line = calibrated();
    std::uint64_t cycles = start + 50'000'000;
    auto before = line.at(cycles);
    for (const auto& [elapsed, jump_us] : steps) {
        cycles += elapsed;
        RC_ASSERT(line.at(cycles) >= before);
        before = line.at(cycles);
        line.adjust(cycles, truth(cycles) + std::chrono::microseconds{jump_us});
        RC_ASSERT(line.at(cycles) >= before);
        before = line.at(cycles);
    }
}

TEST(Clock, GoesForwardOnThisMachine) {
    Clock clock{1ms};

    auto before = clock.now();
    for (int i = 0; i < 10'000; ++i) {
        if (i % 100 == 0) clock.recalibrate();
        const auto now = clock.now();
        ASSERT_GE(now, before);
        before = now;
    }
    EXPECT_EQ(clock.uses_tsc(), Tsc::invariant());
}
