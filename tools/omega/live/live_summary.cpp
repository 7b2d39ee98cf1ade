#include "tools/omega/live/live_summary.hpp"

#include "gateways/orders/protection.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace omega {

bool LeftBehind::unsafe() const noexcept {
    return std::ranges::any_of(positions, [](const Position& one) { return one.naked.units != 0; }) ||
           std::ranges::any_of(orders, [](const Order& one) { return !one.guards; });
}

LeftBehind left_behind(const Accounts& accounts, const core::InstrumentTable& instruments) {
    LeftBehind left;
    for (const auto& line : accounts.lines()) {
        const auto& ledger = *line->ledger;
        for (const auto& instrument : instruments) {
            if (instrument.venue != line->venue) continue;
            if (const auto* differs = line->account->gateway().reconciler().mismatch(instrument.id)) {
                const auto theirs = differs->theirs;
                if (theirs.units != 0)
                    left.positions.push_back({.instrument = instrument.id,
                                              .quantity = theirs,
                                              .naked = theirs.units < 0 ? -theirs : theirs,
                                              .unknown = true});
                continue;
            }
            const auto held = ledger.position(instrument.id);
            if (held.units == 0) continue;
            left.positions.push_back({.instrument = instrument.id,
                                      .quantity = held,
                                      .naked = gateways::protection(ledger, instrument.id).naked()});
        }
        ledger.for_each([&](const gateways::TrackedOrder& tracked) {
            if (tracked.outside || final(tracked.state())) return;
            left.orders.push_back(
                {.order = tracked.order, .left = tracked.left(), .guards = gateways::guards_position(ledger, tracked)});
        });
    }
    return left;
}

namespace {

using nlohmann::json;

std::string_view side_of(const core::Order& order) {
    return order.side == core::Side::buy ? "buy" : "sell";
}

json of_accounts(const Accounts& accounts) {
    json all = json::array();
    for (const auto& line : accounts.lines()) {
        const auto& counts = line->account->counts();
        all.push_back({{"venue", core::name(line->venue)},
                       {"epoch", accounts.epoch()},
                       {"stream_up", line->account->link().stream_up},
                       {"orders_by_socket", counts.by_socket},
                       {"orders_by_rest", counts.by_rest},
                       {"requests", counts.rest_requests},
                       {"held_back", line->account->gateway().held_back()},
                       {"open_orders", line->ledger->open_orders()}});
    }
    return all;
}

json of_left(const LiveFacts& facts) {
    json positions = json::array(), orders = json::array();
    for (const auto& one : facts.left.positions) {
        const auto& instrument = (*facts.instruments)[one.instrument];
        positions.push_back({{"venue", core::name(instrument.venue)},
                             {"instrument", instrument.symbol},
                             {"quantity", core::to_text(one.quantity, instrument.quantity_decimals)},
                             {"without_stop", core::to_text(one.naked, instrument.quantity_decimals)},
                             {"in_ledger", !one.unknown}});
    }
    for (const auto& one : facts.left.orders) {
        const auto& instrument = (*facts.instruments)[one.order.instrument];
        const auto price = one.order.trigger.units != 0 ? one.order.trigger : one.order.price;
        orders.push_back({{"venue", core::name(instrument.venue)},
                          {"instrument", instrument.symbol},
                          {"id", one.order.id.value},
                          {"side", side_of(one.order)},
                          {"purpose", core::name(one.order.purpose)},
                          {"price", core::to_text(price, instrument.price_decimals)},
                          {"quantity", core::to_text(one.left, instrument.quantity_decimals)},
                          {"guards_position", one.guards}});
    }
    return {{"positions", std::move(positions)}, {"orders", std::move(orders)}, {"unsafe", facts.left.unsafe()}};
}

}  // namespace

