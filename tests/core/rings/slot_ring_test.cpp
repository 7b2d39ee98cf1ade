#include "core/rings/slot_ring.hpp"

#include <gtest/gtest.h>
#include <array>
#include <thread>
#include <vector>

using core::SlotRing;

namespace {

/// What a slot of the pipeline is to the ring: a tick and one section per stage.
struct Slot {
    std::uint64_t tick{};
    std::array<std::uint64_t, 3> section{};
};

}  // namespace

TEST(SlotRing, RefusesImpossibleShapes) {
    EXPECT_THROW((SlotRing<Slot>{3, 1}), std::invalid_argument);
    EXPECT_THROW((SlotRing<Slot>{1, 1}), std::invalid_argument);
    EXPECT_THROW((SlotRing<Slot>{4, 0}), std::invalid_argument);
    EXPECT_THROW((SlotRing<Slot>{4, 9}), std::invalid_argument);
}

TEST(SlotRing, NeverLetsTheWriterLapTheLastReader) {
    SlotRing<Slot> ring{4, 2};
    for (std::uint64_t i = 0; i < 4; ++i) {
        ASSERT_NE(ring.claim(), nullptr);
        ring.claim()->tick = i;
        ring.publish();
    }
    const auto nothing = [](Slot&) {};

    EXPECT_EQ(ring.claim(), nullptr);
    EXPECT_EQ(ring.drain(0, nothing), 4u);
    EXPECT_EQ(ring.claim(), nullptr) << "reader 1 has not been there yet";
    EXPECT_EQ(ring.drain(1, nothing, 1), 1u);

    EXPECT_NE(ring.claim(), nullptr);
    ring.publish();
    EXPECT_EQ(ring.claim(), nullptr);
}

TEST(SlotRing, LetsEachReaderFollowTheOneBeforeIt) {
    SlotRing<Slot> ring{8, 2};
    std::vector<std::uint64_t> seen;
    const auto see = [&](Slot& slot) { seen.push_back(slot.tick); };

    EXPECT_EQ(ring.available(0), 0u);
    for (std::uint64_t i = 0; i < 3; ++i) {
        ring.claim()->tick = i;
        ring.publish();
    }

    EXPECT_EQ(ring.available(0), 3u);
    EXPECT_EQ(ring.available(1), 0u);
    EXPECT_EQ(ring.drain(1, see), 0u);
    EXPECT_EQ(ring.drain(0, see, 2), 2u);
    EXPECT_EQ(ring.available(1), 2u);
    EXPECT_EQ(ring.drain(1, see), 2u);
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, 1, 0, 1}));
}

TEST(SlotRing, HandsASlotOnBeforeTheBatchEnds) {
    SlotRing<Slot> ring{4, 2};
    for (int i = 0; i < 2; ++i) {
        ASSERT_NE(ring.claim(), nullptr);
        ring.publish();
    }

    std::vector<std::size_t> ahead;
    ring.drain(0, [&](Slot&) { ahead.push_back(ring.available(1)); });

    EXPECT_EQ(ahead, (std::vector<std::size_t>{0, 1}));
}

TEST(SlotRing, IsDoneForAReaderOnlyWhenClosedAndWorkedOff) {
    SlotRing<Slot> ring{4, 1};
    ASSERT_NE(ring.claim(), nullptr);
    ring.publish();

    EXPECT_FALSE(ring.done(0));
    ring.close();
    EXPECT_FALSE(ring.done(0));
    ring.drain(0, [](Slot&) {});
    EXPECT_TRUE(ring.done(0));
}

namespace {

/// One writer and `readers` chained readers, one of them slow; every section of every slot is checked by the next.
void run_chain(std::size_t capacity, std::size_t readers, std::uint64_t count, std::size_t slow_reader) {
    SlotRing<Slot> ring{capacity, readers};
    std::vector<std::uint64_t> wrong(readers), worked(readers);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < readers; ++i)
            threads.emplace_back([&, i] {
                const auto work = [&](Slot& slot) {
                    wrong[i] += slot.tick != worked[i]++;
                    for (std::size_t before = 0; before < i; ++before)
                        wrong[i] += slot.section[before] != slot.tick + before;
                    // Sections behind ours still hold the slot's last journey: nobody may have touched them before us.
                    const auto last = slot.tick < capacity ? 0 : slot.tick - capacity + i;
                    wrong[i] += slot.section[i] != last;
                    slot.section[i] = slot.tick + i;
                    if (i == slow_reader && slot.tick % 64 == 0) std::this_thread::yield();
                };
                while (!ring.done(i))
                    if (ring.drain(i, work, i + 1 == readers ? 3 : ~std::size_t{}) == 0) std::this_thread::yield();
            });

        for (std::uint64_t tick = 0; tick < count;) {
            Slot* slot = ring.claim();
            if (slot == nullptr) {
                std::this_thread::yield();
                continue;
            }
            slot->tick = tick++;
            ring.publish();
        }
        ring.close();
    }

    EXPECT_EQ(wrong, std::vector<std::uint64_t>(readers, 0));
    EXPECT_EQ(worked, std::vector<std::uint64_t>(readers, count));
}

}  // namespace

// Few times round each ring: on a machine whose cores are busy, a full ring costs a time slice.
TEST(SlotRing, CarriesEverySlotThroughOneReader) {
    run_chain(1024, 1, 50'000, 9);
}
TEST(SlotRing, CarriesEverySlotThroughThreeChainedReaders) {
    run_chain(1024, 3, 30'000, 9);
}
TEST(SlotRing, WaitsForASlowReaderInTheMiddle) {
    run_chain(64, 3, 2'000, 1);
}
TEST(SlotRing, WaitsForASlowLastReader) {
    run_chain(4, 3, 200, 2);
}
