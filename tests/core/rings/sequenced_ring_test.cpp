#include "core/rings/sequenced_ring.hpp"

#include "core/domain/tick.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <array>
#include <deque>
#include <thread>

using core::SequencedRing;

namespace {

struct Item {
    std::uint64_t sequence{};
    std::array<std::uint64_t, 7> words{};
    static Item of(std::uint64_t n) {
        Item item{.sequence = n};
        for (std::size_t i = 0; i < item.words.size(); ++i) item.words[i] = n * 8 + i;
        return item;
    }
    friend bool operator==(const Item&, const Item&) = default;
};

}  // namespace

static_assert(core::Sequenced<core::Tick> && core::Sequenced<Item>);

TEST(SequencedRing, RefusesACapacityThatIsNoPowerOfTwoAndTheNumberThatEmptySlotsHold) {
    for (const std::size_t capacity : {0u, 1u, 3u, 1000u}) {
        SCOPED_TRACE(capacity);
        EXPECT_THROW(SequencedRing<Item>{capacity}, std::invalid_argument);
    }
    EXPECT_THROW((SequencedRing<Item>{4, 0}), std::invalid_argument);
}

TEST(SequencedRing, HoldsExactlyItsCapacity) {
    SequencedRing<Item> ring{4, 1000};
    Item out;

    EXPECT_FALSE(ring.try_pop(out));
    for (std::uint64_t i = 1000; i < 1004; ++i) EXPECT_TRUE(ring.try_push(Item::of(i)));
    EXPECT_FALSE(ring.try_push(Item::of(1004)));
    EXPECT_TRUE(ring.try_pop(out));
    EXPECT_EQ(out, Item::of(1000));

    EXPECT_TRUE(ring.try_push(Item::of(1004))) << "one slot came back";
    EXPECT_FALSE(ring.try_push(Item::of(1005)));
}

RC_GTEST_PROP(SequencedRing, IsADequeWithABound, ()) {
    const auto capacity = std::size_t{1} << *rc::gen::inRange(1, 6);
    const auto first = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
    const auto pushes = *rc::gen::container<std::vector<bool>>(200, rc::gen::arbitrary<bool>());
    SequencedRing<Item> ring{capacity, first};
    std::deque<Item> twin;
    auto next = first;

    for (const bool push : pushes) {
        if (push) {
            // Slots come back by the eighth of a ring, so a ring of 16 or more may say full a little early.
            const bool pushed = ring.try_push(Item::of(next));
            const bool may = pushed ? twin.size() < capacity : twin.size() + capacity / 8 >= capacity;
            RC_ASSERT(may);
            if (pushed) twin.push_back(Item::of(next++));
        } else {
            Item out;
            const bool popped = ring.try_pop(out);
            RC_ASSERT(popped == !twin.empty());
            if (!popped) continue;
            RC_ASSERT(out == twin.front());
            twin.pop_front();
        }
    }
}

TEST(SequencedRing, CarriesEveryItemInOrderBetweenTwoThreads) {
    constexpr std::uint64_t items = 100'000;
    SequencedRing<Item> ring{64};
    std::uint64_t wrong = 0;

    std::thread consumer{[&] {
        Item item;
        for (std::uint64_t n = 1; n <= items;) {
            if (!ring.try_pop(item)) {
                std::this_thread::yield();
                continue;
            }
            wrong += item != Item::of(n++);
        }
    }};
    for (std::uint64_t n = 1; n <= items;) {
        if (ring.try_push(Item::of(n)))
            ++n;
        else
            std::this_thread::yield();
    }
    consumer.join();

    EXPECT_EQ(wrong, 0u);
}
