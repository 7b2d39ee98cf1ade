#include "feeds/capture/discover.hpp"
#include "feeds/kraken/feed.hpp"
#include "feeds/kraken/subscribe.hpp"
#include "tests/feeds/capture/both_ways.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>

#include <set>

using core::Side;
using core::TickKind;
using feeds::Control;
using feeds::kraken::Decoder;
using test::both_ways::PaddedFrame;

namespace {

std::vector<std::filesystem::path> recordings() {
    return {test::shared("ws/cryptofeed/KRAKEN.ws.48.0.zst"), test::shared("ws/cryptofeed/KRAKEN.ws.49.0.zst"),
            test::shared("ws/cryptofeed/KRAKEN.ws.50.0.zst")};
}

core::InstrumentTable pairs(std::initializer_list<const char*> symbols, int price_decimals = 8) {
    core::InstrumentTable table;
    for (const auto* symbol : symbols)
        table.add(
            {.venue = core::Venue::kraken, .symbol = symbol, .price_decimals = price_decimals, .quantity_decimals = 8});
    return table;
}

/// One frame's ticks, decoded both ways; the batch says the rest.
struct Decoded {
    core::InstrumentTable table = pairs({"XBT/USD", "BTC/USD", "XMR/USD", "SC/EUR"});
    Decoder fast{table}, general{table};
    feeds::Batch batch, other;
    bool refused{};
    std::unique_ptr<PaddedFrame> last{};

    std::span<const core::Tick> operator()(std::string_view text) {
        last = std::make_unique<PaddedFrame>(text);  // texts() of the batch point into it
        refused = test::both_ways::decodes_both_ways(fast, general, last->frame(), batch, other);
        return batch.ticks();
    }
    core::Error reason(std::string_view text) {
        const PaddedFrame frame{text};
        batch.clear();
        const auto result = general.decode_general(frame.frame(), batch);
        return result ? core::Error{} : result.error().reason;
    }
};

/// The frames worth damaging: one of each shape.
const char* const shapes[] = {
    R"([992,{"b":[["354.15000000","5.00000000","1618678133.365913"]],"c":"2583817756"},"book-1000","XMR/USD"])",
    R"([1920,{"a":[["0.042990","364630.28272081","1618678145.920470"]]},{"b":[["0.042990","0.00000000","1618678145.920708"]],"c":"4105471083"},"book-1000","SC/EUR"])",
    R"([992,{"a":[["354.15","5.0","1618678133.365913","r"],["354.16","0","1618678133.365914"]],"c":"1"},"book-25","XMR/USD"])",
    R"([992,{"as":[["354.80000000","1.40000000","1618678133.020508"]],"bs":[["354.16000000","1.40000000","1618678133.049115"]]},"book-1000","XMR/USD"])",
    R"([993,[["354.11000000","0.89594024","1618678142.557535","s","l",""],["354.12","1","1618678142.6","b","m",""]],"trade","XMR/USD"])",
    R"([996,{"a":["355.24",27,"27.19"],"b":["354.32",6,"6.87"],"c":["355.23","1.2"]},"ticker","XMR/USD"])",
    R"([0,["5698.40000","5700.00000","1542057299.545897","1.01234567","0.98765432"],"spread","XBT/USD"])",
    R"([42,["1542057314.748456","1542057360.435743","3586.7","3586.7","3586.6","3586.6","3586.68894","0.03373",2],"ohlc-5","XBT/USD"])",
    R"({"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.10000000}],"asks":[],"checksum":3310070434,"timestamp":"2023-10-06T17:35:55.440295Z"}]})",
    R"({"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[],"asks":[{"price":45285.2,"qty":0.001}],"checksum":1}]})",
    R"({"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"sell","price":0.5117,"qty":40.0,"ord_type":"market","trade_id":4665906,"timestamp":"2023-09-25T07:49:37.708706Z"}]})",
    R"({"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":1.1,"bid_qty":2.2,"ask":1.2,"ask_qty":3.3,"last":1.1}]})",
    R"({"channel":"ohlc","type":"update","data":[{"symbol":"BTC/USD","interval":1,"interval_begin":"2023-10-04T16:25:00.000000000Z","open":2.2,"high":2.3,"low":2.1,"close":2.2,"volume":30.5}]})",
    R"({"channelID":992,"channelName":"book-1000","event":"subscriptionStatus","pair":"XMR/USD","status":"subscribed","reqid":3})",
    R"({"method":"subscribe","result":{"channel":"book","symbol":"BTC/USD","depth":10},"success":true,"req_id":7})",
};

}  // namespace

