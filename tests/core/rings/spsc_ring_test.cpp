#include "core/rings/spsc_ring.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <array>
#include <deque>
#include <numeric>
#include <thread>
#include <vector>

using core::SpscRing;

namespace {

struct Wide {
    std::array<std::uint64_t, 8> words{};
    static Wide of(std::uint64_t n) {
        Wide wide;
        for (std::size_t i = 0; i < wide.words.size(); ++i) wide.words[i] = n * 8 + i;
        return wide;
    }
    friend bool operator==(const Wide&, const Wide&) = default;
};

}  // namespace

TEST(SpscRing, RefusesACapacityThatIsNoPowerOfTwo) {
    for (const std::size_t capacity : {0u, 1u, 3u, 1000u}) {
        SCOPED_TRACE(capacity);
        EXPECT_THROW(SpscRing<int>{capacity}, std::invalid_argument);
    }
}

TEST(SpscRing, HoldsExactlyItsCapacity) {
    SpscRing<int> ring{4};
    int out{};

    EXPECT_FALSE(ring.try_pop(out));
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.try_push(i));
    EXPECT_FALSE(ring.try_push(4));
    EXPECT_EQ(ring.size(), 4u);
    EXPECT_TRUE(ring.try_pop(out));
    EXPECT_EQ(out, 0);

    EXPECT_TRUE(ring.try_push(4)) << "one slot came back";
    EXPECT_FALSE(ring.try_push(5));
}

TEST(SpscRing, ClaimsInPlaceAndShowsNothingBeforeCommit) {
    SpscRing<Wide> ring{2};

    Wide* slot = ring.claim();
    ASSERT_NE(slot, nullptr);
    *slot = Wide::of(7);
    EXPECT_EQ(ring.front(), nullptr);
    EXPECT_EQ(ring.claim(), slot);
    ring.commit();

    ASSERT_EQ(ring.front(), slot);
    EXPECT_EQ(*ring.front(), Wide::of(7));
    ring.release();
    EXPECT_EQ(ring.front(), nullptr);
}

TEST(SpscRing, SplitsABatchAtTheWrapAndAtTheRoomLeft) {
    SpscRing<int> ring{8};
    std::array<int, 6> items{};
    std::iota(items.begin(), items.end(), 0);
    std::vector<int> seen;
    const auto see = [&](int& item) { seen.push_back(item); };

    EXPECT_EQ(ring.push(items), 6u);
    EXPECT_EQ(ring.drain(see, 5), 5u);
    EXPECT_EQ(ring.push(items), 6u) << "wraps";
    EXPECT_EQ(ring.push(items), 1u) << "one place left";
    EXPECT_EQ(ring.push(items), 0u);
    EXPECT_EQ(ring.drain(see), 8u);
    EXPECT_EQ(ring.drain(see), 0u);

    EXPECT_EQ(seen, (std::vector<int>{0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0}));
}

TEST(SpscRing, GivesSlotsBackByTheEighthAndAllWhenFoundEmpty) {
    SpscRing<int> ring{64};
    int out{};
    for (int i = 0; i < 64; ++i) ASSERT_TRUE(ring.try_push(i));

    for (int i = 0; i < 7; ++i) ASSERT_TRUE(ring.try_pop(out));
    EXPECT_FALSE(ring.try_push(0));
    ASSERT_TRUE(ring.try_pop(out));
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(ring.try_push(0));
    EXPECT_FALSE(ring.try_push(0));

    while (ring.try_pop(out)) continue;
    for (int i = 0; i < 64; ++i) EXPECT_TRUE(ring.try_push(i)) << "nothing stays behind in an empty ring";
}

