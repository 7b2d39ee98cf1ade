// What the stage does when a venue, or our own gate, does not take what it sends.
#include "core/domain/reject_reasons.hpp"
#include "tests/strategies/risk/bench.hpp"

#include <gtest/gtest.h>

using namespace strategies;
using core::Execution;
using core::OrderType;
using core::Purpose;
using core::Side;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::find;
using test::resting;

namespace {

using Bench = test::RiskBench;

/// A position of 100, its stop (980) accepted: the stop's id.
core::OrderId protect(Bench& bench) {
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    const auto stop = find(bench.out, Purpose::stop, OrderType::stop_market)->id;
    bench.accept(stop);
    return stop;
}

}  // namespace

TEST(RiskStage, KeepsTheOldStopWhenTheNewOneIsRefused) {
    Bench bench;
    const auto old = protect(bench);
    bench.fill(core::OrderId::of(1, 77), Side::sell, 1010, 40);  // by hand
    const auto* cut = find(bench.out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(cut, nullptr);
    EXPECT_EQ(cut->quantity.units, 60);
    EXPECT_EQ(find(bench.out, Purpose::stop, OrderType::cancel), nullptr);

    bench.reject(cut->id);
    EXPECT_EQ(find(bench.out, Purpose::stop, OrderType::cancel), nullptr) << "it is all the protection there is";

    bench.after(seconds{1});
    const auto* again = find(bench.out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->quantity.units, 60);
    bench.accept(again->id);
    const auto* gone = find(bench.out, Purpose::stop, OrderType::cancel);
    ASSERT_NE(gone, nullptr);
    EXPECT_EQ(gone->id, old);
}

TEST(RiskStage, CancelsAWholeChainOfStopsWhenTheNewestRests) {
    Bench bench;
    const auto first = protect(bench);
    bench.fill(core::OrderId::of(1, 77), Side::sell, 1010, 40);
    const auto second = find(bench.out, Purpose::stop, OrderType::stop_market)->id;
    bench.fill(core::OrderId::of(1, 77), Side::sell, 1010, 10);
    const auto third = find(bench.out, Purpose::stop, OrderType::stop_market)->id;

    bench.accept(third);

    std::vector<core::OrderId> cancelled;
    for (std::size_t i = 0; i < bench.out.count; ++i)
        if (bench.out.orders[i].purpose == Purpose::stop) cancelled.push_back(bench.out.orders[i].id);
    EXPECT_EQ(cancelled, (std::vector{second, first}));
}

TEST(RiskStage, SendsAStopThatWasHeldBackEverMoreSeldomAndBlamesNoVenue) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    auto stop = find(bench.out, Purpose::stop, OrderType::stop_market)->id;
    std::vector<std::int64_t> seconds_of;
    bench.reject(stop, core::reject_reason::held_back);
    for (int i = 1; i <= 3600; ++i) {  // two minutes of a gate that is closed or a budget that is gone
        bench.after(milliseconds{100});
        EXPECT_EQ(find(bench.out, Purpose::exit, OrderType::market), nullptr);
        const auto* sent = find(bench.out, Purpose::stop, OrderType::stop_market);
        if (sent == nullptr) continue;
        seconds_of.push_back(i / 10);
        bench.reject(sent->id, core::reject_reason::held_back);
    }
    EXPECT_EQ(seconds_of, (std::vector<std::int64_t>{1, 3, 7, 15, 31, 63, 123, 183, 243, 303}));
    EXPECT_EQ(bench.stage.protections().trips(Protection::reject_guard), 0u);
}

TEST(RiskStage, AFillTriesARefusedStopAtOnceAndAnAcceptedOneEndsThePauses) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 50);
    bench.reject(find(bench.out, Purpose::stop, OrderType::stop_market)->id, core::reject_reason::held_back);
    bench.after(milliseconds{10});
    EXPECT_EQ(bench.out.count, 0);

    bench.fill(entry.id, Side::buy, 1000, 50);
    const auto* stop = find(bench.out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(stop, nullptr);
    EXPECT_EQ(stop->quantity.units, 100);
    bench.accept(stop->id);
    bench.cancelled(stop->id);  // by somebody else
    EXPECT_NE(find(bench.out, Purpose::stop, OrderType::stop_market), nullptr);
}

