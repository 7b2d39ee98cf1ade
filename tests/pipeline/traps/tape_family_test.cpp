#include "pipeline/traps/size_shares.hpp"
#include "pipeline/traps/time_dilation.hpp"
#include "tests/pipeline/traps/tape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <map>

/// wash_trading, stealth_accumulation, stealth_distribution and time_dilation.
namespace pipeline {
namespace {

using core::Side;
using test::Tape;
constexpr std::int64_t base = Tape::base;

/// Whatever passes the gate of these kinds is an event.
TrapSettings everything_of(std::initializer_list<TrapKind> kinds) {
    TrapSettings settings;
    settings.min_confidence = 0;
    for (auto& kind : settings.kinds) kind.enabled = false, kind.cooldown_s = 0;
    for (const TrapKind kind : kinds) settings.kinds[static_cast<std::size_t>(kind)].enabled = true;
    return settings;
}

TEST(SizeShares, EqualTheGoldenValues) {
    constexpr std::pair<std::array<std::int64_t, 10>, double> cases[] = {{{1, 1, 1, 1, 2, 2, 3, 4, 5, 6}, .24},
                                                                         {{2, 2, 2, 2, 2, 2, 2, 2, 1, 3}, .66},
                                                                         {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, .1}};
    for (const auto& [sizes, expected] : cases) {
        traps::SizeShares shares;
        for (int round = 0; round < 10; ++round) {
            EXPECT_FALSE(core::known(shares.concentration()));
            for (const std::int64_t size : sizes) shares.add(size);
        }
        EXPECT_NEAR(shares.concentration(), expected, 1e-12);
    }
}

RC_GTEST_PROP(SizeShares, EqualTheirSlowTwin, ()) {
    const auto spread = *rc::gen::element<std::int64_t>(2, 40, 1'000'000'000);
    const auto count = *rc::gen::inRange<std::size_t>(100, 1200);
    const auto sizes = *rc::gen::container<std::vector<std::int64_t>>(count, rc::gen::inRange<std::int64_t>(1, spread));
    const auto ask_every = *rc::gen::element<std::size_t>(1, 7, 99, 100, 101, 250);
    traps::SizeShares shares;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        shares.add(sizes[i]);
        if (i % ask_every != 0) continue;
        if (i + 1 < 100) {
            RC_ASSERT(!core::known(shares.concentration()));
            continue;
        }
        std::map<std::int64_t, double> counts;
        for (std::size_t n = i - 99; n <= i; ++n) ++counts[sizes[n]];
        double expected = 0;
        for (const auto& [size, n] : counts) expected += n / 100 * (n / 100);
        RC_ASSERT(std::abs(shares.concentration() - expected) < 1e-12);
    }
}

TEST(WashTrading, OneSizeBackAndForthAtOnePriceIsInert) {
    Tape tape{everything_of({TrapKind::wash_trading})};
    tape.quiet(0, 400);
    for (int i = 0; i < 3; ++i) tape.trade(400 + i, base, 5000, i % 2 ? Side::buy : Side::sell);
    EXPECT_TRUE(tape.events().empty());
    tape.trade(403, base, 5000, Side::buy);

    ASSERT_EQ(tape.events().size(), 1u);
    const TrapEvent& event = tape.events()[0];
    EXPECT_EQ(event.kind, TrapKind::wash_trading);
    EXPECT_EQ(event.expect, Expect::inert);
    EXPECT_EQ(event.time, Tape::time(403));
    EXPECT_EQ(event.evidence[0], 60000);
    EXPECT_EQ(event.evidence[1], 5);
    EXPECT_EQ(event.evidence[2], 4);
    EXPECT_NEAR(event.evidence[4], 20'000. / (20'000 + 56 * 1100), .01);
    EXPECT_NEAR(event.impact, 4 * event.evidence[4], 1e-12);
    EXPECT_FALSE(core::known(event.evidence[5]));
    EXPECT_EQ(tape.now().pressure_up, 0);
}

TEST(WashTrading, AnotherPriceSizeOrSideEndsTheRun) {
    for (const int change : {0, 1, 2}) {
        Tape tape{everything_of({TrapKind::wash_trading})};
        for (int i = 0; i < 30; ++i) {
            const bool break_it = i % 3 == 2;
            tape.trade(i, base + (break_it && change == 0 ? 10 : 0), break_it && change == 1 ? 2 : 1,
                       (i % 2 == 0) != (break_it && change == 2) ? Side::buy : Side::sell);
        }
        EXPECT_TRUE(tape.events().empty()) << change;
    }
}

TEST(WashTrading, AGapForgetsTheRun) {
    Tape tape{everything_of({TrapKind::wash_trading})};
    for (int i = 0; i < 3; ++i) tape.trade(i, base, 5000, i % 2 ? Side::buy : Side::sell);
    tape.gap(3);
    for (int i = 3; i < 6; ++i) tape.trade(i, base, 5000, i % 2 ? Side::buy : Side::sell);
    EXPECT_TRUE(tape.events().empty());
    tape.trade(6, base, 5000, Side::sell);

    ASSERT_EQ(tape.events().size(), 1u);
    EXPECT_FALSE(core::known(tape.events()[0].evidence[3]));  // not a hundred trades yet
    EXPECT_FALSE(core::known(tape.events()[0].evidence[4]));  // not a minute yet
    EXPECT_EQ(tape.events()[0].impact, 0);
}

TEST(WashTrading, TradesOfNothingAreNoRun) {
    Tape tape{everything_of({TrapKind::wash_trading})};
    for (int i = 0; i < 200; ++i) tape.trade(i, base, 0, i % 2 ? Side::buy : Side::sell);

    EXPECT_TRUE(tape.events().empty());
}

struct Deal {
    std::int64_t ms, price, size;
    bool buy;
};

std::vector<Deal> deals(int price_range, int size_range) {
    auto all = *rc::gen::container<std::vector<Deal>>(
        500, rc::gen::map(
                 rc::gen::tuple(rc::gen::inRange(0, 40), rc::gen::inRange(0, price_range),
                                rc::gen::inRange(1, 1 + size_range),
                                rc::gen::weightedElement<bool>({{1, false}, {5, true}})),
                 [](const std::tuple<int, int, int, bool>& t) {
                     const int wait = std::get<0>(t);  // mostly within a second; now and then a minute and more
                     return Deal{wait < 38 ? wait * 50 : wait * 1700, std::get<1>(t), std::get<2>(t), std::get<3>(t)};
                 }));
    std::int64_t now = 1000;
    bool side = true;
    const Deal* previous = nullptr;
    for (Deal& deal : all) {
        now += deal.ms;
        deal.ms = now;
        side = deal.buy ? !side : side;  // alternates five times of six
        deal.buy = side;
        if (previous != nullptr && now % 250 != 0) deal.price = previous->price, deal.size = previous->size;
        previous = &deal;
    }
    return all;
}

/// The slow twin: everything looked up again at each trade.
struct WashTwin {
    std::vector<Deal> all;
    std::vector<bool> washed;

