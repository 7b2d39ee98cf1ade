#include "core/net/rate_limit.hpp"

#include "core/net/circuit_breaker.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

using namespace core;

namespace {

RateRules rules_of(std::initializer_list<RateWindow> windows) {
    RateRules rules;
    for (const auto& window : windows) rules.windows[rules.count++] = window;
    return rules;
}

const RateRules hundred_a_second = rules_of({{.length = 1s, .limit = 100, .reserve = 10}});

RateLedger ledger_of(const RateRules& rules) {
    auto made = RateLedger::anonymous(rules);
    EXPECT_TRUE(made);
    return std::move(*made);
}

std::filesystem::path scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "omega-rate-XXXXXX").string();
    return ::mkdtemp(name.data());
}

}  // namespace

TEST(RateLedger, KeepsAReserveForCancelsAndForgetsAfterTheWindow) {
    auto ledger = ledger_of(hundred_a_second);

    EXPECT_TRUE(ledger.take(90, RateUse::normal, 10s).granted());
    EXPECT_EQ(ledger.take(1, RateUse::normal, 10s).refusal, RateRefusal::window);
    EXPECT_EQ(ledger.used(0, 10s), 90u) << "a refusal costs nothing";
    EXPECT_TRUE(ledger.take(10, RateUse::cancel, 10s).granted());
    EXPECT_FALSE(ledger.take(1, RateUse::cancel, 10s).granted());
    EXPECT_FALSE(ledger.take(1, RateUse::cancel, 11s).granted()) << "a whole window later, not a moment sooner";
    EXPECT_TRUE(ledger.take(1, RateUse::cancel, 11s + 63ms).granted());
}

TEST(RateLedger, GoesOnWhenTheNumbersOfItsPartsOutgrow32Bits) {
    auto ledger = ledger_of(hundred_a_second);
    const auto wrap = 7 * (std::int64_t{1} << 32) * 62'500us;  // of time of day: 18 July 2029
    for (auto now = Nanoseconds{wrap} - 2s; now < wrap + 4s; now += 100ms) ledger.take(10, RateUse::normal, now);
    EXPECT_LE(ledger.used(0, wrap + 4s), 100u);
    EXPECT_TRUE(ledger.take(90, RateUse::normal, wrap + 6s).granted());
    EXPECT_EQ(ledger.used(0, wrap + 6s), 90u);
}

TEST(RateLedger, TakesFromEveryWindowOrFromNone) {
    auto ledger =
        ledger_of(rules_of({{.length = 1s, .limit = 10, .reserve = 0}, {.length = 60s, .limit = 15, .reserve = 0}}));

    EXPECT_TRUE(ledger.take(10, RateUse::normal, 100s).granted());
    EXPECT_FALSE(ledger.take(6, RateUse::normal, 102s).granted());
    EXPECT_EQ(ledger.used(0, 102s), 0u);
    EXPECT_TRUE(ledger.take(5, RateUse::normal, 102s).granted());
    ledger.give_back(5, 102s);
    EXPECT_EQ(ledger.used(0, 102s), 0u);
    EXPECT_EQ(ledger.used(1, 102s), 10u);
}

TEST(RateLedger, LearnsFromTheVenuesOwnCount) {
    auto ledger = ledger_of(hundred_a_second);
    ledger.take(20, RateUse::normal, 10s);

    ledger.observe(0, 85, 10s);
    EXPECT_EQ(ledger.used(0, 10s), 85u);
    ledger.observe(0, 30, 10s);
    EXPECT_EQ(ledger.used(0, 10s), 85u) << "an older answer lowers nothing";
    EXPECT_FALSE(ledger.take(6, RateUse::normal, 10s).granted());
}

TEST(RateLedger, BacksOffAsToldElseLongerEachTime) {
    auto ledger = ledger_of(hundred_a_second);
    ledger.throttled(7s, 100s);
    EXPECT_EQ(ledger.take(1, RateUse::cancel, 106s).refusal, RateRefusal::back_off);
    EXPECT_EQ(ledger.take(1, RateUse::cancel, 106s).until, 107s);
    EXPECT_TRUE(ledger.take(1, RateUse::normal, 107s).granted());

    ledger.throttled(0s, 110s);
    EXPECT_EQ(ledger.take(1, RateUse::normal, 110s).until, 112s);
    ledger.throttled(0s, 112s);
    EXPECT_EQ(ledger.take(1, RateUse::normal, 112s).until, 116s);
    ledger.throttled(0s, 200s);
    EXPECT_EQ(ledger.take(1, RateUse::normal, 200s).until, 201s) << "a minute of peace is forgiven";
}

