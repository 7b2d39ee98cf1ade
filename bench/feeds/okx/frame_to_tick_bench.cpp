#include "bench/feeds/venue_frames.hpp"
#include "feeds/okx/decoder.hpp"

namespace {

[[maybe_unused]] const bool registered = [] {
    bench::register_venue<feeds::okx::Decoder>(
        "okx_book", "OKX.ws.1.0", R"({"arg":{"channel":"books")",
        {R"({"arg":{"channel":"books","instId":"BTC-USD-220527"},"action":"update","data":[{"asks":[["30249.4","0","0","0"],["30261","4","0","1"]],"bids":[["30182.6","452","0","12"]],"ts":"1652459225464","checksum":-914047754}]})"});
    bench::register_venue<feeds::okx::Decoder>(
        "okx_trade", "OKX.ws.1.0", R"({"arg":{"channel":"trades")",
        {R"({"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"130639474","px":"42219.9","sz":"0.12060306","side":"buy","ts":"1630048897897"}]})"});
    return true;
}();

}  // namespace