    /// {run, H, share}; run 0: no gate.
    std::array<double, 3> add(const Deal& deal) {
        all.push_back(deal);
        washed.push_back(false);
        std::size_t run = 1;
        while (run < all.size() && run < 64) {
            const Deal &newer = all[all.size() - run], &older = all[all.size() - run - 1];
            if (older.price != newer.price || older.size != newer.size || older.buy == newer.buy) break;
            if (older.ms <= deal.ms - 60'000) break;
            ++run;
        }
        if (run < 4) return {};
        for (std::size_t i = all.size() - run; i < all.size(); ++i) washed[i] = true;
        double total = 0, wash = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i].ms / 1000 <= deal.ms / 1000 - 60) continue;
            total += static_cast<double>(all[i].size);
            wash += washed[i] ? static_cast<double>(all[i].size) : 0;
        }
        const bool minute = deal.ms / 1000 - all[0].ms / 1000 >= 59;
        std::map<std::int64_t, double> counts;
        for (std::size_t i = all.size() - std::min<std::size_t>(all.size(), 100); i < all.size(); ++i)
            ++counts[all[i].size];
        double squares = 0;
        for (const auto& [size, n] : counts) squares += n * n;
        return {static_cast<double>(run), all.size() < 100 ? core::unknown : squares / 10'000,
                minute ? wash / total : core::unknown};
    }
};

