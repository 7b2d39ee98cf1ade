#include "tools/omega/live/questions.hpp"

#include "core/runtime/clock.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tools/omega/exchange.hpp"
#include "tools/omega/live/budgets.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

using namespace gateways::exchange;
using core::RateScope;
using core::RateUse;
using core::Venue;
using testing::HasSubstr;

namespace {

constexpr core::Nanoseconds begin = std::chrono::hours{480'000};

/// Time that passes only where somebody waits.
struct Clock {
    std::shared_ptr<core::Nanoseconds> time = std::make_shared<core::Nanoseconds>(begin);

    [[nodiscard]] omega::WaitingRoom room(core::Nanoseconds patience = std::chrono::minutes{2}) const {
        return {.now = [time = time] { return *time; },
                .wait = [time = time](core::Nanoseconds more) { *time += more; },
                .patience = patience};
    }
};

/// A venue that answers the same to everything, and counts.
struct Answering {
    Response answer{.status = 200, .headers = {}, .body = "{}"};
    std::shared_ptr<std::vector<std::string>> asked = std::make_shared<std::vector<std::string>>();

    Expected<Response> operator()(const WireRequest& wire) const {
        asked->push_back(wire.target);
        return answer;
    }
};

core::RateLedger budget_of(Venue venue) {
    return omega::host_budget(venue, "prod", "/nowhere");  // nobody shares it
}
std::uint32_t used(const core::RateLedger& budget, RateScope scope) {
    return budget.used(budget.window_of(scope).value(), begin);
}
WireRequest wire(Method method, std::string target) {
    return {.method = method, .base = "https://venue.example", .target = std::move(target), .headers = {}, .body = {}};
}
Request weighing(Method method, std::string path, int weight) {
    Request request;
    request.method = method;
    request.path = std::move(path);
    request.weight = weight;
    return request;
}

}  // namespace

TEST(Questions, EachRequestIsTakenFromTheBudgetByItsWeightBeforeItLeaves) {
    auto budget = budget_of(Venue::binance);
    const Clock clock;
    const Answering venue;
    const auto ask = omega::paying(
        venue, Venue::binance, budget,
        {weighing(Method::get, "/api/v3/exchangeInfo", 20), weighing(Method::get, "/fapi/v1/exchangeInfo", 1)},
        clock.room());

    ASSERT_TRUE(ask(wire(Method::get, "/api/v3/exchangeInfo?permissions=SPOT")));
    EXPECT_EQ(used(budget, RateScope::spot), 20u);
    EXPECT_EQ(used(budget, RateScope::linear), 0u) << "another host";
    ASSERT_TRUE(ask(wire(Method::get, "/fapi/v1/exchangeInfo")));
    EXPECT_EQ(used(budget, RateScope::linear), 1u);
    ASSERT_TRUE(ask(wire(Method::get, "/fapi/v1/time"))) << "of which nothing is known";
    EXPECT_EQ(used(budget, RateScope::linear), 2u);
    ASSERT_TRUE(ask(wire(Method::post, "/fapi/v1/order?symbol=BTCUSDT")));
    EXPECT_EQ(used(budget, RateScope::linear), 3u);
    EXPECT_EQ(used(budget, RateScope::orders), 1u) << "an order counts as one, too";
    EXPECT_EQ(venue.asked->size(), 4u);
}

TEST(Questions, WaitUntilTheBudgetHasRoomAgain) {
    for (const auto venue : {Venue::binance, Venue::bitget, Venue::bybit, Venue::okx}) {
        SCOPED_TRACE(core::name(venue));
        auto budget = budget_of(venue);
        while (budget.take(1, RateUse::normal, begin, RateScope::linear).granted()) {
        }
        const Clock clock;
        const Answering answering;
        const auto ask = omega::paying(answering, venue, budget, {}, clock.room());

        const char* targets[] = {"/fapi/v2/account", "/api/v2/mix/account/accounts", "/v5/account/wallet-balance",
                                 "/api/v5/trade/order"};
        const auto target = venue == Venue::binance  ? targets[0]
                            : venue == Venue::bitget ? targets[1]
                            : venue == Venue::bybit  ? targets[2]
                                                     : targets[3];
        ASSERT_TRUE(ask(wire(Method::get, target)));
        EXPECT_GT(*clock.time, begin) << "it waited";
        EXPECT_LE(*clock.time, begin + std::chrono::minutes{2});
        EXPECT_EQ(answering.asked->size(), 1u);
    }
}

TEST(Questions, ABanIsNotWaitedFor) {
    auto budget = budget_of(Venue::okx);
    budget.banned(std::chrono::minutes{10}, begin);
    const Clock clock;
    const Answering venue;

    const auto refused = omega::paying(venue, Venue::okx, budget, {}, clock.room())(wire(Method::get, "/api/v5/x"));

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), ErrorKind::banned);
    EXPECT_EQ(refused.error().retry_after_s, 600);
    EXPECT_TRUE(venue.asked->empty()) << "nothing was sent";
    EXPECT_EQ(*clock.time, begin) << "nor waited for";
}

