// What risk must know after a restart, and what an account's wallet holds.
#include "tests/feeds/capture/temporary.hpp"
#include "tests/tools/session.hpp"
#include "tools/omega/live/equity.hpp"
#include "tools/omega/live/risk_keeper.hpp"
#include "tools/omega/resume.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <fstream>
#include <sstream>
#include <thread>

using gateways::exchange::Value;
using omega::RiskMemory;
using omega::wallet_balance;
using strategies::Command;
using testing::HasSubstr;

namespace {

core::InstrumentTable two_instruments() {
    core::InstrumentTable table;
    core::Instrument one;
    one.venue = core::Venue::binance;
    one.market = core::Market::linear;
    one.symbol = "BTCUSDT";
    one.price_decimals = 2;
    table.add(one);
    one.market = core::Market::spot;
    table.add(one);
    return table;
}

RiskMemory memory_of(std::int64_t seed) {
    RiskMemory memory;
    memory.account = strategies::AccountMemory{
        .peak = {seed}, .day_start = {seed / 2}, .day = 86'400'000'000'000 * (seed % 20'000), .halted = seed % 2 == 0};
    memory.reserve = {seed / 3};
    memory.limit = {seed / 5};
    auto& line = memory.lines[static_cast<std::uint16_t>(seed & 1)];
    line.plan = {.active = true,
                 .side = core::Side::sell,
                 .bot = 3,
                 .stop = {seed},
                 .best_gain_bps = static_cast<double>(seed) / 7,
                 .targets = {}};
    line.plan.targets[1] = {{seed + 1}, 1. / 3};
    line.additions.push_back({.bot = 3, .added = 2, .last = core::Nanoseconds{seed}});
    return memory;
}

bool same(const RiskMemory& a, const RiskMemory& b) {
    return a.account == b.account && a.reserve == b.reserve && a.limit == b.limit && a.lines.size() == b.lines.size() &&
           std::ranges::equal(a.lines, b.lines, [](const auto& x, const auto& y) {
               return x.first == y.first && x.second.plan == y.second.plan && x.second.additions == y.second.additions;
           });
}

/// A slot as the last stage leaves it.
struct Finished {
    core::Tick tick{};
    strategies::Orders orders{};
    strategies::Intents intents{};

    template <class Section>
    const Section& get() const {
        if constexpr (std::is_same_v<Section, strategies::Orders>)
            return orders;
        else
            return intents;
    }
};

Value golden(const char* text) {
    return *Value::parse(text);
}

}  // namespace

RC_GTEST_PROP(RiskMemoryProperty, ComesBackAsItWasKept, ()) {
    const auto seed = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000);
    const test::TemporaryFolder folder;
    const auto table = two_instruments();
    const auto kept = memory_of(seed);
    RC_ASSERT(kept.save(folder / "risk", table));
    const auto read = RiskMemory::load(folder / "risk", table);
    RC_ASSERT(read.has_value());
    RC_ASSERT(same(kept, *read));
}

TEST(RiskMemory, AMissingFileIsAnEmptyOneAndADamagedOneIsRefused) {
    const test::TemporaryFolder folder;
    const auto table = two_instruments();
    const auto none = RiskMemory::load(folder / "risk", table);
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->account);

    ASSERT_TRUE(memory_of(77).save(folder / "risk", table));
    std::ifstream in{folder / "risk"};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto broken = text;
        broken[i] = static_cast<char>(broken[i] ^ 1);
        std::ofstream{folder / "risk"} << broken;
        EXPECT_FALSE(RiskMemory::load(folder / "risk", table)) << i;
    }
    std::ofstream{folder / "risk"} << text.substr(0, text.size() / 2);
    EXPECT_FALSE(RiskMemory::load(folder / "risk", table));
    EXPECT_THROW((omega::RiskKeeper{folder / "", table}), std::runtime_error);
}

TEST(RiskMemory, EntersThePipelineAsTicksAroundTheRestoredExecutions) {
    const auto table = two_instruments();
    const auto memory = memory_of(1000);
    const core::Nanoseconds now{5};
    const auto before = memory.before(table, now);
    ASSERT_EQ(before.size(), 3U) << "account, stop, one target";
    EXPECT_EQ(before[0].code, static_cast<std::uint16_t>(Command::restore_account));
    strategies::AccountMemory account;
    account.set_bits(before[0].command.id);
    EXPECT_TRUE(account.halted);
    EXPECT_EQ(before[0].command.argument[0], 1000);
    EXPECT_EQ(before[2].command.id, 3U << 8 | 2U);
    EXPECT_EQ(std::bit_cast<double>(before[2].command.argument[1]), 1. / 3);
    const auto after = memory.after(table[core::InstrumentId{0}], now);
    ASSERT_EQ(after.size(), 2U);
    EXPECT_EQ(after[0].code, static_cast<std::uint16_t>(Command::restore_addition));
    EXPECT_EQ(after[1].code, static_cast<std::uint16_t>(Command::instrument_restored));
    EXPECT_EQ(after[1].instrument, core::InstrumentId{0});
    EXPECT_EQ(memory.after(table[core::InstrumentId{1}], now).size(), 1U) << "that it is restored";

    EXPECT_EQ(RiskMemory{}.before(table, now).at(0).command.id, 0U) << "nothing is known";
}