TEST(RateLedger, ABanStopsEverythingUntilItsEnd) {
    auto ledger = ledger_of(hundred_a_second);
    ledger.banned(120s, 100s);
    ledger.banned(1s, 101s);

    EXPECT_EQ(ledger.take(1, RateUse::cancel, 219s).refusal, RateRefusal::banned);
    EXPECT_TRUE(ledger.take(1, RateUse::cancel, 220s).granted());
    ledger.banned(0s, 300s);
    EXPECT_EQ(ledger.take(1, RateUse::cancel, 300s).until, 900s);
}

TEST(RateLedger, IsOneBudgetForAllProcessesOfAHost) {
    const auto folder = scratch();
    {
        auto mine = RateLedger::open(folder / "ip", hundred_a_second);
        ASSERT_TRUE(mine);
        const auto child = ::fork();
        if (child == 0) {
            auto theirs = RateLedger::open(folder / "ip", hundred_a_second);
            if (!theirs || !theirs->take(60, RateUse::normal, 10s).granted()) ::_exit(1);
            ::raise(SIGKILL);  // it dies with the budget in its hands; nothing is locked
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status));

        EXPECT_EQ(mine->used(0, 10s), 60u);
        EXPECT_FALSE(mine->take(31, RateUse::normal, 10s).granted());
        EXPECT_TRUE(mine->take(30, RateUse::normal, 10s).granted());
        EXPECT_EQ(RateLedger::open(folder / "ip", rules_of({{.length = 1s, .limit = 99, .reserve = 0}})).error(),
                  Error::refused);
    }
    std::ofstream{folder / "other"} << "not a ledger";
    std::filesystem::permissions(folder / "other", std::filesystem::perms{0600});
    EXPECT_EQ(RateLedger::open(folder / "other", hundred_a_second).error(), Error::corrupt);
    std::filesystem::permissions(folder / "ip", std::filesystem::perms{0666});
    EXPECT_EQ(RateLedger::open(folder / "ip", hundred_a_second).error(), Error::refused);
    std::filesystem::remove_all(folder);
}

TEST(RateLedger, ThreadsAndAProcessTogetherNeverGetMoreThanTheLimit) {
    auto ledger = ledger_of(rules_of({{.length = 60s, .limit = 5000, .reserve = 0}}));
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const auto taken = [&] {
        std::uint32_t got = 0;
        for (int i = 0; i < 4000; ++i) got += ledger.take(1, RateUse::normal, 100s).granted() ? 1u : 0u;
        return got;
    };
    const auto child = ::fork();
    if (child == 0) {
        const auto got = taken();
        ::_exit(::write(pipe[1], &got, sizeof got) == sizeof got ? 0 : 1);
    }
    std::atomic<std::uint32_t> granted{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 3; ++t) threads.emplace_back([&] { granted += taken(); });
    }
    std::uint32_t theirs = 0;
    ASSERT_EQ(::read(pipe[0], &theirs, sizeof theirs), static_cast<ssize_t>(sizeof theirs));
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(pipe[0]);
    ::close(pipe[1]);

    // 16000 asked for 5000. Two that look at the same time may both step back, so a few may be left over.
    EXPECT_LE(granted + theirs, 5000u);
    EXPECT_EQ(granted + theirs, ledger.used(0, 100s));
    while (ledger.take(1, RateUse::normal, 100s).granted()) ++granted;
    EXPECT_EQ(granted + theirs, 5000u) << "and all of it is given in the end";
}

RC_GTEST_PROP(RateLedger, NeverGrantsMoreThanTheLimitInAnySpanOfTheWindow, ()) {
    const auto limit = *rc::gen::inRange<std::uint32_t>(1, 50);
    auto ledger = ledger_of(rules_of({{.length = 1s, .limit = limit, .reserve = 0}}));
    std::vector<std::pair<Nanoseconds, std::uint32_t>> granted;
    Nanoseconds now = 5s;
    for (int i = 0; i < 200; ++i) {
        now += std::chrono::milliseconds{*rc::gen::inRange(0, 120)};
        const auto weight = *rc::gen::inRange<std::uint32_t>(1, 8);
        if (ledger.take(weight, RateUse::normal, now).granted()) granted.emplace_back(now, weight);
    }
    for (std::size_t first = 0; first < granted.size(); ++first) {
        std::uint32_t in_span = 0;
        for (std::size_t i = first; i < granted.size() && granted[i].first - granted[first].first < 1s; ++i)
            in_span += granted[i].second;
        RC_ASSERT(in_span <= limit);
    }
}