json to_json(const LiveFacts& facts) {
    json result{{"sessions", json::array()}, {"accounts", json::array()}};
    for (const auto& line : facts.market->status())
        result["sessions"].push_back({{"venue", core::name(line.venue)},
                                      {"url", line.session.url},
                                      {"ready", line.session.ready},
                                      {"opened", line.session.counts.opened},
                                      {"frames", line.session.frames},
                                      {"trouble", line.session.trouble}});
    if (const auto kept = facts.market->counts(); !facts.recorded.empty())
        result["record"] = {{"folder", facts.recorded}, {"frames", kept.recorded}, {"dropped", kept.not_recorded}};
    if (facts.accounts == nullptr) return result;
    result["accounts"] = of_accounts(*facts.accounts);
    result["alerts"] = facts.alerts.texts();
    result["alert_count"] = facts.alerts.count();
    result["left"] = of_left(facts);
    result["equity"] = {{"accounts", core::to_text(facts.equity)}, {"cap", core::to_text(facts.cap)}};
    result["departures"] = {{"by_socket", facts.desk->departed(Departure::written)},
                            {"by_rest", facts.desk->departed(Departure::handed_over)},
                            {"held_back", facts.desk->departed(Departure::held_back)}};
    return result;
}

void print_summary(std::ostream& out, const LiveFacts& facts) {
    for (const auto& line : facts.market->status())
        fmt::print(out, "  session    {:<9} {:>10} frames   opened {}   {}{}\n", core::name(line.venue),
                   line.session.frames, line.session.counts.opened, line.session.ready ? "ready" : "NOT READY",
                   line.session.trouble.empty() ? "" : "   last trouble: " + line.session.trouble);
    if (const auto kept = facts.market->counts(); !facts.recorded.empty())
        fmt::print(out, "  record     {:>12} frames in {}{}\n", kept.recorded, facts.recorded,
                   kept.not_recorded == 0 ? "" : fmt::format(", {} NOT RECORDED", kept.not_recorded));
    if (facts.accounts == nullptr) return;
    for (const auto& line : facts.accounts->lines()) {
        const auto& counts = line->account->counts();
        fmt::print(out,
                   "  account    {:<9} {:>10} orders by socket   {} by REST   {} requests   {} held back   {} open at "
                   "the end\n",
                   core::name(line->venue), counts.by_socket, counts.by_rest, counts.rest_requests,
                   line->account->gateway().held_back(), line->ledger->open_orders());
    }
    fmt::print(out, "  equity     {:>12} in the accounts at the start, counted up to {} (start_equity)\n",
               core::to_text(facts.equity), core::to_text(facts.cap));
    fmt::print(out,
               "  departed   {:>12} orders and cancels by socket, timed above   {} by REST, not timed   {} held back\n",
               facts.desk->departed(Departure::written), facts.desk->departed(Departure::handed_over),
               facts.desk->departed(Departure::held_back));
    for (const auto& one : facts.left.positions) {
        const auto& instrument = (*facts.instruments)[one.instrument];
        fmt::print(out, "  left       {:<22} position {}{}\n", instrument.name(),
                   core::to_text(one.quantity, instrument.quantity_decimals),
                   one.naked.units == 0 ? ", covered by stops at the venue"
                                        : fmt::format(", {} of it WITHOUT A STOP",
                                                      core::to_text(one.naked, instrument.quantity_decimals)));
    }
    for (const auto& one : facts.left.orders) {
        if (one.guards) continue;
        const auto& instrument = (*facts.instruments)[one.order.instrument];
        fmt::print(out, "  left       {:<22} ORDER {} {} {}\n", instrument.name(), side_of(one.order),
                   core::to_text(one.left, instrument.quantity_decimals), core::name(one.order.purpose));
    }
    constexpr std::size_t shown = 20;
    for (std::size_t i = 0; i < std::min(shown, facts.alerts.texts().size()); ++i)
        fmt::print(out, "  ALERT      {}\n", facts.alerts.texts()[i]);
    if (facts.alerts.count() > shown) fmt::print(out, "  ALERT      and {} more\n", facts.alerts.count() - shown);
}

}  // namespace omega
