#include "feeds/okx/decoder.hpp"

#include "tests/feeds/venue_frames.hpp"

namespace {

using namespace std::chrono_literals;
using core::Error;
using core::TickKind;
using feeds::Control;
using Bench = test::Bench<feeds::okx::Decoder>;

constexpr std::string_view book_2022 =
    R"({"arg":{"channel":"books","instId":"BTC-USD-220527"},"action":"update","data":[{"asks":[["30249.4","0","0","0"],["30261","4","0","1"]],)"
    R"("bids":[["30182.6","452","0","12"]],"ts":"1652459225464","checksum":-914047754}]})";
constexpr std::string_view book_now =
    R"({"arg":{"channel":"books","instId":"BTC-USDT"},"action":"snapshot","data":[{"asks":[["8476.98","415","0","13"]],"bids":[["8476.97","256","0","12"]],)"
    R"("ts":"1597026383085","checksum":0,"seqId":123456,"prevSeqId":-1}]})";
constexpr std::string_view trade =
    R"({"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"130639474","px":"42219.9","sz":"0.12060306","side":"buy","ts":"1630048897897","count":"3"}]})";
constexpr std::string_view quote =
    R"({"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[{"asks":[["8476.98","415","0","13"]],"bids":[["8476.97","256","0","12"]],"ts":"1597026383085","seqId":363996337}]})";

TEST(OkxDecoder, ReadsABookUpdateWithItsTexts) {
    Bench bench;

    const auto read = bench.decode(book_2022);

    ASSERT_EQ(read.ticks.size(), 3U);
    EXPECT_EQ(read.ticks[0].side, core::Side::sell);
    EXPECT_EQ(read.ticks[0].flags, core::tick_flag::first);
    EXPECT_EQ(read.ticks[0].level.quantity, core::Quantity{0});
    EXPECT_EQ(read.ticks[2].side, core::Side::buy);
    EXPECT_EQ(read.ticks[2].level.price, core::Price{301'826'000'000'000});
    EXPECT_EQ(read.ticks[2].level.quantity, core::Quantity{45'200'000'000});
    EXPECT_EQ(read.ticks[2].venue_time, 1652459225464ms);
    EXPECT_EQ(read.texts[1], (std::pair<std::string, std::string>{"30261", "4"}));
    EXPECT_EQ(read.book.checksum, static_cast<std::uint32_t>(-914047754));
    EXPECT_FALSE(read.book.has_previous);
    EXPECT_EQ(bench.instruments[read.book.instrument].market, core::Market::inverse);
}

TEST(OkxDecoder, ReadsTheSequenceOfABook) {
    Bench bench;

    const auto first = bench.decode(book_now);
    const auto next = bench.decode(
        R"({"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],"bids":[],"ts":"1597026383085","checksum":0,"prevSeqId":123456,"seqId":123456}]})");

    EXPECT_EQ(first.book.kind, feeds::BookEvent::Kind::snapshot);
    EXPECT_EQ(first.book.last, 123456U);
    EXPECT_FALSE(first.book.has_previous);
    EXPECT_EQ(first.ticks.at(1).level.update_id, 123456U);
    EXPECT_TRUE(next.ok && next.ticks.empty());
    EXPECT_EQ(next.book.kind, feeds::BookEvent::Kind::update);
    EXPECT_TRUE(next.book.has_previous);
    EXPECT_EQ(next.book.previous, 123456U);
}

TEST(OkxDecoder, ReadsTradesAndQuotes) {
    Bench bench;

    const auto traded = bench.decode(trade);
    const auto quoted = bench.decode(quote);

    ASSERT_EQ(traded.ticks.size(), 1U);
    EXPECT_EQ(traded.ticks[0].kind, TickKind::trade);
    EXPECT_EQ(traded.ticks[0].side, core::Side::buy);
    EXPECT_EQ(traded.ticks[0].trade.trade_id, 130639474U);
    EXPECT_EQ(traded.ticks[0].trade.quantity, core::Quantity{12'060'306});
    EXPECT_EQ(traded.ticks[0].venue_time, 1630048897897ms);
    ASSERT_EQ(quoted.ticks.size(), 1U);
    EXPECT_EQ(quoted.ticks[0].kind, TickKind::quote);
    EXPECT_EQ(quoted.ticks[0].quote.bid_price, core::Price{84'769'700'000'000});
    EXPECT_EQ(quoted.book.kind, feeds::BookEvent::Kind::none);
}

