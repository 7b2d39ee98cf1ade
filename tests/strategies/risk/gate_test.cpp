#include "strategies/risk/gate.hpp"

#include "tests/strategies/world.hpp"

#include <gtest/gtest.h>

using namespace strategies;
using namespace std::chrono_literals;
using core::Side;
using test::money;
using test::World;

namespace {

/// A gate over a world in which one quantity unit at price 1 is worth 1; equity 10,000, position cap 500.
struct Bench {
    World world;
    RiskSettings settings;
    Account account{money(10000), world.instruments};
    WorkingOrders working;
    Protections protections{{}, money(10000), 1, 1};

    Intent buy(std::int64_t quantity, std::int64_t price, std::int64_t stop) {
        Intent intent;
        intent.order.instrument = world.id;
        intent.order.venue = core::Venue::binance;
        intent.order.side = Side::buy;
        intent.order.type = core::OrderType::limit;
        intent.order.price = {price};
        intent.order.quantity = {quantity};
        intent.stop_price = {stop};
        return intent;
    }
    Verdict judge(Gate& gate, const Intent& intent, core::Order* order_out = nullptr, std::int64_t mark = 1000) {
        const auto market = world.market(mark, mark);
        account.on(world.trade(mark), market);
        core::Order order = intent.order;
        const auto verdict = gate.judge(intent, order, market, account, working, protections);
        if (order_out != nullptr) *order_out = order;
        return verdict;
    }
};

}  // namespace

TEST(Gate, ApprovesAnOrderInsideEveryLimit) {
    Bench bench;
    Gate gate{bench.settings, bench.world.instruments, false};
    EXPECT_EQ(bench.judge(gate, bench.buy(0 + 400'000'00 / 100'000'00, 1000, 980)).denial,
              Denial::order_notional);  // 4 × 1000 > 500
    Bench fine;
    fine.account = Account{money(1'000'000), fine.world.instruments};
    EXPECT_EQ(fine.judge(gate, fine.buy(4, 1000, 980)).denial, Denial::none);
    EXPECT_EQ(gate.answers(Denial::none), 1u);
}

TEST(Gate, ReducesToThePositionCapAndDeniesPastIt) {
    Bench bench;
    bench.settings.max_order_notional = 1;
    Gate gate{bench.settings, bench.world.instruments, false};
    const auto market = bench.world.market(1, 1);
    bench.account.on(bench.world.execution({1}, Side::buy, core::Execution::filled_taker, 1, 480), market);

    core::Order order;
    auto verdict = bench.judge(gate, bench.buy(40, 1, 1), &order, 1);
    EXPECT_EQ(verdict.denial, Denial::none);
    EXPECT_TRUE(verdict.reduced);
    EXPECT_EQ(order.quantity.units, 20);

    bench.account.on(bench.world.execution({2}, Side::buy, core::Execution::filled_taker, 1, 20), market);
    EXPECT_EQ(bench.judge(gate, bench.buy(1, 1, 1), nullptr, 1).denial, Denial::position);
}

TEST(Gate, AnswersWithTheFirstCheckThatFails) {
    Bench bench;
    bench.account = Account{money(10'000'000), bench.world.instruments};
    const auto denial_of = [&](const Intent& intent, const RiskSettings& settings = {}, bool live = false) {
        Gate gate{settings, bench.world.instruments, live};
        return bench.judge(gate, intent).denial;
    };
    EXPECT_EQ(denial_of(bench.buy(10, 1000, 980), {}, true), Denial::not_live);
    EXPECT_EQ(denial_of(bench.buy(0, 1000, 980)), Denial::lot_size);
    EXPECT_EQ(denial_of(bench.buy(10, 1021, 1000)), Denial::price_band);  // 210 bps off the mark
    EXPECT_EQ(denial_of(bench.buy(10, 1020, 1000)), Denial::none);        // exactly 200 passes
    EXPECT_EQ(denial_of(bench.buy(10, 1000, 0)), Denial::no_stop);
    EXPECT_EQ(denial_of(bench.buy(400, 1000, 100)), Denial::risk_per_trade);  // 90 % of 400,000 is more than 100,000
    RiskSettings low;
    low.max_exposure = .03;
    EXPECT_EQ(denial_of(bench.buy(400, 1000, 980), low), Denial::exposure);
}

TEST(Gate, DeniesEntriesOnABookThatIsInvalidOrOld) {
    Bench bench;
    bench.account = Account{money(10'000'000), bench.world.instruments};
    Gate gate{{}, bench.world.instruments, false};
    auto market = bench.world.market(1000, 1001);
    const auto intent = bench.buy(1, 1000, 980);
    const auto judge = [&] {
        core::Order order = intent.order;
        return gate.judge(intent, order, market, bench.account, bench.working, bench.protections).denial;
    };
    market.valid = false;
    EXPECT_EQ(judge(), Denial::book_invalid);
    market.valid = true;
    market.book_time = market.time - 2001ms;
    EXPECT_EQ(judge(), Denial::book_invalid);
    market.book_time = market.time;
    market.book_silence = 2001ms;  // by arrival, whatever the stamps say
    EXPECT_EQ(judge(), Denial::book_invalid);
    market.book_silence = 2000ms;
    EXPECT_EQ(judge(), Denial::mark_unknown);  // the account has seen no price yet
    bench.account.on(bench.world.trade(1000), market);
    gate.doubt(bench.world.id, true);
    EXPECT_EQ(judge(), Denial::reconcile);
    gate.doubt(bench.world.id, false);
    EXPECT_EQ(judge(), Denial::none);
}

TEST(Gate, SpendsItsBurstAndRefillsOnEventTime) {
    Bench bench;
    bench.account = Account{money(10'000'000), bench.world.instruments};
    Gate gate{{}, bench.world.instruments, false};
    int passed = 0;
    for (int i = 0; i < 12; ++i) passed += bench.judge(gate, bench.buy(1, 1000, 980)).denial == Denial::none;
    EXPECT_EQ(passed, 10);
    EXPECT_EQ(gate.answers(Denial::rate), 2u);

    bench.world.now += 400ms;
    for (int i = 0; i < 5; ++i) passed += bench.judge(gate, bench.buy(1, 1000, 980)).denial == Denial::none;
    EXPECT_EQ(passed, 12);
}

TEST(Gate, NeverTradesWithOurselvesNorRepeatsAWorkingEntry) {
    Bench bench;
    bench.account = Account{money(10'000'000), bench.world.instruments};
    Gate gate{{}, bench.world.instruments, false};
    core::Order resting;
    resting.id = {9};
    resting.instrument = bench.world.id;
    resting.side = Side::sell;
    resting.price = {1000};
    resting.purpose = core::Purpose::target;
    bench.working.add(resting);
    EXPECT_EQ(bench.judge(gate, bench.buy(1, 1000, 980)).denial, Denial::self_cross);
    EXPECT_EQ(bench.judge(gate, bench.buy(1, 999, 980)).denial, Denial::none);

    resting.id = {10};
    resting.side = Side::buy;
    resting.purpose = core::Purpose::entry;
    bench.working.add(resting);
    EXPECT_EQ(bench.judge(gate, bench.buy(1, 999, 980)).denial, Denial::open_orders);
    auto other_bot = bench.buy(1, 999, 980);
    other_bot.order.bot = 1;
    EXPECT_EQ(bench.judge(gate, other_bot).denial, Denial::open_orders) << "its plan would replace the first's";
}
