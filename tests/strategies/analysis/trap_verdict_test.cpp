#include "strategies/analysis/trap_verdict.hpp"

#include "tests/strategies/analysis/tape.hpp"

#include <gtest/gtest.h>

#include <array>

using namespace std::chrono_literals;
using core::known;
using pipeline::Expect;
using pipeline::TrapKind;
using strategies::TrapScore;
using strategies::TrapVerdict;

namespace {

TrapScore scored(std::uint64_t n, double low, double high, double adjusted) {
    TrapScore score;
    score.share = {n / 2, n};
    score.lift = {1, {low, high}, .01};
    score.adjusted_p_value = adjusted;
    return score;
}

const TrapScore& row(const std::vector<TrapScore>& scores, TrapKind kind) {
    return scores[static_cast<std::size_t>(kind)];
}

/// A price that falls 20 bps at second 30 of every second 120 s and comes back, and an event of `expect` at the start
/// of so many windows.
void saw(test::Tape& tape, int windows, Expect expect, int every) {
    for (int i = 0; i < windows; ++i) {
        tape.at(i * 120s);
        tape.trade(60'000);
        tape.at(i * 120s + 1s);
        if (i % every == 0) tape.trade(60'000, std::array{tape.event(TrapKind::liquidity_grab, expect, 60'000)});
        if (i % 2 == 0) {
            tape.at(i * 120s + 30s);
            tape.trade(59'880);
            tape.at(i * 120s + 31s);
            tape.trade(60'000);
        }
    }
    tape.at(windows * 120s + 200s);
    tape.quiet();
    tape.outcomes.finish();
}

}  // namespace

TEST(VerdictOf, NeedsEventsCertaintyAndADiscoveryForAnEdge) {
    EXPECT_EQ(strategies::verdict_of(scored(30, 1.01, 2, .1)), TrapVerdict::edge);
    EXPECT_EQ(strategies::verdict_of(scored(29, 1.01, 2, .1)), TrapVerdict::unproven) << "too few";
    EXPECT_EQ(strategies::verdict_of(scored(30, 1, 2, .01)), TrapVerdict::unproven) << "may be chance";
    EXPECT_EQ(strategies::verdict_of(scored(30, 1.01, 2, .11)), TrapVerdict::unproven) << "one of many tries";
    EXPECT_EQ(strategies::verdict_of(scored(5, .2, .99, .5)), TrapVerdict::none);
    EXPECT_EQ(strategies::verdict_of(scored(30, core::unknown, core::unknown, core::unknown)), TrapVerdict::unproven);
}

/// A kind that fires when the price moves and does not know where beats quiet control times all the same.
TEST(VerdictOf, NeedsDirectionForAnEdge) {
    auto score = scored(1000, 1.1, 1.2, .001);
    score.share.hits = 230;

    score.against = 170;
    EXPECT_EQ(strategies::verdict_of(score), TrapVerdict::edge);
    score.against = 225;
    EXPECT_EQ(strategies::verdict_of(score), TrapVerdict::unproven);
    score.against = 250;
    EXPECT_EQ(strategies::verdict_of(score), TrapVerdict::unproven);
}

TEST(ScoreKinds, GivesEveryKindARowAndSaysNothingOfTheUnseen) {
    const test::Tape tape;
    const auto scores = strategies::score_kinds(tape.outcomes);
    ASSERT_EQ(scores.size(), pipeline::trap_kind_count);
    for (const TrapScore& score : scores) {
        EXPECT_EQ(score.events, 0u);
        EXPECT_FALSE(known(score.base_rate));
        EXPECT_FALSE(known(score.lift.value));
        EXPECT_FALSE(known(score.brier));
        EXPECT_EQ(score.verdict, TrapVerdict::unproven);
    }
}

TEST(ScoreKinds, FindsAnEdgeThatWasPutThere) {
    test::Tape tape;
    saw(tape, 120, Expect::down, 2);  // only where it falls
    const auto grab = row(strategies::score_kinds(tape.outcomes), TrapKind::liquidity_grab);
    EXPECT_EQ(grab.share.n, 60u);
    EXPECT_EQ(grab.share.hits, 60u);
    EXPECT_EQ(grab.against, 0u);
    EXPECT_NEAR(grab.base_rate, .5, .01);
    EXPECT_NEAR(grab.lift.value, 2, .04);
    EXPECT_NEAR(grab.brier, .16, 1e-12);
    EXPECT_EQ(grab.verdict, TrapVerdict::edge);
}

TEST(ScoreKinds, IsNotFooledByEventsThatFireAnywhere) {
    test::Tape tape;
    saw(tape, 120, Expect::down, 1);
    const auto grab = row(strategies::score_kinds(tape.outcomes), TrapKind::liquidity_grab);
    EXPECT_EQ(grab.share.n, 120u);
    EXPECT_EQ(grab.share.hits, 60u);
    EXPECT_NEAR(grab.lift.value, 1, .02);
    EXPECT_EQ(grab.verdict, TrapVerdict::unproven);
}

TEST(ScoreKinds, CallsNoneWhatDoesWorseThanChance) {
    test::Tape tape;
    saw(tape, 121, Expect::burst, 1);
    test::Tape wrong;
    for (int i = 0; i < 240; ++i) {  // falls in nearly every window, but never in those with an event
        wrong.at(i * 120s);
        wrong.trade(60'000);
        wrong.at(i * 120s + 1s);
        if (i % 4 == 0) {
            wrong.trade(60'000, std::array{wrong.event(TrapKind::liquidity_grab, Expect::down, 60'000)});
            continue;
        }
        wrong.at(i * 120s + 30s);
        wrong.trade(59'880);
        wrong.at(i * 120s + 31s);
        wrong.trade(60'000);
    }
    wrong.outcomes.finish();
    EXPECT_EQ(row(strategies::score_kinds(wrong.outcomes), TrapKind::liquidity_grab).verdict, TrapVerdict::none);
}

TEST(ScoreKinds, MixesTheBaseAsTheEventsAre) {
    test::Tape tape;
    tape.at(-1s);
    tape.trade(60'000);
    for (int i = 0; i < 40; ++i) {  // every window falls; three events in four expect it
        tape.at(i * 120s);
        tape.trade(60'000);
        tape.at(i * 120s + 1s);
        const auto expect = i % 4 == 3 ? Expect::up : Expect::down;
        tape.trade(60'000, std::array{tape.event(TrapKind::liquidity_grab, expect, 60'000)});
        tape.at(i * 120s + 30s);
        tape.trade(59'880);
        tape.at(i * 120s + 31s);
        tape.trade(60'000);
    }
    tape.at(40 * 120s + 10s);
    tape.trade(60'000);
    tape.outcomes.finish();
    const auto grab = row(strategies::score_kinds(tape.outcomes), TrapKind::liquidity_grab);
    EXPECT_EQ(grab.share.n, 40u);
    EXPECT_NEAR(grab.base_rate, .75, 1e-12);
    EXPECT_NEAR(grab.controls, 40, 1e-9) << "both directions look at the same forty times";
    EXPECT_NEAR(grab.control_hits, 30, 1e-9);
    EXPECT_NEAR(grab.lift.value, 1, 1e-12);
    EXPECT_EQ(grab.against, 10u) << "those that expected it to rise";

    const auto by_instrument = strategies::score_instruments(tape.outcomes);
    ASSERT_EQ(by_instrument.size(), 1u);
    EXPECT_EQ(by_instrument[0].instrument, tape.world.id);
    EXPECT_EQ(by_instrument[0].share.hits, grab.share.hits);
}
