#include "tests/gateways/paper/bench.hpp"

#include "core/domain/position.hpp"
#include "core/random/xoshiro.hpp"

#include <rapidcheck/gtest.h>

#include <cstring>
#include <map>

using namespace paper_test;

/// Whatever is sent into whatever market: fills add up, never exceed the order, and a taker never pays less than the
/// best shown.
RC_GTEST_PROP(PaperVenueProperty, FillsAddUpAndAreNeverBetterThanTheBook, (std::vector<std::uint16_t> script)) {
    Bench bench;
    bench.snapshot({{99, 10}, {98, 10}, {97, 10}}, {{101, 10}, {102, 10}, {103, 10}});
    std::map<std::uint64_t, Order> sent;
    for (const auto s : script) {
        const auto side = (s & 1) != 0 ? Side::buy : Side::sell;
        const auto price = 96 + (s >> 1) % 9;
        const auto quantity = 1 + (s >> 5) % 12;
        switch ((s >> 9) % 4) {
            case 0: {
                auto o = bench.order(side, (s & 2) != 0 ? OrderType::limit : OrderType::market, price, quantity,
                                     static_cast<TimeInForce>((s >> 11) % 4));
                sent[o.id.value] = o;
                bench.venue->submit(o, bench.now);
                break;
            }
            case 1: bench.trade(side, side == Side::buy ? 101 : 99, quantity); break;
            case 2:
                if (side == Side::buy)
                    bench.level(Side::buy, 97 + price % 3, quantity);
                else
                    bench.level(Side::sell, 101 + price % 3, quantity);
                break;
            default: bench.wait(1ms); break;
        }
    }
    bench.wait(1s);
    std::map<std::uint64_t, std::int64_t> filled;
    std::int64_t position = 0;
    for (const auto& t : bench.ticks) {
        const auto what = static_cast<Execution>(t.code & 0xff);
        if (what != Execution::filled_maker && what != Execution::filled_taker) continue;
        const auto& o = sent.at(t.execution.order_id);
        filled[o.id.value] += t.execution.quantity.units;
        position += core::sign(o.side) * t.execution.quantity.units;
        RC_ASSERT(t.execution.quantity.units > 0);
        RC_ASSERT(t.side == o.side);
        RC_ASSERT((o.type != OrderType::limit ||
                   (o.side == Side::buy ? t.execution.price <= o.price : t.execution.price >= o.price)));
        RC_ASSERT((what != Execution::filled_taker ||
                   (o.side == Side::buy ? t.execution.price.units >= 101 : t.execution.price.units <= 99)));
        RC_ASSERT(t.execution.fee.units > 0);
    }
    for (const auto& [id, quantity] : filled) RC_ASSERT(quantity <= sent.at(id).quantity.units);
    RC_ASSERT(bench.venue->position(bench.id).units == position);
}

namespace {

/// A random market and random orders of a seed; every report of it.
struct RandomRun {
    Bench bench;
    std::map<std::uint64_t, Order> sent;
    std::int64_t traded{}, shown{};  // all quantity the market ever traded or displayed

    explicit RandomRun(std::uint64_t seed)
        : bench{{.queue = seed % 2 == 0 ? QueueModel::conservative : QueueModel::probabilistic}} {
        core::Xoshiro chance{seed};
        const auto upto = [&](std::uint64_t n) { return static_cast<std::int64_t>(chance.below(n)); };
        bench.snapshot({{99, 10}, {98, 10}, {97, 10}}, {{101, 10}, {102, 10}, {103, 10}});
        shown = 60;
        for (int step = 0; step < 400; ++step) {
            const auto side = chance.below(2) == 0 ? Side::buy : Side::sell;
            const auto quantity = 1 + upto(12);
            switch (chance.below(4)) {
                case 0: {
                    static constexpr OrderType types[] = {OrderType::limit, OrderType::limit, OrderType::market,
                                                          OrderType::stop_market};
                    auto order = bench.order(side, types[chance.below(4)], 96 + upto(9), quantity,
                                             static_cast<TimeInForce>(chance.below(4)));
                    order.reduce_only = chance.below(4) == 0;
                    sent[order.id.value] = order;
                    bench.venue->submit(order, bench.now);
                    break;
                }
                case 1:
                    bench.trade(side, side == Side::buy ? 101 + upto(3) : 99 - upto(3), quantity);
                    traded += quantity;
                    break;
                case 2:
                    bench.level(side, side == Side::buy ? 97 + upto(3) : 101 + upto(3), quantity);
                    shown += quantity;
                    break;
                default: bench.wait(1ms); break;
            }
        }
        bench.wait(1s);
    }
};

bool is_fill(const Tick& report) {
    const auto what = static_cast<Execution>(report.code & 0xff);
    return what == Execution::filled_maker || what == Execution::filled_taker;
}

}  // namespace

