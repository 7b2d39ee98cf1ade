#pragma once

#include "core/domain/unknown.hpp"
#include "feeds/any_feed.hpp"
#include "feeds/synthetic/market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace test {

/// What one instrument of a synthetic market showed, as its venue's codec reads it: a tape to check traps on by hand.
struct Tape {
    struct Trade {
        core::Nanoseconds time;
        double price, quantity;
        core::Side aggressor;
    };
    struct Quote {
        core::Nanoseconds time;
        double bid, bid_quantity, ask, ask_quantity;
        [[nodiscard]] double mid() const { return (bid + ask) / 2; }
    };
    /// A level's new quantity, beside its side as it was before the event.
    struct Change {
        core::Nanoseconds time;
        core::Side side;
        double price, before, after;
        double mean10, sum20, touch;
    };
    std::vector<Trade> trades;
    std::vector<Quote> quotes;
    std::vector<Change> changes;

    [[nodiscard]] double mid_at(core::Nanoseconds time) const {
        const auto after = std::ranges::upper_bound(quotes, time, {}, &Quote::time);
        return after == quotes.begin() ? core::unknown : std::prev(after)->mid();
    }
    template <class Rows>
    static auto between(const Rows& rows, core::Nanoseconds from, core::Nanoseconds to) {
        auto kept = rows;
        std::erase_if(kept, [&](const auto& row) { return row.time < from || row.time > to; });
        return kept;
    }

    /// Takes a tick of this instrument; prices are in units.
    void read(const core::Tick& tick) {
        const auto number = [](auto value) { return static_cast<double>(value.units); };
        if (tick.is(core::TickKind::trade))
            trades.push_back({tick.venue_time, number(tick.trade.price), number(tick.trade.quantity), tick.side});
        if (tick.is(core::TickKind::quote))
            quotes.push_back({tick.venue_time, number(tick.quote.bid_price), number(tick.quote.bid_quantity),
                              number(tick.quote.ask_price), number(tick.quote.ask_quantity)});
        if (tick.is(core::TickKind::level)) level(tick);
    }

    std::map<double, double, std::greater<>> bids;
    std::map<double, double> asks;

private:
    struct Before {
        double mean10{}, sum20{}, touch{};
    };
    std::array<Before, 2> before_{};

    template <class Levels>
    static Before look(const Levels& levels) {
        Before before;
        int rank = 0;
        for (const auto& [price, quantity] : levels) {
            if (rank == 0) before.touch = price;
            if (rank < 10) before.mean10 += quantity / 10;
            if (rank++ == 20) break;
            before.sum20 += quantity;
        }
        return before;
    }
    template <class Levels>
    void set(Levels& levels, const core::Tick& tick) {
        const auto price = static_cast<double>(tick.level.price.units),
                   quantity = static_cast<double>(tick.level.quantity.units);
        const auto old = levels.find(price);
        const Before& before = before_[static_cast<std::size_t>(tick.side)];
        changes.push_back({tick.venue_time, tick.side, price, old == levels.end() ? 0 : old->second, quantity,
                           before.mean10, before.sum20, before.touch});
        if (quantity == 0)
            levels.erase(price);
        else
            levels[price] = quantity;
    }
    void level(const core::Tick& tick) {
        if ((tick.flags & core::tick_flag::first) != 0) {
            if ((tick.flags & core::tick_flag::snapshot) != 0) {
                bids.clear();
                asks.clear();
            }
            before_ = {look(bids), look(asks)};
        }
        tick.side == core::Side::buy ? set(bids, tick) : set(asks, tick);
    }
};

/// The whole of a market, by instrument.
struct Tapes {
    std::vector<Tape> of;
    std::vector<feeds::synthetic::Truth> truth;
    std::uint64_t frames{}, faulted{}, sequence_breaks{};
};

inline Tapes tapes_of(const feeds::synthetic::Settings& settings) {
    feeds::synthetic::Market market{settings};
    core::InstrumentTable table;
    std::map<core::Venue, std::unique_ptr<feeds::AnyFeed>> feeds;
    for (const auto& instrument : market.instruments()) {
        table.add(instrument);
        feeds.emplace(instrument.venue, nullptr);
    }
    for (auto& [venue, feed] : feeds) feed = std::make_unique<feeds::AnyFeed>(venue, table);
    Tapes tapes;
    tapes.of.resize(table.size());
    feeds::Frame frame;
    for (; market.next(frame); ++tapes.frames)
        feeds.at(frame.venue)->on_frame(frame, [&](const core::Tick& tick) {
            if (tick.instrument.value < table.size()) tapes.of[tick.instrument.value].read(tick);
        });
    for (auto& [venue, feed] : feeds) {
        tapes.faulted += feed->stats().faulted();
        tapes.sequence_breaks += feed->stats().sequence_breaks;
    }
    tapes.truth.assign(market.truth().begin(), market.truth().end());
    return tapes;
}

inline double bps(double a, double b) {
    return 1e4 * (a - b) / b;
}

}  // namespace test
