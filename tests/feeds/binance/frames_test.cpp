#include "feeds/binance/decoder.hpp"
#include "tests/feeds/binance/both.hpp"

#include <gtest/gtest.h>

#include <string>

using core::Error;
using core::Market;
using core::Side;
using core::TickKind;
using namespace std::chrono_literals;

namespace {

/// BTCUSDT spot (2, 8 decimals) is 0, USD-M (2, 3) is 1, BTCUSD_PERP COIN-M (1, 0) is 2.
core::InstrumentTable instruments() {
    core::InstrumentTable table;
    const auto add = [&](Market market, const char* symbol, int price, int quantity) {
        core::Instrument instrument;
        instrument.venue = core::Venue::binance;
        instrument.market = market;
        instrument.symbol = symbol;
        instrument.price_decimals = price;
        instrument.quantity_decimals = quantity;
        table.add(instrument);
    };
    add(Market::spot, "BTCUSDT", 2, 8);
    add(Market::linear, "BTCUSDT", 2, 3);
    add(Market::inverse, "BTCUSD_PERP", 1, 0);
    return table;
}

constexpr auto received = core::Nanoseconds{1'700'000'000'123'456'789};

/// A tick as one line, for tables: kind, instrument, venue time in ms ('-' when it is the receive time), payload.
std::string line(const core::Tick& tick) {
    std::string text{core::name(tick.kind)};
    text += ' ' + std::to_string(tick.instrument.value);
    text += ' ' + (tick.venue_time == received ? "-" : std::to_string(tick.venue_time.count() / 1'000'000));
    const auto side = tick.side == Side::buy ? " buy" : " sell";
    const auto number = [&](std::int64_t n) { text += ' ' + std::to_string(n); };
    switch (tick.kind) {
        case TickKind::trade:
        case TickKind::liquidation:
            text += side;
            number(tick.trade.price.units);
            number(tick.trade.quantity.units);
            number(static_cast<std::int64_t>(tick.trade.trade_id));
            break;
        case TickKind::quote:
            number(tick.quote.bid_price.units);
            number(tick.quote.bid_quantity.units);
            number(tick.quote.ask_price.units);
            number(tick.quote.ask_quantity.units);
            break;
        case TickKind::level:
            text += side;
            number(tick.level.price.units);
            number(tick.level.quantity.units);
            number(static_cast<std::int64_t>(tick.level.update_id));
            text += tick.flags & core::tick_flag::first ? " first" : "";
            text += tick.flags & core::tick_flag::last ? " last" : "";
            text += tick.flags & core::tick_flag::snapshot ? " snapshot" : "";
            break;
        case TickKind::bar:
            number(tick.bar.low.units);
            number(tick.bar.open_above_low);
            number(tick.bar.high_above_low);
            number(tick.bar.close_above_low);
            number(tick.bar.volume.units);
            number(tick.bar.interval_s);
            text += tick.flags & core::tick_flag::closed ? " closed" : "";
            break;
        case TickKind::mark:
            number(tick.mark.mark.units);
            number(tick.mark.index.units);
            break;
        case TickKind::funding:
            number(tick.funding.rate);
            number(tick.funding.next.count() / 1'000'000);
            break;
        default: break;
    }
    return text;
}

struct Decoded {
    std::string ticks;  ///< one line each
    core::Fault fault{};
    bool accepted{};
};

/// Decodes the frame three times by each way: first by the general parser, then by the scanner that has learned it.
Decoded decode(test::Both& both, std::string_view bytes, feeds::FrameOrigin origin = {}, std::string_view url = {},
               std::uint32_t connection = 0) {
    const test::Padded padded{bytes};
    const feeds::Frame frame{padded.view(), received, connection, origin, url};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(both.differs(frame), "") << bytes;
    Decoded decoded;
    feeds::Batch batch;
    const auto result = both.general.decode_general(frame, batch);
    decoded.accepted = result.has_value();
    if (!result) decoded.fault = result.error();
    for (const auto& tick : batch.ticks()) {
        EXPECT_EQ(tick.receive_time, received);
        EXPECT_EQ(tick.venue, core::Venue::binance);
        decoded.ticks += (decoded.ticks.empty() ? "" : "\n") + line(tick);
    }
    return decoded;
}

struct Case {
    const char* frame;
    const char* ticks;
};

}  // namespace