TEST(RiskMemory, WhatLiesBeyondTheLimitStaysOutOfEveryLaterStart) {
    RiskMemory memory;
    const core::Notional limit{10'000};
    EXPECT_EQ(memory.start_equity({25'000}, limit).units, 10'000);
    EXPECT_EQ(memory.start_equity({24'000}, limit).units, 9'000) << "a loss is not made good from what was set aside";
    EXPECT_EQ(memory.start_equity({24'000}, {30'000}).units, 24'000) << "another limit begins anew";
}

TEST(RiskKeeper, KeepsWhatChangesOnceTheEarlierRunsWordWasEntered) {
    const test::TemporaryFolder folder;
    const auto table = two_instruments();
    ASSERT_TRUE(memory_of(1000).save(folder / "risk", table));
    const auto start = [&](omega::RiskKeeper& keeper) {
        for (const auto& tick : keeper.memory().before(table, {})) keeper.notes().on(Finished{.tick = tick});
    };
    {
        omega::RiskKeeper keeper{folder / "", table};
        Finished early;
        early.orders.account_changed = true;
        keeper.notes().on(early);  // a pipeline that knows nothing yet
        keeper.start();
    }
    EXPECT_EQ(RiskMemory::load(folder / "risk", table)->account->peak.units, 1000);
    {
        omega::RiskKeeper keeper{folder / "", table};
        start(keeper);
        Finished slot;
        slot.tick.instrument = core::InstrumentId{1};
        slot.orders.account_changed = slot.orders.plan_changed = true;
        slot.orders.account.peak = {2000};
        slot.orders.plan = {.active = true, .stop = {7}};
        keeper.notes().on(slot);
        keeper.start();
        keeper.stop();
        ASSERT_EQ(RiskMemory::load(folder / "risk", table)->lines.size(), 2U) << "the other one is not restored yet";
        auto restored = omega::command_tick(static_cast<std::uint16_t>(Command::instrument_restored), {});
        for (const auto id : {core::InstrumentId{0}, core::InstrumentId{1}}) {
            restored.instrument = id;
            keeper.notes().on(Finished{.tick = restored});
        }
        keeper.start();
    }
    const auto read = RiskMemory::load(folder / "risk", table);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->account->peak.units, 2000);
    EXPECT_FALSE(read->account->halted);
    ASSERT_EQ(read->lines.size(), 1U) << "the plan of a position that is gone is gone";
    EXPECT_EQ(read->lines.at(1).plan.stop.units, 7);
}

TEST(Resume, IsAskedForTwiceAndReachesTheEngine) {
    const test::TemporaryFolder folder;
    const auto table = two_instruments();
    ASSERT_TRUE(memory_of(1000).save(folder / "risk", table));
    omega::ResumeOptions options;
    options.config.sets = {"live.state=" + (folder / "").string()};
    std::ostringstream out, err;
    EXPECT_EQ(omega::resume_command(options, out, err), 1) << err.str();
    EXPECT_THAT(out.str(), HasSubstr("--yes"));
    options.yes = true;
    EXPECT_EQ(omega::resume_command(options, out, err), 0);

    omega::RiskKeeper keeper{folder / "", table};
    keeper.start();
    bool taken = false;
    for (int i = 0; i < 100'000'000 && !(taken = keeper.take_resume()); ++i) std::this_thread::yield();
    EXPECT_TRUE(taken);
    EXPECT_FALSE(keeper.take_resume()) << "once";
    EXPECT_FALSE(std::filesystem::exists(folder / "resume"));
}

TEST(WalletBalance, LeavesTheUnrealisedGainOut) {
    EXPECT_EQ(wallet_balance(core::Venue::binance, golden(R"({"assets":[{"asset":"USDC","walletBalance":"1"},
        {"asset":"USDT","walletBalance":"10000","unrealizedProfit":"-490","marginBalance":"9510"}]})"),
                             "USDT"),
              "10000");
    EXPECT_EQ(wallet_balance(core::Venue::bitget, golden(R"({"code":"00000","data":[{"marginCoin":"USDT","locked":"0",
        "available":"9000","accountEquity":"9510","unrealizedPL":"-490"}]})"),
                             "USDT"),
              "10000");
    EXPECT_EQ(wallet_balance(core::Venue::bybit, golden(R"({"result":{"list":[{"coin":[{"coin":"USDT",
        "equity":"9510","walletBalance":"10000","unrealisedPnl":"-490"}]}]}})"),
                             "USDT"),
              "10000");
    EXPECT_EQ(wallet_balance(core::Venue::okx, golden(R"({"data":[{"details":[{"ccy":"USDT","eq":"9510",
        "cashBal":"10000","upl":"-490","availEq":"9000"}]}]})"),
                             "USDT"),
              "10000");
    EXPECT_EQ(wallet_balance(core::Venue::binance,
                             golden(R"({"balances":[{"asset":"USDT","free":"1.5","locked":"2"}]})"), "USDT"),
              "3.5");
    EXPECT_EQ(wallet_balance(core::Venue::bitget,
                             golden(R"({"data":[{"coin":"USDT","available":"1","frozen":"2","locked":"3"}]})"), "USDT"),
              "6");
    EXPECT_EQ(wallet_balance(core::Venue::okx, golden(R"({"data":[{"details":[]}]})"), "USDT"), "0");
    EXPECT_EQ(wallet_balance(core::Venue::okx, golden(R"({"msg":"no"})"), "USDT"), "") << "unknown is not nothing";
}
