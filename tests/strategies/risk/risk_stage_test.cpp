#include "tests/strategies/risk/bench.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

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

using Bench = test::RiskBench;

}  // namespace

TEST(RiskStage, ProtectsAPositionFromItsFirstFill) {
    Bench bench;
    const auto entry = bench.enter(100);

    const auto& out = bench.fill(entry.id, Side::buy, 1000, 100);

    ASSERT_EQ(out.count, 4);
    const auto* stop = find(out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(stop, nullptr);
    EXPECT_EQ(stop->trigger.units, 980);
    EXPECT_EQ(stop->quantity.units, 100);
    EXPECT_TRUE(stop->reduce_only);
    EXPECT_EQ(find(out, Purpose::target, OrderType::limit, 1020)->quantity.units, 40);
    EXPECT_EQ(find(out, Purpose::target, OrderType::limit, 1040)->quantity.units, 40);
    EXPECT_EQ(find(out, Purpose::target, OrderType::limit, 1060)->quantity.units, 20);
}

TEST(RiskStage, ResizesProtectionWithEveryPartialFill) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 30);
    EXPECT_EQ(find(bench.out, Purpose::stop, OrderType::stop_market)->quantity.units, 30);
    const auto old_stop = find(bench.out, Purpose::stop, OrderType::stop_market)->id;

    bench.fill(entry.id, Side::buy, 1000, 70);

    const auto* stop = find(bench.out, Purpose::stop, OrderType::stop_market);
    EXPECT_EQ(stop->quantity.units, 100);
    EXPECT_EQ(find(bench.out, Purpose::stop, OrderType::cancel), nullptr) << "the new one may be refused yet";
    bench.accept(stop->id);
    const auto* cancel = find(bench.out, Purpose::stop, OrderType::cancel);
    ASSERT_NE(cancel, nullptr);
    EXPECT_EQ(cancel->id, old_stop);
}

TEST(RiskStage, ATargetThatFillsShrinksTheStopAndLeavesTheOtherTargets) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    const auto target = find(bench.out, Purpose::target, OrderType::limit, 1020)->id;

    bench.fill(target, Side::sell, 1020, 40);

    EXPECT_EQ(find(bench.out, Purpose::stop, OrderType::stop_market)->quantity.units, 60);
    EXPECT_EQ(find(bench.out, Purpose::target, OrderType::limit), nullptr);
}

TEST(RiskStage, AStopThatFillsCancelsTheTargetsAndCountsTheTrade) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    const auto stop = find(bench.out, Purpose::stop, OrderType::stop_market)->id;

    bench.fill(stop, Side::sell, 979, 100);

    EXPECT_EQ(bench.out.count, 3);
    for (std::size_t i = 0; i < bench.out.count; ++i) EXPECT_EQ(bench.out.orders[i].type, OrderType::cancel);
    EXPECT_EQ(bench.stage.closed_trades(), 1u);
    EXPECT_EQ(bench.stage.account().balance(), money(1'000'000'000 - 2100));
}

TEST(RiskStage, AnExitPassesEvenWhenHalted) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    Intents intents{};
    intents.intent_count = 1;
    intents.intents[0].order.instrument = bench.world.id;
    intents.intents[0].order.purpose = Purpose::exit;

    bench.step(bench.world.trade(1000), intents);
    ASSERT_NE(find(bench.out, Purpose::exit, OrderType::market), nullptr);
    bench.step(bench.world.trade(1000), intents);
    EXPECT_EQ(find(bench.out, Purpose::exit, OrderType::market), nullptr) << "one exit at a time";
}

TEST(RiskStage, TrailsTheStopByTheSpecificationsSteps) {
    World world;
    RiskStage stage{{.risk = {}, .bracket = {.trail = true}, .start_equity = money(1'000'000'000'0)},
                    world.instruments};
    Orders out{};
    Intents intents{};
    intents.intent_count = 1;
    intents.intents[0].order = core::Order{};
    auto& order = intents.intents[0].order;
    order.instrument = world.id;
    order.side = Side::buy;
    order.type = OrderType::limit;
    order.price = {60000};
    order.quantity = {100};
    intents.intents[0].stop_price = {58800};
    stage.on(world.trade(60000), world.market(60000, 60001), {}, out);
    stage.on(world.trade(60000), world.market(60000, 60001), intents, out);
    ASSERT_EQ(out.count, 1);
    stage.on(world.execution(out.orders[0].id, Side::buy, Execution::filled_taker, 60000, 100),
             world.market(60000, 60001), {}, out);

    std::map<std::int64_t, std::int64_t> stops;
    for (const std::int64_t best : {60600, 60900, 61800, 63000, 61000}) {
        stage.on(world.trade(best), world.market(best, best + 1), {}, out);
        if (const auto* stop = find(out, Purpose::stop, OrderType::stop_market)) stops[best] = stop->trigger.units;
    }
    EXPECT_EQ(stops, (std::map<std::int64_t, std::int64_t>{{60900, 60300}, {61800, 60900}, {63000, 61500}}));
}

