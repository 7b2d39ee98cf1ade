#pragma once

#include "gateways/bybit/exchange_service.hpp"
#include "gateways/bybit/private_stream.hpp"
#include "tests/gateways/exchange/stream_fuzz.hpp"

/// What the fuzzer and the test of its corpus run: one input as a private frame and as the answer to every call.
inline void fuzz_bybit(std::string_view bytes) {
    using core::Market;
    static const auto table = [] {
        core::InstrumentTable made;
        for (const auto& [market, symbol] : std::initializer_list<std::pair<Market, const char*>>{
                 {Market::linear, "BTCUSDT"}, {Market::inverse, "BTCUSD"}, {Market::spot, "BTCUSDT"}})
            made.add({.venue = core::Venue::bybit,
                      .market = market,
                      .symbol = symbol,
                      .price_decimals = 4,
                      .quantity_decimals = 6});
        return made;
    }();
    static gateways::bybit::PrivateStream stream{table};
    static const gateways::bybit::ExchangeService service;
    test::fuzz_stream(stream, bytes);
    test::fuzz_answers(service, bytes);
}