bool same(double a, double b) {
    return core::known(a) ? std::abs(a - b) < 1e-12 : !core::known(b);
}

RC_GTEST_PROP(WashTrading, EqualsItsSlowTwin, ()) {
    const auto tape_of_deals = deals(*rc::gen::element(1, 2), *rc::gen::element(1, 3));
    Tape tape{everything_of({TrapKind::wash_trading})};
    WashTwin twin;
    std::size_t events = 0;
    for (const Deal& deal : tape_of_deals) {
        tape.trade(static_cast<double>(deal.ms) * 1e-3, base + deal.price, deal.size,
                   deal.buy ? Side::buy : Side::sell);
        const auto [run, concentration, share] = twin.add(deal);
        events += run > 0;
        RC_ASSERT(tape.events().size() == events);
        if (run == 0) continue;
        RC_ASSERT(tape.events().back().evidence[2] == run);
        RC_ASSERT(same(concentration, tape.events().back().evidence[3]));
        RC_ASSERT(same(share, tape.events().back().evidence[4]));
    }
    RC_CLASSIFY(events > 0);
}

/// A trade a second with three bought to one sold, in a band of 4 bps.
void one_sided(Tape& tape, int from, int to, Side side = Side::buy) {
    for (int s = from; s < to; ++s)
        tape.trade(s + .5, base + 60 * (s % 5), 1000, s % 4 == 0 ? core::opposite(side) : side);
}

TEST(Stealth, QuietOneSidedFlowIsFoundAtTheFifteenthMinute) {
    Tape tape{everything_of({TrapKind::stealth_accumulation, TrapKind::stealth_distribution})};
    one_sided(tape, 0, 900);
    EXPECT_TRUE(tape.events().empty());
    tape.clock(900);

    ASSERT_EQ(tape.events().size(), 1u);
    const TrapEvent& event = tape.events()[0];
    EXPECT_EQ(event.kind, TrapKind::stealth_accumulation);
    EXPECT_EQ(event.expect, Expect::up);
    EXPECT_EQ(event.time, Tape::time(900));
    EXPECT_NEAR(event.evidence[0], .5, 1e-12);
    EXPECT_NEAR(event.evidence[1], .4, 1e-12);
    EXPECT_EQ(event.evidence[2], 1);
    EXPECT_NEAR(event.evidence[3], 900, 1e-9);
    EXPECT_NEAR(event.confidence, .45 + .30 * (1 - .4 / 25) + .25, 1e-12);
    EXPECT_NEAR(event.impact, 2, 1e-12);
}

TEST(Stealth, SellingIsADistributionThatExpectsAFall) {
    Tape tape{everything_of({TrapKind::stealth_accumulation, TrapKind::stealth_distribution})};
    one_sided(tape, 0, 901, Side::sell);

    ASSERT_EQ(tape.events().size(), 1u);
    EXPECT_EQ(tape.events()[0].kind, TrapKind::stealth_distribution);
    EXPECT_EQ(tape.events()[0].expect, Expect::down);
    EXPECT_NEAR(tape.events()[0].evidence[0], -.5, 1e-12);
}

TEST(Stealth, NeedsWholeMinutesTheBandAndTheFlow) {
    const auto kinds = everything_of({TrapKind::stealth_accumulation, TrapKind::stealth_distribution});
    Tape partial{kinds}, wide{kinds}, balanced{kinds}, torn{kinds};
    one_sided(partial, 30, 959);  // the first minute is half a one
    one_sided(wide, 0, 450);
    wide.trade(450.1, base + 26 * 600);
    one_sided(wide, 451, 901);
    balanced.quiet(0, 901);
    one_sided(torn, 0, 600);
    torn.gap(600);
    one_sided(torn, 600, 1499);

    EXPECT_TRUE(partial.events().empty());
    const auto missed = [](const Tape& tape) {
        return tape.counters().unknown[static_cast<std::size_t>(traps::Measure::stealth_minutes)];
    };
    EXPECT_EQ(missed(balanced), 14u) << "minutes before the window is full";
    EXPECT_EQ(missed(partial), 15u) << "and the half one";
    EXPECT_TRUE(wide.events().empty());
    EXPECT_TRUE(balanced.events().empty());
    EXPECT_TRUE(torn.events().empty());
    partial.clock(960);
    torn.clock(1500);
    EXPECT_EQ(partial.events().size(), 1u);
    EXPECT_EQ(torn.events().size(), 1u);
}