TEST(BinanceFrames, EveryKindOfEveryMarket) {
    constexpr Case cases[] = {
        // Spot: "M", no time in quotes, no "pu".
        {R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}})",
         "trade 0 1723161255342 sell 6183763 2000000 3735683259"},
        {R"({"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1672515782136,"s":"BTCUSDT","a":12345,"p":"0.01","q":"100","f":100,"l":105,"T":1672515782137,"m":false,"M":true}})",
         "trade 0 1672515782137 buy 1 10000000000 12345"},
        {R"({"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}})",
         "quote 0 - 6183763 378826000 6183764 154698000"},
        {R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":50093239189,"u":50093239202,"b":[["61737.63000000","0.00000000"],["56854.58000000","1.25000000"]],"a":[["61837.64000000","1.54698000"]]}})",
         "level 0 1723161255208 buy 6173763 0 50093239202 first\n"
         "level 0 1723161255208 buy 5685458 125000000 50093239202\n"
         "level 0 1723161255208 sell 6183764 154698000 50093239202 last"},
        {R"({"stream":"btcusdt@depth5@100ms","data":{"lastUpdateId":160,"bids":[["0.02","10"]],"asks":[["0.03","100"]]}})",
         "level 0 - buy 2 1000000000 160 first snapshot\nlevel 0 - sell 3 10000000000 160 last snapshot"},
        {R"({"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1633998523963,"s":"BTCUSDT","k":{"t":1633998480000,"T":1633998539999,"s":"BTCUSDT","i":"1m","f":1,"L":2,"o":"35.27","c":"35.28","h":"35.30","l":"35.22","v":"25877.00000000","n":30,"x":true,"q":"9116.0","V":"58.0","Q":"20.4","B":"0"}}})",
         "bar 0 1633998480000 3522 5 8 6 2587700000000 60 closed"},
        // USD-M: "X" in trades, "e" in quotes, "pu" in depth.
        {R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256323,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}})",
         "trade 1 1723161256322 buy 6180030 6 5266583935"},
        {R"({"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1626992741575,"a":16599292,"s":"BTCUSDT","p":"1.01","q":"10","f":23961322,"l":23961322,"T":1626992741421,"m":true}})",
         "trade 1 1626992741421 sell 101 10000 16599292"},
        {R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256314}})",
         "quote 1 1723161256313 6180020 2507 6180030 2510"},
        {R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,"b":[],"a":[["61800.30","2.510"],["61801.00","0"]]}})",
         "level 1 1723161256298 sell 6180030 2510 5123107837557 first\n"
         "level 1 1723161256298 sell 6180100 0 5123107837557 last"},
        {R"({"stream":"btcusdt@depth10@100ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":10,"u":20,"pu":9,"b":[["1.00","2.000"]],"a":[]}})",
         "level 1 1723161256298 buy 100 2000 20 first last snapshot"},
        {R"({"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15000000","i":"11784.62659091","P":"11784.25641265","r":"-0.00038167","T":1562306400000}})",
         "mark 1 1562305380000 1179415 1178462\nfunding 1 1562305380000 -3816700 1562306400000"},
        {R"({"stream":"btcusdt@forceOrder","data":{"e":"forceOrder","E":1568014460893,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.014","p":"9910","ap":"9910","X":"FILLED","l":"0.014","z":"0.014","T":1568014460892}}})",
         "liquidation 1 1568014460892 sell 991000 14 0"},
        // COIN-M: "u" before "e" in quotes, whole contracts.
        {R"({"stream":"btcusd_perp@bookTicker","data":{"u":1007198632021,"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD","b":"61804.7","B":"35","a":"61804.8","A":"1645","T":1723161257465,"E":1723161257476}})",
         "quote 2 1723161257465 618047 35 618048 1645"},
        {R"({"stream":"btcusd_perp@trade","data":{"e":"trade","E":1723161257687,"T":1723161257679,"s":"BTCUSD_PERP","t":849714402,"p":"61804.8","q":"4","X":"MARKET","m":false}})",
         "trade 2 1723161257679 buy 618048 4 849714402"},
        {R"({"stream":"btcusd_perp@depth@0ms","data":{"e":"depthUpdate","E":1723161257440,"T":1723161257432,"s":"BTCUSD_PERP","ps":"BTCUSD","U":1007198631260,"u":1007198631565,"pu":1007198631198,"b":[["61773.6","1001"]],"a":[["61804.8","0"]]}})",
         "level 2 1723161257432 buy 617736 1001 1007198631565 first\nlevel 2 1723161257432 sell 618048 0 1007198631565 "
         "last"},
        // Raw streams have no wrapper; members may come in any order, with blanks; microseconds are told by their
        // length.
        {R"({"e":"trade","E":1723161255343,"s":"BTCUSDT","t":7,"p":"61837.63","q":"0.02","T":1723161255342,"m":true,"M":true})",
         "trade 0 1723161255342 sell 6183763 2000000 7"},
        {R"({ "data": { "M": true, "m": true, "T": 1723161255342000, "q": "0.02", "p": "61837.63", "t": 7, "s": "BTCUSDT", "e": "trade" }, "stream": "x" })",
         "trade 0 1723161255342 sell 6183763 2000000 7"},
        {R"({"a":[["2.00","1"]],"b":[["1.00","1"]],"pu":1,"u":3,"U":2,"s":"BTCUSDT","T":1723161256298,"e":"depthUpdate"})",
         "level 1 1723161256298 buy 100 1000 3 first\nlevel 1 1723161256298 sell 200 1000 3 last"},
        // An update that changes nothing counts in the sequence, and is no tick.
        {R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":10,"u":20,"pu":9,"b":[],"a":[]}})",
         ""},
    };
    auto table = instruments();
    for (const auto& [frame, ticks] : cases) {
        SCOPED_TRACE(frame);
        test::Both both{table};
        const auto decoded = decode(both, frame);
        EXPECT_TRUE(decoded.accepted) << core::name(decoded.fault.reason) << ' ' << decoded.fault.field;
        EXPECT_EQ(decoded.ticks, ticks);
    }
    EXPECT_EQ(table.size(), 3U);
}

