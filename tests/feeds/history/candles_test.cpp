#include "feeds/history/candles.hpp"

#include "tests/feeds/capture/temporary.hpp"
#include "tests/support.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

using namespace feeds::history;
using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds t0 = 1743699900s;

Candle candle(core::Nanoseconds start, std::int64_t open, std::int64_t high, std::int64_t low, std::int64_t close,
              std::int64_t volume) {
    return {start, core::Price{open}, core::Price{high}, core::Price{low}, core::Price{close}, core::Quantity{volume}};
}

const std::vector<Candle> two = {candle(t0, 8179, 8200, 8178, 8180, 317956),
                                 candle(t0 + 300s, 8180, 8190, 8171, 8175, 128000)};

CandleError error_of(std::string_view text) {
    try {
        (void)parse_candles(text, "bad.csv");
    } catch (const CandleError& error) {
        return error;
    }
    ADD_FAILURE() << "read without complaint: " << text;
    return CandleError{core::Error::refused, "", 0, 0, ""};
}

}  // namespace

TEST(Candles, AreReadInAnyColumnOrderSeparatorAndTime) {
    for (const std::string_view text : {
             "timestamp,open,high,low,close,volume\n"
             "2025-04-03 17:05:00+00:00,81.79,82.0,81.78,81.8,317.956\n"
             "2025-04-03 17:10:00+00:00,81.8,81.9,81.71,81.75,128.0\n",
             "volume;Close;LOW;high;open;Time\r\n"
             "317.956;81.80;81.78;82.00;81.79;1743699900\r\n"
             "128;81.75;81.71;81.90;81.80;1743700200",
             "\xef\xbb\xbf# made by hand\n"
             "\"Date\"\t\"O\"\t\"H\"\t\"L\"\t\"C\"\t\"trades\"\t\"Vol\"\n\n"
             "1743699900000\t81.79\t82\t81.78\t81.8\t12\t317.956\n"
             "1743700200000\t81.8\t81.9\t81.71\t81.75\t3\t128.0\t\n",
             "1743699900000000,81.79,82.0,81.78,81.8,317.956\n1743700200000000,81.8,81.9,81.71,81.75,128.0\n",
             "[[1743699900000,81.79,82.0,81.78,81.8,317.956],[1743700200000,81.8,81.9,81.71,81.75,128.0]]",
             " [ [1743699900000 , 8.179e1,\n82.0,81.78,81.8,317.956, 99],\n "
             "[1743700200000,81.8,81.9,81.71,81.75,128]]\n",
         }) {
        SCOPED_TRACE(text);
        const auto read = parse_candles(text);
        EXPECT_EQ(read.candles, two);
        EXPECT_EQ(read.price_decimals, 2);
        EXPECT_EQ(read.quantity_decimals, 3);
        EXPECT_EQ(read.interval, 300s);
        EXPECT_EQ(read.rows, 2u);
        EXPECT_EQ(read.duplicates + read.disordered + read.inconsistent, 0u);
        EXPECT_TRUE(read.holes.empty());
        EXPECT_DOUBLE_EQ(read.price(read.candles[0].close), 81.8);
        EXPECT_DOUBLE_EQ(read.quantity(read.candles[0].volume), 317.956);
    }
}

TEST(Candles, WithoutAHeaderMayBeBitfinexs) {
    const auto read = parse_candles(
        "1420070400000,322.31,322.09,322.31,322.09,62.874248\n"
        "1420070460000,321.64,322.26,322.26,321.64,5.92946982\n"
        "1420070520000,322.05,322.05,322.05,322.05,2\n");

    ASSERT_EQ(read.candles.size(), 3u);
    EXPECT_EQ(read.candles[0], candle(1420070400s, 32231, 32231, 32209, 32209, 6287424800));
    EXPECT_EQ(read.candles[1], candle(1420070460s, 32164, 32226, 32164, 32226, 592946982));
    EXPECT_EQ(read.inconsistent, 0u);
}

