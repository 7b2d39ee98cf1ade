// One gate for `omega run` and `omega config check`: what the one refuses before it connects, the other refuses with
// the same words and the place of the key.
#include "tools/omega/config_verb.hpp"
#include "tools/omega/run.hpp"

#include "tests/tools/session.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using testing::AllOf;
using testing::HasSubstr;

namespace {

/// The default folders are there, whoever runs the tests.
const int home = ::setenv("XDG_STATE_HOME", std::filesystem::temp_directory_path().c_str(), 1);

test::Outcome check(const omega::ConfigOptions& options, bool json = false) {
    std::ostringstream out, err;
    const int code = omega::config_check(options, json, out, err);
    return {code, out.str(), err.str()};
}

/// A run that would end at once, were it ever to begin.
test::Outcome run(const omega::ConfigOptions& options) {
    omega::RunOptions wanted;
    wanted.config = options;
    wanted.duration = "1s";
    wanted.json = true;
    wanted.i_mean_it = true;
    wanted.enough = [](const auto&) { return true; };
    std::ostringstream out, err;
    const int code = omega::run_command(wanted, out, err);
    return {code, out.str(), err.str()};
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    return all;
}

struct Impossible {
    std::vector<std::string> sets;
    const char* key;       ///< that is blamed
    const char* expected;  ///< part of what was expected
};

const std::string one = "venues.binance.instruments=[BTC/USDT:USDT]", trade = "venues.binance.trade=true";

const Impossible cases[] = {
    // mode and venues
    {{"mode=testnet"}, "mode", "expected mode: paper, or venues"},
    {{"mode=prod"}, "mode", "traded on paper only"},
    {{"mode=prod"}, "live.enabled", "expected live.enabled: true"},
    {{"mode=prod", one, trade}, "live.enabled", "expected live.enabled: true"},
    {{"mode=testnet", one}, "mode", "no venue trades"},
    {{"venues.nowhere.instruments=[BTC/USDT]"}, "venues.nowhere", "expected binance"},
    {{"venues.omega.instruments=[BTC/USDT]"}, "venues.omega", "expected binance"},
    {{"venues.coinbase.instruments=['BTC/USD 2 8']", "venues.coinbase.trade=true"},
     "venues.coinbase.trade",
     "expected false"},
    {{"venue_sim.enabled=true", "venues.kraken.instruments=['BTC/USD 1 8']"}, "venues.kraken", "is not simulated"},
    {{"mode=testnet", one, trade, "venues.bybit.instruments=[BTC/USDT:USDT]", "venues.bybit.trade=true",
      "venues.bybit.account=binance"},
     "venues.bybit.account",
     "expected a name of its own"},
    {{"mode=testnet", one, trade, "venues.binance.rest=https://api.binance.com"},
     "venues.binance.rest",
     "expected with mode: testnet an address of this host"},
    {{"mode=testnet", one, trade, "venues.binance.websocket=wss://192.0.2.1"},
     "venues.binance.websocket",
     "expected with mode: testnet an address of this host"},
    // instruments
    {{"venues.binance.trade=false"}, "venues.binance.instruments", "expected at least one"},
    {{"venues.binance.instruments=[BTCUSDT]"}, "venues.binance.instruments", "expected a unified symbol"},
    {{"venues.kraken.instruments=[BTC/USD]"}, "venues.kraken.instruments", "and its decimals"},
    {{"venues.kraken.instruments=['BTC/USD 1 99']"}, "venues.kraken.instruments", "decimals from 0 to 18"},
    {{"venues.kraken.instruments=['BTC/USD:USD 1 8']"}, "venues.kraken.instruments", "expected a spot symbol"},
    {{"mode=testnet", "venues.binance.instruments=[BTC/USD:BTC]", trade},
     "venues.binance.instruments",
     "inverse contracts are not traded live"},
    {{"mode=testnet", "venues.binance.instruments=[BTC/USDT, BTC/USDC]", trade},
     "venues.binance.instruments",
     "expected one spot pair of it"},
    {{"mode=testnet", one, trade, "venues.okx.instruments=[BTC/USDC:USDC]", "venues.okx.trade=true"},
     "venues.okx.instruments",
     "expected one currency"},
    {{"mode=testnet", one, trade, "venues.binance.accept=['ETH/USDT 1']"},
     "venues.binance.accept",
     "expected one of its instruments"},
    {{"mode=testnet", one, trade, "venues.binance.accept=['BTC/USDT:USDT much']"},
     "venues.binance.accept",
     "such as 'BTC/USDT:USDT -0.010'"},
    // bots and bounds
    {{"bots.strategic_fibo.leg_s=7"}, "bots.strategic_fibo.leg_s", "expected one of"},
    {{"profile=short", "bots.strategic_fibo.trigger_s=2"}, "bots.strategic_fibo.trigger_s", "expected one of 1, 5"},
    {{"topology.kind=staged", "topology.cuts=[books]"}, "topology.cuts", "cannot start a thread"},
    {{"topology.kind=staged", "topology.cuts=[bots, traps]"}, "topology.cuts", "cannot start a thread"},
    {{"ai.trees.direction=/nowhere/table.trees"}, "ai.trees.direction", "/nowhere/table.trees"},
    {{"trends.weights=[1, 2]"}, "trends.weights", "expected"},
    {{"market.kinds=[cross_venue_divergence]"}, "market.kinds", "it takes two venues"},
    {{"market.venues=[bitget]"}, "market.venues", "expected bybit, okx"},
    // places
    {{one, "net.ca_file=/nowhere/ca.pem"}, "net.ca_file", "expected a file of certificates"},
    {{one, "record.folder=/dev/null/captures"}, "record.folder", "expected a folder"},
    {{"mode=testnet", one, trade, "live.state=/dev/null"}, "live.state", "expected a folder"},
    {{"journal.directory=/dev/null/journal"}, "journal.directory", "expected a folder"},
    {{one, "venue_sim.enabled=true", "venue_sim.faults=/nowhere/faults.yaml"},
     "venue_sim.faults",
     "/nowhere/faults.yaml"},
    // what one value alone shows
    {{"risk.max_position=11"}, "risk.max_position", "expected"},
    {{"risk.daily_loss.limit=0.9"}, "risk.daily_loss.limit", "expected limit not above flatten"},
    {{"cosmic.apply.insight_level=true"},
     "cosmic.apply.insight_level",
     "expected false: there is no emotional overlay"},
};

}  // namespace