TEST(BinanceFrames, ACandleBelongsToTheMarketOfItsConnection) {
    constexpr auto candle =
        R"({"e":"kline","E":1,"s":"BTCUSDT","k":{"t":1626992700000,"i":"1h","o":"5.00","c":"4.00","h":"6.00","l":"3.00","v":"1.5","x":false}})";
    constexpr auto trade =
        R"({"e":"trade","T":1723161256322,"s":"BTCUSDT","t":1,"p":"1","q":"1","X":"MARKET","m":false})";
    constexpr auto of_spot = "bar 0 1626992700000 300 200 300 100 150000000 3600";
    constexpr auto of_futures = "bar 1 1626992700000 300 200 300 100 1500 3600";
    auto table = instruments();
    test::Both both{table};

    EXPECT_TRUE(decode(both, trade, {}, {}, 1).accepted);
    EXPECT_EQ(decode(both, candle, {}, {}, 1).ticks, of_futures);
    EXPECT_EQ(decode(both, candle, {}, "wss://fstream.binance.com/market/stream", 2).ticks, of_futures);
    EXPECT_EQ(decode(both, candle, {}, "wss://stream.binance.com:9443/stream", 1).ticks, of_spot);
    EXPECT_EQ(decode(both, candle, {}, {}, 3).ticks, of_spot);
}

