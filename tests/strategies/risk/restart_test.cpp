// What a restart must not undo: a halt, the peak, the day's loss, the plan of a position.
#include "strategies/risk/protections.hpp"
#include "tests/strategies/risk/bench.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

using namespace strategies;
using core::Execution;
using core::OrderType;
using core::Purpose;
using core::Side;
using test::find;
using test::money;
using test::resting;
using test::World;

namespace {

/// An account of 10000 that a restarted engine takes over.
struct Restarted {
    World world;
    RiskStage stage{{.risk = {}, .bracket = {}, .start_equity = money(10'000)}, world.instruments};
    Intents none{};
    Orders out{};

    void step(const core::Tick& tick, std::int64_t bid = 999) { stage.on(tick, world.market(bid, bid + 1), none, out); }
    void command(Command code, std::uint64_t id = 0, std::int64_t a = 0, std::int64_t b = 0, std::int64_t c = 0) {
        auto tick = world.tick(core::TickKind::command);
        tick.code = static_cast<std::uint16_t>(code);
        tick.command = {.id = id, .argument = {a, b, c}};
        step(tick);
    }
    void account(const AccountMemory& memory) {
        command(Command::restore_account, memory.bits(), memory.peak.units, memory.day_start.units, memory.day);
    }
    void held(std::int64_t entry, std::int64_t quantity) {
        step(world.execution({}, Side::buy, Execution::held, entry, quantity));
    }
    void plan(std::uint64_t leg, std::int64_t price, double value) {
        command(Command::restore_plan, leg, price, std::bit_cast<std::int64_t>(value));
    }
};

}  // namespace

TEST(Protections, AHaltAndThePeakOutliveARestart) {
    Protections first{{}, money(10'000), 1, 1};
    auto now = core::Nanoseconds{std::chrono::hours{480'000}};
    for (const double equity : {10000., 10200., 10100., 9900., 9690., 9180., 8160.}) {
        first.on_equity(money(equity), now);
        now += std::chrono::hours{24};  // the drawdown's row, without a day's loss of 5 %
    }
    ASSERT_EQ(first.mode(), Mode::halted);

    Protections second{{}, money(9000), 1, 1};
    second.restore(first.memory());
    second.begin(money(9000), now);
    second.on_equity(money(9000), now);
    EXPECT_EQ(second.mode(), Mode::halted) << "restart at 9000: still halted";
    EXPECT_EQ(second.peak(), money(10'200)) << "never lowered by a restart";

    second.resume(money(9000));
    second.on_equity(money(9000), now);
    EXPECT_EQ(second.peak(), money(9000));
    EXPECT_EQ(second.mode(), Mode::active);
}

TEST(Protections, ARestartOfTheSameDayCountsItsLossOn) {
    Protections first{{}, money(10'300), 1, 1};
    const auto now = core::Nanoseconds{std::chrono::hours{480'000}};
    first.on_equity(money(10'300), now);

    Protections second{{}, money(10'000), 1, 1};
    second.restore(first.memory());
    second.begin(money(10'000), now);
    second.on_equity(money(10'000), now);
    EXPECT_EQ(second.mode(), Mode::active);
    second.on_equity(money(9991), now);
    EXPECT_EQ(second.mode(), Mode::reduce_only);
    second.on_equity(money(9785), now);
    EXPECT_TRUE(second.take_flatten());
    EXPECT_EQ(second.mode(), Mode::halted);
}

TEST(Protections, WhoResumesAfterTheDaysLossIsNotOverruledButTheDayStaysClosed) {
    Protections p{{}, money(10'000), 1, 1};
    const auto now = core::Nanoseconds{std::chrono::hours{480'000}};
    p.on_equity(money(10'000), now);
    p.on_equity(money(9400), now);
    ASSERT_TRUE(p.take_flatten());
    p.resume(money(9400));
    p.on_equity(money(9390), now);
    EXPECT_EQ(p.mode(), Mode::reduce_only);
    EXPECT_FALSE(p.take_flatten());
    p.on_equity(money(9390), now + std::chrono::hours{24});
    EXPECT_EQ(p.mode(), Mode::active);
}

TEST(RiskStage, ARestartWithAnOpenLossIsNoLossOfToday) {
    Restarted run;
    run.step(run.world.trade(951), 950);
    run.command(Command::restore_account);
    run.held(1000, 10);
    EXPECT_EQ(run.stage.protections().mode(), Mode::active);
    run.command(Command::restored);
    run.step(run.world.trade(951), 950);

    EXPECT_EQ(run.stage.account().equity(), money(9500)) << "wallet 10000, the mark is 950";
    EXPECT_EQ(run.stage.protections().mode(), Mode::active);
    EXPECT_EQ(run.stage.protections().day_start(), money(9500));
    EXPECT_EQ(run.stage.protections().peak(), money(9500));
    EXPECT_EQ(find(run.out, Purpose::exit, OrderType::market), nullptr);

    run.world.now += std::chrono::seconds{1};
    run.step(run.world.trade(900), 899);  // 8990: a loss of this run
    EXPECT_EQ(run.stage.protections().mode(), Mode::halted);
    EXPECT_NE(find(run.out, Purpose::exit, OrderType::market), nullptr);
}

TEST(RiskStage, WhatIsHeldIsNotJudgedBeforeItsPriceIsKnown) {
    Restarted run;
    run.command(Command::restore_account);
    auto held = run.world.execution({}, Side::buy, Execution::held, 1000, 10);
    run.stage.on(held, {}, run.none, run.out);  // no book, no trade yet
    run.command(Command::restored);
    run.stage.on(run.world.tick(core::TickKind::funding), {}, run.none, run.out);
    EXPECT_EQ(run.stage.protections().mode(), Mode::active);
    EXPECT_FALSE(run.out.account_changed) << "what was kept is not overwritten by what is not known yet";

    run.step(run.world.trade(951), 950);
    EXPECT_EQ(run.stage.protections().day_start(), money(9500));
    EXPECT_TRUE(run.out.account_changed);
}

TEST(RiskStage, ARestoredHaltHoldsUntilAnOperatorResumes) {
    Restarted run;
    run.account({.peak = money(12'000), .day_start = money(10'000), .day = 0, .halted = true});
    run.command(Command::restored);
    run.step(run.world.trade(1000));
    EXPECT_EQ(run.stage.protections().mode(), Mode::halted);
    EXPECT_EQ(run.stage.protections().peak(), money(12'000));

    run.command(Command::resume);
    EXPECT_TRUE(run.out.account_changed);
    EXPECT_FALSE(run.out.account.halted);
    EXPECT_EQ(run.out.account.peak, money(10'000));
    run.world.now += std::chrono::seconds{1};
    run.step(run.world.trade(1000));
    EXPECT_EQ(run.stage.protections().mode(), Mode::active);
}

TEST(RiskStage, AFlattenThatAKillCutShortGoesOn) {
    Restarted run;
    run.account({.peak = money(12'000), .day_start = money(10'000), .day = 0, .halted = true, .flattening = true});
    run.held(1000, 5);
    EXPECT_EQ(find(run.out, Purpose::exit, OrderType::market), nullptr) << "not before everything is known";
    run.command(Command::restored);
    run.step(run.world.trade(1000));
    EXPECT_NE(find(run.out, Purpose::exit, OrderType::market), nullptr);
}

TEST(RiskStage, TheTargetsThatAStopCancelledComeBackWithTheirShares) {
    Restarted run;
    run.command(Command::restore_account);
    run.plan(0, 980, 0);
    run.plan(2, 1040, .4);
    run.plan(3, 1060, .2);
    run.step(resting(run.world, core::OrderId::of(1, 7), Purpose::stop, 980, 60));
    run.held(1000, 60);

    ASSERT_EQ(run.out.count, 2) << "the stop is there";
    EXPECT_EQ(find(run.out, Purpose::target, OrderType::limit, 1040)->quantity.units, 40);
    EXPECT_EQ(find(run.out, Purpose::target, OrderType::limit, 1060)->quantity.units, 20);
}

TEST(RiskStage, ThePlanOfAnInstrumentWaitsHoweverLateItIsRestored) {
    Restarted run;
    run.command(Command::restore_account);
    run.plan(0, 990, 0);
    run.plan(2, 1040, .4);
    run.plan(3, 1060, .2);
    run.command(Command::restored);
    run.step(run.world.trade(1000));
    run.world.now += std::chrono::minutes{10};
    run.step(run.world.trade(1000));

    run.held(1000, 60);

    EXPECT_EQ(find(run.out, Purpose::stop, OrderType::stop_market)->trigger.units, 990);
    EXPECT_EQ(find(run.out, Purpose::target, OrderType::limit, 1040)->quantity.units, 40);
    EXPECT_EQ(find(run.out, Purpose::target, OrderType::limit, 1060)->quantity.units, 20);
}

TEST(RiskStage, ThePlanOfAPositionThatDidNotComeBackIsForgotten) {
    Restarted run;
    run.command(Command::restore_account);
    run.plan(0, 990, 0);
    run.command(Command::instrument_restored);
    run.command(Command::restored);
    run.step(run.world.trade(1000));

    run.step(run.world.execution(core::OrderId::of(9, 1), Side::buy, Execution::filled_taker, 1000, 10));

    EXPECT_EQ(find(run.out, Purpose::stop, OrderType::stop_market)->trigger.units, 980) << "the settings' stop";
}

TEST(RiskStage, OfTargetsThatStillRestThePlansOnesStayAndOthersGo) {
    Restarted run;
    const auto kept = core::OrderId::of(1, 8), strange = core::OrderId::of(1, 9);
    run.command(Command::restore_account);
    run.plan(0, 990, 160);
    run.plan(2, 1040, 1);
    run.step(resting(run.world, core::OrderId::of(1, 7), Purpose::stop, 980, 60));
    run.step(resting(run.world, kept, Purpose::target, 1040, 60));
    run.step(resting(run.world, strange, Purpose::target, 1070, 10));
    run.held(1000, 60);

    const auto* stop = find(run.out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(stop, nullptr) << "the plan's was tighter already";
    EXPECT_EQ(stop->trigger.units, 990);
    EXPECT_EQ(find(run.out, Purpose::target, OrderType::limit), nullptr);
    const auto* gone = find(run.out, Purpose::target, OrderType::cancel);
    ASSERT_NE(gone, nullptr);
    EXPECT_EQ(gone->id, strange);
}

TEST(RiskStage, APlanIsToldWhenItChangesAndForgottenWithItsPosition) {
    test::RiskBench bench;
    const auto entry = bench.enter(100);
    EXPECT_FALSE(bench.out.plan_changed);
    bench.fill(entry.id, Side::buy, 1000, 100);
    ASSERT_TRUE(bench.out.plan_changed);
    EXPECT_EQ(bench.out.plan.stop.units, 980);
    EXPECT_EQ(bench.out.plan.targets[0], (PlanMemory::Target{{1020}, .4}));
    const auto target = find(bench.out, Purpose::target, OrderType::limit, 1020)->id;
    bench.accept(target);
    EXPECT_FALSE(bench.out.plan_changed);
    bench.fill(target, Side::sell, 1020, 40);
    ASSERT_TRUE(bench.out.plan_changed);
    EXPECT_EQ(bench.out.plan.targets[0], PlanMemory::Target{}) << "it is done";
    bench.fill(core::OrderId::of(9, 9), Side::sell, 1000, 60);
    ASSERT_TRUE(bench.out.plan_changed);
    EXPECT_FALSE(bench.out.plan.active);
}

TEST(RiskStage, RefusesEntriesWhileAPositionIsInDoubt) {
    test::RiskBench bench;
    auto doubt = bench.world.tick(core::TickKind::command);
    doubt.code = static_cast<std::uint16_t>(Command::doubt);
    doubt.command = {.id = 0, .argument = {1, 0, 0}};
    bench.step(doubt);
    Intents intents{};
    intents.intent_count = 1;
    auto& order = intents.intents[0].order;
    order.instrument = bench.world.id;
    order.type = OrderType::limit;
    order.price = {1000};
    order.quantity = {10};
    intents.intents[0].stop_price = {980};
    bench.step(bench.world.trade(1000));
    bench.step(bench.world.trade(1000), intents);
    EXPECT_EQ(bench.out.verdicts[0].denial, Denial::reconcile);

    doubt.command.argument[0] = 0;
    bench.step(doubt);
    bench.step(bench.world.trade(1000), intents);
    EXPECT_EQ(bench.out.verdicts[0].denial, Denial::none);
}

TEST(Account, CoinsOfAnEarlierRunCountBesideTheCash) {
    World world{core::Market::spot};
    Account account{money(10'000), world.instruments};
    account.on(world.execution({}, Side::buy, Execution::held, 1000, 2), world.market(999, 1001));
    EXPECT_EQ(account.equity(), money(12'000));
    account.on(world.trade(900), world.market(899, 901));
    EXPECT_EQ(account.equity(), money(11'800));
}
