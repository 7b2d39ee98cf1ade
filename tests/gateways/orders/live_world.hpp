#pragma once

#include "tests/gateways/orders/scripted_venue.hpp"

#include <memory>
#include <string>
#include <vector>

namespace test {

using namespace std::chrono_literals;

inline RateLedger budget_of(std::uint32_t limit, std::uint32_t reserve) {
    RateRules rules;
    rules.windows[0] = {.length = 60s, .limit = limit, .reserve = reserve};
    rules.count = 1;
    auto made = RateLedger::anonymous(rules);
    return std::move(*made);
}

/// Gateway and venue, with 10 ms between two looks.
struct World {
    explicit World(std::uint32_t seed = 1, std::uint32_t limit = 1'000'000)
        : venue{seed}, budget{budget_of(limit, 100)} {
        settings.venue = Venue::binance;
        settings.epoch = 1;
    }
    InstrumentTable instruments = two_instruments();
    LiveSettings settings{};
    OrderLedger ledger{settings.ledger, instruments};
    ScriptedVenue venue;
    RateLedger budget;
    std::unique_ptr<LiveGateway> gateway{};
    Nanoseconds now = 1000s;
    Outcome out;                ///< of the newest call
    std::vector<Tick> told;     ///< all executions
    std::vector<Alert> alerts;  ///< all of them
    std::vector<Effect> ignored;
    std::vector<Action> actions;  ///< all of them

    void carry() {
        venue.take(out.actions, now);
        told.insert(told.end(), out.executions.begin(), out.executions.end());
        alerts.insert(alerts.end(), out.alerts.begin(), out.alerts.end());
        actions.insert(actions.end(), out.actions.begin(), out.actions.end());
        out.clear();
    }
    void start() {
        gateway = std::make_unique<LiveGateway>(settings, instruments, ledger, budget);
        venue.connect(*gateway, now, out, true);
        gateway->open();
        run(100ms);
    }
    void run(Nanoseconds span) {
        for (const auto end = now + span; now < end; now += 10ms) {
            venue.deliver(*gateway, now, out);
            carry();
            gateway->step(now, out);
            carry();
        }
    }
    void submit(const Order& order) {
        gateway->submit(order, now, out);
        carry();
    }
    void cancel(const Order& asked) {
        auto order = asked;
        order.type = OrderType::cancel;
        submit(order);
    }
    std::size_t count(ActionKind kind) const {
        return static_cast<std::size_t>(
            std::count_if(actions.begin(), actions.end(), [&](const Action& a) { return a.kind == kind; }));
    }
    std::string heard(const Order& order) const {
        std::string text;
        for (const auto& tick : told)
            if (tick.execution.order_id == order.id.value)
                text += (text.empty() ? "" : " ") + std::string{name(static_cast<Execution>(tick.code & 0xff))};
        return text;
    }
    OrderState state(const Order& order) const { return ledger.find(order.id)->state(); }
};

inline Order stop_of(std::uint64_t n, std::int64_t quantity) {
    auto order = order_of(n, quantity, Side::sell);
    order.type = OrderType::stop_market;
    order.purpose = Purpose::stop;
    order.reduce_only = true;
    order.trigger = {5'880'000};
    return order;
}

}  // namespace test
