#include "feeds/capture/discover.hpp"
#include "feeds/coinbase/feed.hpp"
#include "feeds/coinbase/subscribe.hpp"
#include "tests/feeds/capture/both_ways.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>

using core::Side;
using core::TickKind;
using feeds::Control;
using feeds::coinbase::Decoder;
using test::both_ways::PaddedFrame;

namespace {

std::vector<std::filesystem::path> recordings() {
    return {test::shared("ws/cryptofeed/COINBASE.ws.28.0.zst"), test::shared("ws/cryptofeed/COINBASE.0.zst")};
}

struct Decoded {
    core::InstrumentTable table;
    Decoder fast, general;
    feeds::Batch batch, other;
    bool refused{};
    std::unique_ptr<PaddedFrame> last{};

    static core::InstrumentTable products() {
        core::InstrumentTable table;
        for (const auto* symbol : {"BTC-USD", "SKL-BTC", "ETH-USDT"})
            table.add({.venue = core::Venue::coinbase, .symbol = symbol, .price_decimals = 8, .quantity_decimals = 8});
        return table;
    }
    Decoded() : table{products()}, fast{table}, general{table} {}

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
    R"({"type":"l2update","product_id":"SKL-BTC","changes":[["sell","0.00001306","660.5"],["buy","0.00001305","0.0"]],"time":"2021-04-17T16:43:37.075687Z"})",
    R"({"type":"match","trade_id":280234,"maker_order_id":"152d2d4e-d21d-46a3-b2ae-a85622292197","taker_order_id":"ed06e5e6-f849-485e-9089-f78c02937aee","side":"sell","size":"894.7","price":"0.00001306","product_id":"SKL-BTC","sequence":177100142,"time":"2021-04-17T16:43:37.308069Z"})",
    R"({"type":"snapshot","product_id":"BTC-USD","asks":[["10102.55","0.57753524"]],"bids":[["10101.10","0.45054140"],["10101.00","1"]]})",
    R"({"type":"snapshot","product_id":"BTC-USD","bids":[["10101.10","0.45054140"]],"asks":[],"time":"2021-04-17T16:43:37Z"})",
    R"({"type":"ticker","sequence":1,"product_id":"BTC-USD","price":"2.5","best_bid":"2.4","best_bid_size":"1","best_ask":"2.6","best_ask_size":"3","side":"buy","time":"2021-04-17T16:43:37Z","trade_id":2})",
    R"({"channel":"l2_data","client_id":"","timestamp":"2023-02-09T20:32:50.714964855Z","sequence_num":0,"events":[{"type":"snapshot","product_id":"BTC-USD","updates":[{"side":"bid","event_time":"2023-02-09T20:32:50.714964855Z","price_level":"21921.73","new_quantity":"0.06317902"},{"side":"offer","event_time":"1970-01-01T00:00:00Z","price_level":"21921.74","new_quantity":"0"}]}]})",
    R"({"channel":"market_trades","client_id":"","timestamp":"2024-10-04T07:13:31.158696693Z","sequence_num":2,"events":[{"type":"update","trades":[{"product_id":"ETH-USDT","trade_id":"22381691","price":"2375.56","size":"0.5","time":"2024-10-04T07:13:31.088388Z","side":"BUY"},{"product_id":"ETH-USDT","trade_id":"22381690","price":"2375.55","size":"0.25","time":"2024-10-04T07:13:31.084859Z","side":"SELL"}]}]})",
    R"({"channel":"candles","client_id":"","timestamp":"2023-06-09T20:19:35.39625135Z","sequence_num":0,"events":[{"type":"snapshot","candles":[{"start":"1688998200","high":"18.5","low":"18.25","open":"18.3","close":"18.4","volume":"1.5","product_id":"BTC-USD"}]}]})",
    R"({"channel":"ticker","client_id":"","timestamp":"2023-02-09T20:30:37.167359596Z","sequence_num":9,"events":[{"type":"update","tickers":[{"type":"ticker","product_id":"BTC-USD","price":"1","best_bid":"1.1","best_bid_quantity":"2","best_ask":"1.2","best_ask_quantity":"3"}]}]})",
};

}  // namespace

