#include "feeds/bitget/subscribe.hpp"
#include "feeds/bybit/subscribe.hpp"
#include "feeds/okx/subscribe.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>

namespace {

core::Instrument instrument(core::Venue venue, core::Market market, const char* symbol) {
    core::Instrument made;
    made.venue = venue;
    made.market = market;
    made.symbol = symbol;
    return made;
}

std::size_t count(const std::vector<std::string>& messages, std::string_view what) {
    std::size_t n = 0;
    for (const auto& message : messages)
        for (auto at = message.find(what); at != std::string::npos; at = message.find(what, at + 1)) ++n;
    return n;
}

TEST(Subscriptions, SpeakBitget) {
    using namespace feeds::bitget;
    const Topic topics[] = {topic(instrument(core::Venue::bitget, core::Market::linear, "BTCUSDT"), "books"),
                            topic(instrument(core::Venue::bitget, core::Market::linear, "BTCPERP"), "trade"),
                            topic(instrument(core::Venue::bitget, core::Market::inverse, "BTCUSD"), "ticker"),
                            topic(instrument(core::Venue::bitget, core::Market::spot, "BTCUSDT"), "candle1m")};

    EXPECT_EQ(subscribe({topics, 1}),
              (std::vector<std::string>{
                  R"({"op":"subscribe","args":[{"instType":"USDT-FUTURES","channel":"books","instId":"BTCUSDT"}]})"}));
    EXPECT_EQ(
        unsubscribe({topics + 1, 3}),
        (std::vector<std::string>{
            R"({"op":"unsubscribe","args":[{"instType":"USDC-FUTURES","channel":"trade","instId":"BTCPERP"},{"instType":"COIN-FUTURES","channel":"ticker","instId":"BTCUSD"},{"instType":"SPOT","channel":"candle1m","instId":"BTCUSDT"}]})"}));
    EXPECT_TRUE(subscribe({}).empty());
}

TEST(Subscriptions, KeepBitgetsLimitOfBytes) {
    const std::vector<feeds::bitget::Topic> many(500, {"SPOT", "books", "BTCUSDT"});

    const auto messages = feeds::bitget::subscribe(many);

    EXPECT_GT(messages.size(), 1U);
    EXPECT_EQ(count(messages, "BTCUSDT"), 500U);
    for (const auto& message : messages) {
        EXPECT_LE(message.size(), 4096U);
        EXPECT_TRUE(message.starts_with("{\"op\":") && message.ends_with("}]}"));
    }
}

TEST(Subscriptions, SpeakBybitWithinItsLimits) {
    using namespace feeds::bybit;
    const auto perpetual = instrument(core::Venue::bybit, core::Market::linear, "BTCUSDT");
    const std::vector<std::string> two{topic(perpetual, "orderbook.50"), topic(perpetual, "publicTrade")};
    const std::vector<std::string> many(2000, "publicTrade.BTCUSDT");

    EXPECT_EQ(subscribe(two, core::Market::linear, 7),
              (std::vector<std::string>{
                  R"({"req_id":"7","op":"subscribe","args":["orderbook.50.BTCUSDT","publicTrade.BTCUSDT"]})"}));
    const auto spot = subscribe({many.data(), 25}, core::Market::spot, 1);
    ASSERT_EQ(spot.size(), 3U);
    EXPECT_EQ(count({spot[0]}, "BTCUSDT"), 10U);
    EXPECT_EQ(count(spot, "BTCUSDT"), 25U);
    EXPECT_TRUE(spot[2].starts_with(R"({"req_id":"3",)"));
    const auto linear = unsubscribe(many, core::Market::linear);
    EXPECT_EQ(count(linear, "BTCUSDT"), 2000U);
    for (const auto& message : linear) EXPECT_LE(message.size(), 21'000U);
}

TEST(Subscriptions, SpeakOkx) {
    using namespace feeds::okx;
    const Topic topics[] = {topic(instrument(core::Venue::okx, core::Market::linear, "BTC-USDT-SWAP"), "books")};

    EXPECT_EQ(subscribe(topics, 1512),
              (std::vector<std::string>{
                  R"({"id":"1512","op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT-SWAP"}]})"}));
}

TEST(Subscriptions, RefuseTextThatWouldBreakTheMessage) {
    const feeds::okx::Topic quoted[] = {{"books", "BTC\"-USDT"}};
    const feeds::okx::Topic endless[] = {{"books", std::string(70'000, 'A')}};

    EXPECT_THROW(static_cast<void>(feeds::okx::subscribe(quoted)), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(feeds::okx::subscribe(endless)), std::invalid_argument);
}

}  // namespace
