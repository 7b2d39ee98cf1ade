#include "bench/feeds/capture/recorded_frames.hpp"

/// Coinbase Exchange book updates, snapshots and trades as recorded: every one waits for this.
namespace {

using Decoder = feeds::coinbase::Decoder;
constexpr auto recording = "ws/cryptofeed/COINBASE.ws.28.0.zst";

template <bool general>
void book(benchmark::State& state) {
    bench::frame_to_tick<Decoder, general>(state, core::Venue::coinbase, recording, "\"l2update\"");
}
template <bool general>
void snapshot(benchmark::State& state) {
    bench::frame_to_tick<Decoder, general>(state, core::Venue::coinbase, recording, "\"snapshot\"");
}
template <bool general>
void trade(benchmark::State& state) {
    bench::frame_to_tick<Decoder, general>(state, core::Venue::coinbase, recording, "\"match\"");
}
BENCHMARK(book<false>)->Name("frame_to_tick/omega/coinbase_book");
BENCHMARK(book<true>)->Name("frame_to_tick/simdjson/coinbase_book");
BENCHMARK(snapshot<false>)->Name("frame_to_tick/omega/coinbase_snapshot");
BENCHMARK(snapshot<true>)->Name("frame_to_tick/simdjson/coinbase_snapshot");
BENCHMARK(trade<false>)->Name("frame_to_tick/omega/coinbase_trade");
BENCHMARK(trade<true>)->Name("frame_to_tick/simdjson/coinbase_trade");

}  // namespace
