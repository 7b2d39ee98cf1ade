#include "tools/omega/engine/trace.hpp"

#include "core/domain/unknown.hpp"

#include <gtest/gtest.h>

#include <functional>

using omega::first_difference;
using omega::Trace;

namespace {

core::Order order(std::uint64_t sequence) {
    core::Order o;
    o.id = core::OrderId::of(1, sequence);
    o.instrument = {0};
    o.price = {6'180'000};
    o.quantity = {15};
    o.sequence = sequence;
    return o;
}

/// Three traps, two decisions and two orders, at sequences 10 to 70.
Trace run() {
    Trace trace;
    for (const std::uint64_t sequence : {10u, 30u, 50u}) trace.traps.push_back({sequence, pipeline::TrapEvent{}});
    for (const std::uint64_t sequence : {20u, 60u}) trace.decisions.push_back({sequence, strategies::Decision{}});
    for (const std::uint64_t sequence : {40u, 70u}) trace.orders.push_back(order(sequence));
    return trace;
}

}  // namespace

TEST(FirstDifference, RunsThatAgreeHaveNone) {
    EXPECT_FALSE(first_difference(run(), run()));
    EXPECT_FALSE(first_difference(Trace{}, Trace{}));
    Trace unknown = run();
    unknown.decisions[0].decision.stop_bps = core::unknown;  // bit for bit: NaN is itself
    EXPECT_FALSE(first_difference(unknown, unknown));
}

TEST(FirstDifference, NamesTheFirstFieldThatDiffers) {
    struct Case {
        std::uint64_t sequence;
        const char *section, *field;
        std::function<void(Trace&)> change;
    };
    const Case cases[] = {
        {30, "traps", "price", [](Trace& t) { t.traps[1].event.price = 61800, t.traps[1].event.impact = .5; }},
        {50, "traps", "evidence[0]", [](Trace& t) { t.traps[2].event.evidence[0] = 1.5; }},
        {20, "decisions", "action",
         [](Trace& t) {
             t.decisions[0].decision.action = strategies::Action::enter, t.decisions[0].decision.score = 1;
         }},
        {60, "decisions", "score", [](Trace& t) { t.decisions[1].decision.score = .25; }},
        {20, "decisions", "size_fraction", [](Trace& t) { t.decisions[0].decision.size_fraction = core::unknown; }},
        {60, "decisions", "target_count", [](Trace& t) { t.decisions[1].decision.target_count = 1; }},
        {40, "orders", "price", [](Trace& t) { t.orders[0].price.units += 1, t.orders[0].quantity.units += 1; }},
        {70, "orders", "time", [](Trace& t) { t.orders[1].time += core::Nanoseconds{1}; }},
        {70, "orders", "reduce_only", [](Trace& t) { t.orders[1].reduce_only = true; }},
    };
    for (const auto& [sequence, section, field, change] : cases) {
        SCOPED_TRACE(std::string{section} + " " + field);
        Trace other = run();
        change(other);
        for (const bool swapped : {false, true}) {
            const auto difference = swapped ? first_difference(other, run()) : first_difference(run(), other);
            ASSERT_TRUE(difference);
            EXPECT_EQ(difference->sequence, sequence);
            EXPECT_EQ(difference->section, section);
            EXPECT_EQ(difference->field, field);
        }
    }
}

TEST(FirstDifference, OfSeveralTakesTheEarliestTick) {
    Trace other = run();
    other.orders[0].price.units += 1;                     // 40
    other.traps[1].event.confidence = .5;                 // 30
    other.decisions[0].decision.side = core::Side::sell;  // 20
    const auto difference = first_difference(run(), other);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->sequence, 20u);
    EXPECT_EQ(difference->section, "decisions");
    EXPECT_EQ(difference->field, "side");
}

TEST(FirstDifference, AnEntryOnlyOneRunHasIsNamedMissing) {
    Trace other = run();
    other.orders.pop_back();
    auto difference = first_difference(run(), other);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->sequence, 70u);
    EXPECT_EQ(difference->field, "missing in the second run");
    EXPECT_EQ(first_difference(other, run())->field, "missing in the first run");

    other = run();
    other.traps[0].sequence = 9;
    difference = first_difference(run(), other);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->sequence, 9u);
    EXPECT_EQ(difference->field, "sequence");

    const auto orders = run().orders;
    EXPECT_FALSE(first_difference(orders, orders));
    EXPECT_EQ(first_difference(orders, {})->sequence, 40u);
}
