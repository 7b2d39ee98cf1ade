#include "tools/omega/decode.hpp"

#include "feeds/capture/writer.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/support.hpp"
#include "tools/omega/tick_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

using core::Venue;
using nlohmann::json;

namespace {

struct Run {
    int exit_code{};
    std::string out, err;

    [[nodiscard]] json object() const { return json::parse(out); }
    [[nodiscard]] std::vector<json> lines() const {
        std::vector<json> all;
        std::istringstream in{out};
        for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
        return all;
    }
};

Run decode(const omega::DecodeOptions& options) {
    std::ostringstream out, err;
    const int code = omega::decode_command(options, out, err);
    return {code, out.str(), err.str()};
}

Run summary(Venue venue, std::initializer_list<const char*> names, std::size_t levels = 10) {
    omega::DecodeOptions options{.venue = venue, .summary = true, .book_levels = levels};
    for (const auto* name : names) options.files.push_back(test::shared(name));
    return decode(options);
}

constexpr std::string_view kraken_session =
    "wss://ws.kraken.com <-> 1618678132.5\n"
    "1618678133.0: {\"event\":\"heartbeat\"}\n"
    "1618678142.592855: "
    "[993,[[\"354.11000000\",\"0.89594024\",\"1618678142.557535\",\"s\",\"l\",\"\"]],\"trade\",\"XMR/USD\"]\n"
    "1618678143.0: "
    "[992,{\"as\":[[\"354.80000000\",\"1.40000000\",\"1618678133.020508\"]],\"bs\":[[\"354.16000000\",\"2.00000000\","
    "\"1618678133.049115\"]]},\"book-1000\",\"XMR/USD\"]\n"
    "1618678144.0: [996,{\"a\":[\"355.24\",27,\"27.19\"],\"b\":[\"354.32\",6,\"6.87\"]},\"ticker\",\"XMR/USD\"]\n"
    "1618678145.0: "
    "[42,[\"1542057314.7\",\"1542057600.0\",\"3586.7\",\"3586.7\",\"3586.6\",\"3586.65\",\"3586.6\",\"0.03373\",2],"
    "\"ohlc-5\",\"XMR/USD\"]\n";

}  // namespace

TEST(Decode, PrintsOneObjectATickWithExactDecimals) {
    test::TemporaryFolder folder;
    const auto run = decode({.venue = Venue::kraken, .files = {test::write_file(folder / "session", kraken_session)}});

    EXPECT_EQ(run.exit_code, 0) << run.err;
    const auto lines = run.lines();
    ASSERT_EQ(lines.size(), 6U);
    EXPECT_EQ(lines[0]["kind"], "session");
    EXPECT_EQ(lines[0]["session"], "connected");
    EXPECT_TRUE(lines[0]["instrument"].is_null());
    EXPECT_EQ(lines[1], json::parse(R"({"kind":"trade","venue":"kraken","market":"spot","instrument":"XMR/USD",
        "venue_time":1618678142557535000,"receive_time":1618678142592855000,"side":"sell","price":"354.11",
        "quantity":"0.89594024","trade_id":null,"snapshot":false,"sequence":null})"));
    EXPECT_EQ(lines[2], json::parse(R"({"kind":"level","venue":"kraken","market":"spot","instrument":"XMR/USD",
        "venue_time":1618678133049115000,"receive_time":1618678143000000000,"side":"ask","price":"354.8",
        "quantity":"1.4","snapshot":true,"first":true,"last":false,"sequence":null})"));
    EXPECT_EQ(lines[3]["side"], "bid");
    EXPECT_EQ(lines[4]["bid_price"], "354.32");
    EXPECT_EQ(lines[4]["ask_quantity"], "27.19");
    EXPECT_EQ(lines[5]["open"], "3586.7");
    EXPECT_EQ(lines[5]["low"], "3586.6");
    EXPECT_EQ(lines[5]["close"], "3586.65");
    EXPECT_EQ(lines[5]["interval_s"], 300);
    EXPECT_EQ(lines[5]["venue_time"], 1542057300000000000);
}