TEST(OkxDecoder, ReadsCandlesMarksAndFunding) {
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::okx, core::Market::spot, "BTC-USDT", 2, 8);
    test::add_instrument(bench.instruments, core::Venue::okx, core::Market::linear, "BTC-USDT-SWAP", 2, 2);

    const auto candle = bench.decode(
        R"({"arg":{"channel":"candle1D","instId":"BTC-USDT"},"data":[["1597026383085","8533.02","8553.74","8527.17","8548.26","45247","529.5858061","5529.5858061","1"]]})");
    const auto mark = bench.decode(
        R"({"arg":{"channel":"mark-price","instId":"BTC-USDT-SWAP"},"data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","markPx":"42310.6173","ts":"1630049139746"}]})");
    const auto funding = bench.decode(
        R"({"arg":{"channel":"funding-rate","instId":"BTC-USDT-SWAP"},"data":[{"fundingRate":"0.0001875391284828","fundingTime":"1700726400000","instId":"BTC-USDT-SWAP","nextFundingRate":"","nextFundingTime":"1700755200000","ts":"1700724675402"}]})");

    ASSERT_EQ(candle.ticks.size(), 1U);
    EXPECT_EQ(candle.ticks[0].flags, core::tick_flag::closed);
    EXPECT_EQ(candle.ticks[0].bar.interval_s, 86'400U);
    EXPECT_EQ(candle.ticks[0].bar.low, core::Price{852'717});
    EXPECT_EQ(candle.ticks[0].bar.close_above_low, 2'109U);
    ASSERT_EQ(mark.ticks.size(), 1U);
    EXPECT_EQ(mark.ticks[0].mark.mark, core::Price{4'231'061}) << "finer than the instrument: cut";
    EXPECT_EQ(mark.ticks[0].venue_time, 1630049139746ms);
    ASSERT_EQ(funding.ticks.size(), 1U);
    EXPECT_EQ(funding.ticks[0].funding.rate, 1'875'391);
    EXPECT_EQ(funding.ticks[0].funding.next, 1700726400000ms);
    EXPECT_EQ(funding.ticks[0].venue_time, 1700724675402ms);
}

TEST(OkxDecoder, TellsMarketsBySymbol) {
    constexpr std::pair<std::string_view, core::Market> cases[] = {
        {"BTC-USDT", core::Market::spot},        {"BTC-USDT-SWAP", core::Market::linear},
        {"BTC-USD-SWAP", core::Market::inverse}, {"BTC-USD-220527", core::Market::inverse},
        {"BTC-USDC-SWAP", core::Market::linear}, {"BTC-USD_UM-SWAP", core::Market::linear},
    };
    for (const auto& [symbol, market] : cases) EXPECT_EQ(feeds::okx::market_of(symbol), market) << symbol;
}

TEST(OkxDecoder, NamesControlFrames) {
    constexpr std::tuple<std::string_view, Control, std::uint64_t> cases[] = {
        {R"({"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USD-220527"}})", Control::subscribed, 0},
        {R"({"id":"1512","event":"subscribe","arg":{"channel":"books","instId":"BTC-USDT-SWAP"},"connId":"a4d3ae55"})",
         Control::subscribed, 1512},
        {R"({"arg":{"channel":"books","instId":"BTC-USDT-SWAP"},"event":"subscribe"})", Control::subscribed, 0},
        {R"({"event":"unsubscribe","arg":{"channel":"tickers","instId":"BTC-USD-220527"}})", Control::unsubscribed, 0},
        {R"({"event":"login","code":"0","msg":"","connId":"a4d3ae55"})", Control::login, 0},
        {R"({"id":"7","event":"error","code":"60012","msg":"Invalid request"})", Control::error, 7},
        {R"({"event":"notice","code":"64008","msg":"upgrade","connId":"a4d3ae55"})", Control::status, 0},
        {R"({"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"a"})", Control::status, 0},
        {R"({"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","last":"1","ts":"1652459223003"}]})",
         Control::ticker, 0},
        {R"({"arg":{"channel":"instruments","instType":"SPOT"},"data":[{"instId":"BTC-USDT"}]})", Control::instruments,
         0},
        {R"({"arg":{"channel":"mark-price-candle1D","instId":"BTC-USDT"},"data":[["1597026383085","3.7","3.7","3.6","3.7","0"]]})",
         Control::other, 0},
        {"ping", Control::heartbeat, 0},
        {"pong", Control::pong, 0},
        {R"({"code":"50011","msg":"Too Many Requests","data":[]})", Control::error, 0},
        {R"({"code":"0","msg":"","data":[]})", Control::other, 0},
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
    const test::Bytes answer{R"({"code":"0","msg":"","data":[{"instId":"BTC-USD-241220"}]})"};
    const feeds::Frame rest{.bytes = answer.view(),
                            .origin = feeds::FrameOrigin::rest,
                            .url = "https://www.okx.com/api/v5/public/instruments?instType=FUTURES"};
    EXPECT_EQ(bench.scan(rest).control, Control::instruments);
}

TEST(OkxDecoder, SaysWhyAFrameIsRefused) {
    const auto book = [](std::string level, std::string tail = "") {
        return R"({"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[)" + level +
               R"(],"bids":[],"ts":"1652459225464","checksum":1)" + tail + "}]}";
    };
    const std::tuple<std::string, Error, std::string_view> cases[] = {
        {"", Error::truncated, ""},
        {"null", Error::wrong_type, ""},
        {book(R"(["1.5","2","0","1"])").substr(0, 100), Error::truncated, ""},
        {book(R"([1.5,"2","0","1"])"), Error::wrong_type, "asks"},
        {book(R"(["1.5"])"), Error::missing_field, "asks"},
        {book(R"(["Infinity","2","0","1"])"), Error::malformed, "asks"},
        {book(R"(["1.5","-2","0","1"])"), Error::negative, "asks"},
        {book(R"(["1.555","2","0","1"])"), Error::too_precise, "asks"},
        {book(R"(["1.5","99999999999999999999","0","1"])"), Error::out_of_range, "asks"},
        {book("", R"(,"seqId":-4)"), Error::negative, "seqId"},
        {book("", R"(,"seqId":"x")"), Error::malformed, "seqId"},
        {book("", R"(,"seqId":true)"), Error::wrong_type, "seqId"},
        {R"({"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[]})", Error::missing_field,
         "data"},
        {R"({"arg":{"channel":"books","instId":"BTC-USDT"},"action":"upsert","data":[{}]})", Error::unknown_message,
         "action"},
        {R"({"arg":{"channel":"books","instId":"ETH-USDT"},"action":"update","data":[]})", Error::unknown_symbol,
         "instId"},
        {R"({"arg":{"channel":"mark-price","instId":"BTC-USDT"},"data":[{"markPx":"1.23x5","ts":"1652459225464"}]})",
         Error::malformed, "markPx"},
        {R"({"event":"dance"})", Error::unknown_message, "event"},
        {R"({"hello":1})", Error::unknown_message, ""},
        {std::string(std::size_t{5} << 20, ' '), Error::oversized, ""},
    };
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::okx, core::Market::spot, "BTC-USDT", 2, 6);
    for (const auto& [text, reason, field] : cases) {
        SCOPED_TRACE(text.substr(0, 200));
        const auto read = bench.decode(text);
        ASSERT_FALSE(read.ok);
        EXPECT_EQ(read.fault.reason, reason) << core::name(read.fault.reason);
        EXPECT_EQ(field, read.fault.field);
        EXPECT_LE(read.fault.offset, text.size());
    }
}