TEST(KrakenDecoder, EveryRecordedFrameIsTicksOrANamedControlBothWays) {
    NEEDS_SHARED_DATA();
    auto table = feeds::capture::discover(core::Venue::kraken, recordings());
    Decoder fast{table}, general{table};
    feeds::Batch a, b;
    feeds::capture::MergedReader reader{recordings()};
    std::map<std::string, int> seen;

    for (feeds::Frame frame; reader.next(frame);) {
        if (frame.origin != feeds::FrameOrigin::socket) continue;
        ASSERT_FALSE(test::both_ways::decodes_both_ways(fast, general, frame, a, b)) << frame.bytes;
        for (const auto& tick : a.ticks())
            if (tick.whole()) ++seen[std::string{core::name(tick.kind)}];
        if (a.book.kind == feeds::BookEvent::Kind::update) ++seen["update"];
        if (a.book.kind == feeds::BookEvent::Kind::snapshot) ++seen["snapshot"];
        if (a.ticks().empty()) ++seen[std::string{feeds::name(a.control)}];
    }

    EXPECT_EQ(seen["snapshot"] + seen["update"], seen["level"]);
    EXPECT_EQ(seen["update"], 2884);
    EXPECT_EQ(seen["snapshot"], 6);
    EXPECT_EQ(seen["none"], 0);
    EXPECT_GT(seen["trade"], 0);
    EXPECT_GT(seen["quote"], 0);
    EXPECT_GT(seen["heartbeat"], 0);
    EXPECT_EQ(seen["subscribed"], 30);
    EXPECT_EQ(seen["status"], 3);
}

TEST(KrakenFeed, EveryRecordedChecksumMatchesAndTheBooksAreAMapTwins) {
    NEEDS_SHARED_DATA();
    auto table = feeds::capture::discover(core::Venue::kraken, recordings());
    feeds::kraken::Feed feed{table};
    std::map<std::uint16_t, test::both_ways::MapBook> books;
    std::map<std::string, test::both_ways::MapBook> twins;
    feeds::capture::MergedReader reader{recordings()};

    for (feeds::Frame frame; reader.next(frame);) {
        feed.on_frame(frame, [&](const core::Tick& tick) { books[tick.instrument.value].on(tick); });
        if (frame.origin != feeds::FrameOrigin::socket || frame.bytes[0] != '[') continue;
        // The twin: a real JSON library, maps, and the venue's rule of truncation by itself.
        const auto json = nlohmann::json::parse(frame.bytes);
        if (!json[json.size() - 2].get<std::string>().starts_with("book-")) continue;
        auto& twin = twins[json.back()];
        const auto* of = table.find(core::Venue::kraken, core::Market::spot, json.back().get<std::string>());
        ASSERT_NE(of, nullptr);
        for (std::size_t i = 1; i + 2 < json.size(); ++i)
            for (const auto& [key, rows] : json[i].items()) {
                if (key == "c") continue;
                if (key == "as") twin.clear();
                for (const auto& row : rows)
                    twin.set(key[0] == 'b' ? Side::buy : Side::sell,
                             *core::parse_decimal(row[0].get<std::string>(), of->price_decimals),
                             *core::parse_decimal(row[1].get<std::string>(), of->quantity_decimals));
            }
        twin.truncate(1000);
    }

    EXPECT_EQ(feed.stats().checksums.checked, 2884U);
    EXPECT_EQ(feed.stats().checksums.matched, 2884U);
    EXPECT_EQ(feed.stats().depth.received, 2890U);
    EXPECT_EQ(feed.stats().depth.applied, 2890U);
    EXPECT_EQ(feed.stats().faulted(), 0U);
    EXPECT_EQ(feed.stats().sequence_breaks, 0U);
    ASSERT_EQ(twins.size(), 6U);
    for (const auto& [pair, twin] : twins) {
        SCOPED_TRACE(pair);
        const auto* instrument = table.find(core::Venue::kraken, core::Market::spot, pair);
        ASSERT_NE(instrument, nullptr);
        const auto& book = books[instrument->id.value];
        EXPECT_TRUE(book.valid);
        EXPECT_EQ(book.bids, twin.bids);
        EXPECT_EQ(book.asks, twin.asks);
        EXPECT_GT(book.bids.size(), 10U);
    }
}

