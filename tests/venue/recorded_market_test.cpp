// `--market FILE`: the outside market is a recording.
#include "tests/feeds/capture/temporary.hpp"
#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>

namespace recorded_market {

using namespace std::chrono_literals;
using test::Json;

namespace {

/// One line a frame, as hftbacktest records Binance: USD-M, a book, an update and two trades.
constexpr const char* binance =
    R"(1700000000000000000 {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1700000000000,"T":1700000000000,"s":"BTCUSDT","U":11,"u":12,"pu":10,"b":[["50000.0","1.000"]],"a":[["50001.0","2.000"]]}}
1700000000100000000 {"lastUpdateId":12,"E":1700000000050,"T":1700000000050,"bids":[["50000.0","1.000"],["49999.9","3.000"]],"asks":[["50001.0","2.000"]]}
1700000001000000000 {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1700000001000,"T":1700000001000,"s":"BTCUSDT","U":13,"u":14,"pu":12,"b":[["50000.0","0.500"]],"a":[["50001.0","0"],["50001.5","4.000"]]}}
1700000002000000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":1700000002000,"T":1700000002000,"s":"BTCUSDT","t":71,"p":"50000.0","q":"0.100","X":"MARKET","m":true}}
1700000003000000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":1700000003000,"T":1700000003000,"s":"BTCUSDT","t":72,"p":"50000.0","q":"0.200","X":"MARKET","m":true}}
)";

/// As cryptofeed records Okx: a socket's url, then frames.
constexpr const char* okx =
    R"(wss://ws.okx.com:8443/ws/v5/public -> 1700000000.0: {"event":"subscribe","arg":{"channel":"trades","instId":"BTC-USDT-SWAP"}}
1700000000.100000: {"arg":{"channel":"trades","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","tradeId":"5","px":"61000.1","sz":"2","side":"buy","ts":"1700000000090"}]}
1700000000.200000: {"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"6","px":"60990.5","sz":"0.01","side":"sell","ts":"1700000000190"}]}
)";

struct World {
    test::TemporaryFolder folder;
    core::Nanoseconds now{std::chrono::hours{480'000}};
    venue::Simulator simulator;

    World(core::Venue dialect, const char* recording) : simulator{settings(dialect, recording)} {}
    venue::SimulatorSettings settings(core::Venue dialect, const char* recording) const {
        venue::SimulatorSettings made;
        made.dialect = dialect;
        made.start = now;
        made.source.warm_up = {};
        made.source.market = test::write_file(folder / "market.txt", recording);
        made.source.recorded_by = dialect;
        return made;
    }
    void pass(core::Nanoseconds time) { simulator.advance(now += time); }
    Json listing(const char* symbol, const char* market) {
        const auto state = Json::parse(simulator.http(venue::HttpRequest::make("GET", "/sim/state")).body);
        for (const auto& one : state["listings"])
            if (one["symbol"] == symbol && one["market"] == market) return one;
        return {};
    }
};

}  // namespace

TEST(RecordedMarket, ShowsTheRecordingsBookAndTradesAtTheirTimes) {
    World world{core::Venue::binance, binance};
    world.pass(200ms);
    EXPECT_EQ(world.listing("BTCUSDT", "linear")["bid"], "50000.00");
    EXPECT_EQ(world.listing("BTCUSDT", "linear")["ask"], "50001.00");
    EXPECT_EQ(world.listing("BTCUSDT", "linear")["last"], "0.00");
    world.pass(1s);
    EXPECT_EQ(world.listing("BTCUSDT", "linear")["ask"], "50001.50");
    world.pass(1s);
    EXPECT_EQ(world.listing("BTCUSDT", "linear")["last"], "50000.00");
    EXPECT_EQ(world.listing("BTCUSDT", "spot")["bid"], "0.00") << "the recording is of the contract";
}

TEST(RecordedMarket, FillsAnOrderThatStoodInTheQueueBeforeWhatTheTapeTraded) {
    World world{core::Venue::binance, binance};
    world.pass(1200ms);
    auto& engine = world.simulator.engine();
    venue::NewOrder wanted;
    wanted.listing = *engine.find("BTCUSDT", core::Market::linear);
    wanted.side = core::Side::buy;
    const auto& i = engine.market(wanted.listing).rules.instrument;
    wanted.price = core::Price{*core::parse_decimal("50000", i.price_decimals)};
    wanted.quantity = core::Quantity{*core::parse_decimal("0.05", i.quantity_decimals)};
    ASSERT_TRUE(engine.submit(1, wanted));
    world.pass(5s);
    // 0.5 were there before it, and 0.3 were traded: nothing reached it.
    EXPECT_TRUE(engine.account(venue::AccountId{1}).fills.empty());
    EXPECT_EQ(engine.market(wanted.listing).trades.size(), 2u);
    world.pass(1h);
    EXPECT_EQ(world.listing("BTCUSDT", "linear")["bid"], "50000.00") << "the recording is over, its book stays";
}

TEST(RecordedMarket, FindsSpotAndContractInTheVenuesSpelling) {
    World world{core::Venue::okx, okx};
    world.pass(1s);
    EXPECT_EQ(world.listing("BTC-USDT-SWAP", "linear")["last"], "61000.10");
    EXPECT_EQ(world.listing("BTC-USDT", "spot")["last"], "60990.50");
}

TEST(RecordedMarket, SaysWhichFileItCannotRead) {
    venue::SimulatorSettings settings;
    settings.source.market = "/nowhere/market.txt";
    try {
        const venue::Simulator simulator{settings};
        ADD_FAILURE() << "opened";
    } catch (const std::exception& error) {
        EXPECT_NE(std::string{error.what()}.find("/nowhere/market.txt"), std::string::npos) << error.what();
    }
}

}  // namespace recorded_market
