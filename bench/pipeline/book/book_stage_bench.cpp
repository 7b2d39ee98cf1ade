#include "pipeline/book/book_stage.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

/// The book stage on depth events shaped like Binance USD-M's (a few levels near the touch each, a tick of 0.1), beside
/// the same work on two std::maps. An item is a level: every one of them waits for this before anything else may look.
namespace {

using core::Side;
using core::Tick;
using core::TickKind;
using namespace std::chrono_literals;

/// A generator of its own: the tape must be the same on every machine.
struct Dice {
    std::uint64_t state{88172645463325252ULL};
    std::int64_t operator()(std::int64_t below) noexcept {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<std::int64_t>(state % static_cast<std::uint64_t>(below));
    }
};

core::InstrumentTable table() {
    core::InstrumentTable instruments;
    core::Instrument btc;
    btc.symbol = "BTCUSDT";
    btc.market = core::Market::linear;
    btc.price_decimals = 2;
    btc.quantity_decimals = 3;
    instruments.add(btc);
    return instruments;
}

constexpr std::int64_t step = 10;  // tick size, in price units
constexpr std::size_t event_levels = 8;

Tick level(core::Nanoseconds time, Side side, std::int64_t price, std::int64_t quantity, int flags) {
    Tick tick;
    tick.kind = TickKind::level;
    tick.venue_time = time;
    tick.instrument = core::InstrumentId{0};
    tick.side = side;
    tick.flags = static_cast<std::uint8_t>(flags);
    tick.level = {{price}, {quantity}, 0};
    return tick;
}

/// A snapshot of 1000 levels a side, then 8192 events around a touch that wanders.
std::vector<Tick> depth_tape() {
    namespace flag = core::tick_flag;
    Dice dice;
    std::vector<Tick> tape;
    std::int64_t bid = 6'000'000;
    for (std::int64_t i = 0; i < 1000; ++i) {
        tape.push_back(
            level(1s, Side::buy, bid - i * step, 500 + dice(5000), flag::snapshot | (i == 0 ? flag::first : 0)));
        tape.push_back(level(1s, Side::sell, bid + (i + 1) * step, 500 + dice(5000),
                             flag::snapshot | (i == 999 ? flag::last : 0)));
    }
    core::Nanoseconds time = 1s;
    for (int event = 0; event < 8192; ++event) {
        time += 20ms;
        const std::int64_t move = dice(8) == 0 ? dice(3) - 1 : 0;
        std::vector<Tick> levels;
        if (move > 0) levels.push_back(level(time, Side::sell, bid + step, 0, 0));
        if (move < 0) levels.push_back(level(time, Side::buy, bid, 0, 0));
        bid += move * step;
        if (move > 0) levels.push_back(level(time, Side::buy, bid, 700, 0));
        if (move < 0) levels.push_back(level(time, Side::sell, bid + step, 700, 0));
        while (levels.size() < event_levels) {
            const Side side = dice(2) == 0 ? Side::buy : Side::sell;
            const std::int64_t away = dice(4) == 0 ? dice(400) : dice(25);
            const std::int64_t price = side == Side::buy ? bid - away * step : bid + step + away * step;
            levels.push_back(level(time, side, price, away > 0 && dice(4) == 0 ? 0 : 1 + dice(9000), 0));
        }
        levels.front().flags |= flag::first;
        levels.back().flags |= flag::last;
        tape.insert(tape.end(), levels.begin(), levels.end());
    }
    return tape;
}

/// What a conventional engine does with the same ticks.
class MapBook {
public:
    void on(const Tick& tick, pipeline::Market& market) {
        namespace flag = core::tick_flag;
        if ((tick.flags & (flag::first | flag::snapshot)) == (flag::first | flag::snapshot))
            bids_.clear(), asks_.clear();
        const auto [price, quantity, id] = tick.level;
        if (tick.side == Side::buy)
            set(bids_, price.units, quantity.units);
        else
            set(asks_, price.units, quantity.units);
        if ((tick.flags & flag::last) == 0) return;

        const auto [bid, bids] = *bids_.begin();
        const auto [ask, asks] = *asks_.begin();
        const auto number = [](std::int64_t x) { return static_cast<double>(x); };
        market.time = tick.venue_time;
        market.valid = bid < ask;
        market.bid = {bid}, market.ask = {ask};
        market.bid_quantity = {bids}, market.ask_quantity = {asks};
        market.mid = (number(bid) + number(ask)) / 200;
        market.spread_bps = 1e4 * (number(ask) - number(bid)) / 100 / market.mid;
        market.microprice =
            (number(bid) * number(asks) + number(ask) * number(bids)) / ((number(asks) + number(bids)) * 100);
        const double b = top(bids_), a = top(asks_);
        market.imbalance5 = (b - a) / (b + a);
        if (tick.venue_time < next_) return;
        next_ = tick.venue_time + 100ms;
        const double mid = (number(bid) + number(ask)) / 2;
        depth(bids_, mid, market.bid_depth10, market.bid_depth25);
        depth(asks_, mid, market.ask_depth10, market.ask_depth25);
    }

private:
    template <class Levels>
    static void set(Levels& levels, std::int64_t price, std::int64_t quantity) {
        if (quantity == 0)
            levels.erase(price);
        else
            levels[price] = quantity;
    }
    template <class Levels>
    static double top(const Levels& levels) {
        double sum = 0;
        int n = 0;
        for (auto it = levels.begin(); it != levels.end() && n < 5; ++it, ++n) sum += static_cast<double>(it->second);
        return sum;
    }
    template <class Levels>
    static void depth(const Levels& levels, double mid, double& near, double& far) {
        double sum = 0;
        near = far = core::unknown;
        for (const auto& [price, quantity] : levels) {
            const double distance = std::abs(static_cast<double>(price) - mid);
            if (distance > 1e-3 * mid && !core::known(near)) near = sum;
            if (distance > 2.5e-3 * mid) {
                far = sum;
                return;
            }
            sum += static_cast<double>(price) * static_cast<double>(quantity) * 1e-5;
        }
    }
    std::map<std::int64_t, std::int64_t, std::greater<>> bids_;
    std::map<std::int64_t, std::int64_t> asks_;
    core::Nanoseconds next_{};
};

template <class Book>
void play(benchmark::State& state, Book& book) {
    const auto tape = depth_tape();
    pipeline::Market market;
    core::Nanoseconds pass{};
    for (auto _ : state) {
        for (Tick tick : tape) {
            tick.venue_time += pass;
            book.on(tick, market);
            benchmark::DoNotOptimize(market);
        }
        pass += 1h;
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(tape.size()));
    state.counters["ns_per_level"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(tape.size()) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void omega_levels(benchmark::State& state) {
    pipeline::BookStage stage{{}, table()};
    play(state, stage);
}
void map_levels(benchmark::State& state) {
    MapBook book;
    play(state, book);
}
BENCHMARK(omega_levels)->Name("book_stage/omega/levels")->Unit(benchmark::kMicrosecond);
BENCHMARK(map_levels)->Name("book_stage/std_map/levels")->Unit(benchmark::kMicrosecond);

/// A quote over a book that is already there: the venue's most frequent message.
void omega_quotes(benchmark::State& state) {
    pipeline::BookStage stage{{}, table()};
    pipeline::Market market;
    for (const Tick& tick : depth_tape()) stage.on(tick, market);
    Tick tick;
    tick.kind = TickKind::quote;
    tick.instrument = core::InstrumentId{0};
    tick.venue_time = 1h;
    std::int64_t n = 0;
    for (auto _ : state) {
        tick.venue_time += 1ms;
        tick.quote = {{6'000'000 + (n & 3) * step}, {100 + (n & 7)}, {6'000'050}, {200}};
        ++n;
        stage.on(tick, market);
        benchmark::DoNotOptimize(market);
    }
}
BENCHMARK(omega_quotes)->Name("book_stage/omega/quote");

}  // namespace
