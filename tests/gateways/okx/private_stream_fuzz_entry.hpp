#pragma once

#include "gateways/okx/exchange_service.hpp"
#include "gateways/okx/private_stream.hpp"
#include "tests/gateways/exchange/stream_fuzz.hpp"

/// What the fuzzer and the test of its corpus run: one input as a private frame and as the answer to every call.
inline void fuzz_okx(std::string_view bytes) {
    using core::Market;
    static const auto table = [] {
        core::InstrumentTable made;
        for (const auto& [market, symbol] : std::initializer_list<std::pair<Market, const char*>>{
                 {Market::linear, "BTC-USDT-SWAP"}, {Market::inverse, "BTC-USD-SWAP"}, {Market::spot, "BTC-USDT"}})
            made.add({.venue = core::Venue::okx,
                      .market = market,
                      .symbol = symbol,
                      .price_decimals = 4,
                      .quantity_decimals = 6});
        return made;
    }();
    static gateways::okx::PrivateStream stream{table};
    static const gateways::okx::ExchangeService service;
    test::fuzz_stream(stream, bytes);
    test::fuzz_answers(service, bytes);
}
