#pragma once

#include "feeds/session/session.hpp"
#include "tools/venue/simulator.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// BTC against USDT as a simulated venue spells and sizes it.
inline core::Instrument bitcoin(core::Venue venue, core::Market market) {
    for (const auto& listing : venue::usual_listings(venue))
        if (listing.base == "BTC" && listing.instrument.market == market) return listing.instrument;
    return {};
}

/// The whole of a padded text, as feeds want it.
class Padded {
public:
    explicit Padded(std::string text) : size_{text.size()}, text_{std::move(text)} {
        text_.append(feeds::frame_padding, '\0');
    }
    [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    std::size_t size_;
    std::string text_;
};

/// A consumer of ticks: the book, and whether it may be believed.
struct Consumer {
    std::map<std::int64_t, std::int64_t, std::greater<>> bids{};
    std::map<std::int64_t, std::int64_t> asks{};
    bool valid{}, connected{};
    std::uint64_t gaps{}, resynchronised{}, disconnected{}, trades{}, levels_while_invalid{};
    core::Nanoseconds newest{};  ///< when the newest market data came

    void on(const core::Tick& tick) {
        if (tick.is(core::TickKind::session)) return session(static_cast<core::Session>(tick.code));
        newest = tick.receive_time;
        trades += tick.is(core::TickKind::trade) ? 1U : 0U;
        if (!tick.is(core::TickKind::level)) return;
        if ((tick.flags & core::tick_flag::snapshot) != 0 && (tick.flags & core::tick_flag::first) != 0) {
            bids.clear();
            asks.clear();
            valid = true;
        }
        levels_while_invalid += valid ? 0U : 1U;
        const auto price = tick.level.price.units, quantity = tick.level.quantity.units;
        if (tick.side == core::Side::buy)
            quantity == 0 ? static_cast<void>(bids.erase(price)) : static_cast<void>(bids[price] = quantity);
        else
            quantity == 0 ? static_cast<void>(asks.erase(price)) : static_cast<void>(asks[price] = quantity);
    }
    void session(core::Session what) {
        gaps += what == core::Session::gap ? 1U : 0U;
        resynchronised += what == core::Session::resynchronised ? 1U : 0U;
        disconnected += what == core::Session::disconnected ? 1U : 0U;
        if (what == core::Session::connected) connected = true;
        if (what == core::Session::disconnected) connected = false;
        if (what == core::Session::gap || what == core::Session::disconnected) valid = false;
    }
};

/// The best levels of both sides are the engine's.
inline ::testing::AssertionResult same_book(const Consumer& ours, const venue::MarketState& theirs,
                                            std::size_t levels = 20) {
    for (const auto side : {core::Side::buy, core::Side::sell}) {
        const auto truth = theirs.book.top(side, levels);
        std::size_t at = 0;
        const auto check = [&](std::int64_t price, std::int64_t quantity) {
            return at == truth.size() || (truth[at].price.units == price && truth[at++].quantity.units == quantity);
        };
        bool same = true;
        if (side == core::Side::buy)
            for (const auto& [price, quantity] : ours.bids) same = same && check(price, quantity);
        else
            for (const auto& [price, quantity] : ours.asks) same = same && check(price, quantity);
        if (!same || at != truth.size() || truth.empty())
            return ::testing::AssertionFailure() << (side == core::Side::buy ? "bids" : "asks") << ": level " << at
                                                 << " of " << truth.size() << " differs";
    }
    return ::testing::AssertionSuccess();
}

/// A market data session against a simulated venue in virtual time, without sockets: every message takes `flight` each
/// way. Hours pass in seconds.
class MarketWorld {
public:
    explicit MarketWorld(core::Venue venue, core::Market market = core::Market::linear,
                         const feeds::SessionSettings& settings = {}, core::Nanoseconds step = milliseconds(20),
                         std::optional<core::Nanoseconds> lifetime = {})
        : step_{step}, simulator{simulated(venue, step, lifetime)} {
        instrument = bitcoin(venue, market);
        id = table.add(instrument);
        auto plans = feeds::plan_sessions(venue, feeds::FeedMode::prod, table, {&id, 1}, {.marks = false},
                                          feeds::FeedHosts{"wss://sim", "https://sim"});
        session = std::make_unique<feeds::Session>(plans.front(), settings, table, 0, 1);
        listing = *simulator.engine().find(instrument.symbol, market);
        simulator.deliver_to([this](venue::Simulator::Outgoing&& out) {
            mail_.emplace(now + flight, [this, letter = std::move(out)] { receive(letter); });
        });
        // Over hours the market's own crowd is too much work, and too quiet now and then: one trade in five seconds.
        if (slow()) simulator.feeder().hold(true);
    }

    static constexpr core::Nanoseconds milliseconds(std::int64_t n) { return std::chrono::milliseconds{n}; }

