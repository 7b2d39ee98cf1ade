#include "gateways/live/request_budget.hpp"

#include "gateways/binance/private_stream.hpp"
#include "gateways/bybit/private_stream.hpp"
#include "gateways/live/venue_limits.hpp"
#include "gateways/streams/request_id.hpp"
#include "tests/gateways/live/calls_world.hpp"

#include <rapidcheck/gtest.h>

#include <deque>
#include <map>

namespace test {
namespace {

using core::RateLedger;
using core::RateScope;
using core::RateUse;
using gateways::exchange::Method;
using gateways::live::RateFeedback;
using gateways::live::RequestBudget;

constexpr Venue venues[] = {Venue::binance, Venue::bitget, Venue::bybit, Venue::okx};
constexpr Nanoseconds start{std::chrono::hours{480'000}};

RateLedger ledger_of(Venue venue, std::vector<Market> markets = {Market::spot, Market::linear}) {
    auto made = RateLedger::anonymous(gateways::live::rate_rules(venue, markets));
    EXPECT_TRUE(made);
    return std::move(*made);
}

/// An answer in which everything is empty, and the page the last.
Response nothing(Venue venue) {
    switch (venue) {
        case Venue::binance: return {200, {}, "[]"};
        case Venue::bitget: return {200, {}, R"({"code":"00000","msg":"success","data":[]})"};
        case Venue::bybit: return {200, {}, R"({"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1})"};
        default: return {200, {}, R"({"code":"0","msg":"","data":[]})"};
    }
}

/// One question about a whole account, each request as soon as the budget lets it: how long, and when each left.
struct Question {
    Nanoseconds took{};
    std::map<std::string, std::vector<Nanoseconds>> left{};  ///< by endpoint
    std::size_t requests{};
};
Question ask(Venue venue, std::size_t pairs, Nanoseconds since) {
    const auto table = pairs_of(venue, pairs);
    const AccountCalls calls{
        venue, {Market::spot, Market::linear}, table, gateways::exchange::Environment::live, some_keys()};
    auto ledger = ledger_of(venue);
    RequestBudget budget{venue, ledger};
    Action action;
    action.kind = ActionKind::ask_account;
    action.timestamp = start;
    action.since = since;
    auto conversation = calls.begin(action, start);
    Question made;
    for (auto now = start; !conversation.done() && now < start + 10min; now += 10ms)
        while (const auto* ahead = conversation.upcoming(now)) {
            if (!budget.pay(*ahead, RateUse::normal, now).granted()) break;
            made.left[ahead->path].push_back(now);
            ++made.requests;
            made.took = now - start;
            EXPECT_TRUE(conversation.next(now));
            conversation.answer(nothing(venue), now, now);
        }
    EXPECT_TRUE(conversation.done());
    return made;
}

}  // namespace

TEST(RequestBudget, LetsAnAccountOfManyPairsBeAskedAtEveryVenue) {
    for (const auto venue : venues) {
        const auto asked = ask(venue, 10, start - 1h);
        EXPECT_GT(asked.requests, 5u) << core::name(venue);
        EXPECT_LT(asked.took, 30s) << core::name(venue) << ", " << asked.requests << " requests";
    }
}

TEST(RequestBudget, NeverAsksOneEndpointMoreThanItTakes) {
    const auto asked = ask(Venue::bitget, 10, start - 60 * 24h);
    ASSERT_GT(asked.requests, 100u);
    for (const auto& [path, times] : asked.left) {
        const std::size_t most = path.ends_with("all-position") ? 5 : 10;
        for (std::size_t i = most; i < times.size(); ++i)
            EXPECT_GE(times[i] - times[i - most], 1s) << path << " request " << i;
    }
}

TEST(RequestBudget, ARefusalOfQuestionsHoldsNoCancelBackButAnAddressIsSilent) {
    for (const auto venue : {Venue::bitget, Venue::bybit, Venue::okx}) {
        auto ledger = ledger_of(venue);
        RequestBudget budget{venue, ledger};
        const char* const fills = venue == Venue::bitget  ? "/api/v2/mix/order/fills"
                                  : venue == Venue::bybit ? "/v5/execution/list"
                                                          : "/api/v5/trade/fills";
        const auto scope = gateways::live::scope_of(venue, Method::get, fills);
        budget.heed(gateways::live::rate_feedback(venue, Response{429, {}, ""}), scope, start);
        EXPECT_EQ(budget.pay(Method::get, fills, 1, RateUse::normal, start).refusal, core::RateRefusal::back_off);
        // What LiveGateway takes for orders and cancels:
        EXPECT_TRUE(ledger.take(1, RateUse::cancel, start).granted()) << core::name(venue);
        EXPECT_TRUE(ledger.take(1, RateUse::normal, start).granted()) << core::name(venue);
    }
    auto ledger = ledger_of(Venue::binance);
    RequestBudget budget{Venue::binance, ledger};
    const Response slow_down{429, {{"Retry-After", "7"}}, R"({"code":-1003,"msg":"Too much request weight used"})"};
    budget.heed(gateways::live::rate_feedback(Venue::binance, slow_down), RateScope::linear, start);
    EXPECT_FALSE(ledger.take(1, RateUse::cancel, start + 6s).granted());
    EXPECT_TRUE(ledger.take(1, RateUse::cancel, start + 7s).granted());
    const Response orders{429, {{"Retry-After", "7"}}, R"({"code":-1015,"msg":"Too many new orders"})"};
    budget.heed(gateways::live::rate_feedback(Venue::binance, orders), RateScope::linear, start + 10s);
    EXPECT_FALSE(ledger.take(1, RateUse::normal, start + 16s).granted());
    EXPECT_TRUE(ledger.take(1, RateUse::cancel, start + 11s).granted()) << "a limit of new orders ends no cancel";
}

TEST(RequestBudget, TakesForAnOrderOnlyWhatTheGatewayDidNot) {
    auto ledger = ledger_of(Venue::bitget);
    RequestBudget budget{Venue::bitget, ledger};
    const char* const cancels = "/api/v2/spot/trade/cancel-symbol-order";
    for (int i = 0; i < 50; ++i)
        EXPECT_TRUE(budget.pay(Method::post, cancels, 1, RateUse::cancel, start, true).granted());
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.pay(Method::post, cancels, 1, RateUse::cancel, start).granted());
    EXPECT_FALSE(budget.pay(Method::post, cancels, 1, RateUse::cancel, start).granted()) << "ten in a second";
    EXPECT_TRUE(budget.pay(Method::get, "/api/v2/spot/trade/orderInfo", 1, RateUse::normal, start).granted());
}

TEST(RequestBudget, ABusySpotHostTakesNothingFromContracts) {
    auto ledger = ledger_of(Venue::binance);
    RequestBudget budget{Venue::binance, ledger};
    Response used{200, {{"X-MBX-USED-WEIGHT-1M", "5990"}}, "[]"};
    budget.heed(gateways::live::rate_feedback(Venue::binance, used), RateScope::spot, start);
    EXPECT_FALSE(budget.pay(Method::get, "/api/v3/account", 20, RateUse::cancel, start).granted());
    EXPECT_TRUE(budget.pay(Method::get, "/fapi/v2/positionRisk", 5, RateUse::normal, start).granted());
    EXPECT_TRUE(budget.pay(Method::del, "/fapi/v1/order", 1, RateUse::cancel, start).granted());
    EXPECT_TRUE(ledger.take(1, RateUse::cancel, start).granted());
}

TEST(RequestBudget, HeedsWhatTheWebSocketApiSays) {
    const auto table = pairs_of(Venue::binance);
    gateways::binance::PrivateStream stream{table, Market::spot};
    std::string request(gateways::streams::request_id_length, '0');
    gateways::streams::write_request_id(request.data(), core::OrderId::of(7, 1), gateways::streams::Operation::place,
                                        1);
    const auto read = [&](const std::string& text) {
        std::vector<gateways::VenueEvent> events;
        const auto reading = stream.read(text, start, events);
        EXPECT_TRUE(reading);
        return gateways::live::rate_feedback(Venue::binance, *reading);
    };
    const auto ban = read(R"({"id":")" + request +
                          R"(","status":418,"error":{"code":-1003,"msg":"IP banned until 1659146400000","data":)" +
                          R"({"serverTime":1659142800000,"retryAfter":1659146400000}},"rateLimits":[]})");
    EXPECT_TRUE(ban.banned);
    EXPECT_EQ(ban.retry_after, Nanoseconds{1h});
    const auto busy =
        read(R"({"id":")" + request +
             R"(","status":429,"error":{"code":-1003,"msg":"Too much","data":{"serverTime":1000,"retryAfter":3500}},)" +
             R"("rateLimits":[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":50,"count":7},)" +
             R"({"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000,"count":6001}]})");
    EXPECT_TRUE(busy.everything);
    EXPECT_EQ(busy.retry_after, Nanoseconds{2500ms});
    EXPECT_EQ(busy.used_weight, 6001u);
    auto ledger = ledger_of(Venue::binance);
    RequestBudget{Venue::binance, ledger}.heed(ban, RateScope::spot, start);
    EXPECT_EQ(ledger.take(1, RateUse::cancel, start + 59min).refusal, core::RateRefusal::banned);
    EXPECT_TRUE(ledger.take(1, RateUse::cancel, start + 1h).granted());
}