TEST(KrakenChecksum, IsTheOneOfTheVenuesDocument) {
    auto table = pairs({"BTC/USD"});
    feeds::kraken::Feed feed{table};
    constexpr std::string_view snapshot =
        R"({"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.10000000},{"price":45283.4,"qty":1.54582015},{"price":45282.1,"qty":0.10000000},{"price":45281.0,"qty":0.10000000},{"price":45280.3,"qty":1.54592586},{"price":45279.0,"qty":0.07990000},{"price":45277.6,"qty":0.03310103},{"price":45277.5,"qty":0.30000000},{"price":45277.3,"qty":1.54602737},{"price":45276.6,"qty":0.15445238}],"asks":[{"price":45285.2,"qty":0.00100000},{"price":45286.4,"qty":1.54571953},{"price":45286.6,"qty":1.54571109},{"price":45289.6,"qty":1.54560911},{"price":45290.2,"qty":0.15890660},{"price":45291.8,"qty":1.54553491},{"price":45294.7,"qty":0.04454749},{"price":45296.1,"qty":0.35380000},{"price":45297.5,"qty":0.09945542},{"price":45299.5,"qty":0.18772827}],"checksum":3310070434}]})";
    const PaddedFrame right{snapshot};
    std::string wrong_text{snapshot};
    wrong_text[wrong_text.find("1.54571953") + 9] = '4';
    const PaddedFrame wrong{wrong_text};
    std::vector<core::Tick> ticks;
    const auto sink = [&](const core::Tick& tick) { ticks.push_back(tick); };

    feed.on_frame(right.frame(), sink);
    EXPECT_EQ(feed.stats().checksums.matched, 1U);
    EXPECT_EQ(ticks.size(), 20U);

    ticks.clear();
    feed.on_frame(wrong.frame(), sink);
    EXPECT_EQ(feed.stats().checksums.checked, 2U);
    EXPECT_EQ(feed.stats().checksums.matched, 1U);
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].kind, TickKind::session);
    EXPECT_EQ(ticks[0].code, static_cast<std::uint16_t>(core::Session::gap));
}

