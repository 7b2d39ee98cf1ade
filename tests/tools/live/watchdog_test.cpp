// What becomes of an engine's entries when it is killed: a process of its own, a simulated venue over TLS.
#include "tools/omega/live/watchdog.hpp"

#include "core/net/resolver.hpp"
#include "gateways/orders/client_id.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/support.hpp"
#include "tools/omega/live/instruments.hpp"
#include "tools/venue/server/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

using namespace std::chrono_literals;
using namespace gateways::exchange;

namespace {

/// A venue with one account, and a hand that trades on it.
struct Standing {
    test::TemporaryFolder folder;
    venue::Server server;
    omega::Net net;
    omega::WatchedVenue watched;
    std::unique_ptr<Service> service;
    MarketTable markets{};

    explicit Standing(core::Venue dialect)
        : server{{.tls = true, .ca_out = folder / "ca.pem"}, of(dialect)},
          net{{.ca_pem = server.authority(), .system_authorities = false}},
          service{make_service(dialect)} {
        server.start();
        const venue::AccountSettings account;
        watched.venue = dialect;
        watched.settings = {.instruments = {"BTC/USDT:USDT", "BTC/USDT"},
                            .trade = true,
                            .websocket = "wss://" + server.address(),
                            .rest = "https://" + server.address()};
        watched.environment = Environment::live;
        watched.keys = {core::Secret{std::string{account.key}}, core::Secret{std::string{account.secret}},
                        core::Secret{std::string{account.passphrase}}};
        markets =
            omega::fetch_markets(*service, {{.symbol = "BTC/USDT:USDT"}, {.symbol = "BTC/USDT"}}, Environment::live,
                                 [&](const auto&) { return omega::blocking_transport(net, watched.settings.rest); });
    }

    static venue::SimulatorSettings of(core::Venue dialect) {
        venue::SimulatorSettings settings;
        settings.dialect = dialect;
        settings.pairs = 1;
        settings.source.warm_up = 1min;
        return settings;
    }
    Unified ask(Call call, std::vector<Value> positional) {
        const auto arguments = Arguments::bind(call, std::move(positional));
        EXPECT_TRUE(arguments) << (arguments ? "" : arguments.error().message);
        const auto clock = [] {
            return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
        };
        auto answer = perform(*service, call, *arguments, {.markets = markets, .fresh_id = "byhand1"}, &watched.keys,
                              clock, Environment::live, omega::blocking_transport(net, watched.settings.rest));
        if (!answer) {
            ADD_FAILURE() << core::name(service->venue()) << ": " << answer.error().message;
            return {};
        }
        return *std::move(answer);
    }
    /// A price so many percent away from the last trade, whole.
    Value price(const char* symbol, int percent) {
        const auto last = std::stod(std::get<Ticker>(ask(Call::fetch_ticker, {symbol})).close);
        return Value::number(std::to_string(static_cast<std::int64_t>(last * (100 + percent) / 100)));
    }
    static Value amount(core::Venue dialect, std::string_view symbol) {
        const bool contracts = dialect == core::Venue::okx && symbol.find(':') != std::string_view::npos;
        return Value::number(contracts ? "1" : "0.01");
    }
    void limit(const char* symbol, const char* side, int percent, const std::string& client_id, bool reduce = false) {
        auto params = Value::object();
        params.set("clientOrderId", client_id);
        if (reduce) params.set("reduceOnly", true);
        ask(Call::create_order,
            {symbol, "limit", side, amount(watched.venue, symbol), price(symbol, percent), std::move(params)});
    }
    void stop(const char* symbol, int percent, const std::string& client_id) {
        auto params = Value::object();
        params.set("clientOrderId", client_id).set("reduceOnly", true).set("stopLossPrice", price(symbol, percent));
        ask(Call::create_order, {symbol, "market", "sell", amount(watched.venue, symbol), Value{}, std::move(params)});
    }
    std::vector<std::string> open(const char* symbol, bool waiting_for_trigger = false) {
        auto params = Value::object();
        if (waiting_for_trigger) params.set("trigger", true);
        if (waiting_for_trigger && watched.venue == core::Venue::okx) params.set("ordType", "conditional");
        if (waiting_for_trigger && watched.venue == core::Venue::bitget) params.set("planType", "profit_loss");
        std::vector<std::string> ids;
        const auto answer = ask(Call::fetch_open_orders, {symbol, Value{}, Value{}, std::move(params)});
        if (const auto* orders = std::get_if<std::vector<Order>>(&answer))
            for (const auto& order : *orders) ids.push_back(order.client_order_id);
        return ids;
    }
};

/// As the engine writes it.
std::string ours(std::uint32_t n) {
    std::array<char, gateways::client_id_length> text{};
    gateways::write_client_id(text.data(), core::OrderId::of(7, n));
    return {text.begin(), text.end()};
}

constexpr const char* perpetual = "BTC/USDT:USDT";
constexpr const char* spot = "BTC/USDT";

}  // namespace

