#include "feeds/bybit/decoder.hpp"

#include "tests/feeds/bybit/ob500.hpp"
#include "tests/feeds/venue_frames.hpp"

namespace {

using namespace std::chrono_literals;
using core::Error;
using core::TickKind;
using feeds::Control;
using Bench = test::Bench<feeds::bybit::Decoder>;

constexpr std::string_view linear = "wss://stream.bybit.com/v5/public/linear";
constexpr std::string_view v5_book =
    R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","30.028"],["30245.40","0"]],)"
    R"("a":[["30248.70","0"]],"u":177400507,"seq":66544703342},"cts":1687940967464})";
constexpr std::string_view v5_quote =
    R"({"topic":"orderbook.1.BTCUSDT","type":"snapshot","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","30.028"]],"a":[["30248.70","0.5"]],"u":177400507,"seq":66544703342}})";
constexpr std::string_view v5_trade =
    R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50",)"
    R"("L":"PlusTick","i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false,"seq":1783284617},{"T":1672304486866,"s":"BTCUSDT","S":"Sell","v":"2","p":"16578","i":"2290000000061666327","BT":false,"RPI":true}]})";
constexpr std::string_view old_book =
    R"({"topic":"orderBookL2_25.BCHUSDT","type":"delta","data":{"delete":[{"price":"1053.80","symbol":"BCHUSDT","id":"10538000","side":"Buy"}],)"
    R"("update":[{"price":"1053.75","symbol":"BCHUSDT","id":"10537500","side":"Buy","size":17.46}],)"
    R"("insert":[{"price":"1054.70","symbol":"BCHUSDT","id":"10547000","side":"Sell","size":3}]},"cross_seq":"864131817","timestamp_e6":"1618677786548764"})";
constexpr std::string_view old_trade =
    R"({"topic":"trade.BCHUSDT","data":[{"symbol":"BCHUSDT","tick_direction":"MinusTick","price":"1053.90","size":0.14,"timestamp":"2021-04-17T16:43:05.000Z",)"
    R"("trade_time_ms":"1618677785116","side":"Buy","trade_id":"01cacfe9-8d1c-5ee4-995d-d79a43f955a6"}]})";

