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
struct NotAStage {
    void on(const Tick&, Sum&) {}
};

static_assert(Stage<DoubleStage> && Stage<SumStage> && !Stage<NotAStage>, "a stage is noexcept and takes its sections by reference");

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
