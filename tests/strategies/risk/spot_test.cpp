// Spot: coins cannot be sold twice, and an order that rests holds its coins.
#include "core/domain/reject_reasons.hpp"
#include "tests/strategies/risk/bench.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

using namespace strategies;
using core::Execution;
using core::OrderType;
using core::Purpose;
using core::Side;
using test::find;

namespace {

struct Bench : test::RiskBench {
    Bench() : RiskBench{false, core::Market::spot} {}

    /// A tick of a market whose best bid is `bid`.
    Orders& at(std::int64_t bid) {
        stage.on(world.tick(core::TickKind::quote), world.market(bid, bid + 1), none, out);
        return out;
    }
    /// 100 coins at 1000, their stop (980) rests.
    core::OrderId hold() {
        const auto entry = enter(100);
        fill(entry.id, Side::buy, 1000, 100);
        EXPECT_EQ(out.count, 1) << "the stop alone";
        const auto stop = out.orders[0].id;
        accept(stop);
        EXPECT_EQ(out.count, 0);
        return stop;
    }
};

}  // namespace

TEST(RiskStageSpot, OnlyTheStopRests) {
    Bench bench;
    bench.hold();
    bench.at(1000);
    EXPECT_EQ(bench.out.count, 0);
    bench.at(1019);
    EXPECT_EQ(bench.out.count, 0);
}

TEST(RiskStageSpot, ATargetIsSoldAfterTheStopHasEndedAndTheRestGetsOneAgain) {
    Bench bench;
    const auto stop = bench.hold();

    bench.at(1020);
    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].type, OrderType::cancel);
    EXPECT_EQ(bench.out.orders[0].id, stop);
    EXPECT_EQ(bench.at(1021).count, 0) << "its end is awaited";

    bench.cancelled(stop);
    ASSERT_EQ(bench.out.count, 2) << "what is not sold is protected without waiting for the sale";
    const auto rest = bench.out.orders[0], sale = bench.out.orders[1];
    EXPECT_EQ(rest.type, OrderType::stop_market);
    EXPECT_EQ(rest.quantity.units, 60);
    EXPECT_EQ(rest.trigger.units, 980);
    EXPECT_EQ(sale.purpose, Purpose::target);
    EXPECT_EQ(sale.type, OrderType::limit);
    EXPECT_EQ(sale.time_in_force, core::TimeInForce::ioc);
    EXPECT_EQ(sale.price.units, 1020);
    EXPECT_EQ(sale.quantity.units, 40);

    bench.accept(rest.id);
    bench.accept(sale.id);
    EXPECT_EQ(bench.fill(sale.id, Side::sell, 1020, 40).count, 0) << "all is in place";
    EXPECT_EQ(bench.at(1021).count, 0) << "sold is sold";
    EXPECT_EQ(bench.at(1040).count, 1) << "the next one";
}

TEST(RiskStageSpot, ATargetThatMetNoBidPutsTheStopBackAndWaits) {
    Bench bench;
    const auto stop = bench.hold();
    bench.at(1020);
    bench.cancelled(stop);
    const auto rest = bench.out.orders[0].id, sale = bench.out.orders[1].id;
    bench.accept(rest);
    bench.step(bench.world.execution(sale, Side::sell, Execution::expired, 0, 40));

    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].type, OrderType::cancel);
    EXPECT_EQ(bench.out.orders[0].id, rest);
    bench.cancelled(rest);
    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].type, OrderType::stop_market);
    EXPECT_EQ(bench.out.orders[0].quantity.units, 100);
    bench.accept(bench.out.orders[0].id);
    EXPECT_EQ(bench.at(1020).count, 0) << "not at once again";
    bench.world.now += std::chrono::seconds{1};
    EXPECT_EQ(bench.at(1020).count, 1);
}

TEST(RiskStageSpot, ATargetThatWasSoldInPartIsSoldToItsEndAndNoFurther) {
    Bench bench;
    const auto stop = bench.hold();
    bench.at(1020);
    bench.cancelled(stop);
    const auto rest = bench.out.orders[0].id, sale = bench.out.orders[1].id;
    bench.accept(rest);
    bench.fill(sale, Side::sell, 1020, 30);
    bench.step(bench.world.execution(sale, Side::sell, Execution::expired, 0, 10));
    bench.cancelled(rest);
    ASSERT_EQ(bench.out.count, 1) << "70 are held";
    EXPECT_EQ(bench.out.orders[0].quantity.units, 70);
    const auto second = bench.out.orders[0].id;
    bench.accept(second);

    bench.world.now += std::chrono::seconds{1};
    bench.at(1020);
    bench.cancelled(second);

    ASSERT_EQ(bench.out.count, 2);
    EXPECT_EQ(bench.out.orders[0].quantity.units, 60);
    EXPECT_EQ(bench.out.orders[1].quantity.units, 10) << "of the 40";
}

TEST(RiskStageSpot, AnExitThatMetATargetsSaleFollowsIt) {
    Bench bench;
    const auto stop = bench.hold();
    bench.at(1020);
    bench.cancelled(stop);
    const auto rest = bench.out.orders[0].id, sale = bench.out.orders[1].id;
    bench.accept(rest);
    Intents intents{};
    intents.intent_count = 1;
    intents.intents[0].order.instrument = bench.world.id;
    intents.intents[0].order.purpose = Purpose::exit;
    bench.step(bench.world.trade(1020), intents);
    EXPECT_EQ(bench.out.count, 2) << "both are to make way";

    bench.cancelled(rest);
    EXPECT_EQ(bench.out.count, 0) << "the sale is still there";
    bench.fill(sale, Side::sell, 1020, 40);

    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].type, OrderType::market);
    EXPECT_EQ(bench.out.orders[0].quantity.units, 60);
}