/// Whatever fills and whenever the venue says that it took an order: the stops there never cover less than the
/// position, and once it has said so of all, exactly the position.
RC_GTEST_PROP(RiskStageProperty, TheStopsAlwaysCoverThePosition, (std::vector<std::uint8_t> events)) {
    Bench bench;
    std::map<std::uint64_t, core::Order> alive;
    std::vector<core::OrderId> unanswered;
    const auto collect = [&] {
        const auto out = bench.out;
        for (std::size_t i = 0; i < out.count; ++i) {
            const auto& order = out.orders[i];
            if (order.type == OrderType::cancel) {
                alive.erase(order.id.value);
                continue;
            }
            alive[order.id.value] = order;
            unanswered.push_back(order.id);
        }
    };
    const auto covered = [&] {
        std::int64_t sum = 0;
        for (const auto& [_, order] : alive)
            if (order.purpose == Purpose::stop) sum += order.quantity.units;
        return sum;
    };
    const auto entry = bench.enter(100);
    alive[entry.id.value] = entry;
    std::int64_t position = 0;
    for (const auto event : events) {
        if (event % 3 == 0 && !unanswered.empty()) {
            const auto id = unanswered.front();
            unanswered.erase(unanswered.begin());
            if (alive.contains(id.value)) {
                bench.accept(id);
                collect();
            }
        } else if (!alive.empty()) {
            auto it = std::next(alive.begin(), event % static_cast<int>(alive.size()));
            auto& order = it->second;
            const std::int64_t most =
                order.reduce_only ? std::min(order.quantity.units, std::abs(position)) : order.quantity.units;
            if (most == 0) continue;
            const auto quantity = 1 + event / 7 % most;
            position += core::sign(order.side) * quantity;
            order.quantity.units -= quantity;
            const auto id = order.id;
            const auto side = order.side;
            if (order.quantity.units == 0) alive.erase(it);
            bench.fill(id, side, 1000, quantity);
            collect();
        }
        RC_ASSERT(covered() >= std::abs(position));
        RC_ASSERT(bench.stage.account().position(bench.world.id).quantity().units == position);
    }
    while (!unanswered.empty()) {
        const auto id = unanswered.front();
        unanswered.erase(unanswered.begin());
        if (!alive.contains(id.value)) continue;
        bench.accept(id);
        collect();
    }
    RC_ASSERT(covered() == std::abs(position));
}

TEST(RiskStage, AnAdditionKeepsTheTighterStopAndCountsFromItsFillOnly) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.fill(entry.id, Side::buy, 1000, 100);
    Intents intents{};
    intents.intent_count = 1;
    auto& intent = intents.intents[0];
    intent.order = entry;
    intent.order.id = {};
    intent.order.quantity = {50};
    intent.stop_price = {970};
    intent.target_count = 1;
    intent.targets[0] = {{1100}, 1};
    bench.step(bench.world.trade(1000), intents);
    ASSERT_EQ(bench.out.count, 1) << name(bench.out.verdicts[0].denial);
    const auto addition = bench.out.orders[0].id;
    EXPECT_EQ(find(bench.out, Purpose::stop, OrderType::stop_market), nullptr);

    bench.step(bench.world.execution(addition, Side::buy, Execution::expired, 0, 50));
    EXPECT_EQ(bench.out.count, 0) << "an addition that did not fill moves nothing";

    bench.step(bench.world.trade(1000), intents);
    bench.fill(bench.out.orders[0].id, Side::buy, 1000, 50);
    const auto* stop = find(bench.out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(stop, nullptr);
    EXPECT_EQ(stop->trigger.units, 980);
    EXPECT_EQ(stop->quantity.units, 150);
    EXPECT_EQ(find(bench.out, Purpose::target, OrderType::limit, 1100)->quantity.units, 150);
    const auto cancelled = [&] {
        int count = 0;
        for (std::size_t i = 0; i < bench.out.count; ++i)
            count += bench.out.orders[i].type == OrderType::cancel && bench.out.orders[i].purpose == Purpose::target;
        return count;
    };
    const auto target = find(bench.out, Purpose::target, OrderType::limit, 1100)->id;
    int gone = cancelled();
    bench.accept(target);
    gone += cancelled();
    EXPECT_EQ(gone, 3) << "no target of the old plan stays behind";
}

