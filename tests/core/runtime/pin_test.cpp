#include "core/runtime/pin.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>
#include <atomic>
#include <stdexcept>

using namespace core;

TEST(StartThread, NamesAndBindsTheThreadBeforeItWorks) {
    std::string name;
    int cpu = -1;
    ThreadReport report;

    start_thread(
        {.name = "feed-binance-very-long", .cpu = 0},
        [&](std::stop_token) {
            char text[16];
            ::pthread_getname_np(::pthread_self(), text, sizeof text);
            name = text;
            cpu = ::sched_getcpu();
        },
        &report)
        .join();

    EXPECT_TRUE(report.named);
    EXPECT_EQ(name, "feed-binance-ve");
    if (!report.pinned) GTEST_SKIP() << "this process may not use cpu 0: " << report.problem;
    EXPECT_EQ(cpu, 0);
}

TEST(StartThread, ReportsACoreThatIsNotThereAndRunsAnyway) {
    ThreadReport report;
    std::atomic<bool> ran{};

    start_thread(
        {.name = "orders", .cpu = 100'000}, [&](std::stop_token) { ran = true; }, &report)
        .join();

    EXPECT_FALSE(report.pinned);
    EXPECT_NE(report.problem.find("thread 'orders' cannot be bound to cpu 100000"), std::string::npos)
        << report.problem;
    EXPECT_TRUE(ran);
}

TEST(StartThread, RefusesToRunUnpinnedWhenItMust) {
    std::atomic<bool> ran{};

    EXPECT_THROW(
        start_thread({.name = "orders", .cpu = 100'000, .must_pin = true}, [&](std::stop_token) { ran = true; }),
        std::runtime_error);

    EXPECT_FALSE(ran);
}