using testing::Contains;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Entries : public testing::TestWithParam<core::Venue> {};

TEST_P(Entries, AreCancelledWhileStopsExitsAndStrangersStay) {
    Standing market{GetParam()};
    market.ask(Call::create_order, {perpetual, "market", "buy", Standing::amount(GetParam(), perpetual)});
    market.limit(perpetual, "buy", -3, ours(1));
    market.limit(perpetual, "sell", 3, ours(2));
    market.limit(perpetual, "sell", 4, ours(3), true);
    market.limit(perpetual, "buy", -4, "stranger1");
    market.stop(perpetual, -5, ours(4));
    market.limit(spot, "buy", -3, ours(5));
    market.limit(spot, "sell", 3, ours(6));
    market.limit(spot, "buy", -4, "stranger2");
    const auto stops = market.open(perpetual, true);

    const auto cancelled = omega::cancel_entries(market.net, market.watched);

    ASSERT_TRUE(cancelled) << cancelled.error().message;
    EXPECT_EQ(*cancelled, 3U);
    auto left = market.open(perpetual);
    std::erase(left, ours(4));  // where stops are listed among the others
    EXPECT_THAT(left, UnorderedElementsAre(ours(3), "stranger1"));
    EXPECT_THAT(market.open(spot), UnorderedElementsAre(ours(6), "stranger2"));
    EXPECT_THAT(stops, Contains(ours(4)));
    EXPECT_EQ(market.open(perpetual, true), stops);

    const auto again = omega::cancel_entries(market.net, market.watched);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, 0U);
}

INSTANTIATE_TEST_SUITE_P(Venues, Entries,
                         testing::Values(core::Venue::binance, core::Venue::bitget, core::Venue::bybit,
                                         core::Venue::okx),
                         [](const auto& of) { return std::string{core::name(of.param)}; });

/// The whole program: its watchdog is a fork, which a test with threads of its own cannot try.
TEST(EngineWatchdog, CancelsTheEntriesOfAKilledEngine) {
    Standing market{core::Venue::binance};
    const auto at = "venues.binance.";
    std::vector<std::string> words{OMEGA_PROGRAM, "run", "--for", "5m"};
    for (const auto& set :
         {std::string{"mode=testnet"}, std::string{"profile=short"}, at + std::string{"instruments=[BTC/USDT:USDT]"},
          at + std::string{"trade=true"}, at + ("websocket=" + market.watched.settings.websocket),
          at + ("rest=" + market.watched.settings.rest), "net.ca_file=" + (market.folder / "ca.pem").string(),
          "live.state=" + (market.folder / "state").string(), std::string{"live.adopt_orders=true"},
          std::string{"live.watchdog_s=1"}, std::string{"bots.strategic_fibo.enabled=false"}}) {
        words.push_back("--set");
        words.push_back(set);
    }
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const venue::AccountSettings account;
    std::string variables[] = {"OMEGA_KEY_BINANCE=" + account.key, "OMEGA_SECRET_BINANCE=" + account.secret};
    char* environment[] = {variables[0].data(), variables[1].data(), nullptr};
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    const auto said = (market.folder / "said").string();
    ::posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, 2, said.c_str(), O_WRONLY | O_CREAT, 0600);
    pid_t engine{};
    ASSERT_EQ(::posix_spawn(&engine, OMEGA_PROGRAM, &files, nullptr, arguments.data(), environment), 0);
    ::posix_spawn_file_actions_destroy(&files);

    const auto until = [](auto&& done) {
        for (int i = 0; i < 1200 && !done(); ++i) std::this_thread::sleep_for(50ms);
        return done();
    };
    // What risk must remember is kept from the moment on that it trades.
    ASSERT_TRUE(until([&] { return std::filesystem::exists(market.folder / "state/risk"); })) << test::read_file(said);
    market.limit(perpetual, "buy", -3, ours(1));
    market.limit(perpetual, "buy", -4, "stranger1");

    ::kill(engine, SIGKILL);
    ::waitpid(engine, nullptr, 0);

    EXPECT_TRUE(until([&] { return market.open(perpetual) == std::vector<std::string>{"stranger1"}; }))
        << test::read_file(said);
    EXPECT_TRUE(until([&] {
        return test::read_file(said).find(
                   "omega watchdog: binance: the engine was silent for 1 s: 1 entries cancelled") != std::string::npos;
    })) << test::read_file(said);
}
