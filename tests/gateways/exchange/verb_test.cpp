#include "tools/omega/exchange.hpp"

#include "tests/gateways/exchange/golden.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace {

using namespace gateways::exchange;
using testing::HasSubstr;
using testing::Not;

struct Run {
    int code{};
    std::string out, err;
};
Run run(omega::ExchangeOptions options, const Transport& transport = {}) {
    std::ostringstream out, err;
    const int code = omega::exchange_command(
        options, [&] { return transport; }, out, err);
    return {.code = code, .out = out.str(), .err = err.str()};
}

std::filesystem::path file_with(std::string_view text, const char* name) {
    auto path = std::filesystem::path{testing::TempDir()} / name;
    std::ofstream{path, std::ios::binary} << text;
    return path;
}

TEST(OmegaExchange, ShowsTheRequestOfADryRun) {
    const auto result = run({.venue = "binance",
                             .call = "create_order",
                             .arguments = {"BTC/USDT:USDT", "limit", "buy", "0.01", "60000", R"({"postOnly":true})"},
                             .dry_run = true});

    EXPECT_EQ(result.code, 0) << result.err;
    const auto json = Value::parse(result.out);
    ASSERT_TRUE(json) << result.out;
    EXPECT_EQ((*json)["method"].text(), "POST");
    EXPECT_EQ((*json)["url"].text(), "https://fapi.binance.com/fapi/v1/order");
    EXPECT_THAT((*json)["body"].text(), HasSubstr("quantity=0.01&price=60000&timeInForce=GTX"));
}

TEST(OmegaExchange, MasksEverySecretOfADryRun) {
    const std::pair<const char*, const char*> variables[] = {{"OMEGA_KEY_BITGET", "the-key"},
                                                             {"OMEGA_SECRET_BITGET", "the-secret"},
                                                             {"OMEGA_PASSPHRASE_BITGET", "the-phrase"}};
    for (const auto& [name, value] : variables) ::setenv(name, value, 1);

    const auto result = run({.venue = "bitget", .call = "fetch_balance", .dry_run = true, .testnet = true});

    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, Not(HasSubstr("the-")));
    const auto json = Value::parse(result.out);
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["headers"]["ACCESS-KEY"].text(), "***");
    EXPECT_EQ((*json)["headers"]["paptrading"].text(), "1");
}

TEST(OmegaExchange, ReadsARecordedAnswer) {
    const auto file = file_with(R"({"lastUpdateId":7,"bids":[["1.10","2"]],"asks":[["1.20","3"]]})", "book.json");

    const auto result =
        run({.venue = "binance", .call = "fetch_order_book", .arguments = {"BTC/USDT", "5"}, .response = file});

    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out,
              R"({"symbol":"BTC/USDT","bids":[["1.10","2"]],"asks":[["1.20","3"]],"timestamp":null,"datetime":null,)"
              R"("nonce":"7"})"
              "\n");
}

TEST(OmegaExchange, TakesPrecisionFromARecordedAnswerToFetchMarkets) {
    const auto file = file_with(
        R"({"symbols":[{"symbol":"FOOUSDT","baseAsset":"FOO","quoteAsset":"USDT","filters":[
            {"filterType":"PRICE_FILTER","tickSize":"0.5"},{"filterType":"LOT_SIZE","stepSize":"10"}]}]})",
        "markets.json");

    const auto result = run({.venue = "binance",
                             .call = "create_order",
                             .arguments = {"FOO/USDT", "limit", "sell", "57.9", "3.3"},
                             .dry_run = true,
                             .markets = file});

    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("quantity=50&price=3.5"));
}

TEST(OmegaExchange, SaysWhatIsWrongByItsExitCode) {
    const Transport unreachable = [](const WireRequest&) -> Expected<Response> {
        return refused(ErrorKind::network, "nobody there");
    };
    const Transport refusing = [](const WireRequest&) -> Expected<Response> {
        return Response{.status = 400, .headers = {}, .body = R"({"code":-1121,"msg":"Invalid symbol."})"};
    };

    EXPECT_EQ(run({.venue = "nowhere", .call = "fetch_time"}).code, 2);
    EXPECT_EQ(run({.venue = "binance", .call = "fetch_fun"}).code, 2);
    EXPECT_EQ(run({.venue = "binance", .call = "fetch_ticker"}).code, 2);
    EXPECT_EQ(run({.venue = "binance", .call = "fetch_time", .response = "/no/such/file"}).code, 2);
    EXPECT_EQ(run({.venue = "binance", .call = "fetch_time"}, unreachable).code, 3);
    const auto told = run({.venue = "binance", .call = "fetch_ticker", .arguments = {"BTC/USDT"}}, refusing);
    EXPECT_EQ(told.code, 1);
    EXPECT_THAT(told.out, HasSubstr(R"("kind":"bad_request","code":"-1121")"));
    EXPECT_THAT(told.err, HasSubstr("Invalid symbol."));
}

/// The verb as the shell calls it.
Run typed(std::vector<std::string> words) {
    CLI::App app{"omega"};
    Run result;
    omega::add_exchange(app, result.code);
    words.insert(words.begin(), "exchange");
    std::reverse(words.begin(), words.end());
    testing::internal::CaptureStdout();
    app.parse(std::move(words));
    result.out = testing::internal::GetCapturedStdout();
    return result;
}

TEST(OmegaExchange, TakesJsonArgumentsWhole) {
    const auto cancels = typed({"binance", "cancel_orders", "--dry-run", "--", "[1,2]", "BTC/USDT:USDT"});
    const auto order = typed({"binance", "create_order", "BTC/USDT:USDT", "limit", "buy", "0.01", "60000",
                              R"({"postOnly":true})", "--dry-run"});
    const auto none = typed({"binance", "fetch_positions", "--dry-run", "--"});

    EXPECT_THAT(cancels.out, HasSubstr(R"("orderidlist":"[1,2]")"));
    EXPECT_THAT(order.out, HasSubstr("timeInForce=GTX"));
    EXPECT_THAT(none.out, HasSubstr("positionRisk"));
    EXPECT_EQ(cancels.code + order.code + none.code, 0);
}

TEST(OmegaExchange, AsksThroughItsTransport) {
    const Transport venue = [](const WireRequest& wire) -> Expected<Response> {
        EXPECT_EQ(wire.base + wire.target, "https://api.binance.com/api/v3/time");
        return Response{.status = 200, .headers = {}, .body = R"({"serverTime":1499827319559})"};
    };

    const auto result = run({.venue = "binance", .call = "fetch_time"}, venue);

    EXPECT_EQ(result.code, 0);
    EXPECT_EQ(result.out, "1499827319559000000\n");
}

}  // namespace
