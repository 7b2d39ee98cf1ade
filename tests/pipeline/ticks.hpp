#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/book/market.hpp"

/// Makers of ticks and sections for the stage tests: instrument 0 with two price decimals unless a test says otherwise.
namespace test {

using namespace std::chrono_literals;

/// `count` spot instruments with these decimals.
inline core::InstrumentTable instruments(int count = 1, int price_decimals = 2, int quantity_decimals = 0) {
    core::InstrumentTable table;
    for (int i = 0; i < count; ++i)
        table.add({.venue = core::Venue::binance,
                   .market = core::Market::spot,
                   .symbol = "TEST" + std::to_string(i),
                   .price_decimals = price_decimals,
                   .quantity_decimals = quantity_decimals});
    return table;
}

inline core::Tick tick(core::TickKind kind, core::Nanoseconds time, std::uint16_t instrument = 0) {
    core::Tick tick;
    tick.kind = kind;
    tick.venue_time = tick.receive_time = time;
    tick.instrument = core::InstrumentId{instrument};
    return tick;
}

inline core::Tick trade(core::Nanoseconds time, std::int64_t price, std::int64_t quantity = 1,
                        core::Side side = core::Side::buy) {
    auto t = tick(core::TickKind::trade, time);
    t.side = side;
    t.trade = {core::Price{price}, core::Quantity{quantity}, 0};
    return t;
}

inline core::Tick quote(core::Nanoseconds time) {
    auto t = tick(core::TickKind::quote, time);
    t.quote = {};
    return t;
}

/// A candle that a venue pushed, of instrument 0.
inline core::Tick candle(core::Nanoseconds start, std::uint32_t interval_s, std::int64_t open, std::int64_t high,
                         std::int64_t low, std::int64_t close, std::int64_t volume = 7, bool final = true) {
    auto t = tick(core::TickKind::bar, start);
    t.flags = final ? core::tick_flag::closed : std::uint8_t{0};
    const auto above = [&](std::int64_t price) { return static_cast<std::uint32_t>(price - low); };
    t.bar = {core::Price{low}, core::Quantity{volume}, above(open), above(high), above(close), interval_s};
    return t;
}

/// A level of a book event.
struct Depth {
    core::Side side;
    std::int64_t price, quantity;
};

/// A market that only knows what time it is.
inline pipeline::Market at(core::Nanoseconds time) {
    pipeline::Market market;
    market.time = time;
    return market;
}

}  // namespace test
