#include "strategies/risk/risk_stage.hpp"

#include <algorithm>

/// The protection of positions and the ways out of them.

namespace strategies {

using core::Order;
using core::OrderType;
using core::Purpose;

void RiskStage::cancel_replaced(Orders& out) noexcept {
    for (auto* order = working_.end(); order != working_.begin();) {  // the newest first: it may replace a whole chain
        --order;
        if (order->successor.value == 0 || order->cancelling) continue;
        const WorkingOrder* successor = working_.find(order->successor);
        if (successor == nullptr || successor->rests || successor->cancelling) cancel(order->order.id, out);
    }
}

/// The stops that rest, or are on their way, would not close all of the position.
bool RiskStage::naked(core::InstrumentId id) noexcept {
    core::Quantity covered{};
    for (const WorkingOrder& order : working_)
        if (order.order.instrument == id && order.order.purpose == Purpose::stop && !order.cancelling)
            covered = covered + order.left;
    const auto position = account_.position(id).quantity();
    return covered < (position.units < 0 ? -position : position);
}

/// What waited for its pause, or for room.
void RiskStage::retry(Orders& out) noexcept {
    retry_at_ = core::Nanoseconds::max();
    cancel_replaced(out);
    for (const auto& instrument : *instruments_) {
        protect(instrument.id, out);
        if (exits_[instrument.id.value].wanted) try_exit(instrument.id, out);
    }
}

/// Asked again with every look until nothing is held and no entry is under way: an exit may expire in a thin book, an
/// entry may still fill.
void RiskStage::flatten(Orders& out) noexcept {
    bool busy = false;
    for (const WorkingOrder& order : working_) {
        if (order.order.purpose != Purpose::entry) continue;
        busy = true;
        cancel(order.order.id, out);
    }
    for (const auto& instrument : *instruments_) {
        if (account_.position(instrument.id).flat()) continue;
        busy = true;
        close_position(instrument.id, Purpose::exit, out);
    }
    flattening_ = busy;
}

void RiskStage::protect(core::InstrumentId id, Orders& out) noexcept {
    auto& bracket = brackets_[id.value];
    const auto& instrument = (*instruments_)[id];
    const auto& held = account_.position(id);
    const auto position = held.quantity();
    const bool lost = position.units != 0 && !bracket.suits(position);
    if (position.units == 0) exits_[id.value] = {};
    if (!bracket.active() && !lost) return;
    bool entering = false, leaving = false;
    for (const WorkingOrder& order : working_) {
        if (order.order.instrument != id) continue;
        entering |= order.order.purpose == Purpose::entry;
        leaving |= order.order.purpose == Purpose::exit;
    }
    if (leaving && position.units != 0) return;  // the legs only reduce: re-cut when the exit has ended

    Bracket::Changes changes;
    if (position.units == 0 || lost) {
        bracket.protect(instrument, {}, entering, now_, changes);
        cancel_protection(id, position, out);
    }
    if (position.units == 0) return;
    if (lost)  // filled by nobody's plan, or turned by somebody else: it gets the stop of the settings
        bracket.restore(instrument, position.units > 0 ? core::Side::buy : core::Side::sell, held.entry(instrument),
                        position.units > 0 ? position : -position, settings_.bracket.stop_bps, bracket.bot());
    if (instrument.market == core::Market::spot) return protect_coins(id, out);
    bracket.protect(instrument, position, entering, now_, changes);
    place(id, changes, out);
}

/// Spot: what sells the coins is replaced by cancelling it and awaiting its end.
void RiskStage::protect_coins(core::InstrumentId id, Orders& out) noexcept {
    auto& bracket = brackets_[id.value];
    Bracket::Changes changes;
    for (const WorkingOrder& order : working_)  // a target that was reached: it ends by itself
        if (order.order.instrument == id && order.order.purpose == Purpose::target &&
            order.order.time_in_force == core::TimeInForce::ioc)
            return;
    bracket.aim((*instruments_)[id], account_.position(id).quantity(), now_, changes);
    const bool exits = exits_[id.value].wanted && !exits_[id.value].pause.waits(now_);
    const bool stop_changes = changes.count != 0 && changes.change[0].leg == 0;
    const bool sells = changes.count != 0 && changes.change[changes.count - 1U].leg != 0;
    const auto left = account_.position(id).quantity() -
                      (sells ? changes.change[changes.count - 1U].order.quantity : core::Quantity{});
    bool busy = false;
    for (const WorkingOrder& order : working_) {
        if (order.order.instrument != id || !order.order.reduce_only) continue;
        const bool stays = order.order.id == bracket.order_of(0) && (!sells || order.left <= left);
        if (stays && !stop_changes && !exits) continue;
        busy = true;
        cancel(order.order.id, out);
    }
    if (!busy && !exits) {
        // Where the price has come already a stop has done what it was for. Sent now it would be refused, or, at venues
        // that only ask on which side of the price it is (Bybit's and Bitget's spot), wait for the price to come back.
        const auto mark = account_.mark(id, now_);
        const bool passed = stop_changes && mark && *mark <= bracket.stop();
        if (passed && !exits_[id.value].pause.waits(now_)) return close_position(id, Purpose::exit, out);
        return place(id, changes, out);
    }
    if (!busy) return try_exit(id, out);
    retry_at_ = std::min(retry_at_, changes.retry);
}

void RiskStage::place(core::InstrumentId id, const Bracket::Changes& changes, Orders& out) noexcept {
    auto& bracket = brackets_[id.value];
    retry_at_ = std::min(retry_at_, changes.retry);
    for (std::size_t i = 0; i < changes.count; ++i) {
        const auto& change = changes.change[i];
        const auto placed = change.send ? send(change.order, out) : core::OrderId{};
        if (change.send && placed.value == 0) {  // no room: the old leg stays in force
            retry_at_ = now_;
            continue;
        }
        bracket.placed(change, placed);
        if (!change.send)
            cancel(change.replaces, out);
        else if (WorkingOrder* old = working_.find(change.replaces))
            old->successor = placed;
    }
}

/// Stops and targets that reduce nothing: all of them when flat, else those of the other side.
void RiskStage::cancel_protection(core::InstrumentId id, core::Quantity position, Orders& out) noexcept {
    for (const WorkingOrder& order : working_) {
        if (order.order.instrument != id || !order.order.reduce_only || order.order.purpose == Purpose::exit) continue;
        const auto reduces = order.order.side == core::Side::sell ? position.units > 0 : position.units < 0;
        if (!reduces) cancel(order.order.id, out);
    }
}

void RiskStage::close_position(core::InstrumentId id, Purpose purpose, Orders& out) noexcept {
    if (account_.position(id).flat()) return;
    for (const WorkingOrder& other : working_)  // one exit at a time
        if (other.order.instrument == id && other.order.purpose == Purpose::exit) return;
    exits_[id.value].wanted = true;
    exits_[id.value].purpose = purpose;
    try_exit(id, out);
}

/// Spot: an order rests on the coins; it must end before they can be sold otherwise.
bool RiskStage::holds_coins(core::InstrumentId id) noexcept {
    if ((*instruments_)[id].market != core::Market::spot) return false;
    return std::ranges::any_of(
        working_, [id](const WorkingOrder& order) { return order.order.instrument == id && order.order.reduce_only; });
}

void RiskStage::try_exit(core::InstrumentId id, Orders& out) noexcept {
    auto& exit = exits_[id.value];
    const auto position = account_.position(id).quantity();
    Order order;
    order.instrument = id;
    order.venue = (*instruments_)[id].venue;
    order.side = position.units > 0 ? core::Side::sell : core::Side::buy;
    order.type = OrderType::market;
    order.time_in_force = core::TimeInForce::ioc;
    order.purpose = exit.purpose;
    order.bot = brackets_[id.value].bot();
    order.reduce_only = true;
    order.quantity = position.units > 0 ? position : -position;
    order.quantity.units -= order.quantity.units % (*instruments_)[id].lot_size.units;
    if (order.quantity.units == 0) {
        exit.wanted = false;
    } else if (exit.pause.waits(now_)) {
        retry_at_ = std::min(retry_at_, exit.pause.until());
    } else if (holds_coins(id)) {
        for (const WorkingOrder& other : working_)
            if (other.order.instrument == id && other.order.reduce_only) cancel(other.order.id, out);
    } else if (send(order, out).value != 0) {
        exit.wanted = false;
    } else {
        retry_at_ = now_;
    }
}

}  // namespace strategies