TEST(Questions, WhatTheVenueSaysOfItsBudgetIsToldToAllWhoShareIt) {
    auto budget = budget_of(Venue::binance);
    const Clock clock;
    Answering venue{.answer = {.status = 429, .headers = {{"Retry-After", "30"}}, .body = "{}"}};
    ASSERT_TRUE(omega::paying(venue, Venue::binance, budget, {}, clock.room())(wire(Method::get, "/api/v3/time")));

    const auto next = budget.take(1, RateUse::normal, begin, RateScope::linear);
    EXPECT_EQ(next.refusal, core::RateRefusal::back_off);
    EXPECT_EQ(next.until, begin + std::chrono::seconds{30});
}

TEST(Questions, AVenueThatIsNotThereIsToldFromOneThatRefuses) {
    const auto thrown = [](ErrorKind kind) {
        try {
            omega::give_up("binance: its markets could not be had", refused(kind, "words"));
        } catch (const omega::NotReached& error) {
            return std::string{"not reached "} + error.what();
        } catch (const std::runtime_error& error) {
            return std::string{"refused "} + error.what();
        }
    };
    EXPECT_EQ(thrown(ErrorKind::network), "not reached binance: its markets could not be had: network: words");
    EXPECT_THAT(thrown(ErrorKind::maintenance), HasSubstr("not reached"));
    EXPECT_THAT(thrown(ErrorKind::authentication), HasSubstr("refused binance"));
}

TEST(Questions, AnExchangeCallByHandTakesFromWhatTheEnginesOfTheHostShare) {
    test::TemporaryFolder folder;
    omega::LiveSettings settings;
    settings.venues["binance"].instruments = {"BTC/USDT:USDT"};  // an engine of contracts alone: rules of its own
    omega::Budgets engine{settings, omega::RunMode::prod, folder / ""};
    ASSERT_TRUE(engine.problems().empty());
    const Answering venue{.answer = {.status = 200, .headers = {}, .body = R"({"serverTime":1499827319559})"}};
    const auto by_hand = [&](const std::filesystem::path& budgets) {
        std::ostringstream out, err;
        return omega::exchange_command(
            {.venue = "binance", .call = "fetch_time", .budgets = budgets}, [&] { return venue; }, out, err);
    };
    auto& shared = engine.of(Venue::binance);
    const auto count = [&] { return shared.used(shared.window_of(RateScope::spot).value(), core::Clock{}.now()); };

    EXPECT_EQ(by_hand(folder / ""), 0);
    EXPECT_EQ(count(), 1u);
    EXPECT_EQ(by_hand({}), 0) << "of a simulator";
    EXPECT_EQ(count(), 1u);

    shared.banned(std::chrono::hours{1}, core::Clock{}.now());
    EXPECT_EQ(by_hand(folder / ""), 1) << "the engines were told to be silent, so is this";
    EXPECT_EQ(venue.asked->size(), 2u);
}

TEST(Questions, ACallByHandLeavesNoBudgetOfItsOwnRulesBehind) {
    test::TemporaryFolder folder;
    (void)omega::host_budget(Venue::binance, "prod", folder / "");
    EXPECT_FALSE(std::filesystem::exists(folder / "omega-rate-binance-prod"));
}