TEST(BybitDecoder, ReadsABookDelta) {
    Bench bench;

    const auto read = bench.decode(v5_book, linear);

    ASSERT_EQ(read.ticks.size(), 3U);
    EXPECT_EQ(read.ticks[0].side, core::Side::buy);
    EXPECT_EQ(read.ticks[0].flags, core::tick_flag::first);
    EXPECT_EQ(read.ticks[0].level.price, core::Price{302'472'000'000'000});
    EXPECT_EQ(read.ticks[0].level.quantity, core::Quantity{3'002'800'000});
    EXPECT_EQ(read.ticks[0].level.update_id, 177400507U);
    EXPECT_EQ(read.ticks[0].venue_time, 1687940967464ms) << "cts, the matching engine's time";
    EXPECT_EQ(read.ticks[2].side, core::Side::sell);
    EXPECT_EQ(read.ticks[2].flags, core::tick_flag::last);
    EXPECT_EQ(read.book.kind, feeds::BookEvent::Kind::update);
    EXPECT_EQ(read.book.first, 177400507U);
    EXPECT_EQ(read.book.last, 177400507U);
}

TEST(BybitDecoder, ReadsLevelOneAsAQuote) {
    Bench bench;

    const auto read = bench.decode(v5_quote, linear);

    ASSERT_EQ(read.ticks.size(), 1U);
    EXPECT_EQ(read.ticks[0].kind, TickKind::quote);
    EXPECT_EQ(read.ticks[0].quote.bid_price, core::Price{302'472'000'000'000});
    EXPECT_EQ(read.ticks[0].quote.ask_quantity, core::Quantity{50'000'000});
    EXPECT_EQ(read.ticks[0].venue_time, 1687940967466ms);
    EXPECT_EQ(read.book.kind, feeds::BookEvent::Kind::none);
}

TEST(BybitDecoder, ReadsTradesOfBothVersions) {
    Bench bench;

    const auto read = bench.decode(v5_trade, linear);
    const auto old = bench.decode(old_trade);

    ASSERT_EQ(read.ticks.size(), 2U);
    EXPECT_EQ(read.ticks[0].side, core::Side::buy);
    EXPECT_EQ(read.ticks[0].trade.price, core::Price{165'785'000'000'000});
    EXPECT_EQ(read.ticks[0].trade.quantity, core::Quantity{100'000});
    EXPECT_EQ(read.ticks[0].trade.trade_id, 0x20f43950d8dd5b31U);
    EXPECT_EQ(read.ticks[0].venue_time, 1672304486865ms);
    EXPECT_EQ(read.ticks[1].side, core::Side::sell);
    EXPECT_EQ(read.ticks[1].trade.trade_id, 2290000000061666327U);
    ASSERT_EQ(old.ticks.size(), 1U);
    EXPECT_EQ(old.ticks[0].trade.quantity, core::Quantity{14'000'000});
    EXPECT_EQ(old.ticks[0].venue_time, 1618677785116ms);
}

TEST(BybitDecoder, ReadsTheOldBookInTheOrderDeleteUpdateInsert) {
    Bench bench;

    const auto read = bench.decode(old_book);

    ASSERT_EQ(read.ticks.size(), 3U);
    EXPECT_EQ(read.ticks[0].level.quantity, core::Quantity{0});
    EXPECT_EQ(read.ticks[1].level.quantity, core::Quantity{1'746'000'000});
    EXPECT_EQ(read.ticks[2].side, core::Side::sell);
    EXPECT_EQ(read.ticks[2].venue_time, core::Nanoseconds{1618677786548764000});
    EXPECT_EQ(read.book.first, 0U);
    EXPECT_EQ(read.book.last, 864131817U);
}

TEST(BybitDecoder, TellsMarketsByTheAddressOfTheConnection) {
    Bench bench;
    const auto spot = test::add_instrument(bench.instruments, core::Venue::bybit, core::Market::spot, "BTCUSDT", 2, 6);
    const auto perpetual =
        test::add_instrument(bench.instruments, core::Venue::bybit, core::Market::linear, "BTCUSDT", 2, 3);
    test::add_instrument(bench.instruments, core::Venue::bybit, core::Market::spot, "ONLYUSDT", 2, 3);

    EXPECT_EQ(bench.decode(v5_book, linear).book.instrument, perpetual);
    EXPECT_EQ(bench.decode(v5_book, "wss://stream.bybit.com/v5/public/spot").book.instrument, spot);
    EXPECT_EQ(bench.decode(v5_book).book.instrument, perpetual) << "linear first where nothing tells";
    EXPECT_EQ(feeds::bybit::market_of("https://api.bybit.com/v5/market/tickers?category=inverse"),
              core::Market::inverse);
    EXPECT_EQ(feeds::bybit::market_of("wss://stream.bybit.com/realtime_public"), core::Market::linear);
    EXPECT_EQ(feeds::bybit::market_of("wss://stream.bybit.com/realtime"), core::Market::inverse);
    EXPECT_FALSE(feeds::bybit::market_of(""));
}

TEST(BybitDecoder, ReadsMarkAndFundingOfTickersAsFarAsADeltaTellsThem) {
    Bench bench;

    const auto whole = bench.decode(
        R"({"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","tickDirection":"PlusTick","lastPrice":"17216.00","markPrice":"17217.33","indexPrice":"17227.36","nextFundingTime":"1673280000000","fundingRate":"-0.000212","bid1Price":"17215.50","bid1Size":"84.489"},"cs":24987956059,"ts":1673272861686})",
        linear);
    const auto mark_only = bench.decode(
        R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","markPrice":"17217.4"},"cs":1,"ts":1673272861687})",
        linear);
    const auto neither = bench.decode(
        R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","bid1Price":"17217.4","fundingRate":""},"cs":1,"ts":1673272861687})",
        linear);

    ASSERT_EQ(whole.ticks.size(), 2U);
    EXPECT_EQ(whole.control, Control::ticker);
    EXPECT_EQ(whole.ticks[0].mark.mark, core::Price{172'173'300'000'000});
    EXPECT_EQ(whole.ticks[0].mark.index, core::Price{172'273'600'000'000});
    EXPECT_EQ(whole.ticks[1].funding.rate, -2'120'000);
    EXPECT_EQ(whole.ticks[1].funding.next, 1673280000000ms);
    ASSERT_EQ(mark_only.ticks.size(), 1U);
    EXPECT_EQ(mark_only.ticks[0].mark.index, core::Price{0});
    EXPECT_TRUE(neither.ok && neither.ticks.empty());
}

TEST(BybitDecoder, LeavesOutAMarkThatTheInstrumentCannotHoldExactly) {
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::bybit, core::Market::linear, "BTCUSDT", 1, 3);

    const auto read = bench.decode(
        R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","markPrice":"17217.33","fundingRate":"0.0001"},"cs":1,"ts":1673272861687})",
        linear);

    ASSERT_EQ(read.ticks.size(), 1U);
    EXPECT_EQ(read.ticks[0].kind, TickKind::funding);
}

TEST(BybitDecoder, ReadsCandles) {
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::bybit, core::Market::linear, "BTCUSDT", 2, 3);

    const auto read = bench.decode(
        R"({"topic":"kline.5.BTCUSDT","data":[{"start":1672324800000,"end":1672325099999,"interval":"5","open":"16649.5","close":"16677","high":"16677","low":"16608","volume":"2.081","turnover":"34666.4005","confirm":true,"timestamp":1672324988882}],"ts":1672324988882,"type":"snapshot"})",
        linear);

    ASSERT_EQ(read.ticks.size(), 1U);
    EXPECT_EQ(read.ticks[0].kind, TickKind::bar);
    EXPECT_EQ(read.ticks[0].flags, core::tick_flag::closed);
    EXPECT_EQ(read.ticks[0].venue_time, 1672324800000ms);
    EXPECT_EQ(read.ticks[0].bar.interval_s, 300U);
}

TEST(BybitDecoder, NamesControlFrames) {
    constexpr std::tuple<std::string_view, Control, std::uint64_t> cases[] = {
        {R"({"success":true,"ret_msg":"subscribe","conn_id":"2324d924","req_id":"17","op":"subscribe"})",
         Control::subscribed, 17},
        {R"({"success":true,"ret_msg":"","conn_id":"38cf0ac3","request":{"op":"subscribe","args":["trade.BCHUSDT"]}})",
         Control::subscribed, 0},
        {R"({"success":true,"ret_msg":"","conn_id":"x","req_id":"","op":"unsubscribe"})", Control::unsubscribed, 0},
        {R"({"success":false,"ret_msg":"error:handler not found","conn_id":"x","req_id":"3","op":"subscribe"})",
         Control::error, 3},
        {R"({"success":true,"ret_msg":"pong","conn_id":"x","op":"ping"})", Control::pong, 0},
        {R"({"op":"pong","args":["1675418560633"],"conn_id":"x"})", Control::pong, 0},
        {R"({"success":true,"ret_msg":"","op":"auth","conn_id":"x"})", Control::login, 0},
        {R"({"retCode":0,"retMsg":"OK","op":"auth","connId":"x"})", Control::login, 0},
        {R"({"retCode":10004,"retMsg":"Invalid sign","op":"auth","connId":"x"})", Control::error, 0},
        {R"({"retCode":0,"retMsg":"OK","result":{"list":[]},"retExtInfo":{},"time":1})", Control::other, 0},
        {R"({"topic":"liquidation.BTCUSDT","type":"snapshot","ts":1,"data":{}})", Control::other, 0},
    };
    Bench bench;
    for (const auto& [text, control, id] : cases) {
        SCOPED_TRACE(text);
        const auto read = bench.decode(text);
        EXPECT_TRUE(read.ok);
        EXPECT_TRUE(read.ticks.empty());
        EXPECT_EQ(read.control, control);
        EXPECT_EQ(read.control_id, id);
    }
}

TEST(BybitDecoder, SaysWhyAFrameIsRefused) {
    const auto book = [](std::string level) {
        return R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[)" +
               level + R"(],"a":[],"u":177400507,"seq":66544703342},"cts":1687940967464})";
    };
    const auto old_size = [](std::string size) {
        return R"({"topic":"trade.BTCUSDT","data":[{"symbol":"BTCUSDT","tick_direction":"MinusTick","price":"1053.90","size":)" +
               size +
               R"(,"timestamp":"2021-04-17T16:43:05.000Z","trade_time_ms":"1618677785116","side":"Buy","trade_id":"1"}]})";
    };
    const std::tuple<std::string, Error, std::string_view> cases[] = {
        {"", Error::truncated, ""},
        {"[]", Error::wrong_type, ""},
        {book(R"(["1.5","2"])").substr(0, 110), Error::truncated, ""},
        {book(R"(["1.5",null])"), Error::wrong_type, "b"},
        {book(R"(["1.5"])"), Error::missing_field, "b"},
        {book(R"(["NaN","2"])"), Error::malformed, "b"},
        {book(R"(["-1","2"])"), Error::negative, "b"},
        {book(R"(["1.555","2"])"), Error::too_precise, "b"},
        {book(R"(["1.5","123456789012345678901"])"), Error::out_of_range, "b"},
        {old_size("1e-3"), Error::malformed, "size"},
        {old_size("-1"), Error::negative, "size"},
        {old_size("\"1\""), Error::wrong_type, "size"},
        {old_size("true"), Error::wrong_type, "size"},
        {old_size("0.00001"), Error::too_precise, "size"},
        {R"({"topic":"orderbook.50.DOGEUSDT","type":"delta","ts":1,"data":{}})", Error::unknown_symbol, "topic"},
        {R"({"topic":"orderbook.1.BTCUSDT","type":"delta","ts":1,"data":{"s":"BTCUSDT","b":[],"a":[],"u":1}})",
         Error::unknown_message, "type"},
        {R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1,"data":{"s":"BTCUSDT","b":[],"a":[]}})",
         Error::missing_field, "u"},
        {R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1,"data":{"s":"BTCUSDT","b":[],"a":[],"u":-5}})",
         Error::negative, "u"},
        {R"({"topic":"kline.7X.BTCUSDT","type":"snapshot","ts":1,"data":[]})", Error::unknown_message, "topic"},
        {R"({"hello":1})", Error::unknown_message, ""},
        {std::string(std::size_t{5} << 20, ' '), Error::oversized, ""},
    };
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::bybit, core::Market::linear, "BTCUSDT", 2, 3);
    for (const auto& [text, reason, field] : cases) {
        SCOPED_TRACE(text.substr(0, 200));
        const auto read = bench.decode(text, linear);
        ASSERT_FALSE(read.ok);
        EXPECT_EQ(read.fault.reason, reason) << core::name(read.fault.reason);
        EXPECT_EQ(field, read.fault.field);
        EXPECT_LE(read.fault.offset, text.size());
    }
}