TEST(RequestBudget, HeedsBybitsOrderSocket) {
    const auto table = pairs_of(Venue::bybit);
    gateways::bybit::PrivateStream stream{table};
    std::string text = R"({"reqId":"x","retCode":10006,"retMsg":"Too many visits","op":"order.create","data":{},)"
                       R"("header":{"X-Bapi-Limit-Reset-Timestamp":"1700000001500","Timenow":"1700000001000"}})";
    const auto size = text.size();
    text.resize(size + 64);
    std::vector<gateways::VenueEvent> events;
    const auto reading = stream.read(std::string_view{text}.substr(0, size), start, events);
    ASSERT_TRUE(reading);
    const auto feedback = gateways::live::rate_feedback(Venue::bybit, *reading);
    EXPECT_EQ(feedback.retry_after, Nanoseconds{500ms});
    EXPECT_TRUE(feedback.orders);
    EXPECT_FALSE(feedback.everything);
}

TEST(RequestBudget, KnowsWhereEveryRequestOfOursCounts) {
    using enum RateScope;
    const std::tuple<Venue, Method, const char*, RateScope> all[] = {
        {Venue::binance, Method::post, "/api/v3/order", spot},
        {Venue::binance, Method::post, "/fapi/v1/order", linear},
        {Venue::binance, Method::put, "/fapi/v1/listenKey", linear},
        {Venue::bitget, Method::post, "/api/v2/spot/trade/place-order", orders},
        {Venue::bitget, Method::post, "/api/v2/mix/order/place-plan-order", algo},
        {Venue::bitget, Method::post, "/api/v2/mix/order/place-tpsl-order", algo},
        {Venue::bitget, Method::get, "/api/v2/mix/position/all-position?productType=USDT-FUTURES", slow},
        {Venue::bitget, Method::get, "/api/v2/spot/trade/orderInfo", spot},
        {Venue::bitget, Method::get, "/api/v2/mix/order/fills", linear},
        {Venue::bybit, Method::post, "/v5/order/cancel", orders},
        {Venue::bybit, Method::get, "/v5/order/realtime", linear},
        {Venue::okx, Method::post, "/api/v5/trade/order", orders},
        {Venue::okx, Method::post, "/api/v5/trade/order-algo", algo},
        {Venue::okx, Method::get, "/api/v5/trade/order?instId=x", linear},
        {Venue::okx, Method::get, "/api/v5/account/positions", slow},
    };
    for (const auto& [venue, method, path, scope] : all)
        EXPECT_EQ(gateways::live::scope_of(venue, method, path), scope) << core::name(venue) << ' ' << path;
}