TEST(CoinbaseDecoder, EveryRecordedFrameIsTicksOrANamedControlBothWays) {
    NEEDS_SHARED_DATA();
    auto table = feeds::capture::discover(core::Venue::coinbase, recordings());
    Decoder fast{table}, general{table};
    feeds::Batch a, b;
    feeds::capture::MergedReader reader{recordings()};
    std::map<std::string, int> seen;

    for (feeds::Frame frame; reader.next(frame);) {
        if (frame.origin == feeds::FrameOrigin::sent || frame.origin == feeds::FrameOrigin::opened) continue;
        ASSERT_FALSE(test::both_ways::decodes_both_ways(fast, general, frame, a, b)) << frame.bytes;
        for (const auto& tick : a.ticks())
            if (tick.whole()) ++seen[std::string{core::name(tick.kind)}];
        if (a.ticks().empty()) ++seen[std::string{feeds::name(a.control)}];
    }

    EXPECT_EQ(seen,
              (std::map<std::string, int>{
                  {"level", 2756 + 4}, {"trade", 13 + 4}, {"ticker", 17}, {"subscribed", 3}, {"instruments", 1}}));
}

TEST(CoinbaseFeed, TheRecordedBooksAreAMapTwins) {
    NEEDS_SHARED_DATA();
    auto table = feeds::capture::discover(core::Venue::coinbase, recordings());
    feeds::coinbase::Feed feed{table};
    std::map<std::uint16_t, test::both_ways::MapBook> books;
    std::map<std::string, test::both_ways::MapBook> twins;
    feeds::capture::MergedReader reader{recordings()};

    for (feeds::Frame frame; reader.next(frame);) {
        feed.on_frame(frame, [&](const core::Tick& tick) { books[tick.instrument.value].on(tick); });
        if (frame.origin != feeds::FrameOrigin::socket) continue;
        const auto json = nlohmann::json::parse(frame.bytes);
        const auto set = [&](const auto& side, const auto& price, const auto& size) {
            const auto product = json["product_id"].get<std::string>();
            const auto* of = table.find(core::Venue::coinbase, core::Market::spot, product);
            twins[product].set(side == "buy" ? Side::buy : Side::sell,
                               *core::parse_decimal(price.template get<std::string>(), of->price_decimals),
                               *core::parse_decimal(size.template get<std::string>(), of->quantity_decimals));
        };
        if (json["type"] == "snapshot") {
            for (const auto& row : json["bids"]) set(nlohmann::json("buy"), row[0], row[1]);
            for (const auto& row : json["asks"]) set(nlohmann::json("sell"), row[0], row[1]);
        }
        if (json["type"] == "l2update")
            for (const auto& row : json["changes"]) set(row[0], row[1], row[2]);
    }

    EXPECT_EQ(feed.stats().depth.received, 2760U);
    EXPECT_EQ(feed.stats().depth.applied, 2760U);
    EXPECT_EQ(feed.stats().faulted(), 0U);
    ASSERT_EQ(twins.size(), 4U);
    for (const auto& [product, twin] : twins) {
        SCOPED_TRACE(product);
        const auto* instrument = table.find(core::Venue::coinbase, core::Market::spot, product);
        ASSERT_NE(instrument, nullptr);
        const auto& book = books[instrument->id.value];
        EXPECT_TRUE(book.valid);
        EXPECT_EQ(book.bids, twin.bids);
        EXPECT_EQ(book.asks, twin.asks);
        ASSERT_FALSE(book.bids.empty());
        EXPECT_LT(book.bids.begin()->first, book.asks.begin()->first);
    }
}

TEST(CoinbaseDecoder, TheAggressorIsTheOppositeOfTheMaker) {
    Decoded decode;

    const auto ticks = decode(shapes[1]);

    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].side, Side::buy);
    EXPECT_EQ(ticks[0].trade.price.units, 1306);
    EXPECT_EQ(ticks[0].trade.quantity.units, 89'470'000'000);
    EXPECT_EQ(ticks[0].trade.trade_id, 280234U);
    EXPECT_EQ(ticks[0].venue_time, core::Nanoseconds{1618677817'308069000});
    EXPECT_EQ(ticks[0].flags, 0);
}

TEST(CoinbaseDecoder, ALastMatchIsATradeOfThePast) {
    Decoded decode;
    std::string text{shapes[1]};
    text.replace(text.find("match"), 5, "last_match");

    const auto ticks = decode(text);

    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].flags, core::tick_flag::snapshot);
}