TEST(BybitDecoder, AgreesWithTheGeneralParserOnDamagedFrames) {
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::bybit, core::Market::linear, "BTCUSDT", 2, 3);
    test::add_instrument(bench.instruments, core::Venue::bybit, core::Market::linear, "BCHUSDT", 2, 2);

    for (const auto text : {v5_book, v5_quote, v5_trade, old_book, old_trade}) test::survive_damage(bench, text);
}

TEST(BybitDecoder, TellsTradesApartByANumber) {
    EXPECT_EQ(feeds::bybit::trade_id_of("2290000000061666327"), 2290000000061666327U);
    EXPECT_EQ(feeds::bybit::trade_id_of("20F43950-d8dd-5b31-9112-a178eb6023af"), 0x20f43950d8dd5b31U);
    EXPECT_EQ(feeds::bybit::trade_id_of(""), 0xcbf29ce484222325U);
    EXPECT_EQ(feeds::bybit::trade_id_of("a"), 0xaf63dc4c8601ec8cU) << "FNV-1a's published vector";
    EXPECT_NE(feeds::bybit::trade_id_of("20f43950-d8dd-5b31-9112-a178eb6023aX"),
              feeds::bybit::trade_id_of("20x43950-d8dd-5b31-9112-a178eb6023af"));
}