TEST(Candles, CountWhatIsWrongWithThem) {
    const auto read = parse_candles(
        "time,open,high,low,close,volume\n"
        "60,10,12,9,11,1\n"
        "120,10,12,9,11,2\n"
        "120,10,13,9,11,3\n"    // a duplicate
        "180,10,10.5,9,11,4\n"  // high below close
        "240,10,12,11,11,5\n"   // low above open
        "300,0,12,0,11,6\n"     // no price
        "360,10,12,9,11,-7\n"   // less than nothing
        "420,10,12,9,11,0\n"
        "900,10,12,9,11,9\n"
        "840,10,12,9,11,8\n"  // out of order
        "480,-1.123456,12,9,11,7\n");

    EXPECT_EQ(read.rows, 11u);
    EXPECT_EQ(read.duplicates, 1u);
    EXPECT_EQ(read.inconsistent, 5u);
    EXPECT_EQ(read.disordered, 1u);
    EXPECT_EQ(read.interval, 60s);
    EXPECT_EQ(read.price_decimals, 0);
    EXPECT_EQ(read.candles, (std::vector<Candle>{candle(60s, 10, 12, 9, 11, 1), candle(120s, 10, 12, 9, 11, 2),
                                                 candle(420s, 10, 12, 9, 11, 0), candle(840s, 10, 12, 9, 11, 8),
                                                 candle(900s, 10, 12, 9, 11, 9)}));
    EXPECT_EQ(read.holes, (std::vector<Hole>{{180s, 420s, 4}, {480s, 840s, 6}}));
}

TEST(Candles, NewestFirstArePutInOrder) {
    const auto read = parse_candles("time,open,high,low,close,volume\n180,1,1,1,1,1\n120,1,1,1,1,1\n60,1,1,1,1,1\n");

    ASSERT_EQ(read.candles.size(), 3u);
    EXPECT_EQ(read.candles.front().start, 60s);
    EXPECT_EQ(read.disordered, 2u);
    EXPECT_TRUE(read.holes.empty());
}

TEST(Candles, OfALineOrAHeaderAloneAreFew) {
    EXPECT_EQ(parse_candles("time,open,high,low,close,volume\n").candles.size(), 0u);
    EXPECT_EQ(parse_candles("[]").candles.size(), 0u);
    const auto one = parse_candles("[[60,1,1,1,1,1]]");
    EXPECT_EQ(one.candles.size(), 1u);
    EXPECT_EQ(one.interval, 0s);
}

TEST(Candles, SayWhereAFileIsWrongAndWhatWasExpected) {
    struct Case {
        std::string_view text;
        core::Error reason;
        std::uint64_t line, column;
        std::string_view expected;
    };
    const Case cases[] = {
        {"", core::Error::truncated, 1, 1, "candles"},
        {"time,open,high,low,close\n", core::Error::missing_field, 1, 1, "volume"},
        {"time,open,high,low,close,volume\n60,1,1,1\n", core::Error::truncated, 2, 9, "6 fields, found 4"},
        {"time,open,high,low,close,volume\n60,1,1,1,1,1\nsoon,1,1,1,1,1\n", core::Error::malformed, 3, 1, "a time"},
        {"time,open,high,low,close,volume\n60,1,1, x,1,1\n", core::Error::malformed, 2, 9, "low"},
        {"time,open,high,low,close,volume\n60,1,1,1,,1\n", core::Error::missing_field, 2, 10, "close"},
        {"time,open,high,low,close,volume\n60,1,1,1,1,nan\n", core::Error::malformed, 2, 12, "volume"},
        {"time,open,high,low,close,volume\n60,1,1,1,1,12345678901234567890\n", core::Error::out_of_range, 2, 12,
         "64 bits"},
        {"time,open,high,low,close,volume\n60,1,1,1,1,900000000000\n120,1,1,1,1,0.00000001\n",
         core::Error::out_of_range, 2, 1, "8 decimals"},
        {"[[60,1,1,1,1,1],\n [120,1,1,1,null,1]]", core::Error::malformed, 2, 13, "close"},
        {"[[60,1,1,1,1]]", core::Error::malformed, 1, 13, "','"},
        {"[[60,1,1,1,1,1]", core::Error::truncated, 1, 16, "',' or ']'"},
        {"[[60,1,1,1,1,1]]x", core::Error::malformed, 1, 17, "nothing"},
        {"[60,1,1,1,1,1]", core::Error::malformed, 1, 2, "'['"},
    };
    for (const auto& [text, reason, line, column, expected] : cases) {
        SCOPED_TRACE(text);
        const auto error = error_of(text);
        EXPECT_EQ(error.reason(), reason);
        EXPECT_EQ(error.line(), line);
        EXPECT_EQ(error.column(), column);
        EXPECT_EQ(error.file(), "bad.csv");
        EXPECT_NE(error.expected().find(expected), std::string::npos) << error.what();
        EXPECT_NE(std::string{error.what()}.find("bad.csv:" + std::to_string(line)), std::string::npos);
    }
}

