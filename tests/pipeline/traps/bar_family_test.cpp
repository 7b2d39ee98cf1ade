#include "pipeline/traps/confidence.hpp"
#include "tests/pipeline/traps/tape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

/// bull_trap, bear_trap and fractal_trap on tapes of candles, where T is 30 bps.
namespace pipeline {
namespace {

using test::Tape;

TrapSettings only(std::initializer_list<TrapKind> kinds, double min_confidence = 0) {
    TrapSettings settings;
    settings.min_confidence = min_confidence;
    for (auto& kind : settings.kinds) kind.enabled = false;
    for (const TrapKind kind : kinds) settings.kinds[static_cast<std::size_t>(kind)].enabled = true;
    return settings;
}

const TrapSettings reversals = only({TrapKind::bull_trap, TrapKind::bear_trap});

/// Prices in whole quote currency.
struct Candle {
    std::int64_t high, low, close;
    std::int64_t volume{1000};
};

/// Candles of one timeframe, one after the other.
class Chart {
public:
    explicit Chart(const TrapSettings& settings, std::size_t timeframe = 0, std::int64_t minutes = 1)
        : tape{settings}, timeframe_{timeframe}, minutes_{minutes} {}

    void add(const Candle& c, bool restart = false) {
        tape.candle(static_cast<double>(60 * minutes_ * count_++), c.close * 100, c.high * 100, c.low * 100,
                    c.close * 100, c.volume, restart, timeframe_);
    }
    /// Twenty candles that close at `close`; their volumes have mean 1000 and standard deviation 100.
    void calm(std::int64_t close) {
        for (int i = 0; i < 20; ++i) add({close + 10, close - 10, close, i % 2 ? 900 : 1100});
    }
    void skip(std::int64_t candles) { count_ += candles; }
    void repeat() { --count_; }

