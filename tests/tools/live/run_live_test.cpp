// omega run against venues in this process: real sockets, TLS and WebSockets on loopback.
#include "tools/omega/run.hpp"

#include "tests/tools/session.hpp"
#include "tools/venue/server/server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <functional>

using testing::HasSubstr;
using testing::Not;

namespace {

using Enough = std::function<bool(const omega::LiveProgress&)>;

/// A live run that ends when `enough` says so, after a minute at the latest.
omega::RunOptions live(std::vector<std::string> sets, Enough enough) {
    omega::RunOptions options;
    options.duration = "60s";
    options.json = true;
    options.config.sets = {"profile=short", "venue_sim.enabled=true", "venue_sim.speed=20"};
    options.config.sets.insert(options.config.sets.end(), sets.begin(), sets.end());
    options.enough = std::move(enough);
    return options;
}

test::Outcome run(const omega::RunOptions& options) {
    std::ostringstream out, err;
    const int code = omega::run_command(options, out, err);
    return {code, out.str(), err.str()};
}

Enough whole_and(std::uint64_t frames) {
    return [frames](const auto& seen) { return seen.ready && seen.trading && seen.frames > frames; };
}

}  // namespace

TEST(RunLive, BringsAllFourVenuesOverTlsAndEveryBookIsWhole) {
    const auto result =
        run(live({"venues.binance.instruments=[BTC/USDT:USDT, ETH/USDT]", "venues.bitget.instruments=[BTC/USDT:USDT]",
                  "venues.bybit.instruments=[BTC/USDT:USDT]", "venues.okx.instruments=[BTC/USDT:USDT]"},
                 whole_and(400)));

    ASSERT_EQ(result.exit_code, 0) << result.err;
    const auto summary = result.object();
    EXPECT_EQ(summary["feed_errors"], 0);
    EXPECT_EQ(summary["sequence_breaks"], 0);
    EXPECT_EQ(summary["drops"], 0);
    for (const auto& session : summary["live"]["sessions"]) {
        EXPECT_EQ(session["ready"], true) << session;
        EXPECT_EQ(session["trouble"], "") << session;
        EXPECT_EQ(session["opened"], 1) << session;
    }
}

TEST(RunLive, TradesOnTheAccountsOfTheVenuesOnceTheyAgree) {
    test::TemporaryFolder folder;
    const auto state = "live.state=" + (folder / "state").string();
    const std::vector<std::string> sets{"mode=testnet", "venues.binance.instruments=[BTC/USDT:USDT]",
                                        "venues.binance.trade=true", state,
                                        "journal.directory=" + (folder / "journal").string()};

    const auto first = run(live(sets, whole_and(50)));

    ASSERT_EQ(first.exit_code, 0) << first.err;
    const auto account = first.object()["live"]["accounts"][0];
    EXPECT_EQ(account["stream_up"], true) << account;
    EXPECT_EQ(account["epoch"], 1);
    EXPECT_EQ(account["open_orders"], 0);

    auto again = test::json_of({folder / "journal"});
    again.verify = true;
    const auto replayed = test::replay(again);
    EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
    EXPECT_EQ(replayed.digest(), first.digest()) << "a live run replays bit for bit";

    auto more = sets;
    more.pop_back();
    const auto second = run(live(more, whole_and(50)));
    ASSERT_EQ(second.exit_code, 0) << second.err;
    EXPECT_EQ(second.object()["live"]["accounts"][0]["epoch"], 2) << "order ids of a second start are new ones";
}

namespace {

/// A venue that outlives the engines that trade on it.
struct StandingVenue {
    test::TemporaryFolder folder;
    core::Venue dialect;
    venue::Server server;
    std::string key{venue::AccountSettings{}.key};  ///< of the account that engines are told of

