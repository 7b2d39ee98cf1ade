#pragma once

#include "gateways/live/account_calls.hpp"

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// One fuzz input: a line "okx ask_account 200" (venue, action, HTTP status), then what the venue is said to answer:
/// texts separated by lines of "---", one a request, the last one again and again. Returns "" or what is wrong:
/// whatever comes, the conversation ends, says nothing of instruments that are not in use, and never both places and
/// refuses.
inline std::string fuzz_calls(std::string_view input) {
    namespace ex = gateways::exchange;
    namespace live = gateways::live;
    using gateways::ActionKind;
    using gateways::VenueEventKind;

    const auto line_end = input.find('\n');
    if (line_end == input.npos) return {};
    std::vector<std::string_view> words;
    for (auto line = input.substr(0, line_end); !line.empty();) {
        const auto blank = line.find(' ');
        words.push_back(line.substr(0, blank));
        line = blank == line.npos ? std::string_view{} : line.substr(blank + 1);
    }
    if (words.size() != 3) return {};
    const auto venue = core::parse_venue(words[0]);
    int status = 0;
    std::from_chars(words[2].data(), words[2].data() + words[2].size(), status);
    std::vector<std::string> bodies;
    for (auto rest = input.substr(line_end + 1);;) {
        const auto at = rest.find("\n---\n");
        bodies.emplace_back(rest.substr(0, at));
        if (at == rest.npos) break;
        rest = rest.substr(at + 5);
    }

    static const auto instruments = [] {
        core::InstrumentTable table;
        for (const auto of : {core::Venue::binance, core::Venue::bitget, core::Venue::bybit, core::Venue::okx})
            for (const auto market : {core::Market::spot, core::Market::linear}) {
                core::Instrument instrument;
                instrument.venue = of;
                instrument.market = market;
                instrument.symbol = of != core::Venue::okx         ? "BTCUSDT"
                                    : market == core::Market::spot ? "BTC-USDT"
                                                                   : "BTC-USDT-SWAP";
                instrument.price_decimals = 2;
                instrument.quantity_decimals = 4;
                table.add(std::move(instrument));
            }
        return table;
    }();
    if (!venue || *venue > core::Venue::okx) return {};
    const live::AccountCalls calls{
        *venue,
        {core::Market::spot, core::Market::linear},
        instruments,
        ex::Environment::live,
        {core::Secret{std::string{"key"}}, core::Secret{std::string{"secret"}}, core::Secret{std::string{"phrase"}}}};
    for (std::size_t k = 0; k < gateways::action_kind_count; ++k) {
        gateways::Action action;
        action.kind = static_cast<ActionKind>(k);
        if (gateways::name(action.kind) != words[1]) continue;
        constexpr core::Nanoseconds now = std::chrono::hours{480'000};
        action.timestamp = now;
        action.since = now - std::chrono::hours{3};
        action.countdown = std::chrono::seconds{30};
        const bool of_order = action.kind == ActionKind::place || action.kind == ActionKind::cancel ||
                              action.kind == ActionKind::ask_order || action.kind == ActionKind::ask_fills;
        for (const auto& instrument : instruments) {
            if (instrument.venue != *venue) continue;
            if (!of_order && action.order.instrument != core::no_instrument) break;  // once is enough
            action.order.id = core::OrderId::of(7, 1);
            action.order.instrument = instrument.id;
            action.order.quantity = core::Quantity{10'000};
            action.order.price = core::Price{5'000'000};
            for (const bool stops : {false, true}) {
                if (stops && !of_order) break;
                if (stops) {
                    action.order.type = core::OrderType::stop_market;
                    action.order.trigger = core::Price{4'500'000};
                }
                auto conversation = calls.begin(action, now);
                std::size_t asked = 0;
                while (!conversation.done()) {
                    if (!conversation.next(now)) continue;
                    const auto& body = bodies[std::min(asked, bodies.size() - 1)];
                    if (++asked > live::Conversation::max_requests) return "it does not end";
                    conversation.answer(ex::Response{.status = status, .headers = {}, .body = body}, now, now);
                }
                const auto answered = conversation.take();
                bool placed = false, refused = false;
                for (const auto& event : answered.events) {
                    placed = placed || event.kind == VenueEventKind::acknowledged;
                    refused = refused || event.kind == VenueEventKind::rejected;
                    if (event.instrument.value >= instruments.size()) return "an event of no instrument";
                    if (instruments[event.instrument].venue != *venue) return "an event of another venue";
                }
                if (placed && refused) return "placed and refused";
                if (status >= 500 && refused) return "refused by a broken server";
                if (answered.not_sent) return "what was answered was sent";
                if (!answered.snapshot) continue;
                for (const auto* list :
                     {&answered.snapshot->open_orders, &answered.snapshot->fills, &answered.snapshot->positions})
                    for (const auto& event : *list)
                        if (event.instrument.value >= instruments.size() ||
                            instruments[event.instrument].venue != *venue)
                            return "a row of no instrument";
            }
        }
    }
    return {};
}

}  // namespace test