    Tape tape;

private:
    std::size_t timeframe_;
    std::int64_t minutes_, count_{};
};

/// One level with a confluence of `strength` and its weaker neighbour `beside` it.
Levels level_at(double price, double strength = 0, double beside = 0) {
    Levels levels;
    levels.active[levels.active_count++] = {price, Ratio::pivot, 0};
    if (beside != 0) levels.active[levels.active_count++] = {price + beside, Ratio::r236, 1};
    if (beside < 0) std::swap(levels.active[0], levels.active[1]);
    if (strength > 0) levels.clusters[levels.cluster_count++] = {.centre = price, .strength = strength, .members = 2};
    return levels;
}

TEST(BullTrap, ABreakTakenBackTwoBarsLaterEqualsTheGoldenRow) {
    Chart chart{reversals};
    chart.calm(59900);
    chart.tape.levels(level_at(60000, 4.5, -2));
    chart.add({59910, 59890, 59900});
    chart.add({60250, 59890, 60200, 1010});
    chart.add({60300, 60050, 60100});
    EXPECT_TRUE(chart.tape.events().empty());
    chart.add({60120, 59840, 59850});

    ASSERT_EQ(chart.tape.events().size(), 1u);
    const TrapEvent& event = chart.tape.events()[0];
    EXPECT_EQ(event.kind, TrapKind::bull_trap);
    EXPECT_EQ(event.expect, Expect::down);
    EXPECT_EQ(event.time, Tape::time(24 * 60));
    EXPECT_EQ(event.price, 59850);
    EXPECT_EQ(event.evidence[0], 60000);
    EXPECT_EQ(event.evidence[1], 60300);
    EXPECT_NEAR(event.evidence[2], 25, 1e-9);
    EXPECT_EQ(event.evidence[3], 2);
    EXPECT_NEAR(event.evidence[4], 0.15, .01);  // close to 0: the golden row's volume
    EXPECT_EQ(event.evidence[5], 4.5);
    EXPECT_EQ(event.evidence[6], 1);
    EXPECT_FALSE(core::known(event.evidence[7]));
    EXPECT_NEAR(event.confidence, .8083 - .15 * event.evidence[4] / 2, 1e-4);
    EXPECT_NEAR(event.impact, 1.6667, 1e-4);
    EXPECT_EQ(event.severity, Severity::high);
}

TEST(BearTrap, MirrorsTheBullTrap) {
    Chart chart{reversals};
    chart.tape.levels(level_at(30000, 3, -1));
    for (int i = 0; i < 20; ++i) chart.add({30110, 30080, 30100, i % 2 ? 900 : 1100});
    chart.add({30100, 29920, 29930, 1020});
    chart.add({29960, 29910, 29950});
    chart.add({30050, 29940, 30045});

    ASSERT_EQ(chart.tape.events().size(), 1u);
    const TrapEvent& event = chart.tape.events()[0];
    EXPECT_EQ(event.kind, TrapKind::bear_trap);
    EXPECT_EQ(event.expect, Expect::up);
    EXPECT_EQ(event.evidence[0], 30000);
    EXPECT_EQ(event.evidence[1], 29910);
    EXPECT_NEAR(event.evidence[4], .2, 1e-9);
    EXPECT_NEAR(event.confidence, .6113, 1e-4);
    EXPECT_NEAR(event.impact, 1, 1e-9);
    EXPECT_EQ(event.severity, Severity::medium);
}

/// A break of 60000, then candles that close at `closes`; is it a trap?
bool trapped(std::initializer_list<std::int64_t> closes, std::int64_t broken_at = 60100) {
    Chart chart{reversals};
    chart.tape.levels(level_at(60000));
    chart.calm(59900);
    chart.add({broken_at + 10, 59900, broken_at});
    for (const std::int64_t close : closes) chart.add({close + 10, close - 10, close});
    return !chart.tape.events().empty();
}

TEST(BullTrap, NeedsTheCloseBackInsideWithinThreeBars) {
    EXPECT_TRUE(trapped({59990}));
    EXPECT_TRUE(trapped({60100, 60100, 59990}));
    EXPECT_FALSE(trapped({60100, 60100, 60100, 59990}));  // a genuine break
    EXPECT_FALSE(trapped({60000, 60000, 60000, 59990}));  // at the level is not inside
    EXPECT_FALSE(trapped({60100, 60200, 60300}));         // a strong trend is no trap
}

TEST(BullTrap, NeedsABreakBeyondTheBand) {
    EXPECT_FALSE(trapped({59990}, 60012));  // 2 bps exactly
    EXPECT_TRUE(trapped({59990}, 60013));
    Chart creeping{reversals};
    creeping.tape.levels(level_at(60000));
    creeping.calm(59900);
    creeping.add({60010, 59990, 60005});  // inside the band: not broken, still watched
    creeping.add({60060, 59990, 60050});
    creeping.add({60060, 59940, 59950});
    EXPECT_EQ(creeping.tape.events().size(), 1u);
}

TEST(BullTrap, IsNotJudgedByALevelThatTheBreakingBarBrought) {
    Chart chart{reversals};
    chart.calm(59900);
    chart.tape.levels(level_at(60000));
    chart.add({60110, 59900, 60100});
    chart.add({60110, 59900, 59950});

    EXPECT_TRUE(chart.tape.of(TrapKind::bull_trap).empty());
}

TEST(BullTrap, SurvivesTheLevelThatLeavesTheListWhenItBreaks) {
    Chart chart{reversals};
    chart.tape.levels(level_at(60000));
    chart.calm(59900);
    chart.tape.levels(Levels{});  // a broken pivot is no active level any more
    chart.add({60110, 59900, 60100});
    chart.add({60110, 59900, 59950});

    EXPECT_EQ(chart.tape.events().size(), 1u);
}

TEST(BullTrap, WatchesTheEightNearestLevels) {
    Levels levels;
    for (int i = 1; i <= 12; ++i) levels.active[levels.active_count++] = {60000. + 10 * i, Ratio::pivot, 0};
    Chart chart{reversals};
    chart.tape.levels(levels);
    chart.calm(60000);
    chart.add({60500, 59990, 60400});
    chart.add({60400, 59890, 59900});

    ASSERT_EQ(chart.tape.of(TrapKind::bull_trap).size(), 1u);  // of eight the most confident: the farthest inside
    EXPECT_EQ(chart.tape.of(TrapKind::bull_trap)[0].evidence[0], 60080);
}

TEST(BullTrap, ForgetsItsWatchWhenBarsAreMissing) {
    Chart chart{reversals};
    chart.tape.levels(level_at(60000));
    chart.calm(59900);
    chart.add({60110, 59900, 60100});
    chart.skip(5);
    chart.add({60110, 59900, 59950}, true);

    EXPECT_TRUE(chart.tape.events().empty());
}

TEST(BullTrap, CountsABarOnceHoweverOftenItComes) {
    Chart chart{reversals};
    chart.tape.levels(level_at(60000));
    chart.calm(59900);
    for (int i = 0; i < 4; ++i) {
        chart.add({60110, 59900, 60100});
        chart.repeat();
    }
    chart.skip(1);
    chart.add({60110, 59900, 59950});

    ASSERT_EQ(chart.tape.events().size(), 1u);
    EXPECT_EQ(chart.tape.events()[0].evidence[3], 1);
    EXPECT_EQ(chart.tape.counters().stale_bars, 3u);
}

TEST(BullTrap, HasAVolumeThatIsUnknownWhereNoneVaried) {
    Chart chart{reversals};
    chart.tape.levels(level_at(60000));
    for (int i = 0; i < 25; ++i) chart.add({59910, 59890, 59900, 0});
    chart.add({60110, 59900, 60100, 0});
    chart.add({60110, 59900, 59950, 0});

    ASSERT_EQ(chart.tape.events().size(), 1u);
    EXPECT_FALSE(core::known(chart.tape.events()[0].evidence[4]));
    EXPECT_TRUE(core::known(chart.tape.events()[0].confidence));
}

TEST(BullTrap, IsSilentForOneBarOfItsOwnTimeframe) {
    Chart chart{reversals, 1, 5};
    chart.tape.levels(level_at(60000));
    chart.calm(59900);
    for (int round = 0; round < 3; ++round) {
        chart.add({60110, 59900, 60100});
        chart.add({60110, 59900, 59950});
    }

    const auto traps = chart.tape.of(TrapKind::bull_trap);
    ASSERT_EQ(traps.size(), 3u);  // ten minutes lie between two of them
    EXPECT_EQ(traps[0].evidence[6], 5);
    EXPECT_EQ(traps[2].id - traps[0].id, 4u);  // and each fall through the level is a bear trap's break, taken back
}

TEST(BullTrap, TakesTheBoostOfAGoldenLevelButNoVolumeThatNobodyKnows) {
    Levels levels = level_at(60000);
    levels.active[0].ratio = Ratio::r618;
    levels.legs[0] = {.known = true, .up = true, .lo = 50000, .hi = 70000};
    Chart chart{reversals};
    chart.tape.levels(levels);
    chart.calm(59900);
    chart.add({60110, 59900, 60100});
    chart.add({60110, 59900, 59950});

    ASSERT_EQ(chart.tape.events().size(), 1u);
    EXPECT_NEAR(chart.tape.events()[0].boost, .10, 1e-12);
}

const TrapSettings fractals = only({TrapKind::fractal_trap});

/// Five candles whose middle high is 60000 (lows: `low` in the middle).
Chart with_fractal(std::int64_t low = 59700) {
    Chart chart{fractals, 1, 5};
    for (const std::int64_t high : {59900, 59950, 60000, 59950, 59900})
        chart.add({high, high == 60000 ? low : 59800, 59850});
    return chart;
}

TEST(FractalTrap, EqualsTheGoldenRows) {
    Chart first = with_fractal(), second = with_fractal();
    first.add({60108, 59900, 60050});
    EXPECT_TRUE(first.tape.events().empty());
    first.add({60020, 59940, 59946});
    second.add({60240, 59810, 59820});

    ASSERT_EQ(first.tape.events().size(), 1u);
    const TrapEvent& event = first.tape.events()[0];
    EXPECT_EQ(event.kind, TrapKind::fractal_trap);
    EXPECT_EQ(event.expect, Expect::down);
    EXPECT_EQ(event.time, Tape::time(7 * 300));
    EXPECT_EQ(event.price, 59946);
    EXPECT_EQ(event.evidence[0], 60000);
    EXPECT_EQ(event.evidence[1], 60108);
    EXPECT_NEAR(event.evidence[2], 18, 1e-9);
    EXPECT_EQ(event.evidence[3], 1);
    EXPECT_NEAR(event.evidence[4], 9, 1e-9);
    EXPECT_NEAR(event.confidence, .5469, 1e-4);
    EXPECT_NEAR(event.impact, .6, 1e-9);
    ASSERT_EQ(second.tape.events().size(), 1u);
    EXPECT_NEAR(second.tape.events()[0].confidence, 1, 1e-9);
    EXPECT_EQ(second.tape.events()[0].evidence[3], 0);
    EXPECT_EQ(second.tape.events()[0].severity, Severity::high);
}

TEST(FractalTrap, ALowThatIsTakenBackExpectsARise) {
    Chart chart = with_fractal();
    chart.add({59900, 59600, 59650});
    chart.add({59900, 59600, 59800});

    ASSERT_EQ(chart.tape.events().size(), 1u);
    EXPECT_EQ(chart.tape.events()[0].expect, Expect::up);
    EXPECT_EQ(chart.tape.events()[0].evidence[0], 59700);
    EXPECT_EQ(chart.tape.events()[0].evidence[1], 59600);
    EXPECT_EQ(chart.tape.events()[0].price, 59800);
    EXPECT_GT(chart.tape.events()[0].evidence[4], 0);
}

TEST(FractalTrap, GivesTheFailureThreeBarsAfterTheExcess) {
    Chart third = with_fractal(), fourth = with_fractal();
    for (Chart* chart : {&third, &fourth}) {
        chart->add({60050, 59900, 60040});
        chart->add({60050, 59900, 60040});
        chart->add({60050, 59900, 60040});
    }
    third.add({60020, 59900, 59990});
    fourth.add({60050, 59900, 60040});
    fourth.add({60020, 59900, 59990});

    EXPECT_EQ(third.tape.events().size(), 1u);
    EXPECT_TRUE(fourth.tape.events().empty());
}

TEST(FractalTrap, AFractalHoldsForFiftyBars) {
    for (const int bars : {49, 50}) {
        Chart chart = with_fractal();
        for (int i = 0; i < bars; ++i) chart.add({59900, 59800, 59850});
        chart.add({60100, 59800, 59900});

        EXPECT_EQ(chart.tape.events().size(), bars == 49 ? 1u : 0u) << bars;
    }
}

TEST(FractalTrap, EqualHighsAreNoFractal) {
    Chart chart{fractals, 1, 5};
    for (const std::int64_t high : {59900, 60000, 60000, 59950, 59900, 59900}) chart.add({high, 59800, 59850});
    chart.add({60100, 59800, 59900});

    EXPECT_TRUE(chart.tape.events().empty());
}

TEST(FractalTrap, AGapForgetsTheBars) {
    Chart chart = with_fractal();
    chart.skip(4);
    chart.add({60108, 59900, 59946}, true);

    EXPECT_TRUE(chart.tape.events().empty());
}

TEST(FractalTrap, FlatBarsSayNothing) {
    Chart chart{fractals, 1, 5};
    for (int i = 0; i < 200; ++i) chart.add({60000, 60000, 60000, 0});

    EXPECT_TRUE(chart.tape.events().empty());
}

struct Move {
    int close, above, below, volume, what;
};

/// Minutes of a walk around 60000 with levels that come and go; some bars come twice, some are missing.
void walk(Chart& chart, const std::vector<Move>& moves, std::size_t count) {
    std::int64_t close = 60000;
    for (std::size_t i = 0; i < count; ++i) {
        const Move& m = moves[i];
        if (i % 7 == 0) {
            Levels levels;
            for (int k = -3; k <= 3; ++k)
                levels.active[levels.active_count++] = {60000. + 40 * k + m.above, Ratio::pivot, 0};
            chart.tape.levels(levels);
        }
        if (m.what == 0) chart.repeat();
        if (m.what == 1) chart.skip(6);
        close += m.close;
        const bool flat = m.what == 2;
        chart.add({close + (flat ? 0 : m.above), close - (flat ? 0 : m.below), close, m.volume}, m.what == 1);
    }
}

RC_GTEST_PROP(BarFamily, WhateverBarsComeEventsFollowFromTheirEvidenceAndNeverChange, ()) {
    const auto moves = *rc::gen::container<std::vector<Move>>(
        300,
        rc::gen::map(rc::gen::tuple(rc::gen::inRange(-60, 61), rc::gen::inRange(0, 50), rc::gen::inRange(0, 50),
                                    rc::gen::inRange(0, 2000), rc::gen::inRange(0, 40)),
                     [](const std::tuple<int, int, int, int, int>& t) {
                         return Move{std::get<0>(t), std::get<1>(t), std::get<2>(t), std::get<3>(t), std::get<4>(t)};
                     }));
    auto settings = only({TrapKind::bull_trap, TrapKind::bear_trap, TrapKind::fractal_trap}, .3);
    settings.fractal.timeframe_min = 1;
    Chart whole{settings}, part{settings};
    walk(whole, moves, moves.size());
    walk(part, moves, *rc::gen::inRange<std::size_t>(0, moves.size()));

    RC_ASSERT(part.tape.events().size() <= whole.tape.events().size());
    for (std::size_t i = 0; i < whole.tape.events().size(); ++i) {
        const TrapEvent& e = whole.tape.events()[i];
        const auto& x = e.evidence;
        const double c = e.kind == TrapKind::fractal_trap
                             ? traps::fractal_confidence(x[2], x[3], x[4], 3, e.threshold_bps)
                             : traps::reversal_confidence(std::abs(core::bps(x[1], x[0])), x[3], x[2], x[4], x[5], 3,
                                                          e.threshold_bps);
        RC_ASSERT(std::abs(c - e.confidence) < 1e-9);
        RC_ASSERT(e.confidence >= .3 && e.confidence <= 1 && e.impact > 0);
        if (i >= part.tape.events().size()) continue;
        RC_ASSERT(part.tape.events()[i].time == e.time);
        RC_ASSERT(part.tape.events()[i].kind == e.kind);
        RC_ASSERT(part.tape.events()[i].confidence == e.confidence);
    }
}

}  // namespace
}  // namespace pipeline