TEST(RiskStageSpot, AStopThatThePriceHasPassedIsAnExit) {
    Bench bench;
    const auto entry = bench.enter(100);
    bench.world.now += std::chrono::milliseconds{1};
    bench.at(975);
    auto fill = bench.world.execution(entry.id, Side::buy, Execution::filled_taker, 1000, 100);
    bench.stage.on(fill, bench.world.market(975, 976), bench.none, bench.out);

    ASSERT_EQ(bench.out.count, 1) << "a stop would wait for the price to come back";
    EXPECT_EQ(bench.out.orders[0].type, OrderType::market);
    EXPECT_EQ(bench.out.orders[0].quantity.units, 100);
}

TEST(RiskStageSpot, AnExitCancelsTheStopFirst) {
    Bench bench;
    const auto stop = bench.hold();
    Intents intents{};
    intents.intent_count = 1;
    intents.intents[0].order.instrument = bench.world.id;
    intents.intents[0].order.purpose = Purpose::exit;
    bench.step(bench.world.trade(1000), intents);
    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].type, OrderType::cancel);

    bench.cancelled(stop);
    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].type, OrderType::market);
    EXPECT_EQ(bench.out.orders[0].quantity.units, 100);

    bench.reject(bench.out.orders[0].id, core::reject_reason::held_back);
    const auto* again = find(bench.out, Purpose::stop, OrderType::stop_market);
    ASSERT_NE(again, nullptr) << "until the exit may be tried again it is protected";
    const auto second = again->id;
    bench.accept(second);
    bench.after(std::chrono::seconds{1});
    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].type, OrderType::cancel);
    bench.cancelled(second);
    ASSERT_EQ(bench.out.count, 1);
    EXPECT_EQ(bench.out.orders[0].type, OrderType::market);
    bench.fill(bench.out.orders[0].id, Side::sell, 999, 100);
    EXPECT_EQ(bench.out.count, 0);
    EXPECT_EQ(bench.at(1020).count, 0);
}

TEST(RiskStageSpot, AStopThatFillsWhileItIsToMakeWayEndsThePosition) {
    Bench bench;
    const auto stop = bench.hold();
    bench.at(1020);
    bench.fill(stop, Side::sell, 979, 100);
    EXPECT_EQ(bench.out.count, 0);
    EXPECT_TRUE(bench.stage.account().position(bench.world.id).flat());
    EXPECT_EQ(bench.at(1040).count, 0);
}

/// Whatever fills, ends and is refused in whatever order, no coin is on offer twice.
RC_GTEST_PROP(RiskStageSpotProperty, NoCoinIsOnOfferTwice, (std::vector<std::uint8_t> events)) {
    Bench bench;
    std::map<std::uint64_t, core::Order> alive;
    std::vector<core::OrderId> cancels;
    std::int64_t coins = 0;
    const auto check = [&] {
        const auto out = bench.out;
        for (std::size_t i = 0; i < out.count; ++i) {
            const auto& order = out.orders[i];
            if (order.type == OrderType::cancel)
                cancels.push_back(order.id);
            else
                alive[order.id.value] = order;
        }
        std::int64_t offered = 0;
        for (const auto& [_, order] : alive)
            if (order.side == Side::sell) offered += order.quantity.units;
        RC_ASSERT(offered <= coins);
    };
    const auto entry = bench.enter(100);
    alive[entry.id.value] = entry;
    for (const auto event : events) {
        const auto kind = event % 8;
        if (kind < 2) {
            bench.world.now += std::chrono::milliseconds{700};
            bench.at(995 + event / 4);
            check();
        } else if (kind == 2 && !cancels.empty()) {
            const auto id = cancels.front();
            cancels.erase(cancels.begin());
            const auto was = alive.erase(id.value) != 0;
            bench.step(
                bench.world.execution(id, Side::sell, was ? Execution::cancelled : Execution::cancel_rejected, 0, 1));
            check();
        } else if (kind < 7 && !alive.empty()) {
            auto it = std::next(alive.begin(), event / 8 % static_cast<int>(alive.size()));
            auto& order = it->second;
            const auto id = order.id;
            const auto side = order.side;
            const auto quantity = 1 + event / 3 % order.quantity.units;
            coins += core::sign(side) * quantity;
            order.quantity.units -= quantity;
            const bool whole = order.quantity.units == 0;
            const bool immediate = order.time_in_force == core::TimeInForce::ioc && side == Side::sell;
            const auto left = order.quantity.units;
            if (whole || immediate) alive.erase(it);
            bench.fill(id, side, 1000, quantity);
            check();
            if (!whole && immediate) {
                bench.step(bench.world.execution(id, side, Execution::expired, 0, left));
                check();
            }
        } else if (!alive.empty()) {
            const auto id = alive.begin()->second.id;
            alive.erase(alive.begin());
            bench.reject(id, event % 16 < 8 ? core::reject_reason::held_back : core::reject_reason::balance);
            check();
        }
        RC_ASSERT(bench.stage.account().position(bench.world.id).quantity().units == coins);
    }
}
