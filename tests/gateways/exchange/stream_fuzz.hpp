#pragma once

#include "gateways/exchange/service.hpp"
#include "gateways/orders/venue_event.hpp"
#include "gateways/streams/reading.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace test {

[[noreturn]] inline void fuzz_failure(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

/// Any bytes as a private frame: what is told of it is true, and events hold what their kinds promise.
template <class Stream>
void fuzz_stream(Stream& stream, std::string_view bytes) {
    using gateways::VenueEventKind;
    std::vector<gateways::VenueEvent> events;
    const auto reading = stream.read(bytes, core::Nanoseconds{1}, events);
    if (!reading && !events.empty()) fuzz_failure("a refused frame left events");
    if (!reading) return;
    if (reading->events != events.size()) fuzz_failure("the number of events is not the one told");
    for (const auto& event : events) {
        if (event.venue_time <= core::Nanoseconds{}) fuzz_failure("an event without time");
        if (event.kind == VenueEventKind::fill && (event.fill.price.units <= 0 || event.fill.quantity.units <= 0))
            fuzz_failure("a fill of nothing");
        if (event.kind == VenueEventKind::order_update &&
            (event.update.quantity.units < 0 || event.update.filled.units < 0 ||
             final(event.update.status) != (event.update.status == gateways::VenueStatus::filled)))
            fuzz_failure("an order that stands in no way it can");
        if (event.kind == VenueEventKind::balance && event.balance.asset.empty()) fuzz_failure("money of no currency");
    }
}

/// Any bytes as the answer to every call of a venue: it is read or refused, and what is read can be printed.
inline void fuzz_answers(const gateways::exchange::Service& service, std::string_view bytes) {
    namespace ex = gateways::exchange;
    static const auto orders =
        *ex::Value::parse(R"([{"symbol":"BTC/USDT","type":"limit","side":"buy","amount":1,"price":2}])");
    const auto markets = ex::main_market_table(service);
    const ex::Context context{.markets = markets, .fresh_id = "id"};
    for (const auto& row : ex::all_calls()) {
        const auto call = *ex::parse_call(row.name);
        ex::Arguments arguments;
        for (const auto* name :
             {"symbol", "id", "clientOrderId", "type", "side", "amount", "price", "leverage", "hedged"})
            arguments.set(name, std::string_view{name} == "symbol" ? "BTC/USDT:USDT"
                                : std::string_view{name} == "type" ? "limit"
                                : std::string_view{name} == "side" ? "buy"
                                                                   : "2");
        arguments.set("orders", orders);
        const auto requests = service.build(call, arguments, context);
        if (!requests) continue;
        for (const auto& request : *requests) {
            const auto result = service.parse(call, arguments, context, request,
                                              {.status = 200, .headers = {}, .body = std::string{bytes}});
            if (result && !ex::Value::parse(ex::to_json(*result).write())) fuzz_failure("a result that is no JSON");
        }
    }
}

}  // namespace test