RC_GTEST_PROP(PaperVenueProperty, CashPositionAndFeesAccountForEveryFill, (std::uint64_t seed)) {
    const RandomRun run{seed};
    const auto& instrument = run.bench.instruments[run.bench.id];
    core::Position position;
    std::int64_t cash = 0, fees = 0, held = 0, filled = 0;

    for (const auto& report : run.bench.ticks) {
        if (!is_fill(report)) continue;
        const auto& [id, price, quantity, fee] = report.execution;
        RC_ASSERT(position.apply_fill(instrument, report.side, price, quantity, fee).has_value());
        cash -= core::sign(report.side) * price.units * quantity.units * 100'000'000;
        held += core::sign(report.side) * quantity.units;
        fees += fee.units;
        filled += quantity.units;
        const bool maker = static_cast<Execution>(report.code & 0xff) == Execution::filled_maker;
        RC_ASSERT(fee.units == price.units * quantity.units * (maker ? 20'000 : 50'000));
    }

    RC_ASSERT(run.bench.venue->position(run.bench.id).units == held);
    RC_ASSERT(position.quantity().units == held);
    RC_ASSERT(position.fees().units == fees);
    // What was earned is the cash and what is held, to the unit that an uneven average may cost.
    const auto worth = position.realised() + *position.unrealised(instrument, {100});
    const auto exact = cash + held * 100 * 100'000'000;
    RC_ASSERT(worth.units <= exact);
    RC_ASSERT(exact - worth.units <= static_cast<std::int64_t>(run.bench.ticks.size()));
    RC_ASSERT(filled <= run.shown + run.traded);
}

RC_GTEST_PROP(PaperVenueProperty, EveryOrderEndsOnceAndItsPartsAddUp, (std::uint64_t seed)) {
    RandomRun run{seed};
    for (const auto& [id, order] : run.sent) {  // whoever still waits is cancelled
        auto cancel = order;
        cancel.type = OrderType::cancel;
        run.bench.venue->submit(cancel, run.bench.now);
    }
    run.bench.wait(1s);

    std::map<std::uint64_t, std::int64_t> parts;
    std::map<std::uint64_t, int> ends;
    for (const auto& report : run.bench.ticks) {
        const auto what = static_cast<Execution>(report.code & 0xff);
        if (what == Execution::accepted || what == Execution::cancel_rejected) continue;
        parts[report.execution.order_id] += report.execution.quantity.units;
        ends[report.execution.order_id] += !is_fill(report);
    }
    for (const auto& [id, order] : run.sent) {
        RC_ASSERT(parts[id] == order.quantity.units);
        RC_ASSERT(ends[id] <= 1);
    }
    RC_ASSERT(run.bench.venue->working() == 0u);
}

TEST(PaperVenue, GivesTheSameReportsForTheSameRun) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        const RandomRun first{seed}, second{seed};
        ASSERT_FALSE(first.bench.ticks.empty());
        ASSERT_EQ(first.bench.ticks.size(), second.bench.ticks.size());
        for (std::size_t i = 0; i < first.bench.ticks.size(); ++i)
            ASSERT_EQ(std::memcmp(&first.bench.ticks[i], &second.bench.ticks[i], sizeof(Tick)), 0);
    }
}