TEST(Stealth, ALongSilenceIsFlowOfNobody) {
    auto settings = everything_of({TrapKind::stealth_accumulation});
    settings.kinds[static_cast<std::size_t>(TrapKind::stealth_accumulation)].cooldown_s =
        180;  // a tick carries eight events
    Tape sparse{settings}, dense{settings};
    for (Tape* tape : {&sparse, &dense}) one_sided(*tape, 0, 700);
    for (int s = 700; s < 4000; ++s) dense.clock(s);
    for (Tape* tape : {&sparse, &dense}) one_sided(*tape, 4010, 5800);

    ASSERT_FALSE(sparse.events().empty());
    ASSERT_EQ(sparse.events().size(), dense.events().size());
    for (std::size_t i = 0; i < sparse.events().size(); ++i) {
        EXPECT_EQ(sparse.events()[i].time, dense.events()[i].time);
        EXPECT_EQ(sparse.events()[i].evidence[0], dense.events()[i].evidence[0]);
        EXPECT_EQ(sparse.events()[i].evidence[1], dense.events()[i].evidence[1]);
        EXPECT_EQ(sparse.events()[i].evidence[2], dense.events()[i].evidence[2]);
    }
}

TEST(ArrivalClock, ScoresEqualTheGoldenValues) {
    using traps::ArrivalClock;
    EXPECT_NEAR(ArrivalClock::score(std::log(.02), std::log(.08), .9), -6.8886, 1e-4);
    EXPECT_NEAR(ArrivalClock::score(std::log(.4), std::log(.08), 1.2), 5.9980, 1e-4);
    EXPECT_NEAR(ArrivalClock::score(std::log(.06), std::log(.08), 1.2), -1.0721, 1e-4);
}

RC_GTEST_PROP(ArrivalClock, EqualsItsSlowTwin, ()) {
    const auto gaps = *rc::gen::container<std::vector<int>>(900, rc::gen::inRange(0, 3000));
    traps::ArrivalClock clock;
    core::Nanoseconds now = std::chrono::seconds{5};
    clock.arrive(now);
    std::vector<double> u;
    double mean = 0, variance = 0;
    for (const int gap : gaps) {
        now += std::chrono::milliseconds{gap};
        const double z = clock.arrive(now);
        if (gap > 0) {
            u.push_back(std::log(gap * 1e-3));
            if (u.size() == 1) mean = u[0];
            const double delta = u.back() - mean;
            mean += delta / 500;
            variance = (1 - 1. / 500) * (variance + delta * delta / 500);
        }
        RC_ASSERT(core::known(z) == (gap > 0 && u.size() >= 500));
        if (!core::known(z)) continue;
        double fast = 0;
        for (std::size_t i = u.size() - 20; i < u.size(); ++i) fast += u[i] / 20;
        RC_ASSERT(std::abs(z - (fast - mean) / std::sqrt(variance / 20)) < 1e-9);
    }
}

TEST(ArrivalClock, IsUnknownWhenAllGapsAreAlike) {
    traps::ArrivalClock clock;
    for (int i = 0; i < 2000; ++i) EXPECT_FALSE(core::known(clock.arrive(std::chrono::milliseconds{250 * i})));
}

RC_GTEST_PROP(MinuteMaximum, EqualsItsSlowTwin, (std::vector<std::pair<std::uint8_t, std::uint8_t>> steps)) {
    traps::MinuteMaximum maximum;
    std::deque<std::pair<std::int64_t, double>> all;
    std::int64_t second = 0;
    for (const auto& [wait, value] : steps) {
        second += wait % 8 == 7 ? wait : wait % 4;
        if (value % 3 != 0) maximum.add(second, value), all.emplace_back(second, value);
        double expected = 0;
        for (const auto& [at, x] : all)
            if (at > second - 60) expected = std::max(expected, x);
        RC_ASSERT(maximum.at(second) == expected);
    }
}

