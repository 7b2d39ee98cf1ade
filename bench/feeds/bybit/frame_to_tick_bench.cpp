#include "bench/feeds/venue_frames.hpp"
#include "feeds/bybit/decoder.hpp"

namespace {

[[maybe_unused]] const bool registered = [] {
    bench::register_venue<feeds::bybit::Decoder>(
        "bybit_book", "BYBIT.ws.25.0", R"({"topic":"orderBookL2_25)",
        {R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","30.028"],["30245.40","0"]],"a":[["30248.70","0"]],"u":177400507,"seq":66544703342},"cts":1687940967464})"});
    bench::register_venue<feeds::bybit::Decoder>(
        "bybit_trade", "BYBIT.ws.25.0", R"({"topic":"trade.)",
        {R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false,"seq":1783284617}]})"});
    return true;
}();

}  // namespace
