#include "core/rings/mailbox.hpp"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

using core::Mailbox;

TEST(Mailbox, HoldsItsCapacityWhoeverSends) {
    Mailbox<int> mailbox{100, 2};
    Mailbox<int>::Producer first{mailbox}, second{mailbox};

    for (int i = 0; i < 60; ++i) EXPECT_TRUE(first.try_enqueue(i));
    for (int i = 0; i < 40; ++i) EXPECT_TRUE(second.try_enqueue(i));
    EXPECT_FALSE(first.try_enqueue(0));
    EXPECT_FALSE(second.try_enqueue(0));
    EXPECT_EQ(mailbox.size(), 100u);
    int out{};
    EXPECT_TRUE(mailbox.try_dequeue(out));

    EXPECT_TRUE(second.try_enqueue(1));
    EXPECT_FALSE(first.try_enqueue(0));
    EXPECT_EQ(mailbox.drain([](int&) {}), 100u);
    EXPECT_FALSE(mailbox.try_dequeue(out));
}

TEST(Mailbox, GivesOneProducerAllTheRoomAgainAndAgain) {
    constexpr std::size_t capacity = Mailbox<int>::max_capacity;
    Mailbox<int> mailbox{capacity, 3};
    std::vector<Mailbox<int>::Producer> producers;
    for (int i = 0; i < 3; ++i) producers.emplace_back(mailbox);

    for (auto& producer : producers) {
        std::size_t sent = 0;
        while (producer.try_enqueue(1)) ++sent;
        EXPECT_EQ(sent, capacity);
        EXPECT_EQ(mailbox.drain([](int&) {}), capacity);
    }
}

TEST(Mailbox, RefusesWhatItDidNotReserveMemoryFor) {
    EXPECT_THROW((Mailbox<int>{0, 1}), std::invalid_argument);
    EXPECT_THROW((Mailbox<int>{Mailbox<int>::max_capacity + 1, 1}), std::invalid_argument);
    Mailbox<int> mailbox{8, 1};
    Mailbox<int>::Producer only{mailbox};
    EXPECT_THROW(Mailbox<int>::Producer{mailbox}, std::length_error);
}

TEST(Mailbox, LosesNothingBetweenManyThreadsAndKeepsEachProducersOrder) {
    struct Item {
        std::size_t producer{};
        std::uint64_t number{};
    };
    constexpr std::size_t producers = 3, consumers = 2;
    constexpr std::uint64_t each = 8'000;
    Mailbox<Item> mailbox{1024, producers};
    std::vector<std::vector<std::vector<std::uint64_t>>> seen(consumers,
                                                              std::vector<std::vector<std::uint64_t>>(producers));
    std::atomic<std::uint64_t> taken{};
    {
        std::vector<std::jthread> threads;
        for (std::size_t p = 0; p < producers; ++p)
            threads.emplace_back([&, p] {
                Mailbox<Item>::Producer producer{mailbox};
                for (std::uint64_t n = 0; n < each;)
                    if (producer.try_enqueue({p, n}))
                        ++n;
                    else
                        std::this_thread::yield();
            });
        for (std::size_t c = 0; c < consumers; ++c)
            threads.emplace_back([&, c] {
                while (taken.load() < producers * each) {
                    const auto count =
                        mailbox.drain([&](Item& item) { seen[c][item.producer].push_back(item.number); }, 16);
                    taken += count;
                    if (count == 0) std::this_thread::yield();
                }
            });
    }

    for (std::size_t p = 0; p < producers; ++p) {
        std::vector<std::uint64_t> all;
        for (const auto& consumer : seen) {
            EXPECT_TRUE(std::is_sorted(consumer[p].begin(), consumer[p].end()));
            all.insert(all.end(), consumer[p].begin(), consumer[p].end());
        }
        std::sort(all.begin(), all.end());
        ASSERT_EQ(all.size(), each);
        for (std::uint64_t n = 0; n < each; ++n) ASSERT_EQ(all[n], n);
    }
}
