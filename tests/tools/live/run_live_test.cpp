// omega run against venues in this process: real sockets, TLS and WebSockets on loopback.
#include "tools/omega/run.hpp"

#include "tests/tools/session.hpp"
#include "tools/venue/server/server.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <functional>

using testing::HasSubstr;

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
    venue::Server server{{.tls = true, .ca_out = folder / "ca.pem"}, {}};

    StandingVenue() { server.start(); }

    nlohmann::json ask(const char* method, const char* path, const std::string& body = {}) {
        nlohmann::json answer;
        server.with([&](venue::Simulator& simulator) {
            answer = nlohmann::json::parse(control(simulator, venue::HttpRequest::make(method, path, body)).body);
        });
        return answer;
    }
    /// A run of the engine on its account.
    test::Outcome engine(Enough enough) {
        const venue::AccountSettings account;
        ::setenv("OMEGA_KEY_BINANCE", account.key.c_str(), 1);  // read once and wiped by each run
        ::setenv("OMEGA_SECRET_BINANCE", account.secret.c_str(), 1);
        omega::RunOptions options;
        options.duration = "60s";
        options.json = true;
        options.enough = std::move(enough);
        options.config.sets = {"profile=short",
                               "mode=testnet",
                               "venues.binance.instruments=[BTC/USDT:USDT]",
                               "venues.binance.trade=true",
                               "venues.binance.websocket=wss://" + server.address(),
                               "venues.binance.rest=https://" + server.address(),
                               "net.ca_file=" + (folder / "ca.pem").string(),
                               "live.state=" + (folder / "state").string(),
                               "live.adopt_position=true",
                               "bots.strategic_fibo.enabled=false"};
        return run(options);
    }
};

}  // namespace

TEST(RunLive, ARestartTakesUpThePositionAndItsStop) {
    StandingVenue venue;
    venue.ask("POST", "/sim/manual", R"({"symbol":"BTCUSDT","market":"linear","side":"buy","quantity":"0.010"})");

    std::uint64_t later{};
    const auto first = venue.engine([&](const auto& seen) {
        if (seen.trading && seen.orders > 0 && later == 0) later = seen.frames + 100;
        return later != 0 && seen.frames > later;
    });

    ASSERT_EQ(first.exit_code, 0) << first.err;
    auto account = venue.ask("GET", "/sim/account");
    EXPECT_EQ(account["orders"], 2) << "the one by hand, and a stop for what it bought";
    EXPECT_EQ(account["open"], 1) << "which outlives the engine";

    const auto second = venue.engine(whole_and(100));

    ASSERT_EQ(second.exit_code, 0) << second.err;
    EXPECT_EQ(second.object()["orders"], 0) << "nothing was missing, nothing is ordered twice";
    EXPECT_EQ(second.object()["live"]["accounts"][0]["open_orders"], 1);
    account = venue.ask("GET", "/sim/account");
    EXPECT_EQ(account["orders"], 2);
    EXPECT_EQ(account["open"], 1);
    EXPECT_EQ(account["positions"].size(), 1U);
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

TEST(RunLive, SaysWhatIsWrongWithVenues) {
    const std::pair<std::vector<std::string>, const char*> cases[] = {
        {{"venues.nowhere.instruments=[BTC/USDT]"}, "venues.nowhere: expected binance"},
        {{"venues.binance.trade=false"}, "expected at least one"},
        {{"venues.binance.instruments=[BTC/EUR]"}, "BTC/EUR is not traded there"},
        {{"venues.kraken.instruments=[XBT/USD 1 8]"}, "is not simulated"},
        {{"mode=testnet", "venues.binance.instruments=[BTC/USDT]"}, "no venue trades"},
        {{"mode=testnet"}, "traded on paper only"},
    };
    for (const auto& [sets, text] : cases) {
        const auto result = run(live(sets, {}));
        EXPECT_EQ(result.exit_code, 2) << text;
        EXPECT_THAT(result.err, HasSubstr(text));
    }
}
