#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/book/market.hpp"

namespace test {

/// One linear instrument with whole-unit prices and quantities, and the ticks and markets to move it.
struct World {
    core::InstrumentTable instruments;
    core::InstrumentId id;
    core::Nanoseconds now{std::chrono::hours{480'000}};
    std::uint64_t sequence{};

    explicit World(core::Market market = core::Market::linear) {
        core::Instrument instrument;
        instrument.venue = core::Venue::binance;
        instrument.market = market;
        instrument.symbol = "TEST";
        id = instruments.add(instrument);
    }

    core::Tick tick(core::TickKind kind) {
        core::Tick t;
        t.sequence = ++sequence;
        t.venue_time = t.receive_time = now;
        t.instrument = id;
        t.venue = core::Venue::binance;
        t.kind = kind;
        return t;
    }
    core::Tick trade(std::int64_t price) {
        auto t = tick(core::TickKind::trade);
        t.trade = {{price}, {1}, sequence};
        return t;
    }
    core::Tick execution(core::OrderId order, core::Side side, core::Execution what, std::int64_t price,
                         std::int64_t quantity, core::Notional fee = {}) {
        auto t = tick(core::TickKind::execution);
        t.side = side;
        t.code = static_cast<std::uint16_t>(what);
        t.execution = {order.value, {price}, {quantity}, fee};
        return t;
    }
    /// A valid market one unit wide around `mid`.
    pipeline::Market market(std::int64_t bid, std::int64_t ask) const {
        pipeline::Market m;
        m.time = m.book_time = now;
        m.valid = m.top_changed = true;
        m.bid = {bid};
        m.ask = {ask};
        m.bid_quantity = m.ask_quantity = {1000};
        m.mid = static_cast<double>(bid + ask) / 2;
        m.last_trade = {bid};
        return m;
    }
};

constexpr core::Notional money(double quote) {
    return {static_cast<std::int64_t>(quote * 1e8 + (quote < 0 ? -.5 : .5))};
}

}  // namespace test
