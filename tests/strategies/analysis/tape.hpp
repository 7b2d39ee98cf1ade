#pragma once

#include "strategies/analysis/trap_outcomes.hpp"

#include "tests/strategies/world.hpp"

namespace test {

/// A hand-made tape of one instrument in front of a TrapOutcomes: trades, candles, gaps and events, T constant.
struct Tape {
    World world;
    pipeline::TrapSettings settings;
    strategies::TrapOutcomes outcomes{settings, world.instruments};
    core::Nanoseconds now{std::chrono::hours{480'000}};
    double threshold{30};
    std::uint64_t next_id{};

    explicit Tape(pipeline::TrapSettings s = {}) : settings{s} {}

    void at(core::Nanoseconds after) { now = core::Nanoseconds{std::chrono::hours{480'000}} + after; }

    /// A tick with the events that it raised.
    void give(core::Tick tick, std::span<const pipeline::TrapEvent> events = {}, bool gap = false) {
        pipeline::Market market;
        market.time = now;
        market.gap = gap;
        pipeline::Traps traps;
        traps.threshold_bps = threshold;
        for (const auto& event : events) traps.events[traps.count++] = event;
        tick.venue_time = tick.receive_time = now;
        outcomes.on(tick, market, pipeline::Bars{}, traps);
    }
    void trade(std::int64_t price, std::span<const pipeline::TrapEvent> events = {}) {
        give(world.trade(price), events);
    }
    void quiet() { give(world.tick(core::TickKind::quote)); }
    void gap(std::span<const pipeline::TrapEvent> events = {}) {
        auto tick = world.tick(core::TickKind::session);
        tick.code = static_cast<std::uint16_t>(core::Session::gap);
        give(tick, events, true);
    }
    /// A final candle that starts at `start`; the clock then stands at its end.
    void candle(core::Nanoseconds start, std::uint32_t low, std::uint32_t high, std::uint32_t close,
                std::span<const pipeline::TrapEvent> events = {}, std::uint32_t interval_s = 60) {
        at(start);
        auto tick = world.tick(core::TickKind::bar);
        tick.flags = core::tick_flag::closed;
        tick.bar = {{low}, {1}, close - low, high - low, close - low, interval_s};
        give(tick, events);
    }
    pipeline::TrapEvent event(pipeline::TrapKind kind, pipeline::Expect expect, double price) {
        pipeline::TrapEvent e;
        e.id = ++next_id;
        e.time = now;
        e.price = price;
        e.confidence = .6;
        e.threshold_bps = threshold;
        e.kind = kind;
        e.expect = expect;
        e.instrument = world.id;
        e.evidence.fill(core::unknown);
        return e;
    }
};

}  // namespace test