TEST(Candles, ArePackedOrPlain) {
    const test::TemporaryFolder folder;
    constexpr std::string_view text =
        "1743699900,81.79,82.0,81.78,81.8,317.956\n1743700200,81.8,81.9,81.71,81.75,128\n";
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));

    EXPECT_EQ(read_candles(test::write_file(folder / "plain.csv", text)).candles, two);
    EXPECT_EQ(read_candles(test::write_file(folder / "packed.csv", packed)).candles, two);

    const auto torn = test::write_file(folder / "torn.zst", std::string_view{packed}.substr(0, packed.size() / 2));
    EXPECT_THROW(read_candles(torn), CandleError);
    try {
        (void)read_candles(folder / "missing.csv");
        FAIL();
    } catch (const CandleError& error) {
        EXPECT_EQ(error.reason(), core::Error::io);
    }
}

TEST(Candles, OfTheRecordingsAreAsTheirSourceDescribesThem) {
    NEEDS_SHARED_DATA();
    const auto bybit = read_candles(test::shared("ohlcv/bybit_5m/BTCUSDT_5m.csv.zst"));
    EXPECT_EQ(bybit.candles.size(), 25920u);
    EXPECT_EQ(bybit.interval, 300s);
    EXPECT_EQ(bybit.price_decimals, 1);
    EXPECT_EQ(bybit.quantity_decimals, 3);
    EXPECT_TRUE(bybit.holes.empty());
    EXPECT_EQ(core::to_iso8601(bybit.candles.front().start), "2025-04-03T17:05:00.000000000Z");
    EXPECT_EQ(core::to_iso8601(bybit.candles.back().start), "2025-07-02T17:00:00.000000000Z");

    // The trading halt of 2023-03-24, 12:39 to 14:00.
    const auto binance = read_candles(test::shared("ohlcv/binance_spot_2023/ETH_USDT-1m.json.zst"));
    EXPECT_EQ(binance.candles.size(), 66087u);
    EXPECT_EQ(binance.interval, 60s);
    ASSERT_EQ(binance.holes.size(), 1u);
    EXPECT_EQ(core::to_iso8601(binance.holes[0].to), "2023-03-24T14:00:00.000000000Z");
    EXPECT_EQ(binance.holes[0].missing, 80u);

    const auto bitfinex = read_candles(test::shared("ohlcv/bitfinex/BTCUSD_1m_2016.csv.gz"));
    EXPECT_EQ(bitfinex.rows, 293230u);
    EXPECT_EQ(bitfinex.interval, 60s);
    EXPECT_LT(bitfinex.inconsistent, bitfinex.rows / 1000);
    EXPECT_GT(bitfinex.holes.size(), 10000u);

    for (const auto& read : {std::cref(bybit), std::cref(binance), std::cref(bitfinex)}) {
        EXPECT_EQ(read.get().duplicates, 0u);
        EXPECT_EQ(read.get().disordered, 0u);
        EXPECT_EQ(read.get().candles.size() + read.get().inconsistent, read.get().rows);
    }
    EXPECT_EQ(bybit.inconsistent + binance.inconsistent, 0u);
}