    explicit StandingVenue(core::Venue speaks = core::Venue::binance)
        : dialect{speaks}, server{{.tls = true, .ca_out = folder / "ca.pem"}, of(speaks)} {
        server.start();
    }
    /// Two accounts, so that there is another's key.
    static venue::SimulatorSettings of(core::Venue dialect) {
        venue::SimulatorSettings settings;
        settings.dialect = dialect;
        settings.accounts = {{}, {.key = "omega-sim-other"}};
        settings.pairs = 2;
        settings.source.warm_up = std::chrono::minutes{1};
        return settings;
    }
    nlohmann::json ask(const char* method, const char* path, const std::string& body = {}) {
        nlohmann::json answer;
        server.with([&](venue::Simulator& simulator) {
            answer = nlohmann::json::parse(control(simulator, venue::HttpRequest::make(method, path, body)).body);
        });
        return answer;
    }
    void buy_by_hand(const char* symbol) {
        ask("POST", "/sim/manual",
            fmt::format(R"({{"symbol":"{}","market":"linear","side":"buy","quantity":"0.010"}})", symbol));
    }
    void hedge(bool on) {
        server.with([&](venue::Simulator& simulator) { simulator.engine().set_hedge(1, on); });
    }
    /// A run of the engine on its account.
    test::Outcome engine(Enough enough, std::vector<std::string> sets = {"live.adopt_position=true"},
                         bool json = true) {
        const venue::AccountSettings account;
        const std::string name{core::name(dialect)};
        auto suffix = name;
        std::ranges::transform(suffix, suffix.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
        ::setenv(("OMEGA_KEY_" + suffix).c_str(), key.c_str(), 1);  // read once and wiped by each run
        ::setenv(("OMEGA_SECRET_" + suffix).c_str(), account.secret.c_str(), 1);
        ::setenv(("OMEGA_PASSPHRASE_" + suffix).c_str(), account.passphrase.c_str(), 1);
        const auto at = "venues." + name;
        omega::RunOptions options;
        options.duration = "60s";
        options.json = json;
        options.enough = std::move(enough);
        options.config.sets = {"profile=short",
                               "mode=testnet",
                               at + ".instruments=[BTC/USDT:USDT]",
                               at + ".trade=true",
                               at + ".websocket=wss://" + server.address(),
                               at + ".rest=https://" + server.address(),
                               "net.ca_file=" + (folder / "ca.pem").string(),
                               "live.state=" + (folder / "state").string(),
                               "bots.strategic_fibo.enabled=false"};
        options.config.sets.insert(options.config.sets.end(), sets.begin(), sets.end());
        return run(options);
    }
};

}  // namespace

TEST(RunLive, ARestartTakesUpThePositionAndItsStop) {
    StandingVenue venue;
    venue.buy_by_hand("BTCUSDT");

    std::uint64_t later{};
    const auto first = venue.engine([&](const auto& seen) {
        if (seen.trading && seen.orders > 0 && later == 0) later = seen.frames + 100;
        return later != 0 && seen.frames > later;
    });

    ASSERT_EQ(first.exit_code, 0) << first.err;
    auto account = venue.ask("GET", "/sim/account");
    EXPECT_EQ(account["orders"], 2) << "the one by hand, and a stop for what it bought";
    EXPECT_EQ(account["open"], 1) << "which outlives the engine";
    const auto kept = test::read_file(venue.folder / "state/risk");
    EXPECT_THAT(kept, HasSubstr("\naccount ")) << "day start and peak";
    EXPECT_THAT(kept, HasSubstr("\nplan binance linear BTCUSDT ")) << "and where the stop should be";

    const auto second = venue.engine(whole_and(100));

    ASSERT_EQ(second.exit_code, 0) << second.err;
    EXPECT_EQ(second.object()["orders"], 0) << "nothing was missing, nothing is ordered twice";
    EXPECT_EQ(second.object()["live"]["accounts"][0]["open_orders"], 1);
    account = venue.ask("GET", "/sim/account");
    EXPECT_EQ(account["orders"], 2);
    EXPECT_EQ(account["open"], 1);
    EXPECT_EQ(account["positions"].size(), 1U);
}

TEST(RunLive, OneInstrumentThatDiffersWaitsForAPersonAndTheOtherTrades) {
    StandingVenue venue;  // its account holds 20 ETH, of which a fresh ledger knows nothing
    const std::string both = "venues.binance.instruments=[BTC/USDT:USDT, ETH/USDT]";

    const auto first = venue.engine(
        [](const auto& seen) { return seen.ready && seen.waiting == 1 && seen.alerts >= 2 && seen.frames > 50; },
        {both, "topology.kind=staged", "topology.cuts=[bots]"});

    EXPECT_EQ(first.exit_code, 1) << "a position without a stop is left";
    EXPECT_THAT(first.err, HasSubstr("ALERT binance: position_mismatch"));
    EXPECT_THAT(first.err, HasSubstr("--set 'venues.binance.accept=[ETH/USDT 20]'"));
    const auto live = first.object()["live"];
    EXPECT_GE(live["alert_count"], 2);
    ASSERT_EQ(live["left"]["positions"].size(), 1U) << live["left"];
    const auto position = live["left"]["positions"][0];
    EXPECT_EQ(position["instrument"], "ETHUSDT");
    EXPECT_EQ(position["without_stop"], "20");
    EXPECT_EQ(position["in_ledger"], false);
    EXPECT_EQ(live["left"]["unsafe"], true);
    EXPECT_EQ(live["equity"]["cap"], "10000");

    const auto second = venue.engine(whole_and(0), {both, "venues.binance.accept=['ETH/USDT 20']"});

    const auto left = second.object()["live"]["left"];
    ASSERT_EQ(left["positions"].size(), 1U) << left;
    EXPECT_EQ(left["positions"][0]["quantity"], "20");
    EXPECT_EQ(left["positions"][0]["in_ledger"], true);
}

TEST(RunLive, SaysAtOnceWhatBecomesOfAnAcceptedPosition) {
    StandingVenue venue;  // its account holds 20 ETH, of which a fresh ledger knows nothing
    const std::string both = "venues.binance.instruments=[BTC/USDT:USDT, ETH/USDT]";
    const auto told = [&] {
        testing::internal::CaptureStdout();
        const auto ran = venue.engine(whole_and(0), {both, "venues.binance.accept=['ETH/USDT 20']"}, false);
        return ran.err + testing::internal::GetCapturedStdout();
    };

    const auto first = told(), second = told();

    const auto waits = first.find("the venue holds 20, as accepted, the ledger 0: it takes that over"),
               done = first.find("its position is 20 from now on, as accepted; the ledger had 0");
    EXPECT_NE(waits, std::string::npos) << first;
    EXPECT_NE(done, std::string::npos) << first;
    EXPECT_LT(waits, done);
    EXPECT_THAT(second, HasSubstr("venue and ledger agree: 20 need not be accepted"));
}

TEST(RunLive, TheLedgerOfAnotherAccountIsRefused) {
    StandingVenue venue;
    const auto soon = [](const auto& seen) { return seen.frames > 0; };
    ASSERT_EQ(venue.engine(soon).exit_code, 0);
    venue.key = "omega-sim-other";

    const auto other = venue.engine(soon);

    EXPECT_EQ(other.exit_code, 2);
    EXPECT_THAT(other.err, HasSubstr("binance.ledger belongs to binance loopback key "));
    EXPECT_THAT(other.err, HasSubstr("this run trades binance loopback key "));
    EXPECT_THAT(other.err, Not(HasSubstr("omega-sim-other")));
}

TEST(RunLive, AnAccountInHedgeModeIsRefused) {
    for (const auto dialect : {core::Venue::binance, core::Venue::bitget, core::Venue::bybit, core::Venue::okx}) {
        SCOPED_TRACE(core::name(dialect));
        StandingVenue venue{dialect};
        venue.hedge(true);
        const auto refused = venue.engine(whole_and(0));
        EXPECT_EQ(refused.exit_code, 2);
        EXPECT_THAT(refused.err, HasSubstr("is in hedge mode for BTC/USDT:USDT; expected one-way mode"));

        venue.hedge(false);
        EXPECT_EQ(venue.engine(whole_and(0)).exit_code, 0);
    }
}

TEST(RunLive, RefusesWhatWouldTradeRealMoneyByAccident) {
    const std::vector<std::string> prod{"mode=prod", "venues.binance.instruments=[BTC/USDT:USDT]",
                                        "venues.binance.trade=true"};
    const auto once = run(live(prod, {}));
    EXPECT_EQ(once.exit_code, 2);
    EXPECT_THAT(once.err, HasSubstr("live.enabled: true"));

    auto twice = prod;
    twice.push_back("live.enabled=true");
    const auto said = run(live(twice, {}));
    EXPECT_EQ(said.exit_code, 2);
    EXPECT_THAT(said.err, HasSubstr("--i-mean-it"));
}

TEST(RunLive, AVenueThatIsNotReachedEndsWithThree) {
    for (const char* variable : {"OMEGA_KEY_BINANCE", "OMEGA_SECRET_BINANCE"}) ::setenv(variable, "word", 1);
    const auto result = run(live({"mode=testnet", "venue_sim.enabled=false", "venues.binance.instruments=[BTC/USDT]",
                                  "venues.binance.trade=true", "venues.binance.rest=https://127.0.0.1:1"},
                                 {}));
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, HasSubstr("binance: its markets could not be had: network"));
}

