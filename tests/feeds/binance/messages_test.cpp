#include "feeds/binance/messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace feeds::binance;
using testing::ElementsAre;

namespace {

core::Instrument instrument(core::Market market, const char* symbol) {
    core::Instrument made;
    made.venue = core::Venue::binance;
    made.market = market;
    made.symbol = symbol;
    return made;
}

}  // namespace

TEST(BinanceMessages, NamesTheStreamsOfAMarket) {
    EXPECT_THAT(stream_names(instrument(core::Market::spot, "BTCUSDT"), {.kline = "1m"}),
                ElementsAre("btcusdt@trade", "btcusdt@bookTicker", "btcusdt@depth@100ms", "btcusdt@kline_1m"));
    EXPECT_THAT(stream_names(instrument(core::Market::inverse, "BTCUSD_PERP"), {.trade = false, .depth = false}),
                ElementsAre("btcusd_perp@bookTicker", "btcusd_perp@markPrice@1s", "btcusd_perp@forceOrder"));
}

TEST(BinanceMessages, SubscribesAsTheVenueDocuments) {
    const std::vector<std::string> streams{"btcusdt@trade", "btcusdt@depth@100ms"};
    EXPECT_THAT(subscribe_messages(streams, 7),
                ElementsAre(R"({"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@depth@100ms"],"id":7})"));
    EXPECT_THAT(unsubscribe_messages(std::span{streams}.first(1), 8),
                ElementsAre(R"({"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":8})"));
    EXPECT_THAT(subscribe_messages({}, 1), ElementsAre());
}

TEST(BinanceMessages, ManyStreamsTakeManyMessages) {
    const std::vector<std::string> streams(2 * streams_per_message + 1, "a@trade");
    const auto messages = subscribe_messages(streams, 1);
    ASSERT_EQ(messages.size(), 3U);
    EXPECT_EQ(messages.back(), R"({"method":"SUBSCRIBE","params":["a@trade"],"id":3})");
}

TEST(BinanceMessages, UsdmStreamsLieUnderTwoPaths) {
    const std::vector<std::string> streams{"btcusdt@trade", "btcusdt@depth@100ms", "btcusdt@markPrice@1s",
                                           "btcusdt@aggTrade"};
    EXPECT_THAT(combined_paths(core::Market::linear, streams),
                ElementsAre("/public/stream?streams=btcusdt@trade/btcusdt@depth@100ms",
                            "/market/stream?streams=btcusdt@markPrice@1s/btcusdt@aggTrade"));
    EXPECT_THAT(combined_paths(core::Market::spot, std::span{streams}.first(2)),
                ElementsAre("/stream?streams=btcusdt@trade/btcusdt@depth@100ms"));
}

TEST(BinanceMessages, AsksForTheSnapshotOfTheRightMarket) {
    EXPECT_EQ(snapshot_path(instrument(core::Market::spot, "BTCUSDT")), "/api/v3/depth?symbol=BTCUSDT&limit=1000");
    EXPECT_EQ(snapshot_path(instrument(core::Market::linear, "BTCUSDT")), "/fapi/v1/depth?symbol=BTCUSDT&limit=1000");
    EXPECT_EQ(snapshot_path(instrument(core::Market::inverse, "BTCUSD_PERP")),
              "/dapi/v1/depth?symbol=BTCUSD_PERP&limit=1000");
}