TEST(CoinbaseDecoder, AdvancedTradeListsTheNewestTradeFirstAndTheTicksTheOldest) {
    Decoded decode;

    const auto ticks = decode(shapes[6]);

    ASSERT_EQ(ticks.size(), 2U);
    EXPECT_EQ(ticks[0].trade.trade_id, 22381690U);
    EXPECT_EQ(ticks[0].side, Side::buy);
    EXPECT_EQ(ticks[1].trade.trade_id, 22381691U);
    EXPECT_EQ(ticks[1].side, Side::sell);
    EXPECT_EQ(decode.batch.connection_sequence, 2U);
}

TEST(CoinbaseDecoder, ReadsTimesToTheNanosecond) {
    Decoded decode;

    const auto ticks = decode(shapes[5]);

    ASSERT_EQ(ticks.size(), 2U);
    EXPECT_EQ(ticks[1].venue_time, core::Nanoseconds{1675974770'714964855});  // the newest of the event
    EXPECT_EQ(ticks[1].side, Side::sell);
    EXPECT_EQ(ticks[1].level.quantity.units, 0);
    EXPECT_EQ(ticks[0].flags, core::tick_flag::first | core::tick_flag::snapshot);
    EXPECT_EQ(ticks[1].flags, core::tick_flag::last | core::tick_flag::snapshot);
}

TEST(CoinbaseDecoder, ReadsQuotesAndCandles) {
    Decoded decode;

    auto ticks = decode(shapes[4]);
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].quote.bid_price.units, 240'000'000);
    EXPECT_EQ(ticks[0].quote.ask_quantity.units, 300'000'000);

    ticks = decode(shapes[7]);
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].kind, TickKind::bar);
    EXPECT_EQ(ticks[0].venue_time, core::Nanoseconds{1688998200'000000000});
    EXPECT_EQ(ticks[0].bar.low.units, 1'825'000'000);
    EXPECT_EQ(ticks[0].bar.high_above_low, 25'000'000U);
    EXPECT_EQ(ticks[0].bar.interval_s, 300U);
}

TEST(CoinbaseDecoder, NamesControlsAndRefusals) {
    Decoded decode;
    constexpr std::pair<std::string_view, Control> controls[] = {
        {R"({"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD","time":"x"})",
         Control::heartbeat},
        {R"({"type":"subscriptions","channels":[]})", Control::subscribed},
        {R"({"type":"error","message":"no","reason":"x"})", Control::error},
        {R"({"type":"status","products":[]})", Control::instruments},
        {R"({"type":"done","product_id":"BTC-USD"})", Control::other},
        {R"({"type":"ticker","product_id":"BTC-USD","best_bid":"14.7550","best_ask":"14.8060"})", Control::ticker},
        {R"({"channel":"heartbeats","client_id":"","timestamp":"x","sequence_num":1,"events":[]})", Control::heartbeat},
        {R"({"channel":"subscriptions","sequence_num":1,"events":[]})", Control::subscribed},
        {R"({"channel":"ticker_batch","timestamp":"2023-02-09T20:30:37.167359596Z","sequence_num":0,"events":[{"type":"snapshot","tickers":[{"type":"ticker","product_id":"ETH-USDT","price":"21932.98"}]}]})",
         Control::ticker},
    };
    for (const auto& [text, control] : controls) {
        SCOPED_TRACE(text);
        EXPECT_TRUE(decode(text).empty());
        EXPECT_FALSE(decode.refused);
        EXPECT_EQ(decode.batch.control, control);
    }
    constexpr std::pair<std::string_view, core::Error> refusals[] = {
        {"", core::Error::truncated},
        {"{", core::Error::truncated},
        {"[1]", core::Error::wrong_type},
        {R"({"type":"weather"})", core::Error::unknown_message},
        {R"({"tape":"match"})", core::Error::missing_field},
        {R"({"type":"l2update","product_id":"DOGE-USD","changes":[["buy","1","1"]],"time":"2021-04-17T16:43:37Z"})",
         core::Error::unknown_symbol},
        {R"({"type":"l2update","product_id":"BTC-USD","changes":[["hold","1","1"]],"time":"2021-04-17T16:43:37Z"})",
         core::Error::malformed},
        {R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","1"]],"time":"2021-04-17T16:43:37Z"})",
         core::Error::missing_field},
        {R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","1","-1"]],"time":"2021-04-17T16:43:37Z"})",
         core::Error::negative},
        {R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","1",1]],"time":"2021-04-17T16:43:37Z"})",
         core::Error::wrong_type},
        {R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","0.000000001","1"]],"time":"2021-04-17T16:43:37Z"})",
         core::Error::too_precise},
        {R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","1e5","1"]],"time":"2021-04-17T16:43:37Z"})",
         core::Error::malformed},
        {R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","99999999999999","1"]],"time":"2021-04-17T16:43:37Z"})",
         core::Error::out_of_range},
        {R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","1","1"]],"time":"2021-13-17T16:43:37Z"})",
         core::Error::malformed},
    };
    for (const auto& [text, reason] : refusals) {
        SCOPED_TRACE(text);
        EXPECT_TRUE(decode(text).empty());
        EXPECT_TRUE(decode.refused);
        EXPECT_EQ(decode.reason(text), reason);
    }
}

TEST(CoinbaseDecoder, ReadsTheFuzzersCorpusTheSameBothWays) {
    Decoded decode;
    const auto texts = test::both_ways::corpus("coinbase");
    ASSERT_FALSE(texts.empty());
    for (const auto& text : texts) decode(text);
}

TEST(CoinbaseDecoder, ScannerAndParserAgreeOnEveryShortDamage) {
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

TEST(CoinbaseFeed, AMessageMissingOnAConnectionDistrustsItsBooksUntilTheNextSnapshot) {
    auto table = Decoded::products();
    feeds::coinbase::Feed feed{table};
    std::vector<core::Tick> ticks;
    const auto take = [&](const std::string& sequence, const std::string& type) {
        ticks.clear();
        const PaddedFrame frame{
            R"({"channel":"l2_data","client_id":"","timestamp":"2023-02-09T20:32:50Z","sequence_num":)" + sequence +
            R"(,"events":[{"type":")" + type +
            R"(","product_id":"BTC-USD","updates":[{"side":"bid","event_time":"2023-02-09T20:32:50Z","price_level":"1","new_quantity":"2"}]}]})"};
        feed.on_frame(frame.frame(), [&](const core::Tick& tick) { ticks.push_back(tick); });
    };

    take("0", "snapshot");
    take("1", "update");
    EXPECT_EQ(feed.stats().sequence_breaks, 0U);

    take("3", "update");
    EXPECT_EQ(feed.stats().sequence_breaks, 1U);
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].code, static_cast<std::uint16_t>(core::Session::gap));

    take("4", "snapshot");
    ASSERT_EQ(ticks.size(), 2U);
    EXPECT_EQ(ticks[1].code, static_cast<std::uint16_t>(core::Session::resynchronised));
    EXPECT_EQ(feed.stats().sequence_breaks, 1U);
}

TEST(CoinbaseSubscribe, WritesWhatTheVenueDocuments) {
    constexpr std::string_view products[] = {"BTC-USD", "ETH-USD"};
    EXPECT_EQ(
        feeds::coinbase::subscribe_exchange(products),
        R"({"type":"subscribe","product_ids":["BTC-USD","ETH-USD"],"channels":["level2_batch","matches","heartbeat"]})");
    const auto messages = feeds::coinbase::subscribe_advanced(std::span{products, 1});
    ASSERT_EQ(messages.size(), 3U);
    EXPECT_EQ(messages[1], R"({"type":"subscribe","product_ids":["BTC-USD"],"channel":"level2"})");
}
