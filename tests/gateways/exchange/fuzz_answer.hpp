#pragma once

#include "gateways/binance/private_stream.hpp"
#include "gateways/bitget/private_stream.hpp"
#include "gateways/exchange/service.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// One fuzz input: a line with venue and call ("binance fetch_order", or "binance stream"), then what the venue is said
/// to have answered. Returns "" or what is wrong: whatever comes, reading it ends in a result whose JSON is JSON, or in
/// an error; a stream's refused frame appends nothing.
inline std::string fuzz_answer(std::string_view input) {
    namespace ex = gateways::exchange;
    const auto line_end = input.find('\n');
    if (line_end == input.npos) return {};
    const auto line = input.substr(0, line_end);
    const std::string body{input.substr(line_end + 1)};
    const auto blank = line.find(' ');
    if (blank == line.npos) return {};
    const auto venue = core::parse_venue(line.substr(0, blank));
    const auto word = line.substr(blank + 1);
    if (!venue) return {};

    if (word == "stream") {
        static const auto instruments = [] {
            core::InstrumentTable table;
            for (const auto of : {core::Venue::binance, core::Venue::bitget}) {
                core::Instrument instrument;
                instrument.venue = of;
                instrument.market = core::Market::linear;
                instrument.symbol = "BTCUSDT";
                instrument.price_decimals = instrument.quantity_decimals = 4;
                table.add(std::move(instrument));
            }
            return table;
        }();
        std::vector<gateways::VenueEvent> events;
        const auto read =
            *venue == core::Venue::binance
                ? gateways::binance::PrivateStream{instruments, core::Market::linear}.read(body, {}, events)
                : gateways::bitget::PrivateStream{instruments}.read(body, {}, events);
        return !read && !events.empty() ? "events of a refused frame" : "";
    }

    const auto service = ex::make_service(*venue);
    const auto call = ex::parse_call(word);
    if (!service || !call) return {};
    static const auto markets = ex::main_market_table(*ex::make_service(core::Venue::binance));
    const ex::Context context{.markets = markets};
    ex::Arguments arguments;
    arguments.set("symbol", "BTC/USDT:USDT");
    arguments.set_params(ex::Value::object());
    const ex::Request request{.host = ex::Host::linear, .path = "/"};
    for (const int status : {200, 400, 503}) {
        const auto result =
            service->parse(*call, arguments, context, request, {.status = status, .headers = {}, .body = body});
        const auto json = result ? ex::to_json(*result).write() : ex::to_json(result.error()).write();
        if (!ex::Value::parse(json)) return "no JSON: " + json;
    }
    if (const auto document = ex::Value::parse(body)) (void)service->parse_markets(*document);
    return {};
}

}  // namespace test
