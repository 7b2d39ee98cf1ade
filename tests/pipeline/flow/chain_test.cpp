#include "pipeline/flow/chain.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace pipeline;
using core::Tick;

namespace {

struct Doubled {
    std::uint64_t value;
};
struct Sum {
    std::uint64_t value;
};
struct DoubleStage {
    void on(const Tick& tick, Doubled& out) const noexcept { out.value = 2 * tick.sequence; }
};
struct SumStage {
    std::uint64_t total{};
    void on(const Tick&, const Doubled& doubled, Sum& out) noexcept { out.value = total += doubled.value; }
};
/// Counts its calls, inner levels of book events among them.
struct Calls {
    std::uint64_t value;
};
struct LevelStage {
    static constexpr bool follows_inner_levels = true;
    std::uint64_t calls{};
    void on(const Tick&, Calls& out) noexcept { out.value = ++calls; }
};
struct NotAStage {
    void on(const Tick&, Sum&) {}
};

static_assert(Stage<DoubleStage> && Stage<SumStage> && !Stage<NotAStage>,
              "a stage is noexcept and takes its sections by reference");

}  // namespace

TEST(Chain, HandsEachStageTheSectionsBeforeIt) {
    DoubleStage doubled;
    SumStage sum;
    Chain chain{doubled, sum};
    decltype(chain)::slot_type slot;

    for (std::uint64_t i = 1; i <= 3; ++i) {
        slot.tick.sequence = i;
        chain.on(slot);
    }

    EXPECT_EQ(slot.get<Doubled>().value, 6u);
    EXPECT_EQ(slot.get<Sum>().value, 12u);
}

TEST(Chain, RunsARangeOfStagesForAThreadThatHasOnlyThose) {
    DoubleStage doubled;
    SumStage sum;
    Chain chain{doubled, sum};
    decltype(chain)::slot_type slot;
    slot.tick.sequence = 21;

    chain.on(slot, 0, 1);
    EXPECT_EQ(slot.get<Doubled>().value, 42u);
    EXPECT_EQ(slot.get<Sum>().value, 0u);

    chain.on(slot, 1, 2);
    EXPECT_EQ(slot.get<Sum>().value, 42u);
}

TEST(Chain, CallsOnlyStagesThatFollowThemOnInnerLevels) {
    LevelStage levels;
    DoubleStage doubled;
    SumStage sum;
    Chain chain{levels, doubled, sum};
    decltype(chain)::slot_type slot;
    slot.tick.kind = core::TickKind::level;
    slot.tick.sequence = 1;

    for (const bool timed : {false, true}) {
        slot.stamps.taken = timed;
        chain.on(slot);
    }
    chain.on(slot, 0, 3);
    EXPECT_EQ(slot.get<Calls>().value, 3u);
    EXPECT_EQ(sum.total, 0u);

    slot.tick.flags = core::tick_flag::last;
    chain.on(slot);
    EXPECT_EQ(slot.get<Calls>().value, 4u);
    EXPECT_EQ(slot.get<Sum>().value, 2u);
}

TEST(Chain, StampsEveryStageOfATickThatIsTimed) {
    DoubleStage doubled;
    SumStage sum;
    Chain chain{doubled, sum};
    decltype(chain)::slot_type slot;
    slot.stamps.taken = true;

    chain.on(slot);

    EXPECT_GT(slot.stamps.after[0], 0u);
    EXPECT_GE(slot.stamps.after[1], slot.stamps.after[0]);
}
