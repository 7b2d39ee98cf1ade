#include "feeds/session/plan.hpp"

#include "core/net/url.hpp"
#include "tests/feeds/venue_frames.hpp"

#include <gtest/gtest.h>

using core::Market;
using core::Venue;
using feeds::FeedMode;

namespace {

std::vector<feeds::SessionPlan> plan(Venue venue, Market market, std::vector<const char*> symbols,
                                     FeedMode mode = FeedMode::prod) {
    core::InstrumentTable table;
    std::vector<core::InstrumentId> ids;
    for (const auto* symbol : symbols) ids.push_back(test::add_instrument(table, venue, market, symbol, 2, 8));
    return feeds::plan_sessions(venue, mode, table, ids);
}

}  // namespace

TEST(SessionPlan, GoesWhereTheVenueSpeaks) {
    struct Case {
        Venue venue;
        Market market;
        FeedMode mode;
        const char* symbol;
        const char* url;
    };
    for (const auto& [venue, market, mode, symbol, url] : {
             Case{Venue::binance, Market::spot, FeedMode::prod, "BTCUSDT",
                  "wss://stream.binance.com:9443/stream?streams=btcusdt@trade"},
             Case{Venue::binance, Market::spot, FeedMode::testnet, "BTCUSDT",
                  "wss://stream.testnet.binance.vision/stream?streams=btcusdt@trade"},
             Case{Venue::binance, Market::linear, FeedMode::prod, "BTCUSDT",
                  "wss://fstream.binance.com/market/stream?streams=btcusdt@markPrice@1s"},
             Case{Venue::bitget, Market::linear, FeedMode::prod, "BTCUSDT", "wss://ws.bitget.com/v2/ws/public"},
             Case{Venue::bitget, Market::spot, FeedMode::demo, "BTCUSDT", "wss://wspap.bitget.com/v2/ws/public"},
             Case{Venue::bybit, Market::linear, FeedMode::testnet, "BTCUSDT",
                  "wss://stream-testnet.bybit.com/v5/public/linear"},
             Case{Venue::bybit, Market::spot, FeedMode::demo, "BTCUSDT", "wss://stream.bybit.com/v5/public/spot"},
             Case{Venue::okx, Market::linear, FeedMode::prod, "BTC-USDT-SWAP", "wss://ws.okx.com:8443/ws/v5/public"},
             Case{Venue::okx, Market::spot, FeedMode::demo, "BTC-USDT", "wss://wspap.okx.com:8443/ws/v5/public"},
             Case{Venue::coinbase, Market::spot, FeedMode::prod, "BTC-USD", "wss://advanced-trade-ws.coinbase.com"},
             Case{Venue::kraken, Market::spot, FeedMode::prod, "BTC/USD", "wss://ws.kraken.com/v2"},
         }) {
        const auto plans = plan(venue, market, {symbol}, mode);
        ASSERT_FALSE(plans.empty());
        EXPECT_EQ(plans.front().url, url);
        EXPECT_TRUE(core::parse_url(plans.front().url)) << url;
        EXPECT_TRUE(core::parse_url(plans.front().rest + "/x"));
        EXPECT_FALSE(plans.front().subscriptions.empty());
    }
}

TEST(SessionPlan, RefusesWhatAVenueDoesNotHave) {
    EXPECT_THROW(plan(Venue::kraken, Market::spot, {"BTC/USD"}, FeedMode::testnet), std::invalid_argument);
    EXPECT_THROW(plan(Venue::bitget, Market::spot, {"BTCUSDT"}, FeedMode::testnet), std::invalid_argument);
    EXPECT_THROW(plan(Venue::coinbase, Market::linear, {"BTC-PERP"}), std::invalid_argument);
    EXPECT_THROW(plan(Venue::omega, Market::spot, {}), std::invalid_argument);
    core::InstrumentTable table;
    const auto id = test::add_instrument(table, Venue::okx, Market::spot, "BTC-USDT", 1, 8);
    EXPECT_THROW((void)feeds::plan_sessions(Venue::bybit, FeedMode::prod, table, {&id, 1}), std::invalid_argument);
}

TEST(SessionPlan, SplitsBinancesFuturesByWhatItsRootsBring) {
    const auto plans = plan(Venue::binance, Market::linear, {"BTCUSDT", "ETHUSDT"});
    ASSERT_EQ(plans.size(), 2U);
    EXPECT_TRUE(plans[0].books.empty()) << "/market";
    EXPECT_TRUE(plans[0].streams.marks);
    EXPECT_FALSE(plans[0].streams.trades);
    ASSERT_EQ(plans[1].books.size(), 2U) << "/public";
    EXPECT_EQ(plans[1].books[1].snapshot, "/fapi/v1/depth?symbol=ETHUSDT&limit=1000");
    EXPECT_NE(plans[1].url.find("/public/stream"), std::string::npos);
    EXPECT_EQ(plans[1].rest, "https://fapi.binance.com");
}

TEST(SessionPlan, ExpectsAsManyAnswersAsTheVenueGives) {
    const std::vector<const char*> three{"BTCUSDT", "ETHUSDT", "SOLUSDT"};
    EXPECT_EQ(plan(Venue::bybit, Market::spot, three).front().subscriptions.front().answers, 1U) << "one a message";
    EXPECT_EQ(plan(Venue::bitget, Market::spot, three).front().subscriptions.front().answers, 9U) << "one an argument";
    EXPECT_EQ(plan(Venue::kraken, Market::spot, {"BTC/USD", "ETH/USD"}).front().subscriptions.front().answers, 2U)
        << "one a symbol";
    EXPECT_EQ(plan(Venue::coinbase, Market::spot, {"BTC-USD"}).front().subscriptions.size(), 3U);
}

TEST(SessionPlan, KeepsTheVenuesLimits) {
    std::vector<std::string> names;
    for (int i = 0; i < 130; ++i) names.push_back("COIN" + std::to_string(i) + "USDT");
    std::vector<const char*> many;
    for (const auto& name : names) many.push_back(name.c_str());

    for (const auto& one : plan(Venue::bitget, Market::linear, many)) {
        unsigned channels = 0;
        for (const auto& subscription : one.subscriptions) {
            EXPECT_LE(subscription.message.size(), 4096U);
            channels += subscription.answers;
        }
        EXPECT_LE(channels, 50U) << "what Bitget recommends for a connection";
    }
    std::size_t instruments = 0;
    for (const auto& one : plan(Venue::binance, Market::spot, many)) {
        EXPECT_LE(one.url.size(), 2000U);
        instruments += one.books.size();
    }
    EXPECT_EQ(instruments, 130U);
}

TEST(SessionPlan, GoesToASimulatorWhereTold) {
    core::InstrumentTable table;
    const auto id = test::add_instrument(table, Venue::bybit, Market::linear, "BTCUSDT", 2, 3);
    const feeds::FeedHosts here{"ws://127.0.0.1:4711", "http://127.0.0.1:4711"};
    const auto plans = feeds::plan_sessions(Venue::bybit, FeedMode::testnet, table, {&id, 1}, {}, here);
    EXPECT_EQ(plans.front().url, "ws://127.0.0.1:4711/v5/public/linear");
    EXPECT_EQ(plans.front().rest, "http://127.0.0.1:4711");
}
