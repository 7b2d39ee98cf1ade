#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bar_stage.hpp"
#include "pipeline/book/market.hpp"

#include <vector>

/// A made-up minute-to-minute market for the stage benchmarks: the same on every machine.
namespace bench {

/// One instrument with two price decimals.
inline core::InstrumentTable one_instrument() {
    core::InstrumentTable table;
    table.add({.symbol = "BTCUSDT", .price_decimals = 2, .quantity_decimals = 3});
    return table;
}

/// What a stage sees of one tick.
struct Event {
    core::Tick tick;
    pipeline::Market market;
};

/// `count` ticks, `step` apart: every fourth a trade, the rest quotes, on a random walk of a tenth of a basis point a
/// tick; the book is sampled once a second.
inline std::vector<Event> walk(std::size_t count, core::Nanoseconds step) {
    std::vector<Event> events(count);
    std::uint64_t noise = 88172645463325252;
    std::int64_t price = 6'000'000;
    core::Nanoseconds time{1'700'000'000'000'000'000}, sampled{};
    for (std::size_t i = 0; i < count; ++i) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        price += static_cast<std::int64_t>(noise % 121) - 60;
        time += step;
        auto& [tick, market] = events[i];
        tick.instrument = core::InstrumentId{0};
        tick.venue_time = tick.receive_time = time;
        tick.kind = i % 4 == 0 ? core::TickKind::trade : core::TickKind::quote;
        if (tick.is(core::TickKind::trade)) {
            tick.side = (noise >> 32 & 1) != 0 ? core::Side::buy : core::Side::sell;
            tick.trade = {core::Price{price}, core::Quantity{static_cast<std::int64_t>(noise >> 40 & 1023) + 1}, i};
        }
        market.time = time;
        market.valid = true;
        market.mid = static_cast<double>(price) / 100;
        market.bid_depth25 = 1e6 + static_cast<double>(noise % 1000);
        market.ask_depth25 = 1e6;
        market.depth_sampled = time - sampled >= std::chrono::seconds{1};
        if (market.depth_sampled) sampled = time;
    }
    return events;
}

/// The bars that BarStage makes of a tape, a section per tick.
inline std::vector<pipeline::Bars> bars_of(const std::vector<Event>& events, const pipeline::BarSettings& settings,
                                           const core::InstrumentTable& table) {
    pipeline::BarStage stage{settings, table};
    std::vector<pipeline::Bars> all(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) stage.on(events[i].tick, events[i].market, all[i]);
    return all;
}

/// Moves a tape by its own length, so that it goes on where it ended.
inline void continue_tape(std::vector<Event>& events, core::Nanoseconds step) {
    const auto length = events.back().market.time - events.front().market.time + step;
    for (auto& [tick, market] : events) market.time += length;
}

}  // namespace bench
