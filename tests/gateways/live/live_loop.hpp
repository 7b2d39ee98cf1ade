#pragma once

#include "tests/gateways/live/calls_rig.hpp"

#include <deque>
#include <memory>

namespace test {

using gateways::LiveGateway;
using gateways::OrderLedger;
using gateways::OrderState;

inline core::RateLedger ample_budget() {
    core::RateRules rules;
    rules.windows[0] = {.length = 60s, .limit = 1'000'000, .reserve = 100};
    rules.count = 1;
    auto made = core::RateLedger::anonymous(rules);
    return std::move(*made);
}

/// A LiveGateway whose every action is carried out by AccountCalls against the simulator, one after another, without a
/// private stream: what the ledger knows it was answered, or has asked for.
class Loop {
public:
    explicit Loop(Venue venue, bool keeps_stops = true)
        : rig{venue, {Market::linear}}, instruments{linear_only(venue)} {
        settings.venue = venue;
        settings.epoch = 7;
        settings.stop_keeps_protection = keeps_stops;
        settings.dead_man = true;
        gateway = std::make_unique<LiveGateway>(settings, instruments, ledger, budget);
        calls = std::make_unique<gateways::live::AccountCalls>(venue, std::vector{Market::linear}, instruments,
                                                               gateways::exchange::Environment::live,
                                                               CallsRig::keys("omega-sim-secret"), "https://sim");
        VenueEvent up;
        up.kind = VenueEventKind::stream_up;
        up.venue = venue;
        gateway->on(up, rig.now, out);
        gateway->open();
        for (int i = 0; i < 200 && !ready(); ++i) turn();
    }

    CallsRig rig;
    core::InstrumentTable instruments;
    gateways::LiveSettings settings{};
    OrderLedger ledger{settings.ledger, instruments};
    core::RateLedger budget{ample_budget()};
    std::unique_ptr<LiveGateway> gateway;
    std::unique_ptr<gateways::live::AccountCalls> calls;
    gateways::Outcome out;
    std::deque<Action> actions;
    std::vector<gateways::Alert> alerts;
    std::deque<std::string> log;
    std::size_t timers{}, accounts{};

    static core::InstrumentTable linear_only(Venue venue) {
        core::InstrumentTable made;
        for (auto instrument : CallsRig::table(venue))
            if (instrument.market == Market::linear) made.add(instrument);
        return made;
    }
    [[nodiscard]] const core::Instrument& btc() const { return *instruments.begin(); }
    [[nodiscard]] bool ready() const { return gateway->block(btc().id) == gateways::Block::none; }

    core::Order order(Side side, std::int64_t lots, std::int64_t steps = 0) {
        auto made = rig.order(btc(), side, lots, steps);
        made.instrument = btc().id;
        return made;
    }
    void submit(const core::Order& order) {
        gateway->submit(order, rig.now, out);
        collect();
    }
    void cancel(core::Order order) {
        order.type = core::OrderType::cancel;
        submit(order);
    }
    /// 20 ms, with all that is to be carried out in them.
    void turn() {
        rig.pass(20ms);
        gateway->step(rig.now, out);
        collect();
        while (!actions.empty()) {
            const auto action = actions.front();
            actions.pop_front();
            carry_out(action);
        }
    }
    void run(Nanoseconds span) {
        for (const auto end = rig.now + span; rig.now < end;) turn();
    }
    /// Until everything was compared once, nothing is open but what rests, and nothing in doubt.
    void settle() {
        run(settings.reconcile.interval + 1s);
        for (int i = 0; i < 3'000; ++i) {
            turn();
            bool quiet = i > 100 && !ledger.doubtful(btc().id) && gateway->block(btc().id) == gateways::Block::none;
            ledger.for_each([&](const gateways::TrackedOrder& tracked) {
                const auto state = tracked.state();
                quiet = quiet &&
                        (tracked.settled() || state == OrderState::working || state == OrderState::partially_filled);
            });
            if (quiet) return;
        }
        FAIL() << "not quiet: block " << gateways::name(gateway->block(btc().id));
    }
    /// What was carried out last, for a failing test.
    [[nodiscard]] std::string told() const {
        std::string text;
        for (const auto& line : log) text += line + '\n';
        return text;
    }
    void expect_equal() {
        EXPECT_EQ(ledger.position(btc().id).units, rig.held(btc()));
        std::size_t open = 0;
        ledger.for_each([&](const gateways::TrackedOrder& tracked) {
            SCOPED_TRACE(tracked.order.id.value & 0xffff);
            const auto* there = rig.there(tracked.order);
            if (tracked.state() == OrderState::rejected) {
                EXPECT_EQ(there, nullptr);
                return;
            }
            ASSERT_NE(there, nullptr);
            EXPECT_EQ(tracked.booked, there->filled);
            EXPECT_EQ(gateways::final(tracked.state()), !venue::live(there->state));
            ASSERT_FALSE(tracked.venue_order.empty()) << gateways::name(tracked.state());
            EXPECT_EQ(CallsRig::number_of(tracked.venue_order), there->number);
            open += venue::live(there->state) ? 1U : 0U;
        });
        EXPECT_EQ(open, rig.simulator.engine().account(1).open.size());
    }

private:
    void collect() {
        actions.insert(actions.end(), out.actions.begin(), out.actions.end());
        alerts.insert(alerts.end(), out.alerts.begin(), out.alerts.end());
        out.clear();
    }
    void carry_out(const Action& action) {
        auto conversation = calls->begin(action, rig.now);
        const auto began = rig.now;
        while (!conversation.done()) {
            const auto wire = conversation.next(rig.now);
            if (!wire) continue;
            const auto sent = rig.now;
            const auto response = rig.send(*wire);
            rig.pass(1ms);
            conversation.answer(response, sent, rig.now);
        }
        const auto answered = conversation.take();
        log.push_back(std::string{gateways::name(action.kind)} + ": " + words(answered.events) +
                      (answered.error ? " " + answered.error->message : ""));
        if (log.size() > 40) log.pop_front();
        if (answered.not_sent) gateway->not_sent(action.order.id, rig.now, out);
        for (const auto& event : answered.events) gateway->on(event, rig.now, out);
        if (answered.snapshot) gateway->on(*answered.snapshot, rig.now, out);
        if (answered.account_failed) gateway->account_failed(rig.now);
        if (answered.timer_renewed) gateway->timer_renewed(action, *answered.timer_renewed, rig.now);
        if (answered.timer_renewed == true) ++timers;
        if (answered.snapshot) ++accounts;
        if (answered.venue_time) gateway->clock().sample(began, *answered.venue_time, rig.now, 1ms);
        collect();
    }
};

}  // namespace test
