#pragma once

#include "strategies/risk/risk_stage.hpp"
#include "tests/strategies/world.hpp"

#include <gtest/gtest.h>

namespace test {

using core::Execution;
using core::OrderType;
using core::Purpose;
using core::Side;
using strategies::Intents;
using strategies::Orders;
using strategies::RiskStage;

/// A RiskStage on one instrument, stepped tick by tick; what it sent last is in `out`.
struct RiskBench {
    World world;
    RiskStage stage;
    Intents none{};
    Orders out{};

    explicit RiskBench(bool trail = false, core::Market market = core::Market::linear)
        : world{market},
          stage{{.risk = {}, .bracket = {.trail = trail}, .start_equity = money(1'000'000'000)}, world.instruments} {}

    Orders& step(const core::Tick& tick, const Intents& intents) {
        stage.on(tick, world.market(999, 1000), intents, out);
        return out;
    }
    Orders& step(const core::Tick& tick) { return step(tick, none); }

    /// Wants to buy `quantity` at 1000, stop 980, targets 1020 (40 %), 1040 (40 %), 1060 (20 %).
    core::Order enter(std::int64_t quantity) {
        Intents intents{};
        intents.intent_count = 1;
        auto& intent = intents.intents[0];
        intent.order.instrument = world.id;
        intent.order.venue = core::Venue::binance;
        intent.order.side = Side::buy;
        intent.order.type = OrderType::limit;
        intent.order.price = {1000};
        intent.order.quantity = {quantity};
        intent.order.purpose = Purpose::entry;
        intent.stop_price = {980};
        intent.target_count = 3;
        intent.targets = {{{{1020}, .4}, {{1040}, .4}, {{1060}, .2}}};
        step(world.trade(1000));
        step(world.trade(1000), intents);
        EXPECT_EQ(out.count, 1) << name(out.verdicts[0].denial);
        return out.orders[0];
    }
    Orders& fill(core::OrderId id, Side side, std::int64_t price, std::int64_t quantity) {
        return step(world.execution(id, side, Execution::filled_taker, price, quantity));
    }
    Orders& accept(core::OrderId id) { return step(world.execution(id, Side::buy, Execution::accepted, 0, 0)); }
    Orders& reject(core::OrderId id, core::RejectReason why = core::RejectReason::none) {
        auto tick = world.execution(id, Side::sell, Execution::rejected, 0, 1);
        tick.code = static_cast<std::uint16_t>(tick.code | static_cast<unsigned>(why) << 8);
        return step(tick);
    }
    Orders& cancelled(core::OrderId id) { return step(world.execution(id, Side::sell, Execution::cancelled, 0, 1)); }
    /// A trade at 1000 after `time`.
    Orders& after(core::Nanoseconds time) {
        world.now += time;
        return step(world.trade(1000));
    }
};

inline const core::Order* find(const Orders& orders, Purpose purpose, OrderType type, std::int64_t price = 0) {
    for (std::size_t i = 0; i < orders.count; ++i)
        if (orders.orders[i].purpose == purpose && orders.orders[i].type == type &&
            (price == 0 || orders.orders[i].price.units == price))
            return &orders.orders[i];
    return nullptr;
}

/// An order of an earlier run that still rests.
inline core::Tick resting(World& world, core::OrderId id, Purpose purpose, std::int64_t price, std::int64_t quantity) {
    auto tick = world.execution(id, Side::sell, Execution::resting, price, quantity);
    tick.code =
        static_cast<std::uint16_t>(static_cast<unsigned>(Execution::resting) | static_cast<unsigned>(purpose) << 8);
    return tick;
}

}  // namespace test
