#include "pipeline/traps/emission.hpp"

#include <gtest/gtest.h>

namespace pipeline::traps {
namespace {

using namespace std::chrono_literals;

/// One emission; times in seconds.
class EmissionTest : public testing::Test {
protected:
    Emission::Ticket admit(TrapKind kind, int seconds, double confidence, std::uint32_t bar_s = 0,
                           Expect expect = Expect::down) {
        return emission_.admit({kind, expect, std::chrono::seconds{seconds}, confidence, bar_s}, {}, counters_);
    }
    [[nodiscard]] std::uint64_t silenced(TrapKind kind) const {
        return counters_.in_cooldown[static_cast<std::size_t>(kind)];
    }
    TrapCounters counters_;

private:
    Emission emission_;
};

TEST_F(EmissionTest, AnEventExactlyOneCooldownLaterIsANewOne) {
    EXPECT_TRUE(admit(TrapKind::spoofing, 100, .5).emit);
    EXPECT_FALSE(admit(TrapKind::spoofing, 109, .6).emit);
    EXPECT_TRUE(admit(TrapKind::spoofing, 110, .5).emit);

    EXPECT_EQ(silenced(TrapKind::spoofing), 1u);
    EXPECT_EQ(counters_.emitted[static_cast<std::size_t>(TrapKind::spoofing)], 2u);
}

TEST_F(EmissionTest, AnUpgradeKeepsItsIdAndDoesNotExtendTheCooldown) {
    const auto first = admit(TrapKind::liquidity_grab, 100, .4);
    const auto upgrade = admit(TrapKind::liquidity_grab, 150, .61);
    EXPECT_TRUE(upgrade.emit);
    EXPECT_EQ(upgrade.id, first.id);
    EXPECT_EQ(upgrade.revision, 1);
    EXPECT_FALSE(admit(TrapKind::liquidity_grab, 155, .79).emit);

    const auto next = admit(TrapKind::liquidity_grab, 160, .4);
    EXPECT_EQ(next.id, first.id + 1);
    EXPECT_EQ(next.revision, 0);
}

TEST_F(EmissionTest, TheOppositeExpectationIsNoUpgrade) {
    admit(TrapKind::liquidity_grab, 100, .4);

    EXPECT_FALSE(admit(TrapKind::liquidity_grab, 110, .9, 0, Expect::up).emit);
}

TEST_F(EmissionTest, KindsDoNotSilenceEachOther) {
    EXPECT_TRUE(admit(TrapKind::flash_pump, 100, .5).emit);
    EXPECT_TRUE(admit(TrapKind::flash_dump, 100, .5).emit);
}

TEST_F(EmissionTest, OneBarIsTheDetectorsOwn) {
    EXPECT_TRUE(admit(TrapKind::bull_trap, 0, .5, 3600).emit);
    EXPECT_FALSE(admit(TrapKind::bull_trap, 3599, .5, 3600).emit);
    EXPECT_TRUE(admit(TrapKind::bull_trap, 3600, .5, 3600).emit);
}

TEST_F(EmissionTest, TimeframesNeitherSilenceNorBecomeEachOther) {
    const auto minute = admit(TrapKind::bull_trap, 3600, .45, 60);
    const auto hour = admit(TrapKind::bull_trap, 3600, .5, 3600);
    EXPECT_TRUE(minute.emit && hour.emit);
    EXPECT_NE(hour.id, minute.id);
    EXPECT_FALSE(admit(TrapKind::bull_trap, 3659, .5, 60).emit);
    EXPECT_TRUE(admit(TrapKind::bull_trap, 3660, .5, 60).emit) << "a minute later, whatever the hour said";

    const auto stronger = admit(TrapKind::bull_trap, 3661, .9, 3600);
    EXPECT_EQ(stronger.id, hour.id) << "an upgrade is one of the same trap";
    EXPECT_EQ(stronger.revision, 1);
    EXPECT_FALSE(admit(TrapKind::bull_trap, 7199, .9, 3600).emit);
    EXPECT_TRUE(admit(TrapKind::bear_trap, 7199, .5, 3600).emit) << "another kind";
}

}  // namespace
}  // namespace pipeline::traps