TEST(BinanceFrames, ControlFramesAreNamed) {
    using feeds::Control;
    struct Named {
        const char* frame;
        Control control;
        std::uint64_t id;
    };
    constexpr Named cases[] = {
        {R"({"result":null,"id":17})", Control::subscribed, 17},
        {R"({"result":["btcusdt@trade"],"id":3})", Control::other, 3},
        {R"({"error":{"code":2,"msg":"Invalid request: unknown variant"},"id":4})", Control::error, 4},
        {R"({"code":-1121,"msg":"Invalid symbol."})", Control::error, 0},
        {R"({"code":200,"msg":"success"})", Control::other, 0},
        {R"({"e":"serverShutdown","E":1770123456789})", Control::status, 0},
        {R"({"stream":"btcusdt@ticker","data":{"e":"24hrTicker","E":123456789,"s":"BTCUSDT","p":"0.0015"}})",
         Control::ticker, 0},
        {R"({"stream":"!miniTicker@arr","data":[{"e":"24hrMiniTicker","E":1}]})", Control::ticker, 0},
        {R"({"timezone":"UTC","serverTime":1,"rateLimits":[],"symbols":[{"symbol":"ETHBTC"}]})", Control::instruments,
         0},
        {R"([[1499040000000,"0.0163","0.8","0.0157","0.0157","148976.1",1499644799999,"2434.1",308,"1756.8","28.4","0"]])",
         Control::other, 0},
        {R"({"stream":"x","data":{"e":"contractInfo","E":1,"s":"IOTAUSDT","ps":"IOTAUSDT"}})", Control::other, 0},
        {R"({"stream":"x","data":{"e":"ORDER_TRADE_UPDATE","E":1,"T":1,"o":{"s":"BTCUSDT"}}})", Control::other, 0},
        // Futures "trades" that met no order in the book.
        {R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1,"T":1723161256322,"s":"BTCUSDT","t":5,"p":"0","q":"0","X":"NA","m":false}})",
         Control::other, 0},
    };
    auto table = instruments();
    for (const auto& [frame, control, id] : cases) {
        SCOPED_TRACE(frame);
        test::Both both{table};
        const auto decoded = decode(both, frame);
        EXPECT_TRUE(decoded.accepted) << core::name(decoded.fault.reason);
        EXPECT_EQ(decoded.ticks, "");
        EXPECT_EQ(both.fast_batch.control, control);
        EXPECT_EQ(both.fast_batch.control_id, id);
    }
}

TEST(BinanceFrames, RestSnapshotsFindTheirInstrument) {
    constexpr auto trade =
        R"({"e":"trade","E":1,"T":1723161256322,"s":"BTCUSDT","t":1,"p":"1","q":"1","X":"MARKET","m":false})";
    constexpr auto spot_trade =
        R"({"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1723161256322,"m":false,"M":true})";
    constexpr auto plain = R"({"lastUpdateId":9,"bids":[["1.00","2"]],"asks":[]})";
    constexpr auto futures = R"({"lastUpdateId":9,"E":5,"T":1723161256493,"bids":[["1.00","2"]],"asks":[]})";
    constexpr auto coin =
        R"({"lastUpdateId":9,"E":5,"T":1723161256493,"symbol":"BTCUSD_PERP","pair":"BTCUSD","bids":[["1.0","2"]],"asks":[]})";
    auto table = instruments();
    const auto rest = feeds::FrameOrigin::rest;
    const auto spot_levels = "level 0 - buy 100 200000000 9 first last snapshot";
    const auto futures_levels = "level 1 1723161256493 buy 100 2000 9 first last snapshot";

    test::Both both{table};
    EXPECT_EQ(decode(both, plain, rest, "https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000").ticks,
              spot_levels);
    EXPECT_EQ(decode(both, futures, rest, "https://fapi.binance.com/fapi/v1/depth?limit=1000&symbol=BTCUSDT").ticks,
              futures_levels);
    EXPECT_EQ(decode(both, futures, rest, "/depth?symbol=BTCUSDT", 9).ticks, futures_levels);
    EXPECT_EQ(decode(both, coin).ticks, "level 2 1723161256493 buy 10 2 9 first last snapshot");
    EXPECT_TRUE(both.fast_batch.book.rest);
    EXPECT_EQ(both.fast_batch.book.last, 9U);

    EXPECT_EQ(decode(both, plain, {}, {}, 5).fault, Error::unknown_symbol) << "nothing is known of this connection";
    EXPECT_TRUE(decode(both, trade, {}, {}, 5).accepted);
    EXPECT_EQ(decode(both, futures, {}, {}, 5).ticks, futures_levels);
    EXPECT_TRUE(decode(both, spot_trade, {}, {}, 5).accepted);
    EXPECT_EQ(decode(both, plain, {}, {}, 5).fault, Error::unknown_symbol) << "now there are two";
}