/// Against a twin that remembers every request: no window of any scope is ever exceeded.
RC_GTEST_PROP(RequestBudget, NeverGrantsMoreThanAnyWindowOfAVenue, ()) {
    const auto venue = *rc::gen::elementOf(std::vector<Venue>(std::begin(venues), std::end(venues)));
    const auto rules = gateways::live::rate_rules(venue, std::vector{Market::spot, Market::linear});
    auto ledger = ledger_of(venue);
    std::vector<std::deque<std::pair<Nanoseconds, std::uint32_t>>> granted(rules.count);
    auto now = start;
    for (int i = 0; i < 400; ++i) {
        now += std::chrono::milliseconds{*rc::gen::inRange(0, 300)};
        const auto scope = static_cast<RateScope>(*rc::gen::inRange<int>(0, core::rate_scope_count));
        const auto weight = *rc::gen::inRange<std::uint32_t>(1, 12);
        const auto use = *rc::gen::arbitrary<bool>() ? RateUse::cancel : RateUse::normal;
        if (!ledger.take(weight, use, now, scope).granted()) continue;
        for (std::size_t w = 0; w < rules.count; ++w) {
            if ((rules.windows[w].scopes & core::bit(scope)) == 0) continue;
            auto& seen = granted[w];
            seen.emplace_back(now, weight);
            while (now - seen.front().first >= rules.windows[w].length) seen.pop_front();
            std::uint32_t sum = 0;
            for (const auto& [at, of] : seen) sum += of;
            RC_ASSERT(sum <= rules.windows[w].limit);
        }
    }
}

}  // namespace test