RC_GTEST_PROP(SpscRing, BehavesLikeABoundedDeque, (std::vector<std::uint8_t> steps)) {
    constexpr std::size_t capacity = 8;
    SpscRing<int> ring{capacity};
    std::deque<int> twin;
    int next = 0;
    for (const auto step : steps) {
        const std::size_t n = step / 5u % 11u;
        if (step % 5 == 0) {
            RC_ASSERT(ring.try_push(next) == (twin.size() < capacity));
            if (twin.size() < capacity) twin.push_back(next);
            ++next;
        } else if (step % 5 == 1) {
            int out{};
            RC_ASSERT(ring.try_pop(out) == !twin.empty());
            if (!twin.empty()) {
                RC_ASSERT(out == twin.front());
                twin.pop_front();
            }
        } else if (step % 5 == 2) {
            std::vector<int> items(n);
            for (int& item : items) item = next++;
            const auto pushed = ring.push(items);
            RC_ASSERT(pushed == std::min(n, capacity - twin.size()));
            twin.insert(twin.end(), items.begin(), items.begin() + static_cast<std::ptrdiff_t>(pushed));
        } else if (step % 5 == 3) {
            std::vector<int> items(n);
            const auto popped = ring.pop(items);
            RC_ASSERT(popped == std::min(n, twin.size()));
            for (std::size_t i = 0; i < popped; ++i, twin.pop_front()) RC_ASSERT(items[i] == twin.front());
        } else {
            const auto drained = ring.drain(
                [&](int item) {
                    RC_ASSERT(item == twin.front());
                    twin.pop_front();
                },
                n);
            RC_ASSERT(drained <= n);
            RC_ASSERT(drained == n || twin.empty());
        }
        RC_ASSERT(ring.size() == twin.size());
    }
}

namespace {

/// Sends 0..count−1 through a ring of `capacity` on two threads, varying how each side works; every value is checked.
template <class T, class Make>
void carry(std::size_t capacity, std::uint64_t count, Make make, std::size_t push_batch, std::size_t pop_batch) {
    SpscRing<T> ring{capacity};
    std::jthread producer{[&] {
        std::vector<T> batch(push_batch);
        for (std::uint64_t next = 0; next < count;) {
            if (push_batch == 0) {
                T* slot = ring.claim();
                if (slot == nullptr) {
                    std::this_thread::yield();
                    continue;
                }
                *slot = make(next++);
                ring.commit();
                continue;
            }
            const auto n = std::min<std::uint64_t>(push_batch, count - next);
            for (std::uint64_t i = 0; i < n; ++i) batch[i] = make(next + i);
            const auto pushed = ring.push(std::span<const T>{batch.data(), n});
            next += pushed;
            if (pushed == 0) std::this_thread::yield();
        }
    }};

    std::uint64_t expected = 0, wrong = 0;
    while (expected < count) {
        std::size_t got = 0;
        if (pop_batch == 0) {
            T item;
            if (ring.try_pop(item)) {
                wrong += !(item == make(expected++));
                got = 1;
            }
        } else {
            got = ring.drain([&](const T& item) { wrong += !(item == make(expected++)); }, pop_batch);
        }
        if (got == 0) std::this_thread::yield();
    }

    EXPECT_EQ(wrong, 0u);
    T rest;
    EXPECT_FALSE(ring.try_pop(rest));
}

}  // namespace

TEST(SpscRing, CarriesEveryValueInOrderBetweenTwoThreads) {
    const auto same = [](std::uint64_t n) { return n; };
    // Few times round each ring: on a machine whose cores are busy, a full ring costs a time slice.
    carry<std::uint64_t>(2, 200, same, 0, 0);
    carry<std::uint64_t>(64, 4'000, same, 0, 0);
    carry<std::uint64_t>(1024, 100'000, same, 0, 0);
    carry<std::uint64_t>(1024, 100'000, same, 32, 32);
    carry<std::uint64_t>(64, 4'000, same, 0, 64);
    carry<Wide>(16, 1'000, Wide::of, 0, 0);
    carry<Wide>(256, 20'000, Wide::of, 7, 5);
    carry<Wide>(64, 4'000, Wide::of, 64, 0);
}