TEST(RiskStage, AStopThatTheVenueTakesAndEndsAtOnceComesBackEverMoreSeldom) {
    for (const bool fails : {false, true}) {  // cancelled, or its trigger failed
        Bench bench;
        const auto end = [&](core::OrderId id) -> void {
            fails ? bench.reject(id, core::reject_reason::balance) : bench.cancelled(id);
        };
        const auto stop_of = [](const Orders& out) { return find(out, Purpose::stop, OrderType::stop_market); };
        end(protect(bench));
        const auto* again = stop_of(bench.out);
        ASSERT_NE(again, nullptr) << "once is an accident";
        std::vector<int> seconds_of;
        for (int i = 0; i <= 3'000; ++i) {  // five minutes
            if (again != nullptr) {
                if (i > 0) seconds_of.push_back(i / 10);
                const auto id = again->id;
                bench.accept(id);
                end(id);
                EXPECT_EQ(stop_of(bench.out), nullptr);
            }
            bench.after(milliseconds{100});
            again = stop_of(bench.out);
            EXPECT_EQ(find(bench.out, Purpose::exit, OrderType::market), nullptr);
        }
        EXPECT_EQ(seconds_of, (std::vector{1, 3, 7, 15, 31, 63, 123, 183, 243}));
    }
}

TEST(RiskStage, AStopThatIsDroppedNowAndThenComesBackAtOnce) {
    Bench bench;
    auto stop = protect(bench);
    for (int i = 0; i < 5; ++i) {
        bench.cancelled(stop);
        const auto* again = find(bench.out, Purpose::stop, OrderType::stop_market);
        ASSERT_NE(again, nullptr) << i;
        stop = again->id;
        bench.accept(stop);
        bench.after(seconds{120});
    }
}

TEST(RiskStage, LeavesAPositionWhoseStopTheVenueRefusesAndCountsTheRejects) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    for (std::uint32_t i = 1; i < Bracket::patience; ++i) {
        const auto* stop = find(bench.out, Purpose::stop, OrderType::stop_market);
        ASSERT_NE(stop, nullptr);
        bench.reject(stop->id);
        EXPECT_EQ(bench.out.count, 0) << "not at once";
        bench.after(seconds{i == 1 ? 1 : 2});
    }
    bench.reject(find(bench.out, Purpose::stop, OrderType::stop_market)->id);

    const auto* exit = find(bench.out, Purpose::exit, OrderType::market);
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(exit->quantity.units, 100);
    EXPECT_TRUE(exit->reduce_only);
}

TEST(RiskStage, AStopWhosePriceHasComeAlreadyIsAnExitAtOnce) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    bench.reject(find(bench.out, Purpose::stop, OrderType::stop_market)->id, core::reject_reason::would_trigger);
    const auto* exit = find(bench.out, Purpose::exit, OrderType::market);
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(exit->quantity.units, 100);
}

TEST(RiskStage, AStopThatMayNotMoveDoesNotCloseWhatTheOldOneCovers) {
    Bench bench{true};
    protect(bench);
    bench.step(bench.world.trade(1020));  // the stop should move to 1005
    for (int i = 0; i < 5; ++i) {
        const auto* stop = find(bench.out, Purpose::stop, OrderType::stop_market);
        ASSERT_NE(stop, nullptr);
        bench.reject(stop->id);
        EXPECT_EQ(bench.out.count, 0);
        bench.after(seconds{1 << i});
    }
}

TEST(RiskStage, SendsARefusedExitAgainAfterPauses) {
    Bench bench;
    protect(bench);
    Intents intents{};
    intents.intent_count = 1;
    intents.intents[0].order.instrument = bench.world.id;
    intents.intents[0].order.purpose = Purpose::exit;
    bench.step(bench.world.trade(1000), intents);
    std::vector<int> tenths;
    bench.reject(find(bench.out, Purpose::exit, OrderType::market)->id);
    for (int i = 1; i < 80; ++i) {
        bench.after(milliseconds{100});
        const auto* exit = find(bench.out, Purpose::exit, OrderType::market);
        if (exit == nullptr) continue;
        tenths.push_back(i);
        bench.reject(exit->id, core::reject_reason::held_back);
    }
    EXPECT_EQ(tenths, (std::vector{10, 30, 70}));

    bench.fill(core::OrderId::of(1, 77), Side::sell, 1000, 100);  // somebody else closed it
    for (int i = 1; i < 700; ++i) {
        bench.after(milliseconds{100});
        EXPECT_EQ(bench.out.count, 0);
    }
}