TEST(BinanceFrames, AControlByteBehindANumberIsDamageAndNoBlank) {
    for (const char byte : {'\x01', '\x0b', '\x1f'}) {
        std::string frame =
            R"({"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5,"p":"1","q":"1","X":"MARKET","m":false})";
        frame[frame.find("22,\"s\"") + 1] = byte;
        auto table = instruments();
        test::Both both{table};
        EXPECT_FALSE(decode(both, frame).accepted) << static_cast<int>(byte);
    }
}

TEST(BinanceFrames, BadOnesAreTypedFaults) {
    struct Bad {
        std::string frame;
        Error reason;
        const char* field;
    };
    const auto trade = [](const char* price, const char* rest = R"("q":"0.006","X":"MARKET","m":false)") {
        return R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5,"p":)" +
               std::string{price} + ',' + rest + "}}";
    };
    const Bad cases[] = {
        {"", Error::truncated, ""},
        {"   ", Error::truncated, ""},
        {"pong", Error::malformed, ""},
        {"{", Error::truncated, ""},
        {"{}", Error::unknown_message, ""},
        {R"({"e":"surprise"})", Error::unknown_message, "e"},
        {R"({"e":"trade","s":"BTCUSDT)", Error::truncated, ""},
        {R"({"stream":"btcusdt@trade","data":{"e":"trade","T":1723161256322,"s":"BTCUSDT","t":5,"p":"1","q":"1","X":"MARKET","m":false})",
         Error::truncated, ""},
        {trade("\"1.0\"") + "x", Error::truncated, ""},
        {trade("\"1.0\"") + trade("\"1.0\""), Error::malformed, ""},
        {trade("1.0"), Error::wrong_type, "p"},
        {trade("null"), Error::wrong_type, "p"},
        {trade("\"\""), Error::malformed, "p"},
        {trade("\"NaN\""), Error::malformed, "p"},
        {trade("\"Infinity\""), Error::malformed, "p"},
        {trade("\"1e5\""), Error::malformed, "p"},
        {trade("\"+1\""), Error::malformed, "p"},
        {trade("\".5\""), Error::malformed, "p"},
        {trade("\"5.\""), Error::malformed, "p"},
        {trade("\"1.2.3\""), Error::malformed, "p"},
        {trade("\"-1.00\""), Error::negative, "p"},
        {trade("\"1.001\""), Error::too_precise, "p"},
        {trade("\"93000000000000000000\""), Error::out_of_range, "p"},
        {trade("\"1\"", R"("X":"MARKET","m":false)"), Error::missing_field, "q"},
        {trade("\"1\"", R"("q":"1","X":"MARKET","m":1)"), Error::wrong_type, "m"},
        {trade("\"1\"", R"("q":"1","X":"MARKET","m":tru)"), Error::wrong_type, ""},
        {R"({"e":"trade","T":-5,"s":"BTCUSDT","t":5,"p":"1","q":"1","m":false})", Error::negative, "T"},
        {R"({"e":"trade","T":1e12,"s":"BTCUSDT","t":5,"p":"1","q":"1","m":false})", Error::malformed, "T"},
        {R"({"e":"trade","T":"1723161256322","s":"BTCUSDT","t":5,"p":"1","q":"1","m":false})", Error::wrong_type, "T"},
        {R"({"e":"trade","T":99999999999999999999,"s":"BTCUSDT","t":5,"p":"1","q":"1","m":false})", Error::out_of_range,
         "T"},
        {R"({"e":"trade","T":99999999999999,"s":"BTCUSDT","t":5,"p":"1","q":"1","m":false})", Error::out_of_range, "T"},
        {R"({"e":"trade","T":1723161256322,"s":"DOGEUSDT","t":5,"p":"1","q":"1","m":false})", Error::unknown_symbol,
         "s"},
        {R"({"e":"trade","T":1723161256322,"s":7,"t":5,"p":"1","q":"1","m":false})", Error::wrong_type, "s"},
        {R"({"e":"depthUpdate","E":1,"T":1723161256322,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":{},"a":[]})",
         Error::wrong_type, "b"},
        {R"({"e":"depthUpdate","E":1,"T":1723161256322,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[["1.00"]],"a":[]})",
         Error::missing_field, "b"},
        {R"({"e":"depthUpdate","E":1,"T":1723161256322,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[["1.00",2]],"a":[]})",
         Error::wrong_type, "b"},
        {R"({"e":"depthUpdate","E":1,"T":1723161256322,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[]})", Error::missing_field,
         "a"},
        {R"({"e":"kline","E":1,"s":"BTCUSDT","k":{"t":1,"i":"1m","o":"1","c":"1","h":"0","l":"2","v":"1","x":true}})",
         Error::malformed, "k"},
        {R"({"e":"kline","E":1,"s":"BTCUSDT","k":{"t":1,"i":"7x","o":"1","c":"1","h":"1","l":"1","v":"1","x":true}})",
         Error::unknown_message, "i"},
        {std::string((std::size_t{4} << 20) + 1, ' '), Error::oversized, ""},
    };
    auto table = instruments();
    for (const auto& [frame, reason, field] : cases) {
        SCOPED_TRACE(frame.substr(0, 200));
        test::Both both{table};
        const auto decoded = decode(both, frame);
        EXPECT_FALSE(decoded.accepted);
        EXPECT_EQ(core::name(decoded.fault.reason), core::name(reason));
        EXPECT_STREQ(decoded.fault.field, field);
        EXPECT_LE(decoded.fault.offset, frame.size());
    }
}

