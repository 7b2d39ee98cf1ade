#include "pipeline/flow/chain.hpp"
#include "pipeline/flow/fused.hpp"
#include "pipeline/flow/staged.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

using namespace pipeline;
using core::Tick;
using namespace std::chrono_literals;

namespace {

template <int>
struct Number {
    std::uint64_t value;
};
struct First {
    void on(const Tick& tick, Number<0>& out) noexcept { out.value = tick.trade.trade_id; }
};
template <int n>
struct Mix {
    std::uint64_t state{n};
    void on(const Tick&, const Number<n - 1>& in, Number<n>& out) noexcept {
        out.value = state = state * 6364136223846793005u + in.value;
    }
};
struct Keep {
    std::vector<std::uint64_t> values;
    template <class Slot>
    void on(const Slot& slot) noexcept {
        values.push_back(slot.template get<Number<3>>().value ^ slot.tick.sequence);
    }
};

struct Stages {
    First first;
    Mix<1> one;
    Mix<2> two;
    Mix<3> three;
    Chain<First, Mix<1>, Mix<2>, Mix<3>> chain{first, one, two, three};
};

constexpr auto nothing = [] {};
const std::vector<std::string_view> names{"first", "one", "two", "three"};

Tick tick_of(std::uint64_t i) {
    Tick tick;
    tick.receive_time = core::Nanoseconds{static_cast<std::int64_t>(i)};
    tick.trade.trade_id = i * 2654435761u;
    return tick;
}

std::vector<std::uint64_t> run_fused(std::uint64_t count) {
    Stages stages;
    Keep keep;
    Fused topology{stages.chain, keep, nullptr};
    for (std::uint64_t i = 1; i <= count; ++i) topology.publish(tick_of(i), {}, nothing);
    return keep.values;
}

}  // namespace

TEST(PlanThreads, CutsTheChainBeforeTheNamedStages) {
    const auto plan = plan_threads({.cuts = {"one", "three"}, .cpus = {2}}, names);
    ASSERT_EQ(plan.size(), 3u);
    EXPECT_EQ(plan[0].end_stage, 1u);
    EXPECT_EQ(plan[1].first_stage, 1u);
    EXPECT_EQ(plan[1].end_stage, 3u);
    EXPECT_EQ(plan[2].end_stage, 4u);
    EXPECT_EQ(plan[0].cpu, 2);
    EXPECT_EQ(plan[1].cpu, -1);
}

TEST(PlanThreads, RefusesCutsThatAreNoStagesOrOutOfOrder) {
    for (const auto& cuts : {std::vector<std::string>{"nowhere"}, {"first"}, {"two", "one"}, {"one", "one"}})
        EXPECT_THROW(plan_threads({.cuts = cuts}, names), std::invalid_argument);
}

TEST(Staged, ConcludesTheSameAsFused) {
    const auto expected = run_fused(4'000);
    for (const std::size_t slots : {2u, 8u, 1024u}) {
        for (const auto& cuts : {std::vector<std::string>{}, {"two"}, {"one", "two", "three"}}) {
            SCOPED_TRACE(testing::Message() << slots << " slots, " << cuts.size() + 1 << " threads");
            Stages stages;
            Keep keep;
            const TopologySettings settings{.ring_slots = slots, .cuts = cuts};
            Staged topology{stages.chain, keep, nullptr, settings, plan_threads(settings, names)};
            for (std::uint64_t i = 1; i <= 4'000; ++i) topology.publish(tick_of(i), {}, nothing);
            topology.stop();
            EXPECT_EQ(keep.values, expected);
        }
    }
}

TEST(Staged, SettlesWhatWasReceivedByATime) {
    Stages stages;
    Keep keep;
    keep.values.reserve(2000);
    const TopologySettings settings{.ring_slots = 16, .cuts = {"two"}};
    Staged topology{stages.chain, keep, nullptr, settings, plan_threads(settings, names)};
    for (std::uint64_t i = 1; i <= 1000; ++i) {
        topology.publish(tick_of(i), {}, nothing);
        if (i % 10 != 0) continue;
        topology.settle(core::Nanoseconds{static_cast<std::int64_t>(i)}, nothing);
        EXPECT_EQ(keep.values.size(), i);  // settled: the last thread is idle until the next tick
    }
    topology.stop();
}
