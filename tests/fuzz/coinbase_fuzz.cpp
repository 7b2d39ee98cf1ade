#include "feeds/coinbase/decoder.hpp"
#include "tests/fuzz/both_ways.hpp"

namespace {

core::InstrumentTable instruments() {
    core::InstrumentTable table;
    for (const auto* symbol : {"BTC-USD", "SKL-BTC", "ETH-USDT"})
        table.add({.venue = core::Venue::coinbase, .symbol = symbol, .price_decimals = 8, .quantity_decimals = 8});
    return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static auto table = instruments();
    static feeds::coinbase::Decoder fast{table}, general{table};
    fuzz::both_ways(fast, general, data, size);
    return 0;
}