/// Trades some .8 to 1.2 s apart that go nowhere; returns the time of the last.
double steady(Tape& tape, int count, double from = 0) {
    for (int i = 0; i < count; ++i) {
        from += .8 + .04 * (i * 7 % 11);
        tape.trade(from, base + 60 * (i % 2), 1000 + i * 37 % 300, i % 3 == 0 ? Side::buy : Side::sell);
    }
    return from;
}

TEST(TimeDilation, AHaltBeforeTheMoveExpectsABurst) {
    Tape tape{everything_of({TrapKind::time_dilation})};
    double now = steady(tape, 700);
    EXPECT_TRUE(tape.events().empty());
    EXPECT_EQ(tape.counters().unknown[static_cast<std::size_t>(traps::Measure::arrivals)], 500u);
    for (int i = 0; i < 20; ++i) tape.trade(now += .01, base);

    ASSERT_FALSE(tape.events().empty());
    const TrapEvent& event = tape.events()[0];
    EXPECT_EQ(event.kind, TrapKind::time_dilation);
    EXPECT_EQ(event.expect, Expect::burst);
    EXPECT_LE(event.evidence[0], -6);
    EXPECT_NEAR(event.impact, std::abs(event.evidence[0]) / 6, 1e-12);
    EXPECT_LT(event.evidence[2], event.evidence[3]);  // mean gaps
    EXPECT_NEAR(event.evidence[3], 1, .1);
    EXPECT_LT(event.evidence[4], .5);
}

TEST(TimeDilation, ACollapseAfterAnExpansionSeesItsOpposite) {
    Tape tape{everything_of({TrapKind::time_dilation})};
    double now = steady(tape, 700);
    for (int i = 0; i < 3; ++i) tape.trade(now += 8, base);
    ASSERT_FALSE(tape.events().empty());
    EXPECT_GT(tape.events().back().evidence[0], 6);
    const double widest = tape.events().back().evidence[0];
    for (int i = 0; i < 40; ++i) tape.trade(now += .001, base);

    EXPECT_LT(tape.events().back().evidence[0], -6);
    EXPECT_GE(tape.events().back().evidence[1], widest);
}

TEST(TimeDilation, IsSilentOnceThePriceHasMoved) {
    Tape tape{everything_of({TrapKind::time_dilation})};
    double now = steady(tape, 700);
    tape.trade(now += .01, base + 16 * 600);  // 16 of 30 bps
    for (int i = 0; i < 30; ++i) tape.trade(now += .01, base);

    EXPECT_TRUE(tape.events().empty());
}

TEST(TimeDilation, ClockStepsBackAndTradesOfOneTimeAreNoArrivals) {
    Tape plain{everything_of({TrapKind::time_dilation})}, doubled{everything_of({TrapKind::time_dilation})};
    double now = 0;
    for (int i = 0; i < 800; ++i) {
        now += i < 750 ? .8 + .04 * (i * 7 % 11) : .01;
        plain.trade(now, base, 1000 + i % 7);
        doubled.trade(now, base, 1000 + i % 7);
        doubled.trade(now, base, 1000 + i % 7);
    }

    ASSERT_FALSE(plain.events().empty());
    ASSERT_EQ(plain.events().size(), doubled.events().size());
    EXPECT_EQ(plain.events().back().evidence[0], doubled.events().back().evidence[0]);
}

TEST(TimeDilation, AGapStartsTheWarmUpAgain) {
    Tape tape{everything_of({TrapKind::time_dilation})};
    double now = steady(tape, 700);
    tape.gap(now);
    now = steady(tape, 400, now);
    for (int i = 0; i < 50; ++i) tape.trade(now += .01, base);

    EXPECT_TRUE(tape.events().empty());
}

}  // namespace
}  // namespace pipeline