TEST(Decode, SummarisesCountsAndBooks) {
    test::TemporaryFolder folder;
    const auto run = decode(
        {.venue = Venue::kraken, .files = {test::write_file(folder / "session", kraken_session)}, .summary = true});

    EXPECT_EQ(run.exit_code, 0) << run.err;
    const auto object = run.object();
    EXPECT_EQ(object["frames"], 5);
    EXPECT_EQ(object["ticks"], json::parse(R"({"trade":1,"quote":1,"level":2,"bar":1,"session":1})"));
    EXPECT_EQ(object["control"], json::parse(R"({"heartbeat":1})"));
    EXPECT_EQ(object["errors"], json::object());
    EXPECT_EQ(object["books"]["XMR/USD"],
              json::parse(R"({"valid":true,"bids":[["354.16","2"]],"asks":[["354.8","1.4"]]})"));
}

TEST(Decode, RefusedFramesAreCountedByReasonAndTold) {
    test::TemporaryFolder folder;
    const auto run =
        decode({.venue = Venue::kraken,
                .files = {test::write_file(folder / "session", std::string{kraken_session} +
                                                                   "1618678146.0: {\"event\":\"hea\n"
                                                                   "1618678147.0: {\"channel\":\"weather\"}\n")},
                .summary = true});

    EXPECT_EQ(run.exit_code, 1);
    EXPECT_EQ(run.object()["errors"], json::parse(R"({"truncated":1,"unknown_message":1})"));
    EXPECT_THAT(run.err, testing::HasSubstr("2 of 7 frames refused; the last: unknown_message, field channel"));
}

TEST(Decode, UnreadableInputIsExitTwoWithFileAndAdvice) {
    test::TemporaryFolder folder;
    const auto missing = decode({.venue = Venue::okx, .files = {folder / "missing"}});
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_THAT(missing.err,
                testing::AllOf(testing::HasSubstr("missing: io at byte 0"), testing::HasSubstr("check the path")));

    const auto text = decode({.venue = Venue::okx, .files = {test::write_file(folder / "text", "Dear diary\n")}});
    EXPECT_EQ(text.exit_code, 2);
    EXPECT_THAT(text.err, testing::HasSubstr("expected a cryptofeed, hftbacktest or Omega capture"));

    std::string elsewhere{kraken_session};
    for (std::size_t at; (at = elsewhere.find("kraken")) != std::string::npos;) elsewhere.replace(at, 6, "nobody");
    const auto nameless = decode({.files = {test::write_file(folder / "nobody", elsewhere)}});
    EXPECT_EQ(nameless.exit_code, 2);
    EXPECT_THAT(nameless.err, testing::HasSubstr("give --venue"));
}

TEST(Decode, TellsTheVenueByTheAddressesOfTheCapture) {
    test::TemporaryFolder folder;
    const auto session = test::write_file(folder / "session", kraken_session);
    const auto named = decode({.venue = Venue::kraken, .files = {session}});
    const auto told = decode({.files = {session}});
    EXPECT_EQ(told.exit_code, named.exit_code);
    EXPECT_EQ(told.out, named.out);
}

TEST(Decode, OurOwnCapturesNameTheirVenueAndATornTailIsTold) {
    test::TemporaryFolder folder;
    {
        feeds::capture::CaptureWriter writer{folder / "a.omega", Venue::kraken};
        const auto reader = feeds::capture::open(test::write_file(folder / "session", kraken_session));
        for (feeds::Frame frame; reader->next(frame);) writer.write(frame);
        writer.flush();
        writer.write({.bytes = "lost"});
    }
    const auto text = decode({.venue = Venue::kraken, .files = {folder / "session"}});
    const auto bytes = test::read_file(folder / "a.omega");
    const auto torn = decode({.files = {test::write_file(folder / "torn.omega", bytes.substr(0, bytes.size() - 5))}});

    EXPECT_EQ(torn.out, text.out);
    EXPECT_EQ(torn.exit_code, 1);
    EXPECT_THAT(torn.err, testing::HasSubstr("bytes of an unfinished last block dropped"));
}

