#include "feeds/bitget/decoder.hpp"

#include "tests/feeds/venue_frames.hpp"

namespace {

using namespace std::chrono_literals;
using core::Error;
using core::TickKind;
using feeds::Control;
using Bench = test::Bench<feeds::bitget::Decoder>;

constexpr std::string_view v1_book =
    R"({"action":"update","arg":{"instType":"sp","channel":"books","instId":"STGUSDT"},"data":[{"asks":[["3.034","2.554"],["3.040","0"]],)"
    R"("bids":[["2.744","2.538"]],"checksum":-1816604544,"ts":"1649290077611"}]})";
constexpr std::string_view v1_trade =
    R"({"action":"update","arg":{"instType":"sp","channel":"trade","instId":"HOTUSDT"},"data":[["1649290077778","0.005613","890.8","buy"],["1649290077777","0.0056","1","sell"]]})";
constexpr std::string_view v2_book =
    R"({"action":"snapshot","arg":{"instType":"USDT-FUTURES","channel":"books","instId":"BTCUSDT"},"data":[{"asks":[["27000.5","8.760"],["27001.0","0.400"]],)"
    R"("bids":[["27000.0","2.710"],["26999.5","1.460"]],"checksum":0,"seq":123,"pseq":122,"ts":"1695716059516"}],"ts":1695716059517})";
constexpr std::string_view v2_trade =
    R"({"action":"snapshot","arg":{"instType":"USDT-FUTURES","channel":"trade","instId":"BTCUSDT"},"data":[{"ts":"1695716760565","price":"27000.5",)"
    R"("size":"0.001","side":"buy","tradeId":"1111111112"},{"ts":"1695716759514","price":"27000.0","size":"0.002","side":"sell","tradeId":"1111111111"}],"ts":1695716761589})";

TEST(BitgetDecoder, ReadsABookUpdateWithItsTexts) {
    Bench bench;

    const auto read = bench.decode(v1_book);

    ASSERT_TRUE(read.ok);
    ASSERT_EQ(read.ticks.size(), 3U);
    const auto& ask = read.ticks[0];
    EXPECT_EQ(ask.kind, TickKind::level);
    EXPECT_EQ(ask.venue, core::Venue::bitget);
    EXPECT_EQ(ask.side, core::Side::sell);
    EXPECT_EQ(ask.flags, core::tick_flag::first);
    EXPECT_EQ(ask.level.price, core::Price{30'340'000'000});
    EXPECT_EQ(ask.level.quantity, core::Quantity{255'400'000});
    EXPECT_EQ(ask.venue_time, 1649290077611ms);
    EXPECT_EQ(ask.receive_time, 42ns);
    EXPECT_EQ(read.ticks[1].flags, 0);
    EXPECT_EQ(read.ticks[1].level.quantity, core::Quantity{0});
    EXPECT_EQ(read.ticks[2].side, core::Side::buy);
    EXPECT_EQ(read.ticks[2].flags, core::tick_flag::last);
    EXPECT_EQ(read.texts[1], (std::pair<std::string, std::string>{"3.040", "0"}));
    EXPECT_EQ(read.book.kind, feeds::BookEvent::Kind::update);
    EXPECT_TRUE(read.book.has_checksum);
    EXPECT_EQ(read.book.checksum, static_cast<std::uint32_t>(-1816604544));
    EXPECT_FALSE(read.book.has_previous);
}

TEST(BitgetDecoder, ReadsTheNumbersOfAV2Book) {
    Bench bench;

    const auto read = bench.decode(v2_book);

    ASSERT_EQ(read.ticks.size(), 4U);
    EXPECT_EQ(read.book.kind, feeds::BookEvent::Kind::snapshot);
    EXPECT_EQ(read.book.last, 123U);
    EXPECT_EQ(read.book.previous, 122U);
    EXPECT_TRUE(read.book.has_previous);
    EXPECT_EQ(read.ticks[0].flags, core::tick_flag::snapshot | core::tick_flag::first);
    EXPECT_EQ(read.ticks[3].flags, core::tick_flag::snapshot | core::tick_flag::last);
    EXPECT_EQ(read.ticks[3].level.update_id, 123U);
    EXPECT_EQ(bench.instruments[read.book.instrument].market, core::Market::linear);
}

TEST(BitgetDecoder, ListsTradesOldestFirst) {
    Bench bench;

    const auto old = bench.decode(v1_trade);
    const auto history = bench.decode(v2_trade);

    ASSERT_EQ(old.ticks.size(), 2U);
    EXPECT_EQ(old.ticks[0].venue_time, 1649290077777ms);
    EXPECT_EQ(old.ticks[0].side, core::Side::sell);
    EXPECT_EQ(old.ticks[0].flags, 0);
    EXPECT_EQ(old.ticks[1].trade.price, core::Price{56'130'000});
    EXPECT_EQ(old.ticks[1].trade.quantity, core::Quantity{89'080'000'000});
    EXPECT_EQ(old.ticks[1].trade.trade_id, 0U);
    ASSERT_EQ(history.ticks.size(), 2U);
    EXPECT_EQ(history.ticks[0].trade.trade_id, 1111111111U);
    EXPECT_EQ(history.ticks[1].trade.trade_id, 1111111112U);
    EXPECT_EQ(history.ticks[1].flags, core::tick_flag::snapshot);
    EXPECT_EQ(history.ticks[1].side, core::Side::buy);
}

TEST(BitgetDecoder, ReadsTheBestPricesAsAQuote) {
    Bench bench;

    const auto read = bench.decode(
        R"({"action":"snapshot","arg":{"instType":"SPOT","channel":"books1","instId":"BTCUSDT"},"data":[{"asks":[["26274.9","0.0009"]],"bids":[],"checksum":0,"seq":5,"ts":"1695710946294"}],"ts":1695710946294})");

    ASSERT_EQ(read.ticks.size(), 1U);
    EXPECT_EQ(read.ticks[0].kind, TickKind::quote);
    EXPECT_EQ(read.ticks[0].quote.ask_price, core::Price{262'749'000'000'000});
    EXPECT_EQ(read.ticks[0].quote.ask_quantity, core::Quantity{90'000});
    EXPECT_EQ(read.ticks[0].quote.bid_quantity, core::Quantity{0});
    EXPECT_EQ(read.ticks[0].venue_time, 1695710946294ms);
    EXPECT_EQ(read.book.kind, feeds::BookEvent::Kind::none);
}

TEST(BitgetDecoder, TakesAFiveLevelBookAsASnapshotEachTime) {
    Bench bench;

    const auto read = bench.decode(
        R"({ "action": "snapshot", "arg": { "instType": "SPOT", "channel": "books5", "instId": "BTCUSDT" }, "data": [ { "asks": [ [ "26274.9", "0.0009" ], [ "26275.0", "0.0500" ] ], "bids": [ [ "26274.8", "0.0009" ], [ "26274.7", "0.0027" ] ], "checksum": 0, "ts": "1695710946294" } ], "ts": 1695710946294 })");

    EXPECT_EQ(read.ticks.size(), 4U);
    EXPECT_EQ(read.book.kind, feeds::BookEvent::Kind::snapshot);
}

TEST(BitgetDecoder, ReadsCandlesAndClosesAllButTheLast) {
    Bench bench;

    const auto read = bench.decode(
        R"({"action":"snapshot","arg":{"instType":"sp","channel":"candle1m","instId":"STGUSDT"},"data":[["1649230080000","3.454","3.493","3.425","3.483","33.3"],["1649230140000","3.483","3.487","3.43","3.436","30.318"]]})");

    ASSERT_EQ(read.ticks.size(), 2U);
    EXPECT_EQ(read.ticks[0].kind, TickKind::bar);
    EXPECT_EQ(read.ticks[0].flags, core::tick_flag::closed);
    EXPECT_EQ(read.ticks[1].flags, 0);
    EXPECT_EQ(read.ticks[0].venue_time, 1649230080000ms);
    EXPECT_EQ(read.ticks[0].bar.low, core::Price{34'250'000'000});
    EXPECT_EQ(read.ticks[0].bar.open_above_low, 290'000'000U);
    EXPECT_EQ(read.ticks[0].bar.high_above_low, 680'000'000U);
    EXPECT_EQ(read.ticks[0].bar.close_above_low, 580'000'000U);
    EXPECT_EQ(read.ticks[0].bar.volume, core::Quantity{3'330'000'000});
    EXPECT_EQ(read.ticks[0].bar.interval_s, 60U);
}

TEST(BitgetDecoder, ReadsMarkAndFundingOfAFuturesTicker) {
    Bench bench;

    const auto read = bench.decode(
        R"({"action":"snapshot","arg":{"instType":"USDT-FUTURES","channel":"ticker","instId":"BTCUSDT"},"data":[{"instId":"BTCUSDT","lastPr":"27000.5","bidPr":"27000","askPr":"27000.5","bidSz":"2.71","askSz":"8.76","open24h":"27000.5","high24h":"30668.5","low24h":"26999.0","change24h":"-0.00002","fundingRate":"-0.00010","nextFundingTime":"1695722400000","markPrice":"27000.01","indexPrice":"25702.4","holdingAmount":"929.502","baseVolume":"368.900","quoteVolume":"10152429.961","openUtc":"27000.5","symbolType":1,"symbol":"BTCUSDT","deliveryPrice":"0","ts":"1695715383021"}],"ts":1695715383039})");

    ASSERT_EQ(read.ticks.size(), 2U);
    EXPECT_EQ(read.control, Control::ticker);
    EXPECT_EQ(read.ticks[0].kind, TickKind::mark);
    EXPECT_EQ(read.ticks[0].mark.mark, core::Price{270'000'100'000'000});
    EXPECT_EQ(read.ticks[0].mark.index, core::Price{257'024'000'000'000});
    EXPECT_EQ(read.ticks[1].kind, TickKind::funding);
    EXPECT_EQ(read.ticks[1].funding.rate, -1'000'000);
    EXPECT_EQ(read.ticks[1].funding.next, 1695722400000ms);
}

TEST(BitgetDecoder, NamesControlFrames) {
    constexpr std::pair<std::string_view, Control> cases[] = {
        {R"({"event":"subscribe","arg":{"instType":"sp","channel":"books","instId":"CULTUSDT"}})", Control::subscribed},
        {R"({"event":"unsubscribe","arg":{"instType":"sp","channel":"books","instId":"CULTUSDT"}})",
         Control::unsubscribed},
        {R"({"event":"login","code":0})", Control::login},
        {R"({"event":"error","arg":{"instType":"SPOT","channel":"boks","instId":"X"},"code":30001,"msg":"channel doesn't exist"})",
         Control::error},
        {R"({"action":"snapshot","arg":{"instType":"SPOT","channel":"ticker","instId":"ETHUSDT"},"data":[{"instId":"ETHUSDT","lastPr":"2200.10","ts":"1695702438018"}],"ts":1695702438029})",
         Control::ticker},
        {"ping", Control::heartbeat},
        {"pong", Control::pong},
        {R"({"code":"40017","msg":"Parameter verification failed","requestTime":1,"data":null})", Control::error},
        {R"({"code":"00000","msg":"success","requestTime":1,"data":[]})", Control::other},
    };
    Bench bench;
    for (const auto& [text, control] : cases) {
        SCOPED_TRACE(text);
        const auto read = bench.decode(text);
        EXPECT_TRUE(read.ok);
        EXPECT_TRUE(read.ticks.empty());
        EXPECT_EQ(read.control, control);
    }
}

TEST(BitgetDecoder, SaysWhyAFrameIsRefused) {
    const auto book = [](std::string level) {
        return R"({"action":"update","arg":{"instType":"SPOT","channel":"books","instId":"BTCUSDT"},"data":[{"asks":[)" +
               level + R"(],"bids":[],"checksum":1,"ts":"1649290077611"}]})";
    };
    const std::tuple<std::string, Error, std::string_view> cases[] = {
        {"", Error::truncated, ""},
        {"nonsense", Error::wrong_type, ""},
        {R"({"action":"update"})", Error::missing_field, "arg"},
        {R"({"action":"update")", Error::truncated, ""},
        {book(R"(["1.5","2"])").substr(0, 90), Error::truncated, ""},
        {book(R"(["1.5",2])"), Error::wrong_type, "asks"},
        {book(R"("1.5")"), Error::wrong_type, "asks"},
        {book(R"(["1.5"])"), Error::missing_field, "asks"},
        {book(R"(["nan","2"])"), Error::malformed, "asks"},
        {book(R"(["1e5","2"])"), Error::malformed, "asks"},
        {book(R"(["-1.5","2"])"), Error::negative, "asks"},
        {book(R"(["1.5","0.0000001"])"), Error::too_precise, "asks"},
        {book(R"(["99999999999999999999","2"])"), Error::out_of_range, "asks"},
        {R"({"action":"update","arg":{"instType":"SPOT","channel":"books","instId":"ETHUSDT"},"data":[]})",
         Error::unknown_symbol, "instId"},
        {R"({"action":"update","arg":{"instType":"MARS","channel":"books","instId":"BTCUSDT"},"data":[]})",
         Error::unknown_symbol, "instType"},
        {R"({"action":"update","arg":{"instType":"SPOT","channel":"books","instId":"BTCUSDT"},"data":[]})",
         Error::missing_field, "data"},
        {R"({"action":"upsert","arg":{"instType":"SPOT","channel":"books","instId":"BTCUSDT"},"data":[]})",
         Error::unknown_message, "action"},
        {R"({"event":"dance"})", Error::unknown_message, "event"},
        {R"({"hello":1})", Error::unknown_message, ""},
        {R"({"action":"update","arg":{"instType":"SPOT","channel":"trade","instId":"BTCUSDT"},"data":[["1649290077777","1","1","hold"]]})",
         Error::malformed, "side"},
        {R"({"action":"update","arg":{"instType":"SPOT","channel":"candle1H","instId":"BTCUSDT"},"data":[["1695672780000"]]})",
         Error::missing_field, "candle"},
        {std::string(std::size_t{5} << 20, ' '), Error::oversized, ""},
    };
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::bitget, core::Market::spot, "BTCUSDT", 2, 6);
    for (const auto& [text, reason, field] : cases) {
        SCOPED_TRACE(text.substr(0, 200));
        const auto read = bench.decode(text);
        ASSERT_FALSE(read.ok);
        EXPECT_EQ(read.fault.reason, reason) << core::name(read.fault.reason);
        EXPECT_EQ(field, read.fault.field);
        EXPECT_LE(read.fault.offset, text.size());
    }
    const auto precise = book(R"(["1.5","0.0000001"])");
    EXPECT_EQ(bench.decode(precise).fault.offset, precise.find("0.0000001"));
}

TEST(BitgetDecoder, AgreesWithTheGeneralParserOnDamagedFrames) {
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::bitget, core::Market::spot, "STGUSDT", 3, 3);
    test::add_instrument(bench.instruments, core::Venue::bitget, core::Market::spot, "HOTUSDT", 6, 4);
    test::add_instrument(bench.instruments, core::Venue::bitget, core::Market::linear, "BTCUSDT", 1, 3);

    for (const auto text : {v1_book, v1_trade, v2_book, v2_trade}) test::survive_damage(bench, text);
}

TEST(BitgetDecoder, LearnsOnlyPlainSymbols) {
    Bench bench;
    const auto trade = [](std::string symbol) {
        return R"({"action":"update","arg":{"instType":"sp","channel":"trade","instId":")" + symbol +
               R"("},"data":[["1649290077777","0.1","1","buy"]]})";
    };

    EXPECT_TRUE(bench.decode(trade("SHIBUSDT")).ok);
    EXPECT_EQ(bench.decode(trade("a b")).fault.reason, Error::unknown_symbol);
    EXPECT_EQ(bench.decode(trade("")).fault.reason, Error::unknown_symbol);
    EXPECT_EQ(bench.decode(trade(std::string(40, 'A'))).fault.reason, Error::unknown_symbol);
    EXPECT_EQ(bench.instruments.size(), 1U);
}

TEST(BitgetDecoder, DecodesEveryRecordedFrameAlikeBothWays) {
    NEEDS_SHARED_DATA();
    Bench bench{false};
    const auto frames = test::recorded("BITGET.ws.1.0");
    ASSERT_EQ(frames.size(), 684U);
    test::learn<feeds::bitget::Decoder>(bench.instruments, frames);
    EXPECT_EQ(bench.instruments.size(), 8U);

    std::map<Control, int> control;
    std::map<TickKind, int> kinds;
    int books = 0;
    for (const auto& recorded : frames) {
        const auto a = bench.scan(recorded.frame());
        ASSERT_TRUE(a.ok && test::same(a, bench.general(recorded.frame()))) << recorded.bytes.view();
        books += a.book.kind != feeds::BookEvent::Kind::none;
        if (a.control != Control::none)
            ++control[a.control];
        else if (!a.ticks.empty())
            ++kinds[a.ticks[0].kind];
    }

    EXPECT_EQ(books, 443);
    EXPECT_EQ(control[Control::ticker], 128);
    EXPECT_EQ(kinds[TickKind::bar], 43);
    EXPECT_EQ(kinds[TickKind::trade], 38);
    EXPECT_EQ(control[Control::subscribed], 32);
    EXPECT_EQ(bench.decoder.handed_on(), frames.size() - 443U - 38U) << "the scanner reads every book and trade frame";
}

TEST(BitgetDecoder, NamesRecordedInstrumentLists) {
    NEEDS_SHARED_DATA();
    Bench bench;

    const auto answers = test::recorded("BITGET.0");

    ASSERT_EQ(answers.size(), 3U);
    for (const auto& answer : answers) EXPECT_EQ(bench.scan(answer.frame()).control, Control::instruments);
}

}  // namespace