TEST(BybitDecoder, DecodesEveryRecordedFrameAlikeBothWays) {
    NEEDS_SHARED_DATA();
    Bench bench{false};
    const auto frames = test::recorded("BYBIT.ws.25.0");
    ASSERT_EQ(frames.size(), 3342U);
    test::learn<feeds::bybit::Decoder>(bench.instruments, frames);

    std::map<Control, int> control;
    int snapshots = 0, deltas = 0, trades = 0, trade_ticks = 0;
    for (const auto& recorded : frames) {
        const auto a = bench.scan(recorded.frame());
        ASSERT_TRUE(a.ok && test::same(a, bench.general(recorded.frame()))) << recorded.bytes.view();
        snapshots += a.book.kind == feeds::BookEvent::Kind::snapshot;
        deltas += a.book.kind == feeds::BookEvent::Kind::update;
        if (a.control != Control::none) ++control[a.control];
        if (!a.ticks.empty() && a.ticks[0].is(TickKind::trade)) {
            ++trades;
            trade_ticks += static_cast<int>(a.ticks.size());
        }
    }

    EXPECT_EQ(snapshots, 8);
    EXPECT_EQ(deltas, 3252);
    EXPECT_EQ(trades, 66);
    EXPECT_EQ(trade_ticks, 101);
    EXPECT_EQ(control, (std::map<Control, int>{{Control::subscribed, 16}}));
    EXPECT_EQ(bench.decoder.handed_on(), 16U) << "the scanner reads every book and trade frame";
}

TEST(BybitDecoder, DecodesTheRecordedV5BookAlikeBothWays) {
    NEEDS_SHARED_DATA();
    Bench bench;
    const auto lines = test::ob500_lines();
    ASSERT_EQ(lines.size(), 50U);

    std::size_t levels = 0;
    for (const auto& line : lines) {
        const auto read = bench.decode(line);
        ASSERT_TRUE(read.ok);
        levels += read.ticks.size();
    }

    EXPECT_GT(levels, 1000U + 49U);
    EXPECT_EQ(bench.decoder.handed_on(), 1U) << "only the first, whose symbol was to be learned";
}

TEST(BybitDecoder, NamesTheRecordedInstrumentList) {
    NEEDS_SHARED_DATA();
    Bench bench;

    const auto answers = test::recorded("BYBIT.0");

    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(bench.scan(answers[0].frame()).control, Control::instruments);
}

}  // namespace
