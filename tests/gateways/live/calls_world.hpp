#pragma once

#include "gateways/live/account_calls.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace test {

using namespace std::chrono_literals;
using core::Market;
using core::Nanoseconds;
using core::Venue;
using gateways::Action;
using gateways::ActionKind;
using gateways::VenueEventKind;
using gateways::exchange::ApiError;
using gateways::exchange::ErrorKind;
using gateways::exchange::Response;
using gateways::exchange::WireRequest;
using gateways::live::AccountCalls;
using gateways::live::Answered;

/// BTC, and more pairs where asked for, in spot and linear of one venue.
inline core::InstrumentTable pairs_of(Venue venue, std::size_t pairs = 1) {
    static constexpr const char* bases[] = {"BTC", "ETH", "SOL", "XRP", "ADA", "DOT", "LTC", "BNB", "TRX", "XLM"};
    core::InstrumentTable table;
    for (const auto market : {Market::spot, Market::linear})
        for (std::size_t i = 0; i < pairs; ++i) {
            std::string symbol = std::string{bases[i]} + "USDT";
            if (venue == Venue::okx) symbol = std::string{bases[i]} + (market == Market::spot ? "-USDT" : "-USDT-SWAP");
            table.add(
                {.venue = venue, .market = market, .symbol = symbol, .price_decimals = 2, .quantity_decimals = 3});
        }
    return table;
}

inline gateways::exchange::Credentials some_keys(std::string passphrase = "pass") {
    return {core::Secret{std::string{"key"}}, core::Secret{std::string{"secret"}}, core::Secret{std::move(passphrase)}};
}

/// AccountCalls with hand-written answers: no simulator behind.
struct CallsWorld {
    explicit CallsWorld(Venue of) : venue{of}, instruments{pairs_of(of)}, calls{make(of, instruments)} {}

    const Venue venue;
    Nanoseconds now{std::chrono::hours{480'000}};
    core::InstrumentTable instruments;
    AccountCalls calls;

    static AccountCalls make(Venue of, const core::InstrumentTable& table) {
        return {of, {Market::spot, Market::linear}, table, gateways::exchange::Environment::live, some_keys()};
    }
    [[nodiscard]] core::Order order(Market market, bool stop = false) const {
        core::Order made;
        made.id = core::OrderId::of(7, 1);
        made.instrument = core::InstrumentId{static_cast<std::uint16_t>(market == Market::spot ? 0 : 1)};
        made.venue = venue;
        made.type = stop ? core::OrderType::stop_market : core::OrderType::limit;
        made.side = stop ? core::Side::sell : core::Side::buy;
        made.price = core::Price{stop ? 0 : 5'000'000};
        made.trigger = core::Price{stop ? 4'000'000 : 0};
        made.quantity = core::Quantity{10};
        made.time = now;
        return made;
    }
    [[nodiscard]] Action action(ActionKind kind, const core::Order& of) const {
        Action made;
        made.kind = kind;
        made.order = of;
        if (kind == ActionKind::cancel) made.order.type = core::OrderType::cancel;
        made.timestamp = now;
        return made;
    }
    [[nodiscard]] WireRequest first(const Action& what) const {
        auto conversation = calls.begin(what, now);
        auto wire = conversation.next(now);
        EXPECT_TRUE(wire);
        return wire ? *wire : WireRequest{};
    }
    /// What comes of it when the venue answers its first request so.
    [[nodiscard]] Answered answered(const Action& what, const Response& response) const {
        auto conversation = calls.begin(what, now);
        EXPECT_TRUE(conversation.next(now));
        conversation.answer(response, now, now + 20ms);
        EXPECT_TRUE(conversation.done());
        return conversation.take();
    }
};

}  // namespace test
