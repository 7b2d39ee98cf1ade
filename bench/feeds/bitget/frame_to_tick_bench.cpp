#include "bench/feeds/venue_frames.hpp"
#include "feeds/bitget/decoder.hpp"

namespace {

[[maybe_unused]] const bool registered = [] {
    bench::register_venue<feeds::bitget::Decoder>(
        "bitget_book", "BITGET.ws.1.0", R"("channel":"books","instId":)",
        {R"({"action":"update","arg":{"instType":"sp","channel":"books","instId":"STGUSDT"},"data":[{"asks":[["3.034","2.554"],["3.040","0"]],"bids":[["2.744","2.538"]],"checksum":-1816604544,"ts":"1649290077611"}]})"});
    bench::register_venue<feeds::bitget::Decoder>(
        "bitget_trade", "BITGET.ws.1.0", R"("channel":"trade","instId":)",
        {R"({"action":"update","arg":{"instType":"sp","channel":"trade","instId":"HOTUSDT"},"data":[["1649290077777","0.005613","890.8","buy"]]})"});
    return true;
}();

}  // namespace
