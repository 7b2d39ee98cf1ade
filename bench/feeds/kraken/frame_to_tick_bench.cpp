#include "bench/feeds/capture/recorded_frames.hpp"

/// Kraken v1 book updates and trades as recorded: every one waits for this. simdjson reads them twice, for the pair
/// stands last.
namespace {

using Decoder = feeds::kraken::Decoder;

void omega_book(benchmark::State& state) {
    bench::frame_to_tick<Decoder, false>(state, core::Venue::kraken, "ws/cryptofeed/KRAKEN.ws.50.0.zst", "\"c\":");
}
void simdjson_book(benchmark::State& state) {
    bench::frame_to_tick<Decoder, true>(state, core::Venue::kraken, "ws/cryptofeed/KRAKEN.ws.50.0.zst", "\"c\":");
}
void omega_trade(benchmark::State& state) {
    bench::frame_to_tick<Decoder, false>(state, core::Venue::kraken, "ws/cryptofeed/KRAKEN.ws.48.0.zst",
                                         "]],\"trade\"");
}
void simdjson_trade(benchmark::State& state) {
    bench::frame_to_tick<Decoder, true>(state, core::Venue::kraken, "ws/cryptofeed/KRAKEN.ws.48.0.zst", "]],\"trade\"");
}
BENCHMARK(omega_book)->Name("frame_to_tick/omega/kraken_book");
BENCHMARK(simdjson_book)->Name("frame_to_tick/simdjson/kraken_book");
BENCHMARK(omega_trade)->Name("frame_to_tick/omega/kraken_trade");
BENCHMARK(simdjson_trade)->Name("frame_to_tick/simdjson/kraken_trade");

}  // namespace
