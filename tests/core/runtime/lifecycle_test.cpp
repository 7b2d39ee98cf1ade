#include "core/runtime/lifecycle.hpp"

#include <gtest/gtest.h>
#include <csignal>
#include <stdexcept>

using namespace core;

namespace {

Service service(std::vector<std::string>& diary, const std::string& name, int busy_rounds = 0) {
    return {.name = name,
            .start = [&diary, name] { diary.push_back("start " + name); },
            .drain = [busy_rounds]() mutable { return busy_rounds-- <= 0; },
            .stop = [&diary, name] { diary.push_back("stop " + name); }};
}

/// A clock that moves a second whenever it is asked.
std::function<Nanoseconds()> ticking() {
    return [now = Nanoseconds{}]() mutable { return now += 1s; };
}

}  // namespace

TEST(Lifecycle, StartsInOrderAndStopsInTheOpposite) {
    std::vector<std::string> diary;
    {
        Lifecycle life;
        life.add(service(diary, "herald"));
        life.add(service(diary, "feed"));
        EXPECT_EQ(life.phase(), Phase::created);
        life.start();
        EXPECT_EQ(life.phase(), Phase::running);
        life.stop();
        EXPECT_EQ(life.phase(), Phase::stopped);
    }
    EXPECT_EQ(diary, (std::vector<std::string>{"start herald", "start feed", "stop feed", "stop herald"}));
}

TEST(Lifecycle, StopsWhatItStartedWhenAStartFails) {
    std::vector<std::string> diary;
    Lifecycle life;
    life.add(service(diary, "herald"));
    life.add({.name = "journal", .start = [] { throw std::runtime_error("disk full"); }});
    life.add(service(diary, "feed"));

    EXPECT_THROW(life.start(), std::runtime_error);

    EXPECT_EQ(diary, (std::vector<std::string>{"start herald", "stop herald"}));
}

TEST(Lifecycle, DrainsUntilNothingIsUnderWay) {
    std::vector<std::string> diary;
    Lifecycle life;
    life.add(service(diary, "orders", 3));
    life.add(service(diary, "feed", 1));
    life.start();

    EXPECT_TRUE(life.drain(60s, ticking()).empty());
    EXPECT_EQ(life.phase(), Phase::draining);
}

TEST(Lifecycle, GivesUpDrainingAtTheLimitAndSaysWhoIsBusy) {
    std::vector<std::string> diary;
    Lifecycle life;
    life.add(service(diary, "orders", 1'000'000));
    life.add(service(diary, "feed"));
    life.start();

    EXPECT_EQ(life.drain(5s, ticking()), std::vector<std::string>{"orders"});
}

TEST(StopSignals, TakeTheFirstSignalAsARequest) {
    const StopSignals signals;
    EXPECT_FALSE(StopSignals::stop_requested());

    std::raise(SIGTERM);

    EXPECT_TRUE(StopSignals::stop_requested());
}

TEST(StopSignals, TakeALostTerminalAsARequestButNeverAsTheSecond) {
    const StopSignals signals;
    std::raise(SIGHUP);
    EXPECT_TRUE(StopSignals::stop_requested());
    std::raise(SIGHUP);  // were it a second wish, the process would be gone
}

TEST(StopSignals, LeaveSighupToWhoIgnoresIt) {
    struct sigaction ignore {
    }, before{};
    ignore.sa_handler = SIG_IGN;
    ASSERT_EQ(::sigaction(SIGHUP, &ignore, &before), 0);
    {
        const StopSignals signals;
        std::raise(SIGHUP);
        EXPECT_FALSE(StopSignals::stop_requested());
    }
    ::sigaction(SIGHUP, &before, nullptr);
}

TEST(StopSignalsDeathTest, EndTheProcessOnTheSecond) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(
        {
            const StopSignals signals;
            std::raise(SIGINT);
            std::raise(SIGINT);
        },
        testing::ExitedWithCode(128 + SIGINT), "");
}