TEST(RunLive, SaysWhatIsWrongWithVenues) {
    const std::pair<std::vector<std::string>, const char*> cases[] = {
        {{"venues.nowhere.instruments=[BTC/USDT]"}, "venues.nowhere: expected binance"},
        {{"venues.binance.trade=false"}, "expected at least one"},
        {{"venues.binance.instruments=[BTC/EUR]"}, "BTC/EUR is not traded there"},
        {{"venues.kraken.instruments=[XBT/USD 1 8]"}, "is not simulated"},
        {{"mode=testnet", "venues.binance.instruments=[BTC/USDT]"}, "no venue trades"},
        {{"mode=testnet"}, "traded on paper only"},
        {{"venues.binance.rest=http://203.0.113.7"}, "http:// only of this host"},
        {{"venues.binance.websocket=ws://venue.example"}, "ws:// only of this host"},
        {{"mode=testnet", "venues.binance.instruments=[BTC/USDT]", "venues.binance.trade=true",
          "venues.bybit.instruments=[BTC/USDT]", "venues.bybit.trade=true", "venues.bybit.account=binance"},
         R"(venues.bybit.account = "binance": binance is venues.binance's, too)"},
        {{"mode=testnet", "venues.binance.instruments=[BTC/USDT]", "venues.binance.trade=true",
          "venues.binance.accept=['ETH/USDT 1']"},
         "ETH/USDT 1; expected one of its instruments"},
    };
    for (const auto& [sets, text] : cases) {
        const auto result = run(live(sets, {}));
        EXPECT_EQ(result.exit_code, 2) << text;
        EXPECT_THAT(result.err, HasSubstr(text));
    }
}

TEST(RunLive, TestnetGoesToNoAddressThatMayBeARealVenue) {
    for (const char* key : {"rest", "websocket"})
        for (const char* host : {"api.binance.com", "127.0.0.1.example.org", "203.0.113.7", "[2001:db8::1]"}) {
            const auto scheme = std::string{key} == "rest" ? "https://" : "wss://";
            auto options = live({"mode=testnet", "venue_sim.enabled=false", "venues.binance.instruments=[BTC/USDT]",
                                 "venues.binance.trade=true", fmt::format("venues.binance.{}={}{}", key, scheme, host)},
                                {});
            const auto result = run(options);
            EXPECT_EQ(result.exit_code, 2) << host;
            EXPECT_THAT(result.err, HasSubstr(fmt::format("venues.binance.{} = ", key)));
            EXPECT_THAT(result.err, HasSubstr(fmt::format("{}{}", scheme, host)));
            EXPECT_THAT(result.err, HasSubstr("expected with mode: testnet an address of this host"));
            EXPECT_THAT(result.err, HasSubstr("--i-mean-it"));
        }
}