TEST(KrakenBook, TellsOfTheLevelsThatFallOutOfTheSubscribedDepth) {
    auto table = pairs({"BTC/USD"}, 1);
    feeds::kraken::Feed feed{table};
    std::vector<core::Tick> ticks;
    const auto take = [&](std::string_view text) {
        ticks.clear();
        const PaddedFrame frame{text};
        feed.on_frame(frame.frame(), [&](const core::Tick& tick) { ticks.push_back(tick); });
    };
    std::string snapshot = R"([1,{"as":[["99.0","1.0","1618678133.0"]],"bs":[)";
    for (int i = 0; i < 10; ++i)
        snapshot += (i ? "," : "") + (R"([")" + std::to_string(50 - i)) + R"(.0","1.0","1618678133.0"])";
    // v2 asks once, and v1 says the depth in the channel's name.
    take(snapshot + R"(]},"book-10","BTC/USD"])");
    ASSERT_EQ(ticks.size(), 11U);

    take(R"([1,{"b":[["50.5","2.0","1618678134.5"]]},"book-10","BTC/USD"])");

    ASSERT_EQ(ticks.size(), 2U);
    EXPECT_EQ(ticks[0].flags, core::tick_flag::first);
    EXPECT_EQ(ticks[1].flags, core::tick_flag::last);
    EXPECT_EQ(ticks[1].side, Side::buy);
    EXPECT_EQ(ticks[1].level.price.units, 410);
    EXPECT_EQ(ticks[1].level.quantity.units, 0);
    EXPECT_EQ(ticks[1].venue_time, core::Nanoseconds{1618678134'500000000});
}

TEST(KrakenDecoder, ReadsTheFieldsOfEachShape) {
    Decoded decode;

    auto ticks = decode(shapes[4]);
    ASSERT_EQ(ticks.size(), 2U);
    EXPECT_EQ(ticks[0].side, Side::sell);
    EXPECT_EQ(ticks[0].trade.price.units, 35'411'000'000);
    EXPECT_EQ(ticks[0].trade.quantity.units, 89'594'024);
    EXPECT_EQ(ticks[0].venue_time, core::Nanoseconds{1618678142'557535000});
    EXPECT_EQ(ticks[1].side, Side::buy);

    ticks = decode(shapes[10]);
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].trade.trade_id, 4665906U);
    EXPECT_EQ(ticks[0].side, Side::sell);
    EXPECT_EQ(ticks[0].venue_time, core::Nanoseconds{1695628177'708706000});

    ticks = decode(shapes[5]);
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].quote.bid_quantity.units, 687'000'000);
    EXPECT_EQ(ticks[0].quote.ask_price.units, 35'524'000'000);

    ticks = decode(shapes[7]);
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].bar.interval_s, 300U);
    EXPECT_EQ(ticks[0].bar.low.units, 358'660'000'000);
    EXPECT_EQ(ticks[0].bar.open_above_low, 10'000'000U);
    EXPECT_EQ(ticks[0].venue_time, core::Nanoseconds{1542057060'435743000});

    decode(shapes[2]);
    EXPECT_EQ(decode.batch.book.depth, 25);
    decode(shapes[14]);
    EXPECT_EQ(decode.batch.control, Control::subscribed);
    EXPECT_EQ(decode.batch.control_id, 7U);
    decode(shapes[8]);
    EXPECT_EQ(decode.batch.book.depth, 10);
    EXPECT_EQ(decode.batch.book.checksum, 3310070434U);
    EXPECT_EQ(decode.batch.texts()[0].quantity, "0.10000000");
}

TEST(KrakenDecoder, NamesControlsAndRefusals) {
    Decoded decode;
    constexpr std::pair<std::string_view, Control> controls[] = {
        {R"({"event":"heartbeat"})", Control::heartbeat},
        {R"({"channel":"heartbeat"})", Control::heartbeat},
        {R"({"event":"systemStatus","status":"online"})", Control::status},
        {R"({"channel":"status","type":"update","data":[{}]})", Control::status},
        {R"({"method":"pong","req_id":1,"time_in":"x"})", Control::pong},
        {R"({"error":"Currency pair not supported BTC/XXX","method":"subscribe","success":false})", Control::error},
        {R"({"errorMessage":"no","event":"subscriptionStatus","status":"error"})", Control::error},
        {R"({"method":"unsubscribe","success":true})", Control::unsubscribed},
        {R"({"channel":"instrument","type":"snapshot","data":{}})", Control::instruments},
    };
    for (const auto& [text, control] : controls) {
        SCOPED_TRACE(text);
        EXPECT_TRUE(decode(text).empty());
        EXPECT_FALSE(decode.refused);
        EXPECT_EQ(decode.batch.control, control);
    }
    constexpr std::pair<std::string_view, core::Error> refusals[] = {
        {"", core::Error::truncated},
        {"[", core::Error::truncated},
        {"null", core::Error::wrong_type},
        {R"([1,{"b":[["1.0","1.0","1.0"]],"c":"1"},"book-10","DOGE/USD"])", core::Error::unknown_symbol},
        {R"([1,{"b":[["1.123456789","1.0","1.0"]],"c":"1"},"book-10","XBT/USD"])", core::Error::too_precise},
        {R"([1,{"b":[["-1.0","1.0","1.0"]],"c":"1"},"book-10","XBT/USD"])", core::Error::negative},
        {R"([1,{"b":[["NaN","1.0","1.0"]],"c":"1"},"book-10","XBT/USD"])", core::Error::malformed},
        {R"([1,{"b":[[1.0,"1.0","1.0"]],"c":"1"},"book-10","XBT/USD"])", core::Error::wrong_type},
        {R"([1,{"b":[["99999999999999.0","1.0","1.0"]],"c":"1"},"book-10","XBT/USD"])", core::Error::out_of_range},
        {R"([1,{"b":[["1.0","1.0"]],"c":"1"},"book-10","XBT/USD"])", core::Error::missing_field},
        {R"([1,{"b":[["1.0","1.0","1.0"]],"c":"4294967296"},"book-10","XBT/USD"])", core::Error::out_of_range},
        {R"([1,{},"owners","XBT/USD"])", core::Error::unknown_message},
        {R"({"channel":"weather","type":"update","data":[]})", core::Error::unknown_message},
        {R"({"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":1e2,"qty":1,"trade_id":1,"timestamp":"2023-09-25T07:49:37Z"}]})",
         core::Error::malformed},
    };
    for (const auto& [text, reason] : refusals) {
        SCOPED_TRACE(text);
        EXPECT_TRUE(decode(text).empty());
        EXPECT_TRUE(decode.refused);
        EXPECT_EQ(decode.reason(text), reason);
    }
}

TEST(KrakenDecoder, ReadsTheFuzzersCorpusTheSameBothWays) {
    Decoded decode;
    const auto texts = test::both_ways::corpus("kraken");
    ASSERT_FALSE(texts.empty());
    for (const auto& text : texts) decode(text);
}

TEST(KrakenDecoder, ScannerAndParserAgreeOnEveryShortDamage) {
    Decoded decode;
    std::size_t refused = 0, tried = 0;
    for (const auto* shape : shapes) {
        decode(shape);
        ASSERT_FALSE(decode.refused) << shape;
        test::both_ways::for_each_damage(shape, [&](std::string_view damaged) {
            decode(damaged);
            refused += decode.refused;
            ++tried;
        });
    }
    EXPECT_GT(refused, tried / 4);
}

TEST(KrakenSubscribe, WritesWhatTheVenueDocuments) {
    constexpr std::string_view symbols[] = {"BTC/USD", "ETH/EUR"};
    EXPECT_EQ(
        feeds::kraken::subscribe_book(std::span{symbols, 1}, 10, 7),
        R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10,"snapshot":true},"req_id":7})");
    EXPECT_EQ(
        feeds::kraken::subscribe("trade", symbols, 8),
        R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD","ETH/EUR"],"snapshot":true},"req_id":8})");
    EXPECT_EQ(feeds::kraken::subscribe_v1("book", std::span{symbols, 1}, 1000),
              R"({"event":"subscribe","pair":["BTC/USD"],"subscription":{"name":"book","depth":1000}})");
    EXPECT_EQ(feeds::kraken::ping(1), R"({"method":"ping","req_id":1})");
    constexpr std::string_view evil[] = {"BTC\"USD"};
    EXPECT_THROW(feeds::kraken::ping(1) + feeds::kraken::subscribe("trade", evil, 1), std::invalid_argument);
}