TEST(Admission, CheckRefusesWhatRunRefusesInTheSameWords) {
    for (const auto& wrong : cases) {
        SCOPED_TRACE(fmt::format("{}", fmt::join(wrong.sets, " ")));
        const omega::ConfigOptions options{.file = {}, .sets = wrong.sets};
        const auto checked = check(options);
        const auto refused = run(options);
        EXPECT_EQ(checked.exit_code, 2);
        EXPECT_EQ(refused.exit_code, 2);
        EXPECT_TRUE(refused.out.empty()) << "nothing began";
        EXPECT_EQ("omega run: " + checked.err, refused.err);
        bool said = false;
        for (const auto& line : lines(checked.err))
            said = said || (line.find(fmt::format(": {}", wrong.key)) != std::string::npos &&
                            line.find(wrong.expected) != std::string::npos);
        EXPECT_TRUE(said) << wrong.key << ", " << wrong.expected << " in:\n" << checked.err;
    }
}

TEST(Admission, SaysWhereInTheFileEachWrongKeyIs) {
    test::TemporaryFolder folder;
    const auto file = (folder / "omega.yaml").string();
    test::write_file(file,
                     "mode: testnet\n"
                     "venues:\n"
                     "  kraken:\n"
                     "    trade: true\n"
                     "  binance:\n"
                     "    instruments: [BTC/USDT]\n"
                     "    trade: true\n"
                     "    rest: https://api.binance.com\n"
                     "bots:\n"
                     "  strategic_fibo:\n"
                     "    leg_s: 7\n");
    const auto said = check({.file = file, .sets = {}}).err;
    EXPECT_THAT(said, HasSubstr(file + ":4:12: venues.kraken.trade = true: expected false"));
    EXPECT_THAT(said, HasSubstr(file + ":8:11: venues.binance.rest = "));
    EXPECT_THAT(said, HasSubstr(file + ":11:12: bots.strategic_fibo.leg_s = 7: expected one of"));

    const auto json = check({.file = file, .sets = {}}, true);
    EXPECT_EQ(json.exit_code, 2);
    const auto object = nlohmann::json::parse(json.out);
    EXPECT_EQ(object["valid"], false);
    EXPECT_EQ(object["problems"].size(), lines(said).size());
    for (const auto& problem : object["problems"])
        EXPECT_TRUE(problem["key"].is_string() && problem["expected"].is_string() && problem["value"].is_string())
            << problem;
}

TEST(Admission, AnOlderJournalIsRefusedBeforeAnythingBegins) {
    test::TemporaryFolder folder;
    test::write_file(folder / "session.json", "{}");
    const omega::ConfigOptions options{.file = {}, .sets = {"journal.directory=" + (folder / "").string()}};
    EXPECT_THAT(check(options).err, AllOf(HasSubstr("journal.directory"), HasSubstr("holds a session already")));
    EXPECT_THAT(run(options).err, HasSubstr("holds a session already"));
}

TEST(Admission, WhatCanBeIsLetThrough) {
    const std::vector<std::string> good[] = {
        {},
        {"profile=short"},
        {"topology.kind=staged", "topology.cuts=[traps, bots]"},
        {"topology.cuts=[nonsense]"},  // of a fused run: nobody cuts
        {"market.venues=[bybit, okx]", "market.kinds=[cross_venue_divergence]"},
        {one},
        {"mode=testnet", one, trade},
        {"mode=prod", "live.enabled=true", one, trade},
        {"mode=testnet", one, trade, "venues.binance.rest=https://127.0.0.1:8443"},
        {"venues.kraken.instruments=['BTC/USD 1 8']", "venues.binance.instruments=[BTC/USD:BTC, ETH/USDT]"},
        {"mode=testnet", one, trade, "venues.binance.accept=['BTC/USDT:USDT -0.010']"},
    };
    for (const auto& sets : good) {
        const auto said = check({.file = {}, .sets = sets});
        EXPECT_EQ(said.exit_code, 0) << fmt::format("{}", fmt::join(sets, " ")) << '\n' << said.err;
        EXPECT_THAT(said.out, HasSubstr("configuration is valid"));
    }
    EXPECT_THAT(check({.file = {}, .sets = good[7]}).out, HasSubstr("--i-mean-it"));
}

TEST(Admission, TheConfigurationsThatComeWithItAreValid) {
    for (const auto& entry : std::filesystem::directory_iterator{std::filesystem::path{OMEGA_SOURCE_DIR} / "config"}) {
        const auto said = check({.file = entry.path().string(), .sets = {}});
        EXPECT_EQ(said.exit_code, 0) << entry.path() << '\n' << said.err;
    }
}