TEST(OkxDecoder, AgreesWithTheGeneralParserOnDamagedFrames) {
    Bench bench{false};
    test::add_instrument(bench.instruments, core::Venue::okx, core::Market::spot, "BTC-USDT", 2, 8);
    test::add_instrument(bench.instruments, core::Venue::okx, core::Market::inverse, "BTC-USD-220527", 1, 0);

    for (const auto text : {book_2022, book_now, trade, quote}) test::survive_damage(bench, text);
}

TEST(OkxDecoder, DecodesEveryRecordedFrameAlikeBothWays) {
    NEEDS_SHARED_DATA();
    Bench bench{false};
    const auto frames = test::recorded("OKX.ws.1.0");
    ASSERT_EQ(frames.size(), 410U);
    test::learn<feeds::okx::Decoder>(bench.instruments, frames);
    EXPECT_EQ(bench.instruments.size(), 3U);

    std::map<Control, int> control;
    int snapshots = 0, updates = 0, trades = 0;
    for (const auto& recorded : frames) {
        const auto a = bench.scan(recorded.frame());
        ASSERT_TRUE(a.ok && test::same(a, bench.general(recorded.frame()))) << recorded.bytes.view();
        snapshots += a.book.kind == feeds::BookEvent::Kind::snapshot;
        updates += a.book.kind == feeds::BookEvent::Kind::update;
        trades += !a.ticks.empty() && a.ticks[0].is(TickKind::trade);
        if (a.control != Control::none) ++control[a.control];
    }

    EXPECT_EQ(snapshots, 3);
    EXPECT_EQ(updates, 287);
    EXPECT_EQ(trades, 74);
    EXPECT_EQ(control, (std::map<Control, int>{{Control::ticker, 28}, {Control::subscribed, 18}}));
    EXPECT_EQ(bench.decoder.handed_on(), 28U + 18U) << "the scanner reads every book and trade frame";
}

}  // namespace
