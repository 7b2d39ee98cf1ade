#pragma once

#include "gateways/live/account_calls.hpp"
#include "gateways/orders/client_id.hpp"
#include "tools/venue/simulator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace test {

using namespace std::chrono_literals;
using core::Market;
using core::Nanoseconds;
using core::Side;
using core::Venue;
using gateways::Action;
using gateways::ActionKind;
using gateways::VenueEvent;
using gateways::VenueEventKind;
using gateways::VenueStatus;
using gateways::live::Answered;

inline constexpr Venue venues[] = {Venue::binance, Venue::bitget, Venue::bybit, Venue::okx};

/// A simulated venue whose clock stands until it is moved, our AccountCalls in front of it, no socket in between.
class CallsRig {
public:
    explicit CallsRig(Venue of, std::vector<Market> markets = {Market::spot, Market::linear},
                      std::string secret = "omega-sim-secret")
        : venue{of}, simulator{settings(of)}, instruments{table(of)}, calls{of,
                                                                            std::move(markets),
                                                                            instruments,
                                                                            gateways::exchange::Environment::live,
                                                                            keys(std::move(secret)),
                                                                            "https://sim"} {
        simulator.feeder().hold(true);
        for (const auto& instrument : instruments) show_book(instrument);
    }

    const Venue venue;
    Nanoseconds now{std::chrono::hours{480'000}};
    venue::Simulator simulator;
    core::InstrumentTable instruments;
    gateways::live::AccountCalls calls;
    std::vector<gateways::exchange::WireRequest> requests;  ///< all that left
    std::vector<gateways::exchange::Response> responses;
    std::size_t lose_before{};  ///< so many requests from now on never leave

    static venue::SimulatorSettings settings(Venue of) {
        venue::SimulatorSettings made;
        made.dialect = of;
        made.start = std::chrono::hours{480'000};
        made.source.warm_up = 0s;  // an empty book
        for (const auto& listing : venue::usual_listings(of))
            if (listing.base == "BTC" || listing.base == "ETH") made.listings.push_back(listing);
        return made;
    }
    static core::InstrumentTable table(Venue of) {
        core::InstrumentTable made;
        for (const auto& listing : settings(of).listings) made.add(listing.instrument);
        return made;
    }
    static gateways::exchange::Credentials keys(std::string secret) {
        return {core::Secret{std::string{"omega-sim-key"}}, core::Secret{std::move(secret)},
                core::Secret{std::string{"omega-sim-pass"}}};
    }

    // ---- the market

    [[nodiscard]] venue::ListingId listing(const core::Instrument& instrument) {
        return *simulator.engine().find(instrument.symbol, instrument.market);
    }
    [[nodiscard]] const core::Instrument& btc(Market market) const {
        return *std::find_if(instruments.begin(), instruments.end(),
                             [&](const auto& i) { return i.market == market && i.symbol.starts_with("BTC"); });
    }
    /// 10 units of the quote currency, in price units.
    [[nodiscard]] static std::int64_t step(const core::Instrument& instrument) {
        std::int64_t units = 10;
        for (int i = 0; i < instrument.price_decimals; ++i) units *= 10;
        return units;
    }
    static constexpr std::int64_t middle = 5'000;  ///< the market's price, in steps
    [[nodiscard]] static core::Price price(const core::Instrument& instrument, std::int64_t steps) {
        return {steps * step(instrument)};
    }
    /// Large levels on both sides, 10 below and above the middle of 50'000.
    void show_book(const core::Instrument& instrument) {
        trade(instrument, middle);
        for (const auto side : {Side::buy, Side::sell}) {
            core::Tick tick;
            tick.kind = core::TickKind::level;
            tick.side = side;
            tick.flags = core::tick_flag::first | core::tick_flag::last;
            tick.level = {price(instrument, middle + (side == Side::buy ? -1 : 1)), core::Quantity{100'000'000}, 0};
            simulator.engine().on_tick(listing(instrument), tick);
        }
    }
    /// The outside trades there: what waits for that price is released.
    void trade(const core::Instrument& instrument, std::int64_t steps) {
        core::Tick tick;
        tick.kind = core::TickKind::trade;
        tick.side = Side::sell;
        tick.trade = {price(instrument, steps), core::Quantity{1}, 0};
        simulator.engine().on_tick(listing(instrument), tick);
    }
    void pass(Nanoseconds time) { simulator.advance(now += time); }

    // ---- orders and actions

    [[nodiscard]] core::Order order(const core::Instrument& instrument, Side side, std::int64_t lots,
                                    std::int64_t steps = 0) {
        core::Order made;
        made.id = core::OrderId::of(7, ++last_order_);
        made.instrument = instrument.id;
        made.venue = venue;
        made.side = side;
        made.type = steps == 0 ? core::OrderType::market : core::OrderType::limit;
        made.price = price(instrument, steps);
        made.quantity = core::Quantity{lots * lot(instrument)};
        made.time = now;
        return made;
    }
    /// A hundredth of a coin (OKX: one contract of it), in quantity units.
    [[nodiscard]] static std::int64_t lot(const core::Instrument& instrument) {
        std::int64_t units = 1;
        for (int i = 0; i < instrument.quantity_decimals - 2; ++i) units *= 10;
        if (instrument.contract_value.units == 1'000'000) units *= 100;
        return units;
    }
    [[nodiscard]] core::Order stop(const core::Instrument& instrument, Side side, std::int64_t lots,
                                   std::int64_t trigger_steps) {
        auto made = order(instrument, side, lots);
        made.type = core::OrderType::stop_market;
        made.trigger = price(instrument, trigger_steps);
        made.reduce_only = instrument.market != Market::spot;
        made.purpose = core::Purpose::stop;
        return made;
    }
    [[nodiscard]] Action action(ActionKind kind, const core::Order& of = {}) const {
        Action made;
        made.kind = kind;
        made.order = of;
        made.timestamp = now;
        return made;
    }

    core::Result<gateways::exchange::Response, gateways::exchange::ApiError> send(
        const gateways::exchange::WireRequest& wire) {
        EXPECT_EQ(wire.base, "https://sim");
        if (lose_before > 0) {
            --lose_before;
            return gateways::exchange::refused(gateways::exchange::ErrorKind::network, "no way");
        }
        requests.push_back(wire);
        auto request =
            venue::HttpRequest::make(std::string{gateways::exchange::name(wire.method)}, wire.target, wire.body);
        for (const auto& header : wire.headers) {
            auto name = header.name;
            std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
            request.headers.emplace_back(name, header.value);
        }
        auto reply = simulator.http(request);
        if (reply.drop) return gateways::exchange::refused(gateways::exchange::ErrorKind::unknown_outcome, "lost");
        gateways::exchange::Response response{.status = reply.status, .headers = {}, .body = std::move(reply.body)};
        for (auto& [name, value] : reply.headers) response.headers.push_back({name, value});
        responses.push_back(response);
        return response;
    }
    Answered run(const Action& what) {
        auto conversation = calls.begin(what, now);
        while (!conversation.done()) {
            const auto wire = conversation.next(now);
            if (!wire) continue;
            EXPECT_FALSE(conversation.next(now)) << "a second request before the answer";
            const auto sent = now;
            const auto response = send(*wire);
            pass(50ms);
            conversation.answer(response, sent, now);
        }
        return conversation.take();
    }
    Answered place(const core::Order& of) { return run(action(ActionKind::place, of)); }
    Answered cancel(const core::Order& of) {
        auto what = action(ActionKind::cancel, of);
        what.order.type = core::OrderType::cancel;
        return run(what);
    }
    Answered ask(const core::Order& of, gateways::VenueId id = {}) {
        auto what = action(ActionKind::ask_order, of);
        what.venue_order = id;
        return run(what);
    }
    Answered account(Nanoseconds since = {}) {
        auto what = action(ActionKind::ask_account);
        what.since = since;
        return run(what);
    }

    // ---- the truth

    [[nodiscard]] const venue::Order* there(const core::Order& of) {
        std::string id(gateways::client_id_length, '0');
        gateways::write_client_id(id.data(), of.id);
        auto& engine = simulator.engine();
        return engine.order(engine.account(1), id);
    }
    /// The engine's number of an order, from the venue's text: Bybit's contracts have it in a UUID.
    [[nodiscard]] static std::uint64_t number_of(const gateways::VenueId& id) {
        const std::string text{id.view()};
        const auto dash = text.rfind('-');
        return dash == text.npos ? std::stoull(text) : std::stoull(text.substr(dash + 1), nullptr, 16);
    }
    [[nodiscard]] std::int64_t held(const core::Instrument& instrument) {
        const auto* position = simulator.engine().account(1).position(listing(instrument), venue::PositionSide::net);
        return position == nullptr ? 0 : position->held.quantity().units;
    }

private:
    std::uint64_t last_order_{};
};

inline std::string words(const std::vector<VenueEvent>& events) {
    std::string text;
    for (const auto& event : events) {
        text += (text.empty() ? "" : " ") + std::string{gateways::name(event.kind)};
        if (event.kind == VenueEventKind::order_update) text += ":" + std::string{gateways::name(event.update.status)};
        if (event.kind == VenueEventKind::rejected || event.kind == VenueEventKind::cancel_rejected)
            text += ":" + std::string{gateways::name(event.rejected.refusal)};
    }
    return text;
}
inline std::int64_t filled(const std::vector<VenueEvent>& events) {
    std::int64_t sum = 0;
    for (const auto& event : events)
        if (event.kind == VenueEventKind::fill) sum += event.fill.quantity.units;
    return sum;
}
inline const VenueEvent* last_update(const std::vector<VenueEvent>& events) {
    const VenueEvent* found = nullptr;
    for (const auto& event : events)
        if (event.kind == VenueEventKind::order_update) found = &event;
    return found;
}

}  // namespace test