TEST(Decode, CountsTheUsdmTapeAsItsTableSays) {
    NEEDS_SHARED_DATA();
    const auto run = summary(Venue::binance, {"l2/hftbacktest/usdm_btcusdt_20240808.gz"}, 5);

    EXPECT_EQ(run.exit_code, 0) << run.err;
    const auto object = run.object();
    EXPECT_EQ(object["frames"], 93'954);
    EXPECT_EQ(object["ticks"]["quote"], 66'089);
    EXPECT_EQ(object["ticks"]["trade"], 21'313);
    EXPECT_EQ(object["depth_events"]["received"], 6'551);
    EXPECT_EQ(object["depth_events"]["dropped"], 0);
    EXPECT_EQ(object["sequence_breaks"], 0);
    EXPECT_EQ(object["errors"], json::object());
    const auto& book = object["books"]["BTCUSDT"];
    EXPECT_EQ(book["valid"], true);
    EXPECT_EQ(book["bids"].size(), 5U);
    EXPECT_EQ(book["asks"].size(), 5U);
}

TEST(Decode, ReadsTheRecordingsOfAllSixVenues) {
    NEEDS_SHARED_DATA();
    struct Case {
        Venue venue;
        std::initializer_list<const char*> files;
        int depth_events;
        int checksums;
    };
    const Case cases[] = {
        {Venue::binance, {"ws/cryptofeed/BINANCE.ws.1.0.zst", "ws/cryptofeed/BINANCE.http.0.0.zst"}, 177, 0},
        {Venue::binance,
         {"ws/cryptofeed/BINANCE_FUTURES.ws.1.0.zst", "ws/cryptofeed/BINANCE_FUTURES.http.0.0.zst"},
         764,
         0},
        {Venue::bitget, {"ws/cryptofeed/BITGET.ws.1.0.zst", "ws/cryptofeed/BITGET.0.zst"}, 443, 443},
        {Venue::bybit, {"ws/cryptofeed/BYBIT.ws.25.0.zst", "ws/cryptofeed/BYBIT.0.zst"}, 3260, 0},
        {Venue::okx, {"ws/cryptofeed/OKX.ws.1.0.zst"}, 290, 290},
        {Venue::coinbase, {"ws/cryptofeed/COINBASE.ws.28.0.zst", "ws/cryptofeed/COINBASE.0.zst"}, 2760, 0},
        {Venue::kraken, {"ws/cryptofeed/KRAKEN.ws.50.0.zst"}, 2890, 2884},
    };
    for (const auto& [venue, files, depth_events, checksums] : cases) {
        SCOPED_TRACE(*files.begin());
        const auto run = summary(venue, files);
        EXPECT_EQ(run.exit_code, 0) << run.err;
        const auto object = run.object();
        EXPECT_EQ(object["errors"], json::object());
        EXPECT_EQ(object["depth_events"]["received"], depth_events);
        EXPECT_EQ(object["depth_events"]["dropped"], 0);
        EXPECT_EQ(object["sequence_breaks"], 0);
        EXPECT_EQ(object["checksums"]["checked"], checksums);
        EXPECT_EQ(object["checksums"]["matched"], checksums);
        for (const auto& [symbol, book] : object["books"].items())
            EXPECT_TRUE(book["valid"]) << symbol << ' ' << book.dump();
    }
}

TEST(Decode, WithoutItsSnapshotABinanceBookIsNotValid) {
    NEEDS_SHARED_DATA();
    const auto object = summary(Venue::binance, {"ws/cryptofeed/BINANCE.ws.1.0.zst"}).object();

    for (const auto& [symbol, book] : object["books"].items()) EXPECT_FALSE(book["valid"]) << symbol;
    EXPECT_EQ(object["depth_events"]["applied"], 0);
}

TEST(AppendDecimal, TrimsZerosButNoDigits) {
    const std::tuple<std::int64_t, int, const char*> cases[] = {
        {0, 8, R"("0")"}, {10, 0, R"("10")"}, {1'500, 2, R"("15")"}, {1, 10, R"("0.0000000001")"}, {-5, 1, R"("-0.5")"},
    };
    for (const auto& [units, decimals, text] : cases) {
        fmt::memory_buffer buffer;
        omega::append_decimal(buffer, units, decimals);
        EXPECT_EQ(fmt::to_string(buffer), text);
    }
}
