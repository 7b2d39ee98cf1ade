#include "bench/core/tape.hpp"
#include "core/book/ladder.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace {

struct Update {
    core::Side side;
    core::Price price;
    core::Quantity quantity;
};

std::vector<Update> read_updates(const std::string& tape, int price_decimals, int quantity_decimals) {
    const auto text = bench::inflate(tape);
    std::vector<Update> updates;
    for (const auto& level : bench::levels_of(text))
        updates.push_back({level.side, *core::parse_price(level.price, price_decimals),
                           *core::parse_quantity(level.quantity, quantity_decimals)});
    return updates;
}

/// What a conventional book does.
struct MapBook {
    std::map<std::int64_t, std::int64_t, std::greater<>> bids;
    std::map<std::int64_t, std::int64_t> asks;

    static void set(auto& side, const Update& update) {
        if (update.quantity.units == 0)
            side.erase(update.price.units);
        else
            side[update.price.units] = update.quantity.units;
    }
    void set(const Update& update) { update.side == core::Side::buy ? set(bids, update) : set(asks, update); }
    [[nodiscard]] std::int64_t touch() const {
        return (bids.empty() ? 0 : bids.begin()->first) + (asks.empty() ? 0 : asks.begin()->first);
    }
};

struct LadderBook {
    core::Ladder bids{core::Side::buy}, asks{core::Side::sell};

    void set(const Update& update) {
        (update.side == core::Side::buy ? bids : asks).set(update.price, update.quantity);
    }
    [[nodiscard]] std::int64_t touch() const {
        return (bids.empty() ? 0 : bids.best().units) + (asks.empty() ? 0 : asks.best().units);
    }
};

/// Every level of the recorded depth events, in order and already parsed, with the touch read after each:
/// nanoseconds per item are nanoseconds per level update.
template <class Book>
void book_update(benchmark::State& state, const char* tape, int price_decimals, int quantity_decimals) {
    const auto updates = read_updates(tape, price_decimals, quantity_decimals);
    if (updates.empty()) return state.SkipWithError("no ../shared/data");
    Book book;
    for (auto _ : state)
        for (const auto& update : updates) {
            book.set(update);
            benchmark::DoNotOptimize(book.touch());
        }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(updates.size()));
    state.counters["ns/level"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(updates.size()),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

const auto registered = [] {
    for (const auto& [name, file, price_decimals, quantity_decimals] :
         {std::tuple{"usdm_tape", "l2/hftbacktest/usdm_btcusdt_20240808.gz", 2, 3},
          std::tuple{"spot_tape", "l2/hftbacktest/spot_btcusdt_20240808.gz", 8, 8}}) {
        const auto prefix = std::string{"book_update/"};
        benchmark::RegisterBenchmark((prefix + "omega/" + name).c_str(), book_update<LadderBook>, file, price_decimals,
                                     quantity_decimals);
        benchmark::RegisterBenchmark((prefix + "std_map/" + name).c_str(), book_update<MapBook>, file, price_decimals,
                                     quantity_decimals);
    }
    return true;
}();

}  // namespace