TEST(RiskStage, AFillOfAnUnknownOrderGetsTheStopOfTheSettings) {
    Bench bench;
    const auto& out = bench.fill(core::OrderId::of(9, 1), Side::buy, 1000, 100);

    const auto* stop = find(out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(stop, nullptr);
    EXPECT_EQ(stop->trigger.units, 980);
    EXPECT_EQ(stop->quantity.units, 100);
    EXPECT_EQ(stop->side, Side::sell);
    EXPECT_TRUE(stop->reduce_only);
}

TEST(RiskStage, APositionThatWasTurnedByHandGetsAStopOfItsOwnSide) {
    Bench bench;
    const auto old = protect(bench);
    const auto& out = bench.fill(core::OrderId::of(9, 1), Side::sell, 1000, 150);

    const auto* stop = find(out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(stop, nullptr);
    EXPECT_EQ(stop->side, Side::buy);
    EXPECT_EQ(stop->trigger.units, 1020);
    EXPECT_EQ(stop->quantity.units, 50);
    const auto* gone = find(out, Purpose::stop, OrderType::cancel);
    ASSERT_NE(gone, nullptr) << "it would close the other side";
    EXPECT_EQ(gone->id, old);
    EXPECT_NE(find(out, Purpose::target, OrderType::cancel), nullptr);
}

TEST(RiskStage, OfTwoStopsThatAKillLeftOnlyOneStays) {
    Bench bench;
    const auto old = core::OrderId::of(1, 7), newer = core::OrderId::of(1, 9);
    bench.step(resting(bench.world, old, Purpose::stop, 980, 30));
    bench.step(resting(bench.world, newer, Purpose::stop, 985, 100));

    const auto& out = bench.step(bench.world.execution({}, Side::buy, Execution::held, 1000, 100));

    ASSERT_EQ(out.count, 1);
    EXPECT_EQ(out.orders[0].type, OrderType::cancel);
    EXPECT_EQ(out.orders[0].id, old);

    Bench flat;
    flat.step(resting(flat.world, old, Purpose::stop, 980, 30));
    flat.step(resting(flat.world, newer, Purpose::stop, 985, 100));
    flat.step(flat.world.execution({}, Side::buy, Execution::held, 0, 0));
    ASSERT_EQ(flat.out.count, 2);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(flat.out.orders[i].type, OrderType::cancel);
}

TEST(RiskStage, OfTwoStopsOfTheWrongSizeNeitherGoesBeforeTheRightOneRests) {
    Bench bench;
    bench.step(resting(bench.world, core::OrderId::of(1, 7), Purpose::stop, 980, 30));
    bench.step(resting(bench.world, core::OrderId::of(1, 9), Purpose::stop, 985, 60));

    bench.step(bench.world.execution({}, Side::buy, Execution::held, 1000, 100));
    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].quantity.units, 100);
    EXPECT_EQ(bench.out.orders[0].trigger.units, 985);

    bench.accept(bench.out.orders[0].id);
    EXPECT_EQ(bench.out.count, 2);
    for (std::size_t i = 0; i < bench.out.count; ++i) EXPECT_EQ(bench.out.orders[i].type, OrderType::cancel);
}

TEST(RiskStage, AStopThatRestsAfterThePositionEndedIsCancelled) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    const auto stop = find(bench.out, Purpose::stop, OrderType::stop_market)->id;
    bench.fill(core::OrderId::of(9, 1), Side::sell, 1000, 100);
    ASSERT_NE(find(bench.out, Purpose::stop, OrderType::cancel), nullptr);
    bench.step(bench.world.execution(stop, Side::sell, Execution::cancel_rejected, 0, 0));  // it was faster

    bench.accept(stop);

    const auto* gone = find(bench.out, Purpose::stop, OrderType::cancel);
    ASSERT_NE(gone, nullptr);
    EXPECT_EQ(gone->id, stop);
}
