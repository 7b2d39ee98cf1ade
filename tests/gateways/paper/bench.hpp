#pragma once

#include "gateways/paper/venue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <vector>

namespace paper_test {

using namespace gateways::paper;
using namespace std::chrono_literals;
using core::Execution;
using core::Order;
using core::OrderType;
using core::RejectReason;
using core::Side;
using core::Tick;
using core::TickKind;
using core::TimeInForce;

struct Report {
    std::uint64_t id;
    Execution what;
    RejectReason why;
    std::int64_t price, quantity;
    friend bool operator==(const Report&, const Report&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const Report& r) {
    return out << r.id << ' ' << name(r.what) << ' ' << name(r.why) << ' ' << r.quantity << " at " << r.price;
}

/// A venue over one instrument with whole prices and quantities; orders take 1 ms there, reports 1 ms back.
struct Bench {
    core::InstrumentTable instruments;
    core::InstrumentId id;
    Settings settings;
    std::unique_ptr<Venue> venue;
    core::Nanoseconds now{1s};
    std::uint64_t next_id{};
    std::vector<Report> reports;
    std::vector<Tick> ticks;

    explicit Bench(Settings s = {}, core::Market market = core::Market::linear, std::int64_t tick_size = 1)
        : settings{s} {
        settings.entry_latency_us = settings.response_latency_us = 1000;
        core::Instrument instrument;
        instrument.symbol = "TEST";
        instrument.market = market;
        instrument.tick_size = {tick_size};
        instrument.lot_size = {1};
        instrument.min_notional = {5'00000000};
        id = instruments.add(instrument);
        venue = std::make_unique<Venue>(settings, instruments);
    }

    Tick tick(TickKind kind) const {
        Tick t;
        t.venue_time = t.receive_time = now;
        t.instrument = id;
        t.kind = kind;
        return t;
    }
    void snapshot(std::vector<std::pair<std::int64_t, std::int64_t>> bids,
                  std::vector<std::pair<std::int64_t, std::int64_t>> asks) {
        std::vector<Tick> levels;
        for (const auto side : {Side::buy, Side::sell})
            for (const auto& [price, quantity] : side == Side::buy ? bids : asks) {
                auto t = tick(TickKind::level);
                t.side = side;
                t.flags = core::tick_flag::snapshot;
                t.level = {{price}, {quantity}, 1};
                levels.push_back(t);
            }
        levels.front().flags |= core::tick_flag::first;
        levels.back().flags |= core::tick_flag::last;
        for (const auto& t : levels) venue->on_market(t);
    }
    void level(Side side, std::int64_t price, std::int64_t quantity) {
        auto t = tick(TickKind::level);
        t.side = side;
        t.flags = core::tick_flag::first | core::tick_flag::last;
        t.level = {{price}, {quantity}, 2};
        venue->on_market(t);
    }
    void trade(Side aggressor, std::int64_t price, std::int64_t quantity) {
        auto t = tick(TickKind::trade);
        t.side = aggressor;
        t.trade = {{price}, {quantity}, 3};
        venue->on_market(t);
    }
    void quote(std::int64_t bid, std::int64_t bid_quantity, std::int64_t ask, std::int64_t ask_quantity) {
        auto t = tick(TickKind::quote);
        t.quote = {{bid}, {bid_quantity}, {ask}, {ask_quantity}};
        venue->on_market(t);
    }
    Order order(Side side, OrderType type, std::int64_t price, std::int64_t quantity,
                TimeInForce tif = TimeInForce::gtc) {
        Order o;
        o.id = {++next_id};
        o.instrument = id;
        o.side = side;
        o.type = type;
        o.time_in_force = tif;
        (type == OrderType::stop_market ? o.trigger : o.price) = {price};
        o.quantity = {quantity};
        return o;
    }
    /// Sends, lets it arrive and the answers return.
    std::vector<Report> send(const Order& o) {
        venue->submit(o, now);
        return wait();
    }
    std::vector<Report> wait(core::Nanoseconds time = 3ms) {
        now += time;
        reports.clear();
        venue->deliver(now, [&](const Tick& t) {
            ticks.push_back(t);
            reports.push_back({t.execution.order_id, static_cast<Execution>(t.code & 0xff),
                               static_cast<RejectReason>(t.code >> 8), t.execution.price.units,
                               t.execution.quantity.units});
        });
        return reports;
    }
    void buy_position(std::int64_t quantity) {
        const auto got = send(order(Side::buy, OrderType::market, 0, quantity, TimeInForce::ioc));
        ASSERT_EQ(got.back().what, Execution::filled_taker);
    }
};

inline constexpr auto none = RejectReason::none;

}  // namespace paper_test
