#include "strategies/risk/protections.hpp"

#include "tests/strategies/world.hpp"

#include <gtest/gtest.h>

using namespace strategies;
using namespace std::chrono_literals;
using test::money;

namespace {

const core::InstrumentId btc{0};
constexpr core::Nanoseconds day0 = std::chrono::hours{24 * 20'000};

ClosedTrade trade_at(core::Nanoseconds when, double net, double notional = 500) {
    return {.instrument = btc,
            .side = core::Side::buy,
            .net = money(net),
            .entry_notional = money(notional),
            .opened = when,
            .closed = when};
}

bool locked(const Protections& p, core::Nanoseconds when) {
    return p.entries_locked(btc, core::Venue::binance, 0, when);
}

RiskSettings without_cooldown() {
    RiskSettings s;
    s.cooldown_s = 0;
    return s;
}

}  // namespace

TEST(DailyLoss, ReducesThenFlattensAndRearmsTheNextDay) {
    RiskSettings settings;
    settings.max_drawdown_limit = .9;
    settings.max_drawdown_halt = .95;
    Protections p{settings, money(10300), 1, 1};
    p.on_equity(money(10300), day0);
    p.on_equity(money(10000), day0 + 1h);
    EXPECT_EQ(p.mode(), Mode::active);

    p.on_equity(money(9991), day0 + 2h);
    EXPECT_EQ(p.mode(), Mode::reduce_only);
    EXPECT_FALSE(p.take_flatten());

    Protections next = p;
    next.on_equity(money(9991), day0 + 24h);
    EXPECT_EQ(next.mode(), Mode::active);

    p.on_equity(money(9785), day0 + 3h);
    EXPECT_EQ(p.mode(), Mode::halted);
    EXPECT_TRUE(p.take_flatten());
    EXPECT_FALSE(p.take_flatten());
    p.on_equity(money(9785), day0 + 48h);
    EXPECT_EQ(p.mode(), Mode::halted);  // never ends by itself
}

TEST(MaxDrawdown, FollowsTheEquityPathOfTheSpecification) {
    RiskSettings settings;
    settings.daily_loss_limit = .9;
    settings.daily_loss_flatten = .95;
    Protections p{settings, money(10000), 1, 1};
    for (const double equity : {10000., 10200., 10100., 9900., 9690.}) {
        p.on_equity(money(equity), day0);
        EXPECT_EQ(p.mode(), Mode::active) << equity;
    }
    p.on_equity(money(9180), day0);
    EXPECT_EQ(p.mode(), Mode::reduce_only);
    p.on_equity(money(9690), day0);
    EXPECT_EQ(p.mode(), Mode::reduce_only);  // .05 is not less than half the limit
    p.on_equity(money(9691), day0);
    EXPECT_EQ(p.mode(), Mode::active);
    p.on_equity(money(8160), day0);
    EXPECT_EQ(p.mode(), Mode::halted);
    EXPECT_TRUE(p.take_flatten());
    p.on_equity(money(9000), day0);
    EXPECT_EQ(p.mode(), Mode::halted);
    p.resume(money(9000));
    EXPECT_EQ(p.mode(), Mode::active);
    EXPECT_EQ(p.peak(), money(9000));
}

TEST(StoplossGuard, CountsLosingStopsInTheWindowAndConsumesThem) {
    auto settings = without_cooldown();
    settings.consecutive_losses = 100;
    settings.low_profit_trades = 100;
    Protections p{settings, money(10000), 1, 1};
    for (const auto h : {0h, 5h, 10h}) p.on_closed(trade_at(day0 + h, -1), 0, true);
    EXPECT_FALSE(locked(p, day0 + 11h));
    p.on_closed(trade_at(day0 + 23h, -1), 0, true);
    EXPECT_TRUE(locked(p, day0 + 23h + 59min));
    EXPECT_FALSE(locked(p, day0 + 24h));
    p.on_closed(trade_at(day0 + 25h, -1), 0, true);
    EXPECT_FALSE(locked(p, day0 + 25h));

    Protections slow{settings, money(10000), 1, 1};
    for (const auto m : {0min, 300min, 600min, 1470min}) slow.on_closed(trade_at(day0 + m, -1), 0, true);
    EXPECT_EQ(slow.trips(Protection::stoploss_guard), 0u);
}

TEST(LowProfit, LocksBelowItsLimitAndNotAtIt) {
    for (const auto& [last, expect] : {std::pair{-6.0, true}, std::pair{-5.0, false}}) {
        Protections p{without_cooldown(), money(10000), 1, 1};
        for (const double net : {-2.0, -4.0, 1.0, last}) p.on_closed(trade_at(day0, net), 0, false);
        EXPECT_EQ(locked(p, day0 + 1min), expect) << last;
    }
}

TEST(ConsecutiveLosses, LocksTheBotAndResetsTheStreak) {
    auto settings = without_cooldown();
    settings.low_profit_trades = 100;
    Protections p{settings, money(10000), 1, 2};
    for (int i = 0; i < 5; ++i) p.on_closed(trade_at(day0 + std::chrono::minutes{i}, -1), 1, false);
    EXPECT_TRUE(p.entries_locked(btc, core::Venue::binance, 1, day0 + 1h));
    EXPECT_FALSE(p.entries_locked(btc, core::Venue::binance, 0, day0 + 1h));
    EXPECT_FALSE(p.entries_locked(btc, core::Venue::binance, 1, day0 + 2h + 4min));
}

TEST(Cooldown, LocksBotAndInstrumentAfterAnyExit) {
    Protections p{{}, money(10000), 2, 2};
    p.on_exit(btc, 0, day0);
    EXPECT_TRUE(locked(p, day0 + 299s));
    EXPECT_FALSE(locked(p, day0 + 300s));
    EXPECT_FALSE(p.entries_locked(core::InstrumentId{1}, core::Venue::binance, 0, day0));
    EXPECT_FALSE(p.entries_locked(btc, core::Venue::binance, 1, day0));
}

TEST(RejectGuard, LocksTheVenueAfterFiveRejectsInTenSeconds) {
    Protections p{{}, money(10000), 1, 1};
    for (int i = 0; i < 4; ++i) p.on_reject(core::Venue::binance, day0 + std::chrono::seconds{i});
    EXPECT_FALSE(locked(p, day0 + 5s));
    p.on_reject(core::Venue::binance, day0 + 5s);
    EXPECT_TRUE(locked(p, day0 + 64s));
    EXPECT_FALSE(locked(p, day0 + 65s));
}
