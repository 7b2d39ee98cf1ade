#include "feeds/kraken/decoder.hpp"
#include "tests/fuzz/both_ways.hpp"

namespace {

core::InstrumentTable instruments() {
    core::InstrumentTable table;
    for (const auto* symbol : {"XBT/USD", "BTC/USD", "XMR/USD"})
        table.add({.venue = core::Venue::kraken, .symbol = symbol, .price_decimals = 8, .quantity_decimals = 8});
    return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static auto table = instruments();
    static feeds::kraken::Decoder fast{table}, general{table};
    fuzz::both_ways(fast, general, data, size);
    return 0;
}
