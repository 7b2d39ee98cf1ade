#include "core/domain/instrument.hpp"

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// A frame's symbol to its instrument among 2,048: what every frame that is not of the last one's symbol pays.
namespace {

constexpr std::size_t symbols = 2048;

std::string symbol(std::size_t i) {
    static const std::string letters = "ABCDEFGHIJKLMNOP";
    std::string text;
    for (; text.size() < 3 || i != 0; i /= 16) text += letters[i % 16];
    return text + "USDT";
}

core::InstrumentTable table() {
    core::InstrumentTable instruments;
    for (std::size_t i = 0; i < symbols; ++i)
        instruments.add({.venue = core::Venue::binance, .market = core::Market::linear, .symbol = symbol(i)});
    return instruments;
}

/// In an order that no prefetcher guesses.
std::vector<std::string> asked() {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < symbols; ++i) texts.push_back(symbol(i * 1237 % symbols));
    return texts;
}

void omega(benchmark::State& state) {
    const auto instruments = table();
    const auto texts = asked();
    std::size_t i = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(instruments.find(core::Venue::binance, core::Market::linear, texts[i++ % symbols]));
}
BENCHMARK(omega)->Name("symbol_lookup/omega/2048_symbols");

void std_map(benchmark::State& state) {
    const auto instruments = table();
    std::map<std::tuple<core::Venue, core::Market, std::string_view>, const core::Instrument*> map;
    for (const auto& instrument : instruments)
        map.emplace(std::tuple{instrument.venue, instrument.market, std::string_view{instrument.symbol}}, &instrument);
    const auto texts = asked();
    std::size_t i = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(
            map.find(std::tuple{core::Venue::binance, core::Market::linear, std::string_view{texts[i++ % symbols]}}));
}
BENCHMARK(std_map)->Name("symbol_lookup/std_map/2048_symbols");

}  // namespace
