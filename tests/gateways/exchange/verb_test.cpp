#include "tools/omega/exchange.hpp"

#include "gateways/orders/client_id.hpp"
#include "tests/gateways/exchange/golden.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
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

/// The client order ids that a request names, under whichever of the venues' names.
std::vector<std::string> client_ids(const std::string& text) {
    std::vector<std::string> ids;
    constexpr std::string_view begin = "hand";
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1))
        ids.push_back(text.substr(at, 28));
    return ids;
}

TEST(OmegaExchange, AnOrderThatIsSentBearsAClientOrderIdThatIsToldBefore) {
    const std::pair<std::string, const char*> venues[] = {{"binance", "newClientOrderId="},
                                                          {"bitget", R"("clientOid":")"},
                                                          {"bybit", R"("orderLinkId":")"},
                                                          {"okx", R"("clOrdId":")"}};
    for (const auto& [venue, member] : venues) {
        SCOPED_TRACE(venue);
        for (auto suffix : {std::string{"KEY_"}, std::string{"SECRET_"}, std::string{"PASSPHRASE_"}}) {
            for (const char c : venue) suffix += static_cast<char>(std::toupper(c));
            ::setenv(("OMEGA_" + suffix).c_str(), "word", 1);
        }
        std::string sent;
        const Transport lost = [&](const WireRequest& wire) -> Expected<Response> {
            sent = wire.target + wire.body;
            return refused(ErrorKind::unknown_outcome, "no answer");
        };
        const omega::ExchangeOptions order{
            .venue = venue, .call = "create_order", .arguments = {"BTC/USDT:USDT", "limit", "buy", "0.01", "60000"}};

        const auto result = run(order, lost);

        EXPECT_EQ(result.code, 3) << result.err;
        const auto ids = client_ids(sent);
        ASSERT_EQ(ids.size(), 1u) << sent;
        EXPECT_THAT(sent, HasSubstr(member + ids[0]));
        EXPECT_TRUE(std::ranges::all_of(ids[0], [](unsigned char c) { return std::isalnum(c) != 0; })) << ids[0];
        EXPECT_FALSE(gateways::parse_client_id(ids[0])) << "no engine takes it for its own";
        EXPECT_THAT(result.err, HasSubstr("client order id " + ids[0]));
        EXPECT_THAT(result.err, HasSubstr(venue + " fetch_order_with_client_order_id -- " + ids[0]));

        auto shown = order;
        shown.dry_run = true;
        EXPECT_TRUE(client_ids(run(shown).out).empty()) << "what is only shown is as it was given";
    }
}

TEST(OmegaExchange, AClientOrderIdThatIsGivenStays) {
    ::setenv("OMEGA_KEY_OKX", "word", 1);
    ::setenv("OMEGA_SECRET_OKX", "word", 1);
    ::setenv("OMEGA_PASSPHRASE_OKX", "word", 1);
    std::string sent;
    const Transport venue = [&](const WireRequest& wire) -> Expected<Response> {
        sent = wire.body;
        return refused(ErrorKind::network, "nobody there");
    };
    const auto result = run({.venue = "okx",
                             .call = "create_orders",
                             .arguments = {R"([{"symbol":"BTC/USDT","type":"limit","side":"buy","amount":1,"price":2,
                                                "params":{"clOrdId":"mine1"}},
                                               {"symbol":"BTC/USDT","type":"limit","side":"buy","amount":1,"price":2}])"}},
                            venue);
    EXPECT_THAT(sent, HasSubstr(R"("clOrdId":"mine1")"));
    EXPECT_EQ(client_ids(sent).size(), 1u) << sent;
    EXPECT_THAT(result.err, HasSubstr("client order id mine1"));
    EXPECT_THAT(result.err, HasSubstr("client order id hand"));
    EXPECT_EQ(result.code, 3);
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