TEST(CircuitBreaker, OpensAfterFailuresInARowAndLetsOneProbeThrough) {
    CircuitBreaker breaker;
    for (int i = 0; i < 4; ++i) breaker.failure(10s);
    breaker.success();
    for (int i = 0; i < 4; ++i) breaker.failure(10s);
    EXPECT_TRUE(breaker.allow(10s));
    breaker.failure(10s);
    EXPECT_EQ(breaker.state(), BreakerState::open);
    EXPECT_FALSE(breaker.allow(14s));

    EXPECT_TRUE(breaker.allow(15s));
    EXPECT_EQ(breaker.state(), BreakerState::half_open);
    EXPECT_FALSE(breaker.allow(15s + 10ms)) << "one probe";
    breaker.failure(15s + 20ms);
    EXPECT_EQ(breaker.until(), 25s + 20ms) << "twice as long";
    EXPECT_TRUE(breaker.allow(26s));
    EXPECT_FALSE(breaker.allow(27s)) << "a probe without answer has failed";
    EXPECT_EQ(breaker.until(), 47s);
    breaker.success();  // of a request from long ago
    EXPECT_FALSE(breaker.allow(46s));
    EXPECT_TRUE(breaker.allow(47s));
    breaker.success();
    EXPECT_EQ(breaker.state(), BreakerState::closed);
}

TEST(CircuitBreaker, NeverWaitsLongerThanItsLongest) {
    CircuitBreaker breaker;
    Nanoseconds now = 0s;
    for (int i = 0; i < 5; ++i) breaker.failure(now);
    for (int i = 0; i < 40; ++i) {
        EXPECT_LE(breaker.until() - now, 300s);
        now = breaker.until();
        ASSERT_TRUE(breaker.allow(now));
        breaker.failure(now);
    }
    EXPECT_EQ(breaker.until() - now, 300s);
}

TEST(RateScopes, ShareTheWindowsThatNameThemAndNoOther) {
    auto ledger = ledger_of(rules_of({{.length = 1s, .limit = 10, .reserve = 0, .scopes = bit(RateScope::orders)},
                                      {.length = 1s, .limit = 5, .reserve = 0, .scopes = bit(RateScope::slow)},
                                      {.length = 60s, .limit = 14, .reserve = 0}}));
    EXPECT_TRUE(ledger.take(5, RateUse::normal, 100s, RateScope::slow).granted());
    EXPECT_EQ(ledger.take(1, RateUse::normal, 100s, RateScope::slow).refusal, RateRefusal::window);
    EXPECT_TRUE(ledger.take(9, RateUse::normal, 100s, RateScope::orders).granted());
    EXPECT_FALSE(ledger.take(1, RateUse::normal, 100s, RateScope::orders).granted()) << "the third is everybody's";
    ledger.give_back(1, 100s, RateScope::orders);
    EXPECT_TRUE(ledger.take(1, RateUse::normal, 100s, RateScope::linear).granted());
    EXPECT_EQ(ledger.used(0, 100s), 8u);
    EXPECT_EQ(ledger.window_of(RateScope::slow), 1u);
    EXPECT_EQ(ledger.window_of(RateScope::linear), 2u);
    EXPECT_TRUE(ledger.take(0, RateUse::normal, 100s, RateScope::slow).granted()) << "only whether anything may leave";
}

TEST(RateScopes, AreSilencedOneByOneAndCancelsNotAtAll) {
    auto ledger = ledger_of(hundred_a_second);
    ledger.throttled(7s, 100s, RateScope::linear);
    EXPECT_EQ(ledger.take(1, RateUse::normal, 106s, RateScope::linear).refusal, RateRefusal::back_off);
    EXPECT_TRUE(ledger.take(1, RateUse::cancel, 106s, RateScope::linear).granted());
    EXPECT_TRUE(ledger.take(1, RateUse::normal, 106s, RateScope::orders).granted());
    EXPECT_TRUE(ledger.take(1, RateUse::normal, 107s, RateScope::linear).granted());
}
