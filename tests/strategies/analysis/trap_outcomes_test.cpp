#include "strategies/analysis/trap_outcomes.hpp"

#include "tests/strategies/analysis/tape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <optional>
#include <vector>

using namespace std::chrono_literals;
using core::Nanoseconds;
using pipeline::Expect;
using pipeline::TrapEvent;
using pipeline::TrapKind;
using strategies::Outcome;
using strategies::OutcomeTest;
using strategies::Touch;

namespace {

constexpr std::array grab_test{OutcomeTest{.5, 120s}};

/// One event at price 60000 with T 30, so X 15 bps = 90 and Y 120 s; then a price 10 s later, then two minutes of
/// quotes.
Outcome outcome(Expect expect, std::int64_t later) {
    test::Tape tape;
    tape.trade(60'000);
    const std::array events{tape.event(TrapKind::liquidity_grab, expect, 60'000)};
    tape.at(1s);
    tape.trade(60'000, events);
    tape.at(11s);
    tape.trade(later);
    tape.at(122s);
    tape.quiet();
    return tape.outcomes.events()[0].outcome;
}

}  // namespace

TEST(OutcomeOf, ReadsEveryExpectationOffTheFirstTouch) {
    struct Row {
        Touch touch;
        Outcome up, down, burst, inert;
    };
    using enum Outcome;
    constexpr std::array<Row, 5> rows{{{Touch::none, miss, miss, miss, hit},
                                       {Touch::up, hit, miss, hit, miss},
                                       {Touch::down, miss, hit, hit, miss},
                                       {Touch::both, miss, miss, hit, miss},
                                       {Touch::unresolved, unresolved, unresolved, unresolved, unresolved}}};
    for (const auto& row : rows) {
        SCOPED_TRACE(static_cast<int>(row.touch));
        EXPECT_EQ(strategies::outcome_of(Expect::up, row.touch), row.up);
        EXPECT_EQ(strategies::outcome_of(Expect::down, row.touch), row.down);
        EXPECT_EQ(strategies::outcome_of(Expect::burst, row.touch), row.burst);
        EXPECT_EQ(strategies::outcome_of(Expect::inert, row.touch), row.inert);
    }
}

TEST(TrapOutcomes, JudgeByTheFrozenXWithinY) {
    EXPECT_EQ(outcome(Expect::up, 60'090), Outcome::hit);
    EXPECT_EQ(outcome(Expect::up, 60'089), Outcome::miss) << "time ran out";
    EXPECT_EQ(outcome(Expect::up, 59'910), Outcome::miss);
    EXPECT_EQ(outcome(Expect::down, 59'910), Outcome::hit);
    EXPECT_EQ(outcome(Expect::down, 60'090), Outcome::miss);
    EXPECT_EQ(outcome(Expect::burst, 59'910), Outcome::hit);
    EXPECT_EQ(outcome(Expect::inert, 60'089), Outcome::hit);
    EXPECT_EQ(outcome(Expect::inert, 60'090), Outcome::miss);
}

TEST(TrapOutcomes, CountYOfReversalTrapsInBarsOfTheirTimeframe) {
    test::Tape tape;
    auto event = tape.event(TrapKind::bull_trap, Expect::down, 60'000);
    EXPECT_EQ(strategies::outcome_test(event, tape.settings), (OutcomeTest{1, 300s}));
    event.evidence[6] = 15;
    EXPECT_EQ(strategies::outcome_test(event, tape.settings), (OutcomeTest{1, 75min}));
}

TEST(TrapOutcomes, CountYOfFractalTrapsInThreeBarsOfTheConfiguredTimeframe) {
    for (const std::uint32_t minutes : {1u, 5u, 60u}) {
        pipeline::TrapSettings settings;
        settings.fractal.timeframe_min = minutes;
        test::Tape tape{settings};
        const auto event = tape.event(TrapKind::fractal_trap, Expect::down, 60'000);
        EXPECT_EQ(strategies::outcome_test(event, settings), (OutcomeTest{.5, 3 * minutes * 1min}));
        tape.trade(60'000);
        for (std::uint32_t i = 1; i <= 9 * minutes + 1; ++i) {
            tape.at(i * 1min);
            tape.quiet();
        }
        EXPECT_EQ(tape.outcomes.controls(tape.world.id, {.5, 3 * minutes * 1min}).n(), 2u)
            << "judged beside controls of the same length";
    }
}

TEST(TrapOutcomes, LeaveOpenWhatAGapTheEndOrSilenceInterrupts) {
    for (const bool by_gap : {true, false}) {
        SCOPED_TRACE(by_gap);
        test::Tape tape;
        tape.trade(60'000);
        const std::array events{tape.event(TrapKind::liquidity_grab, Expect::up, 60'000)};
        tape.trade(60'000, events);
        tape.at(10s);
        tape.trade(60'100);
        if (by_gap) {
            tape.gap();
        } else {
            tape.at(11min);
            tape.trade(60'100);
        }
        tape.at(12min);
        tape.quiet();
        EXPECT_EQ(tape.outcomes.events()[0].outcome, Outcome::unresolved);
    }
    test::Tape tape;
    tape.trade(60'000);
    const std::array events{tape.event(TrapKind::liquidity_grab, Expect::up, 60'000)};
    tape.trade(60'000, events);
    tape.at(119s);
    tape.trade(60'100);
    tape.outcomes.finish();
    EXPECT_EQ(tape.outcomes.events()[0].outcome, Outcome::unresolved) << "a second before its time was over";
}

TEST(TrapOutcomes, CountWhatWasLabelledOfAKindAsItHappens) {
    test::Tape tape;
    tape.trade(60'000);
    const auto labelled = [&] {
        const auto share = tape.outcomes.labelled(tape.world.id, TrapKind::liquidity_grab);
        return std::pair{share.hits, share.n};
    };
    const auto raise = [&](core::Nanoseconds time, Expect expect) {
        tape.at(time);
        const std::array events{tape.event(TrapKind::liquidity_grab, expect, 60'000)};
        tape.trade(60'000, events);
    };
    raise(0s, Expect::up);
    raise(60s, Expect::up);  // overlaps the first
    tape.at(90s);
    tape.trade(60'090);
    EXPECT_EQ(labelled(), std::pair(std::uint64_t{0}, std::uint64_t{0})) << "its time is not over";
    raise(121s, Expect::down);
    EXPECT_EQ(labelled(), std::pair(std::uint64_t{1}, std::uint64_t{1}));
    tape.at(242s);
    tape.quiet();
    EXPECT_EQ(labelled(), std::pair(std::uint64_t{1}, std::uint64_t{2})) << "the third missed";
    raise(300s, Expect::down);
    tape.gap();
    tape.at(500s);
    tape.quiet();
    EXPECT_EQ(labelled(), std::pair(std::uint64_t{1}, std::uint64_t{2})) << "nobody knows of the fourth";
    EXPECT_EQ(tape.outcomes.labelled(core::no_instrument, TrapKind::liquidity_grab).n, 0u);
}

TEST(TrapOutcomes, LetOnlyTheFirstOfOverlappingEventsCount) {
    test::Tape tape;
    tape.trade(60'000);
    const auto raise = [&](Nanoseconds when, TrapKind kind, std::uint8_t revision = 0) {
        tape.at(when);
        auto event = tape.event(kind, Expect::up, 60'000);
        event.revision = revision;
        tape.trade(60'000, std::array{event});
    };
    raise(1s, TrapKind::liquidity_grab);
    raise(61s, TrapKind::liquidity_grab);
    raise(62s, TrapKind::liquidity_grab, 1);
    raise(63s, TrapKind::volatility_grab);
    raise(120s, TrapKind::liquidity_grab);
    raise(121s, TrapKind::liquidity_grab);

    const auto events = tape.outcomes.events();
    ASSERT_EQ(events.size(), 5u) << "an upgrade is no event of its own";
    EXPECT_FALSE(events[0].overlaps);
    EXPECT_TRUE(events[1].overlaps);
    EXPECT_FALSE(events[2].overlaps) << "another kind";
    EXPECT_TRUE(events[3].overlaps) << "still closer than Y to the one that counts";
    EXPECT_FALSE(events[4].overlaps);
}

TEST(TrapOutcomes, LetAnHoursTrapHideNoMinutes) {
    test::Tape tape;
    tape.trade(60'000);
    const auto bull_trap = [&](double minutes) {
        auto event = tape.event(TrapKind::bull_trap, Expect::down, 60'000);
        event.evidence[6] = minutes;
        return event;
    };
    const std::array both{bull_trap(60), bull_trap(1)};
    tape.at(1s);
    tape.trade(60'000, both);
    for (const auto after : {2min, 6min}) {  // within five minutes of the first, and after them
        tape.at(after);
        const std::array minute{bull_trap(1)};
        tape.trade(60'000, minute);
    }

    const auto events = tape.outcomes.events();
    ASSERT_EQ(events.size(), 4u);
    EXPECT_EQ(events[0].test.horizon, 5h);
    EXPECT_EQ(events[1].test.horizon, 5min);
    EXPECT_FALSE(events[0].overlaps);
    EXPECT_FALSE(events[1].overlaps);
    EXPECT_TRUE(events[2].overlaps);
    EXPECT_FALSE(events[3].overlaps);
}

TEST(TrapOutcomes, FollowCandlesWhereThereAreNoTrades) {
    test::Tape tape;
    const auto open = std::array{[&] {
        auto event = tape.event(TrapKind::stop_hunt_up, Expect::down, 60'000);
        event.time = tape.now + 60s;
        return event;
    }()};
    tape.candle(0s, 59'990, 60'200, 60'000);
    tape.candle(60s, 59'950, 60'050, 59'960, open);
    tape.candle(120s, 59'900, 59'960, 59'900);
    for (int i = 3; i < 7; ++i) tape.candle(i * 60s, 59'900, 59'960, 59'900);
    tape.outcomes.finish();
    ASSERT_EQ(tape.outcomes.events().size(), 1u);
    EXPECT_EQ(tape.outcomes.events()[0].outcome, Outcome::hit) << "−15 bps in the second candle after it";

    // Controls of 300 s on the epoch: the one at 0 has no price yet, the one at 300 s no time.
    EXPECT_EQ(tape.outcomes.controls(tape.world.id, {.5, 300s}).n(), 0u);
    EXPECT_EQ(tape.outcomes.controls(tape.world.id, {.5, 120s}).n(), 2u);
}

TEST(TrapOutcomes, TakeTheStopBeforeTheTargetWhenOneCandleHasBoth) {
    test::Tape tape;
    auto event = tape.event(TrapKind::stop_hunt_up, Expect::down, 60'000);
    event.time += 60s;
    tape.candle(0s, 59'990, 60'010, 60'000);
    tape.candle(60s, 59'900, 60'100, 60'000, std::array{event});
    for (int i = 2; i < 7; ++i) tape.candle(i * 60s, 59'990, 60'010, 60'000);
    tape.outcomes.finish();
    EXPECT_EQ(tape.outcomes.events()[0].outcome, Outcome::miss);
}

TEST(TrapOutcomes, TreatMoreThanThreeMissingCandlesAsAGap) {
    for (const int missing : {3, 4}) {
        SCOPED_TRACE(missing);
        test::Tape tape;
        auto event = tape.event(TrapKind::stop_hunt_up, Expect::down, 60'000);
        event.time += 60s;
        tape.candle(0s, 59'990, 60'010, 60'000);
        tape.candle(60s, 59'990, 60'010, 60'000, std::array{event});
        for (int i = 2 + missing; i < 20; ++i) tape.candle(i * 60s, 59'990, 60'010, 60'000);
        tape.outcomes.finish();
        EXPECT_EQ(tape.outcomes.events()[0].outcome, missing == 3 ? Outcome::miss : Outcome::unresolved);
    }
}

namespace {

/// What a random tape did, kept whole for the twin.
struct Past {
    struct Tick {
        Nanoseconds time;
        std::optional<double> trade;
        double threshold;  ///< before this tick
        bool gap;
    };
    std::vector<Tick> ticks;

    /// Index of the tick that lost the feed after tick `i`, or the end.
    [[nodiscard]] std::size_t lost_after(std::size_t i) const {
        for (++i; i < ticks.size(); ++i)
            if (ticks[i].gap || ticks[i].time - ticks[i - 1].time > strategies::TrapOutcomes::silence) return i;
        return ticks.size();
    }
    /// The path from p0 through the trades of ticks [i, …), whose last known tick is before `lost`.
    [[nodiscard]] Touch touch(double p0, double bps, std::size_t i, std::size_t lost, Nanoseconds until) const {
        if (ticks[lost - 1].time < until) return Touch::unresolved;
        for (; i < lost && ticks[i].time <= until; ++i) {
            if (!ticks[i].trade) continue;
            const double moved = 1e4 * (*ticks[i].trade - p0) / p0;
            if (moved >= bps) return Touch::up;
            if (moved <= -bps) return Touch::down;
        }
        return Touch::none;
    }
    /// Every control time by the definition: the price and T as they stood before the first tick at or after it.
    [[nodiscard]] strategies::Controls controls(const OutcomeTest& test) const {
        strategies::Controls counts;
        std::size_t begin = 0;
        while (begin < ticks.size() && !ticks[begin].trade) ++begin;
        while (begin < ticks.size()) {
            const std::size_t lost = lost_after(begin);
            std::optional<double> price = ticks[begin].trade;
            for (std::size_t i = begin + 1; i < lost; ++i) {
                for (auto t = ticks[i - 1].time / test.horizon * test.horizon; t <= ticks[i].time; t += test.horizon) {
                    if (t <= ticks[i - 1].time || !price) continue;
                    const auto seen = touch(*price, test.x * ticks[i].threshold, i, lost, t + test.horizon);
                    ++counts.touches[static_cast<std::size_t>(seen)];
                }
                if (ticks[i].trade) price = ticks[i].trade;
            }
            begin = lost;
        }
        return counts;
    }
};

}  // namespace

RC_GTEST_PROP(TrapOutcomes, AgreeWithASlowTwinOverRandomPaths, ()) {
    test::Tape tape;
    Past past;
    struct Raised {
        double price, bps;
        std::size_t tick;
        Expect expect;
        Nanoseconds until;
    };
    std::vector<Raised> raised;
    auto price = std::int64_t{60'000};
    Nanoseconds after{};
    const auto steps = *rc::gen::inRange(1, 400);
    for (int i = 0; i < steps; ++i) {
        const int what = *rc::gen::inRange(0, 100);
        after += what == 99 ? Nanoseconds{700s} : Nanoseconds{std::chrono::seconds{*rc::gen::inRange(0, 20)}};
        tape.at(after);
        const double before = tape.threshold;
        if (what % 10 == 0) tape.threshold = *rc::gen::inRange(5, 80);
        if (what == 98) {
            tape.gap();
            past.ticks.push_back({tape.now, std::nullopt, before, true});
        } else if (what > 90) {
            tape.quiet();
            past.ticks.push_back({tape.now, std::nullopt, before, false});
        } else {
            price += *rc::gen::inRange(-60, 61);
            past.ticks.push_back({tape.now, static_cast<double>(price), before, false});
            if (what > 80 && i > 0) {
                const auto expect = static_cast<Expect>(what % 4);
                tape.trade(price, std::array{tape.event(TrapKind::liquidity_grab, expect, static_cast<double>(price))});
                raised.push_back(
                    {static_cast<double>(price), .5 * tape.threshold, past.ticks.size() - 1, expect, tape.now + 120s});
            } else {
                tape.trade(price);
            }
        }
    }
    tape.outcomes.finish();

    const auto events = tape.outcomes.events();
    std::size_t n = 0;
    for (const Raised& r : raised) {
        RC_ASSERT(n < events.size());
        auto expected = Touch::unresolved;
        bool began = false;  // the first trade of a tape ends no silence
        for (std::size_t i = 0; i < r.tick; ++i) began |= past.ticks[i].trade.has_value();
        const bool after_silence =
            began && past.ticks[r.tick].time - past.ticks[r.tick - 1].time > strategies::TrapOutcomes::silence;
        if (!after_silence) expected = past.touch(r.price, r.bps, r.tick, past.lost_after(r.tick), r.until);
        RC_ASSERT(events[n].outcome == strategies::outcome_of(r.expect, expected));
        ++n;
    }
    RC_ASSERT(n == events.size());
    for (const OutcomeTest& test : {grab_test[0], OutcomeTest{.3, 30s}, OutcomeTest{1, 600s}})
        RC_ASSERT(tape.outcomes.controls(tape.world.id, test).touches == past.controls(test).touches);
}