TEST(RiskStage, FlattensUntilNothingIsHeld) {
    World world;
    RiskStage stage{{.risk = {}, .bracket = {}, .start_equity = money(100'000)}, world.instruments};
    Orders out{};
    Intents intents{};
    intents.intent_count = 1;
    auto& order = intents.intents[0].order;
    order.instrument = world.id;
    order.side = Side::buy;
    order.type = OrderType::limit;
    order.price = {1000};
    order.quantity = {5};
    intents.intents[0].stop_price = {990};
    stage.on(world.trade(1000), world.market(999, 1000), {}, out);
    stage.on(world.trade(1000), world.market(999, 1000), intents, out);
    ASSERT_EQ(out.count, 1);
    const auto entry = out.orders[0].id;
    stage.on(world.execution(entry, Side::buy, Execution::filled_taker, 1000, 5, money(9000)), world.market(999, 1000),
             {}, out);  // an absurd fee: −9 %
    const auto* exit = find(out, Purpose::exit, OrderType::market);
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(stage.protections().mode(), Mode::halted);

    const auto id = exit->id;
    world.now += std::chrono::milliseconds{200};
    stage.on(world.execution(id, Side::sell, Execution::expired, 0, 5), world.market(999, 1000), {}, out);
    EXPECT_NE(find(out, Purpose::exit, OrderType::market), nullptr) << "an exit that found no book is sent again";
}

TEST(RiskStage, HearsThatAWholeVenueIsGoneLikeTheBotsDo) {
    Bench bench;
    bench.step(bench.world.tick(core::TickKind::quote));
    ASSERT_TRUE(bench.stage.account().mark(bench.world.id, bench.world.now)) << "the mid of a valid book";
    auto lost = bench.world.tick(core::TickKind::session);
    lost.instrument = core::no_instrument;
    lost.code = static_cast<std::uint16_t>(core::Session::disconnected);
    bench.step(lost);
    EXPECT_FALSE(bench.stage.account().mark(bench.world.id, bench.world.now));
}

TEST(RiskStage, ACommandStopsEntriesForTheRestOfTheRun) {
    Bench bench;
    auto command = bench.world.tick(core::TickKind::command);
    command.instrument = core::no_instrument;
    command.code = static_cast<std::uint16_t>(RiskStage::Command::stop_entries);
    bench.step(command);
    EXPECT_EQ(bench.stage.protections().mode(), Mode::reduce_only);
}

TEST(RiskStage, TakesUpTheStopAndTargetsOfAnEarlierRun) {
    Bench bench;
    const auto stop = core::OrderId::of(1, 7), near = core::OrderId::of(1, 8), far = core::OrderId::of(1, 9);
    bench.step(resting(bench.world, stop, Purpose::stop, 980, 100));
    bench.step(resting(bench.world, near, Purpose::target, 1020, 40));
    EXPECT_EQ(bench.step(resting(bench.world, far, Purpose::target, 1040, 60)).count, 0);

    EXPECT_EQ(bench.step(bench.world.execution({}, Side::buy, Execution::held, 1000, 100)).count, 0)
        << "all is as it should be";

    EXPECT_EQ(bench.stage.account().position(bench.world.id).quantity().units, 100);
    EXPECT_EQ(bench.stage.account().balance().units, money(1'000'000'000).units);
    const auto& out = bench.fill(near, Side::sell, 1020, 40);
    const auto* cut = find(out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(cut, nullptr) << "the stop follows the position";
    EXPECT_EQ(cut->quantity.units, 60);
    EXPECT_EQ(cut->trigger.units, 980);
    bench.accept(cut->id);
    const auto* old = find(out, Purpose::stop, OrderType::cancel);
    ASSERT_NE(old, nullptr);
    EXPECT_EQ(old->id, stop);
}

TEST(RiskStage, GivesARestoredPositionTheStopItLacksAndOneOfTheRightSize) {
    Bench naked;
    const auto& sent = naked.step(naked.world.execution({}, Side::buy, Execution::held, 1000, 100));
    const auto* stop = find(sent, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(stop, nullptr);
    EXPECT_EQ(stop->trigger.units, 980) << "the configured 2 %";
    EXPECT_EQ(stop->quantity.units, 100);

    Bench wrong;
    const auto old = core::OrderId::of(1, 7);
    wrong.step(resting(wrong.world, old, Purpose::stop, 990, 30));
    const auto& mended = wrong.step(wrong.world.execution({}, Side::buy, Execution::held, 1000, 100));
    const auto* right = find(mended, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(right, nullptr);
    EXPECT_EQ(right->trigger.units, 990);
    EXPECT_EQ(right->quantity.units, 100);
    wrong.accept(right->id);
    const auto* gone = find(mended, Purpose::stop, OrderType::cancel);
    ASSERT_NE(gone, nullptr);
    EXPECT_EQ(gone->id, old);
}

TEST(RiskStage, CancelsTheLegsOfAPositionThatIsGone) {
    Bench bench;
    const auto stop = core::OrderId::of(1, 7), target = core::OrderId::of(1, 8);
    bench.step(resting(bench.world, stop, Purpose::stop, 980, 100));
    bench.step(resting(bench.world, target, Purpose::target, 1020, 100));

    const auto& out = bench.step(bench.world.execution({}, Side::buy, Execution::held, 0, 0));

    ASSERT_EQ(out.count, 2);
    for (std::size_t i = 0; i < out.count; ++i) EXPECT_EQ(out.orders[i].type, OrderType::cancel);
}
