#include "pipeline/traps/trap_stage.hpp"

#include "pipeline/traps/confidence.hpp"
#include "tests/pipeline/traps/recomputed.hpp"
#include "tests/pipeline/traps/tape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pipeline {
namespace {

using core::Side;
using test::Tape;
constexpr std::int64_t base = Tape::base;
constexpr std::int64_t bps = base / 10'000;

TrapSettings only(std::initializer_list<TrapKind> kinds) {
    TrapSettings settings;
    for (auto& kind : settings.kinds) kind.enabled = false;
    for (const TrapKind kind : kinds) settings.kinds[static_cast<std::size_t>(kind)].enabled = true;
    return settings;
}

/// 40 bps up in eight seconds on forty times the volume: the z-score is beyond 4 and the fourth step passes T.
void surge(Tape& tape, int from, std::int64_t direction = 1) {
    for (int i = 0; i < 4; ++i)
        tape.trade(from + 2 * i, base + direction * (i + 1) * 10 * bps, 40'000, direction > 0 ? Side::buy : Side::sell);
}

TEST(TrapStage, AQuietMarketHasNoTraps) {
    Tape tape;
    tape.quiet(0, 3000);

    EXPECT_TRUE(tape.events().empty());
    EXPECT_EQ(tape.now().threshold_bps, 30);
    EXPECT_EQ(tape.now().pressure_up, 0);
    EXPECT_EQ(tape.now().hf, HighFrequency::normal);
}

TEST(TrapStage, AFlatSeriesStaysUnknownAndFinite) {
    Tape tape;
    for (int s = 0; s < 2000; ++s) tape.trade(s, base, 1000 + s % 7, s % 2 == 0 ? Side::buy : Side::sell);

    EXPECT_TRUE(tape.events().empty());
    EXPECT_EQ(tape.now().threshold_bps, 30);
    EXPECT_EQ(tape.now().hf_multiplier, 1);
    EXPECT_EQ(tape.now().regime, Regime::normal);
}

TEST(TrapStage, ASurgeOnVolumeIsALiquidityGrabAtTheTradeThatPassesTheThreshold) {
    Tape tape{only({TrapKind::liquidity_grab})};
    tape.quiet(0, 400);
    surge(tape, 400);

    const auto grabs = tape.of(TrapKind::liquidity_grab);
    ASSERT_EQ(grabs.size(), 1u);
    const TrapEvent& event = grabs[0];
    EXPECT_EQ(event.time, Tape::time(406));
    EXPECT_EQ(event.expect, Expect::down);
    EXPECT_EQ(event.price, 60240);
    EXPECT_EQ(event.threshold_bps, 30 * event.hf_multiplier);
    EXPECT_EQ(event.revision, 0);
    EXPECT_NEAR(event.evidence[0], 40, .2);        // m
    EXPECT_GT(event.evidence[1], 4);               // z_v
    EXPECT_EQ(event.evidence[2], 0);               // R
    EXPECT_FALSE(core::known(event.evidence[3]));  // no level
    EXPECT_EQ(event.evidence[4], 60000);           // base
    EXPECT_EQ(event.evidence[5], 60240);           // extreme
    EXPECT_GT(tape.now().pressure_down, .3);
    EXPECT_EQ(tape.now().pressure_up, 0);
}

TEST(TrapStage, ADiveIsALiquidityGrabThatExpectsARise) {
    Tape tape{only({TrapKind::liquidity_grab})};
    tape.quiet(0, 400);
    surge(tape, 400, -1);

    ASSERT_EQ(tape.events().size(), 1u);
    EXPECT_EQ(tape.events()[0].expect, Expect::up);
    EXPECT_LT(tape.events()[0].evidence[0], -30);
    EXPECT_GT(tape.now().pressure_up, .3);
}

TEST(TrapStage, ASuspiciousHalfMoveIsAHalfLiquidityGrab) {
    Tape tape{only({TrapKind::half_liquidity_grab})};
    tape.quiet(0, 400);
    // Sold into while it rises: flow against the move, and volume far above the usual.
    for (int i = 1; i <= 4; ++i) tape.trade(400 + i, base + i * 6 * bps, 100'000, Side::sell);

    ASSERT_EQ(tape.events().size(), 1u);
    EXPECT_EQ(tape.events()[0].time, Tape::time(404));
    EXPECT_GE(tape.events()[0].evidence[6], .5);
}

TEST(TrapStage, AHalfMoveWithoutSuspicionIsNothing) {
    Tape tape{only({TrapKind::half_liquidity_grab})};
    tape.quiet(0, 400);
    for (int i = 1; i <= 4; ++i) tape.trade(400 + i, base + i * 6 * bps, 100'000, Side::buy);

    EXPECT_TRUE(tape.events().empty());
}

TEST(TrapStage, ABurstOfVolatilityIsAVolatilityGrabWhenItsSecondCloses) {
    Tape tape{only({TrapKind::volatility_grab})};
    tape.quiet(0, 400);
    tape.trade(400.5, base + 18 * bps);
    EXPECT_TRUE(tape.events().empty());
    tape.clock(401);

    ASSERT_EQ(tape.events().size(), 1u);
    EXPECT_EQ(tape.events()[0].time, Tape::time(401));
    EXPECT_GT(tape.events()[0].evidence[0], 1.5);
    EXPECT_LT(tape.events()[0].evidence[0], std::sqrt(5.));
}

TEST(TrapStage, FourLeapsWithinASecondAreAFlashDump) {
    Tape tape{only({TrapKind::flash_dump, TrapKind::flash_pump})};
    tape.quiet(0, 400);
    tape.depth(400.0, 1000, 1000);
    tape.depth(401.2, 200, 1000);
    for (int i = 1; i <= 4; ++i) tape.trade(401.2 + .1 * i, base - i * 30 * bps, 1000, Side::sell);

    const auto flashes = tape.of(TrapKind::flash_dump);
    ASSERT_FALSE(flashes.empty());
    EXPECT_EQ(flashes[0].time, Tape::time(401.5));  // the third price change that way
    EXPECT_EQ(flashes[0].expect, Expect::up);
    EXPECT_NEAR(flashes[0].evidence[0], -60, .5);  // against the first leap: the trade before it is older than 1 s
    EXPECT_EQ(flashes[0].evidence[1], 3);
    EXPECT_NEAR(flashes[0].evidence[2], .8, 1e-9);
    EXPECT_TRUE(tape.of(TrapKind::flash_pump).empty());
}

TEST(TrapStage, ALongClimbAgainstTheFlowIsAHalfThenAFullFakePump) {
    Tape tape{only({TrapKind::half_fake_pump, TrapKind::fake_pump, TrapKind::fake_dump})};
    tape.quiet(0, 600);
    for (int s = 600; s < 900; ++s) tape.trade(s + .1, base + (s - 599) * bps, 1000 + s % 5, Side::sell);

    ASSERT_EQ(tape.events().size(), 2u);
    const TrapEvent &half = tape.events()[0], &full = tape.events()[1];
    EXPECT_EQ(half.kind, TrapKind::half_fake_pump);
    EXPECT_EQ(full.kind, TrapKind::fake_pump);
    EXPECT_EQ(full.expect, Expect::down);
    EXPECT_EQ(half.time % std::chrono::seconds{1}, core::Nanoseconds{0});
    EXPECT_GE(half.evidence[0], 100);
    EXPECT_LT(half.evidence[0], 200);
    EXPECT_GE(full.evidence[0], 200);
    EXPECT_NEAR(full.confidence, traps::fake_confidence(full.evidence[0], full.evidence[2], 200), 1e-12);
    EXPECT_NEAR(half.confidence, traps::half_fake_confidence(half.evidence[0], half.evidence[2], 100), 1e-12);
}

TEST(TrapStage, ThreeBucketsTheSameWayAreAnAccumulationAtTheThirdClose) {
    Tape tape{only({TrapKind::liquidity_accumulation_up, TrapKind::liquidity_accumulation_down})};
    tape.quiet(0, 405);
    for (int s = 405; s < 450; ++s) tape.trade(s + .5, base + ((s - 405) / 15 + 1) * 8 * bps);
    EXPECT_TRUE(tape.events().empty());
    tape.depth(450, 3000, 1000);

    ASSERT_EQ(tape.events().size(), 1u);
    const TrapEvent& event = tape.events()[0];
    EXPECT_EQ(event.kind, TrapKind::liquidity_accumulation_up);
    EXPECT_EQ(event.expect, Expect::down);
    EXPECT_EQ(event.time, Tape::time(450));
    EXPECT_NEAR(event.evidence[0], 24, .5);
    EXPECT_EQ(event.evidence[1], 1);
    EXPECT_FALSE(core::known(event.evidence[2]));  // the depth came with this tick, after the close
}

TEST(TrapStage, ASweptHighIsAStopHuntOnATapeOfCandles) {
    Tape tape;
    for (int i = 0; i < 20; ++i) tape.candle(60. * i, 6'004'000, 6'006'000, 6'002'000, 6'004'000, 900 + i % 3 * 100);
    tape.candle(1200, 6'004'000, 6'012'000, 6'001'000, 6'003'000, 1500);

    ASSERT_EQ(tape.events().size(), 1u);
    const TrapEvent& event = tape.events()[0];
    EXPECT_EQ(event.kind, TrapKind::stop_hunt_up);
    EXPECT_EQ(event.expect, Expect::down);
    EXPECT_EQ(event.time, Tape::time(1260));
    EXPECT_EQ(event.price, 60030);
    EXPECT_EQ(event.evidence[0], 60060);
    EXPECT_NEAR(event.evidence[1], 9.990, 1e-3);
    EXPECT_NEAR(event.evidence[2], .7273, 1e-4);
    EXPECT_NEAR(event.evidence[3], .0909, 1e-4);
    EXPECT_EQ(event.threshold_bps, 30);
    EXPECT_NEAR(event.impact, .3330, 1e-4);
}

TEST(TrapStage, ASweptLowIsAStopHuntDown) {
    Tape tape;
    for (int i = 0; i < 20; ++i) tape.candle(60. * i, 5'996'000, 5'999'000, 5'994'000, 5'996'000, 900 + i % 3 * 100);
    tape.candle(1200, 5'996'000, 5'999'000, 5'987'000, 5'997'000, 1500);

    ASSERT_EQ(tape.events().size(), 1u);
    EXPECT_EQ(tape.events()[0].kind, TrapKind::stop_hunt_down);
    EXPECT_EQ(tape.events()[0].expect, Expect::up);
    EXPECT_NEAR(tape.events()[0].impact, .3893, 1e-4);
}

TEST(TrapStage, AStopHuntNeedsItsBarsAndARange) {
    Tape early, flat, restarted;
    for (int i = 0; i < 19; ++i) early.candle(60. * i, 6'004'000, 6'006'000, 6'002'000, 6'004'000, 900 + i);
    early.candle(1140, 6'004'000, 6'012'000, 6'001'000, 6'003'000, 1500);
    for (int i = 0; i < 30; ++i) flat.candle(60. * i, base, base, base, base);
    for (int i = 0; i < 20; ++i) restarted.candle(60. * i, 6'004'000, 6'006'000, 6'002'000, 6'004'000, 900 + i);
    restarted.candle(6000, 6'004'000, 6'012'000, 6'001'000, 6'003'000, 1500, true);

    EXPECT_TRUE(early.events().empty());
    EXPECT_TRUE(flat.events().empty());
    EXPECT_TRUE(restarted.events().empty());
}

TEST(TrapStage, SaysWhichEventsAreConfirmedAndWhichAreForNotifications) {
    const auto grab = [](double confidence) {
        auto settings = only({TrapKind::liquidity_grab});
        settings.confirmed_confidence = settings.notify_confidence = confidence;
        Tape tape{settings};
        tape.quiet(0, 400);
        surge(tape, 400);
        return tape.of(TrapKind::liquidity_grab).at(0);
    };
    EXPECT_TRUE(!grab(.1).potential() && grab(.1).notable);
    EXPECT_TRUE(grab(1).potential() && !grab(1).notable);
    const auto edge = grab(grab(1).confidence);
    EXPECT_TRUE(!edge.potential() && !edge.notable) << "confirmed from here, notified above";
}

TEST(TrapStage, AGapForgetsWhatMovedBeforeIt) {
    Tape whole{only({TrapKind::liquidity_grab})}, broken{only({TrapKind::liquidity_grab})},
        venue{only({TrapKind::liquidity_grab})};
    for (Tape* tape : {&whole, &broken, &venue}) tape->quiet(0, 400);
    broken.gap(399.5);
    venue.gap(399.5, core::no_instrument);
    for (Tape* tape : {&whole, &broken, &venue}) surge(*tape, 400);

    EXPECT_EQ(whole.events().size(), 1u);
    EXPECT_TRUE(broken.events().empty());
    EXPECT_TRUE(venue.events().empty());
    EXPECT_GT(broken.counters().unknown[static_cast<std::size_t>(traps::Measure::run_w)],
              whole.counters().unknown[static_cast<std::size_t>(traps::Measure::run_w)]);
}

TEST(TrapStage, AGapOfAnotherVenueChangesNothing) {
    Tape tape{only({TrapKind::liquidity_grab})};
    tape.quiet(0, 400);
    core::Tick gap;
    gap.kind = core::TickKind::session;
    gap.code = static_cast<std::uint16_t>(core::Session::gap);
    gap.venue = core::Venue::okx;
    Traps out;
    tape.stage().on(gap, {}, {}, {}, out);
    EXPECT_FALSE(core::known(out.threshold_bps));
    surge(tape, 400);

    EXPECT_EQ(tape.events().size(), 1u);
}

TEST(TrapStage, AWeakFindingIsCountedInsteadOfEmitted) {
    Tape tape{only({TrapKind::liquidity_grab})};
    tape.quiet(0, 400);
    for (int i = 1; i <= 4; ++i) tape.trade(400 + 2 * i, base + i * 9 * bps, 1000);

    EXPECT_TRUE(tape.events().empty());
    EXPECT_GT(tape.counters().below_confidence[static_cast<std::size_t>(TrapKind::liquidity_grab)], 0u);
}

TEST(TrapStage, ALevelAtTheExtremeAndTheGoldenRatioRaiseTheConfidence) {
    Levels levels;
    levels.legs[0] = {.known = true, .up = true, .lo = 60000, .hi = 61000};
    levels.active[0] = {60240, Ratio::r618, 0};
    levels.active_count = 1;
    Tape plain{only({TrapKind::liquidity_grab})}, near{only({TrapKind::liquidity_grab})};
    near.levels(levels);
    for (Tape* tape : {&plain, &near}) {
        tape->quiet(0, 400);
        surge(*tape, 400);
    }

    ASSERT_FALSE(plain.events().empty());
    ASSERT_FALSE(near.events().empty());
    const TrapEvent &without = plain.events().back(), &with = near.events().back();
    EXPECT_EQ(with.evidence[3], 0);
    EXPECT_NEAR(with.boost, .10 + .05, 1e-9);  // z_v is beyond 3
    EXPECT_NEAR(with.confidence, without.confidence + .15 + .15, 1e-9);
    EXPECT_EQ(without.boost, 0);
}

TEST(TrapStage, TheThresholdOfAnEventIsThatOfTheModeBeforeIt) {
    Tape tape;
    tape.quiet(0, 400);
    surge(tape, 400);
    ASSERT_FALSE(tape.events().empty());
    for (const TrapEvent& event : tape.events()) EXPECT_NEAR(event.threshold_bps, 30 * event.hf_multiplier, 1e-9);
    EXPECT_EQ(tape.events().front().hf_multiplier, 1);
}

TEST(TrapStage, ALowerThresholdCannotKeepTheModeAliveByItself) {
    HighFrequency seen{};
    Tape tape;
    tape.quiet(0, 400);
    for (int i = 0; i < 4; ++i) tape.trade(400 + i, base + (i + 1) * 30 * bps, 40'000);
    tape.clock(420);
    seen = tape.now().hf;
    ASSERT_EQ(seen, HighFrequency::active);

    // From here moves of 20 bps: above .6·T, below T. They make events, none of which counts.
    const std::int64_t top = base + 120 * bps;
    for (int round = 0; round < 12; ++round) {
        tape.quiet(420 + round * 100, 420 + round * 100 + 90, top);
        for (int i = 1; i <= 4; ++i) tape.trade(510 + round * 100 + 2 * i, top + i * 5 * bps, 40'000);
        tape.trade(519 + round * 100, top);
    }

    EXPECT_EQ(tape.now().hf, HighFrequency::normal);
}

TEST(TrapStage, ExtraClockTicksChangeNothing) {
    Tape sparse, dense;
    sparse.quiet(0, 300);
    dense.quiet(0, 300);
    std::int64_t price = base;
    double now = 300;
    for (int i = 0; i < 400; ++i) {
        const double next = now + (i % 50 == 49 ? 1900.25 : i % 7 == 0 ? 33.5 : .7);
        price += ((i * 7919) % 41 - 20) * 2 * bps;
        for (double t = std::floor(now) + 1; t < next; t += 1) dense.clock(t);
        sparse.trade(next, price, 1000 + i * 37 % 900, i % 3 ? Side::buy : Side::sell);
        dense.trade(next, price, 1000 + i * 37 % 900, i % 3 ? Side::buy : Side::sell);
        now = next;

        ASSERT_EQ(sparse.now().threshold_bps, dense.now().threshold_bps) << i;
        ASSERT_EQ(sparse.now().hf, dense.now().hf) << i;
        ASSERT_NEAR(sparse.now().pressure_up, dense.now().pressure_up, 1e-12) << i;
    }

    ASSERT_GT(sparse.events().size(), 10u);
    ASSERT_EQ(sparse.events().size(), dense.events().size());
    for (std::size_t i = 0; i < sparse.events().size(); ++i) {
        EXPECT_EQ(sparse.events()[i].id, dense.events()[i].id);
        EXPECT_EQ(sparse.events()[i].time, dense.events()[i].time);
        EXPECT_EQ(sparse.events()[i].confidence, dense.events()[i].confidence);
    }
}

struct Step {
    int wait_ms, move_bps, quantity;
    bool buy;
};

std::vector<Step> random_walk() {
    return *rc::gen::container<std::vector<Step>>(
        600, rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 2500), rc::gen::inRange(-12, 13),
                                         rc::gen::inRange(1, 5000), rc::gen::arbitrary<bool>()),
                          [](const std::tuple<int, int, int, bool>& t) {
                              return Step{std::get<0>(t), std::get<1>(t), std::get<2>(t), std::get<3>(t)};
                          }));
}

void walk(Tape& tape, const std::vector<Step>& steps, std::size_t count) {
    tape.quiet(0, 330);
    double now = 330;
    std::int64_t price = base;
    for (std::size_t i = 0; i < count; ++i) {
        now += steps[i].wait_ms * 1e-3;
        price += steps[i].move_bps * bps;
        tape.trade(now, price, steps[i].quantity, steps[i].buy ? Side::buy : Side::sell);
    }
}

RC_GTEST_PROP(TrapStage, EveryEventCanBeRecomputedFromItsEvidence, ()) {
    Tape tape;
    walk(tape, random_walk(), 600);

    RC_ASSERT(!tape.events().empty());
    for (const TrapEvent& event : tape.events()) {
        RC_ASSERT(std::abs(test::recomputed(event) + event.boost - event.confidence) < 1e-9);
        RC_ASSERT(event.confidence >= .3 && event.confidence <= 1 && event.impact >= 0);
        RC_ASSERT(event.severity == severity(event.confidence, event.impact));
        RC_ASSERT(event.threshold_bps >= 30 * event.hf_multiplier);
    }
}

RC_GTEST_PROP(TrapStage, APrefixOfTheTapeGivesAPrefixOfTheEvents, ()) {
    const auto steps = random_walk();
    const auto cut = *rc::gen::inRange<std::size_t>(0, 600);
    Tape whole, prefix;
    walk(whole, steps, 600);
    walk(prefix, steps, cut);

    RC_ASSERT(prefix.events().size() <= whole.events().size());
    for (std::size_t i = 0; i < prefix.events().size(); ++i) {
        RC_ASSERT(prefix.events()[i].id == whole.events()[i].id);
        RC_ASSERT(prefix.events()[i].time == whole.events()[i].time);
        RC_ASSERT(prefix.events()[i].kind == whole.events()[i].kind);
        RC_ASSERT(prefix.events()[i].confidence == whole.events()[i].confidence);
    }
}

RC_GTEST_PROP(TrapStage, AKindIsSilentInItsCooldownButForUpgrades, ()) {
    Tape tape;
    walk(tape, random_walk(), 600);

    const TrapSettings settings;
    std::array<const TrapEvent*, trap_kind_count> first{}, newest{};
    std::uint64_t last_id = 0;
    for (const TrapEvent& event : tape.events()) {
        const auto kind = static_cast<std::size_t>(event.kind);
        if (event.revision == 0) {
            RC_ASSERT(event.id == ++last_id);
            if (first[kind] != nullptr)
                RC_ASSERT(core::seconds(event.time - first[kind]->time) >= settings.kinds[kind].cooldown_s);
            first[kind] = newest[kind] = &event;
        } else {
            RC_ASSERT(newest[kind] != nullptr);
            RC_ASSERT(event.id == newest[kind]->id && event.revision == newest[kind]->revision + 1);
            RC_ASSERT(event.confidence >= newest[kind]->confidence + .2);
            RC_ASSERT(event.expect == newest[kind]->expect);
            newest[kind] = &event;
        }
    }
}

TEST(TrapStage, InnerLevelsLeaveTheSectionAloneAndUnknownInstrumentsResetIt) {
    Tape tape;
    tape.quiet(0, 20);
    Traps out;
    out.count = 3;
    core::Tick tick;
    tick.kind = core::TickKind::level;
    tick.instrument = core::InstrumentId{0};
    tape.stage().on(tick, {}, {}, {}, out);
    EXPECT_EQ(out.count, 3) << "nobody reads it before the event is whole";

    tick.flags = core::tick_flag::last;
    tick.instrument = core::InstrumentId{17};
    tape.stage().on(tick, {}, {}, {}, out);
    EXPECT_EQ(out.count, 0);
    EXPECT_FALSE(core::known(out.threshold_bps));
}

}  // namespace
}  // namespace pipeline
