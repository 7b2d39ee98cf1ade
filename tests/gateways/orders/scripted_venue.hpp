#pragma once

#include "gateways/orders/live_gateway.hpp"
#include "tests/gateways/orders/ledger_world.hpp"

#include <deque>
#include <functional>
#include <map>
#include <random>

namespace test {

/// A venue in memory that does what venues do on bad days. It keeps the truth; what it tells may be lost, late or
/// double. Every chance comes from `dice`, so a run repeats.
class ScriptedVenue {
public:
    struct Faults {
        int lost_request = 0, lost_answer = 0, lost_event = 0, double_event = 0, late_event = 0;  ///< percent
        bool silent_queries = false;                                                              ///< no answer to asks
        bool no_stops = false, no_cancels = false, no_answer_to_account = false;                  ///< refused; lost
        bool no_timers = false, silent_timers = false;                                            ///< refused; lost
    };
    struct There {
        Order order;
        std::int64_t filled = 0;
        bool open = true;
        VenueStatus end = VenueStatus::filled;
    };

    explicit ScriptedVenue(std::uint32_t seed) : dice_{seed} {}

    Faults faults;
    std::map<std::uint64_t, There> orders;  ///< by our id
    std::map<std::uint16_t, std::int64_t> positions;
    std::map<std::uint16_t, Nanoseconds> timers;  ///< by instrument: when it cancels all
    std::size_t timer_requests = 0;
    std::vector<VenueEvent> fills;
    std::deque<std::function<void(LiveGateway&, Nanoseconds, Outcome&)>> mail;  ///< on its way to us
    bool stream_up = false;
    std::size_t placed = 0, placed_twice = 0, cancels = 0;

    /// Carries out what the gateway asks for.
    void take(const std::vector<Action>& actions, Nanoseconds now) {
        for (const auto& action : actions) take(action, now);
    }

    /// Someone trades with an order that rests here.
    void trade(Nanoseconds now) {
        for (auto& [id, there] : orders) {
            if (!there.open || there.order.type == OrderType::stop_market || roll(60)) continue;
            const auto left = there.order.quantity.units - there.filled;
            const auto part = 1 + static_cast<std::int64_t>(dice_() % static_cast<std::uint32_t>(left));
            there.filled += part;
            positions[there.order.instrument.value] += sign(there.order.side) * part;
            auto fill = fill_of(there.order, std::to_string(fills.size() + 1), part, there.filled);
            fill.venue_time = now;
            fills.push_back(fill);
            push(fill);
            if (there.filled == there.order.quantity.units) there.open = false;
            push(
                update_of(there.order, there.open ? VenueStatus::partially_filled : VenueStatus::filled, there.filled));
        }
    }

    void connect(LiveGateway& gateway, Nanoseconds now, Outcome& out, bool up) {
        stream_up = up;
        VenueEvent event;
        event.kind = up ? VenueEventKind::stream_up : VenueEventKind::stream_down;
        gateway.on(event, now, out);
    }

    /// Hands over what has arrived.
    void deliver(LiveGateway& gateway, Nanoseconds now, Outcome& out) {
        for (auto count = mail.size(); count > 0; --count) {
            auto letter = std::move(mail.front());
            mail.pop_front();
            if (roll(faults.late_event))
                mail.push_back(std::move(letter));
            else
                letter(gateway, now, out);
        }
    }

private:
    bool roll(int percent) { return static_cast<int>(dice_() % 100) < percent; }

    void mail_event(VenueEvent event) {
        mail.push_back([event](LiveGateway& gateway, Nanoseconds now, Outcome& out) mutable {
            event.receive_time = now;
            gateway.on(event, now, out);
        });
    }
    void push(const VenueEvent& event) {
        if (!stream_up || roll(faults.lost_event)) return;
        mail_event(event);
        if (roll(faults.double_event)) mail_event(event);
    }
    /// The answer to a request that changes something; lost, the gateway sees a time-out.
    void answer(VenueEvent event) {
        event.source = EventSource::answer;
        if (roll(faults.lost_answer)) event.kind = VenueEventKind::outcome_unknown;
        mail_event(event);
    }

