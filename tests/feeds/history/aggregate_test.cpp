#include "feeds/history/aggregate.hpp"

#include "tests/support.hpp"

#include <gtest/gtest.h>

using namespace feeds::history;
using namespace std::chrono_literals;

TEST(Aggregate, MakesWiderCandlesOfSmallerOnes) {
    const auto small = parse_candles(
        "time,open,high,low,close,volume\n"
        "120,10,12,9,11,1\n180,11,15,10,14,2\n240,14,14,8,9,3\n"  // 0..300
        "300,9,10,9,10,4\n"                                       // 300..600
        "1200,10,11,9,9,5\n1440,9,9,7,8,6\n");                    // 1200..1500, complete

    const auto wide = aggregate(small, 300s);

    ASSERT_EQ(wide.candles.size(), 3u);
    EXPECT_EQ(wide.candles[0],
              (Candle{0s, core::Price{10}, core::Price{15}, core::Price{8}, core::Price{9}, core::Quantity{6}}));
    EXPECT_EQ(wide.candles[1].start, 300s);
    EXPECT_EQ(wide.candles[2],
              (Candle{1200s, core::Price{10}, core::Price{11}, core::Price{7}, core::Price{8}, core::Quantity{11}}));
    EXPECT_EQ(wide.holes, (std::vector<Hole>{{600s, 1200s, 2}}));
    EXPECT_EQ(wide.interval, 300s);
}

TEST(Aggregate, LeavesOutABarThatIsStillOpen) {
    const auto small = parse_candles("time,open,high,low,close,volume\n0,1,1,1,1,1\n60,1,1,1,1,1\n120,1,1,1,1,1\n");
    EXPECT_EQ(aggregate(small, 120s).candles.size(), 1u);
    EXPECT_EQ(aggregate(small, 180s).candles.size(), 1u);
    EXPECT_EQ(aggregate(small, 240s).candles.size(), 0u);
}

TEST(Aggregate, RefusesAWidthThatIsNoMultiple) {
    const auto small = parse_candles("[[0,1,1,1,1,1],[300,1,1,1,1,1]]");
    for (const auto width : {0s, -300s, 60s, 420s}) EXPECT_THROW(aggregate(small, width), std::invalid_argument);
    EXPECT_NO_THROW(aggregate(small, 300s));
}

TEST(Aggregate, KeepsExtremesAndVolumeOfARecording) {
    NEEDS_SHARED_DATA();
    const auto small = read_candles(test::shared("ohlcv/bybit_5m/SOLUSDT_5m.csv.zst"));
    const auto wide = aggregate(small, 3600s);
    std::int64_t volume = 0, wide_volume = 0;
    const auto end = wide.candles.back().start + wide.interval;
    for (const auto& candle : small.candles)
        if (candle.start < end) volume += candle.volume.units;
    for (const auto& candle : wide.candles) wide_volume += candle.volume.units;
    EXPECT_EQ(volume, wide_volume);
    EXPECT_EQ(wide.candles.size(), 2160u);
    EXPECT_TRUE(wide.holes.empty());
}