    /// `each` after every step.
    template <class Each>
    void pass(core::Nanoseconds time, Each&& each) {
        for (const auto end = now + time; now < end;) {
            now += step_;
            simulator.advance(now);
            if (slow() && now >= next_pulse_) pulse();
            while (!mail_.empty() && mail_.begin()->first <= now) mail_.extract(mail_.begin()).mapped()();
            session->time(now, sink());
            obey();
            each();
        }
    }
    void pass(core::Nanoseconds time) {
        pass(time, [] {});
    }
    /// True when `enough` within `time`.
    template <class Enough>
    bool until(core::Nanoseconds time, Enough&& enough) {
        for (const auto end = now + time; now < end && !enough();) pass(step_);
        return enough();
    }
    /// Returns the number of the last of them, for strokes().
    std::size_t fault(const std::string& yaml) {
        for (const auto& spec : venue::parse_faults(yaml)) simulator.add_fault(spec);
        return simulator.faults().size() - 1;
    }
    [[nodiscard]] std::uint64_t strokes(std::size_t fault) { return simulator.faults().standing().at(fault).struck; }
    [[nodiscard]] std::uint64_t struck(venue::FaultKind kind) { return simulator.faults().struck(kind); }
    [[nodiscard]] const venue::MarketState& truth() { return simulator.engine().market(listing); }
    /// The market stands still until everything has arrived: our book must be the venue's then.
    ::testing::AssertionResult settled() {
        simulator.feeder().hold(true);
        next_pulse_ = core::Nanoseconds::max();
        pass(std::chrono::seconds{1});
        pass(step_);
        next_pulse_ = now;
        auto same = consumer.valid ? same_book(consumer, truth())
                                   : ::testing::AssertionResult{::testing::AssertionFailure() << "the book is invalid"};
        simulator.feeder().hold(slow());
        return same;
    }

    core::Nanoseconds now{std::chrono::hours{480'000}};
    core::Nanoseconds flight{milliseconds(5)};

private:
    core::Nanoseconds step_;
    std::multimap<core::Nanoseconds, std::function<void()>> mail_;
    core::Nanoseconds next_pulse_{};
    venue::ConnectionId connection_{};

    venue::SimulatorSettings simulated(core::Venue venue, core::Nanoseconds step,
                                       std::optional<core::Nanoseconds> lifetime) const {
        venue::SimulatorSettings made;
        made.dialect = venue;
        made.start = now;
        made.step = step;
        made.lifetime = lifetime;
        made.source.warm_up = std::chrono::seconds{10};
        for (auto& one : venue::usual_listings(venue))
            if (one.base == "BTC") made.listings.push_back(one);
        return made;
    }
    auto sink() {
        return [this](const core::Tick& tick) { consumer.on(tick); };
    }
    [[nodiscard]] bool slow() const { return step_ > milliseconds(50); }
    /// Somebody trades, and the best levels change.
    void pulse() {
        next_pulse_ = now + std::chrono::seconds{5};
        auto& engine = simulator.engine();
        const auto& state = engine.market(listing);
        const auto lot = core::Quantity{instrument.min_quantity.units + instrument.lot_size.units};
        const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
        engine.outside_order(listing, core::Side::buy, bid, lot + lot);
        engine.outside_order(listing, core::Side::sell, bid, lot);
        engine.outside_order(listing, core::Side::sell, ask, lot);
    }
    void receive(const venue::Simulator::Outgoing& letter) {
        if (letter.to != connection_) return;  // for a socket we have left
        if (letter.close_code != 0) {
            connection_ = 0;
            return session->closed(now, letter.text, sink());
        }
        const Padded bytes{letter.text};
        session->frame({.bytes = bytes.view(),
                        .receive_time = now,
                        .connection = 0,
                        .origin = feeds::FrameOrigin::socket,
                        .url = session->plan().url},
                       sink());
    }
    void obey() {
        while (const auto command = session->next_command()) {
            using Kind = feeds::SessionCommand::Kind;
            switch (command->kind) {
                case Kind::open: {
                    const auto path = command->text.substr(command->text.find('/', 6));
                    connection_ = simulator.open(venue::HttpRequest::make("GET", path));
                    if (connection_ == 0)
                        session->closed(now, "refused", sink());
                    else
                        session->opened(now, sink());
                    break;
                }
                case Kind::send: simulator.message(connection_, command->text); break;
                case Kind::close:
                    simulator.closed(connection_);
                    connection_ = 0;
                    break;
                case Kind::request: {
                    ++requests;
                    const auto reply = simulator.http(venue::HttpRequest::make("GET", command->text));
                    auto body = reply.drop || reply.status != 200 ? std::string{} : reply.body;
                    mail_.emplace(now + 2 * flight, [this, body = std::move(body), of = command->instrument] {
                        session->snapshot(now, of, Padded{body}.view(), {}, sink());
                    });
                    break;
                }
            }
        }
    }

public:
    core::InstrumentTable table{};
    core::Instrument instrument{};
    core::InstrumentId id{};
    venue::Simulator simulator;
    std::unique_ptr<feeds::Session> session{};
    venue::ListingId listing{};
    Consumer consumer{};
    std::uint64_t requests{};  ///< for snapshots
};

/// All dialects, for tests that loop over them.
inline constexpr core::Venue dialects[]{core::Venue::binance, core::Venue::bitget, core::Venue::bybit,
                                        core::Venue::okx};

}  // namespace test