    void take(const Action& action, Nanoseconds now) {
        const auto& order = action.order;
        switch (action.kind) {
            case ActionKind::place: return place(order);
            case ActionKind::cancel: return cancel(order);
            case ActionKind::cancel_all:
                for (auto& [id, there] : orders) end(there);
                return;
            case ActionKind::ask_order: return ask_order(order);
            case ActionKind::ask_fills:
                if (faults.silent_queries) return;
                for (auto fill : fills)
                    if (fill.order == order.id) query(fill);
                return;
            case ActionKind::ask_account: return ask_account(now);
            case ActionKind::ask_time:
                mail.push_back([asked = now](LiveGateway& gateway, Nanoseconds at, Outcome&) {
                    gateway.clock().sample(asked, asked, at);
                });
                return;
            case ActionKind::renew_timer: return set_timer(action, now);
        }
    }
    void set_timer(const Action& action, Nanoseconds now) {
        ++timer_requests;
        if (!faults.no_timers && action.countdown.count() > 0)
            timers[action.order.instrument.value] = now + action.countdown;
        if (!faults.no_timers && action.countdown.count() == 0) timers.erase(action.order.instrument.value);
        if (faults.silent_timers) return;
        mail.push_back([action, done = !faults.no_timers](LiveGateway& gateway, Nanoseconds at, Outcome&) {
            gateway.timer_renewed(action, done, at);
        });
    }
    void place(const Order& order) {
        if (roll(faults.lost_request))
            return mail_event(event_of(VenueEventKind::outcome_unknown, order, EventSource::answer));
        ++placed;
        if (faults.no_stops && order.type == OrderType::stop_market)
            return answer(refused_of(VenueEventKind::rejected, order, Refusal::other));
        if (!orders.emplace(order.id.value, There{.order = order}).second) ++placed_twice;
        answer(acked(order));
        push(acked(order));
    }
    void end(There& there) {
        if (!there.open) return;
        there.open = false;
        there.end = VenueStatus::cancelled;
        push(closed_of(VenueEventKind::cancelled, there.order, there.filled));
    }
    void cancel(const Order& order) {
        ++cancels;
        if (roll(faults.lost_request))
            return mail_event(event_of(VenueEventKind::outcome_unknown, order, EventSource::answer));
        if (faults.no_cancels) return answer(refused_of(VenueEventKind::cancel_rejected, order, Refusal::other));
        const auto at = orders.find(order.id.value);
        if (at == orders.end() || !at->second.open)
            return answer(refused_of(VenueEventKind::cancel_rejected, order, Refusal::unknown_order));
        end(at->second);
        answer(closed_of(VenueEventKind::cancelled, at->second.order, at->second.filled));
    }
    void query(VenueEvent event) {
        event.source = EventSource::query;
        mail_event(event);
    }
    VenueEvent state_of(const There& there) const {
        auto status = there.filled > 0 ? VenueStatus::partially_filled : VenueStatus::working;
        if (!there.open) status = there.end;
        return update_of(there.order, status, there.filled, EventSource::query);
    }
    void ask_order(const Order& order) {
        if (faults.silent_queries) return;
        const auto at = orders.find(order.id.value);
        if (at == orders.end()) return query(event_of(VenueEventKind::not_found, order, EventSource::query));
        query(state_of(at->second));
    }
    void ask_account(Nanoseconds now) {
        if (faults.no_answer_to_account) return;
        if (faults.silent_queries) {
            mail.push_back([](LiveGateway& gateway, Nanoseconds at, Outcome&) { gateway.account_failed(at); });
            return;
        }
        AccountSnapshot snapshot;
        snapshot.venue = Venue::binance;
        snapshot.asked_at = now;
        snapshot.open_orders_complete = snapshot.fills_complete = snapshot.positions_complete = true;
        for (const auto& [id, there] : orders)
            if (there.open) snapshot.open_orders.push_back(state_of(there));
        snapshot.fills = fills;
        for (const auto& [instrument, quantity] : positions) {
            VenueEvent event;
            event.kind = VenueEventKind::position;
            event.venue = Venue::binance;
            event.instrument = InstrumentId{instrument};
            event.position = PositionUpdate{.quantity = {quantity}, .entry = {}, .side = PositionSide::net};
            snapshot.positions.push_back(event);
        }
        mail.push_back(
            [snapshot](LiveGateway& gateway, Nanoseconds at, Outcome& out) { gateway.on(snapshot, at, out); });
    }

    std::minstd_rand dice_;
};

}  // namespace test