TEST(BinanceFrames, AFaultSaysWhereItIs) {
    auto table = instruments();
    test::Both both{table};
    const std::string frame = R"({"e":"trade","T":1723161256322,"s":"BTCUSDT","t":5,"p":"1.001","q":"1","m":false})";

    const auto decoded = decode(both, frame);

    EXPECT_EQ(decoded.fault, Error::too_precise);
    EXPECT_EQ(decoded.fault.offset, frame.find("1.001"));
}

TEST(BinanceFrames, LearningAddsUnknownSymbols) {
    core::InstrumentTable table;
    test::Both both{table, true};

    const auto decoded = decode(
        both, R"({"e":"trade","T":1723161256322,"s":"DOGEUSDT","t":5,"p":"0.1234567","q":"1","X":"MARKET","m":false})");

    EXPECT_EQ(decoded.ticks, "trade 0 1723161256322 buy 1234567000 100000000 5");
    ASSERT_EQ(table.size(), 1U);
    EXPECT_EQ(table[{0}].market, Market::linear);
}

TEST(BinanceMarkets, FuturesAreToldBySymbol) {
    using feeds::binance::futures_market;
    EXPECT_EQ(futures_market("BTCUSDT"), Market::linear);
    EXPECT_EQ(futures_market("BTCUSDT_240927"), Market::linear);
    EXPECT_EQ(futures_market("BTCUSD_PERP"), Market::inverse);
    EXPECT_EQ(futures_market("ETHUSD_240927"), Market::inverse);
}
