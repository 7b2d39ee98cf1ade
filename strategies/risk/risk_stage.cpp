#include "strategies/risk/risk_stage.hpp"

#include "core/domain/believable_time.hpp"

#include <algorithm>

namespace strategies {

using core::Execution;
using core::Order;
using core::OrderType;
using core::Purpose;
using core::Tick;
using core::TickKind;

RiskStage::RiskStage(const RiskStageSettings& settings, const core::InstrumentTable& instruments)
    : settings_{settings},
      instruments_{&instruments},
      account_{settings.start_equity, instruments},
      gate_{settings.risk, instruments, settings.live},
      protections_{settings.risk, settings.start_equity, instruments.size(), settings.bots},
      brackets_(instruments.size()) {}

void RiskStage::on(const Tick& tick, const pipeline::Market& market, const Intents& intents, Orders& out) noexcept {
    out.count = out.verdict_count = 0;
    if (!tick.whole()) return;
    if (tick.is(TickKind::command)) return on_command(tick);
    if (tick.instrument.value >= brackets_.size()) {  // a whole venue may be gone: the account hears it like the bots'
        account_.on(tick, market);
        return;
    }
    now_ = std::max(now_, market.time);
    tick_time_ = core::believable_time(tick);
    sequence_ = tick.sequence;

    if (tick.is(TickKind::execution)) {
        on_execution(tick, market, out);
    } else {
        account_.on(tick, market);
        auto& bracket = brackets_[tick.instrument.value];
        if (settings_.bracket.trail && tick.is(TickKind::trade) && bracket.active()) {
            const auto& instrument = (*instruments_)[tick.instrument];
            if (bracket.trail(instrument, account_.position(tick.instrument).entry(instrument), tick.trade.price))
                protect(tick.instrument, out);
        }
    }
    if (unprotected_) [[unlikely]] {
        unprotected_ = false;
        for (const auto& instrument : *instruments_) protect(instrument.id, out);
    }
    if (now_ >= next_watch_ || tick.is(TickKind::execution)) watch_equity(out);
    for (std::size_t i = 0; i < intents.intent_count; ++i) want(intents.intents[i], market, out);
    out.equity = equity_;
    out.position = account_.position(tick.instrument).quantity();
}

void RiskStage::on_command(const Tick& tick) noexcept {
    if (tick.code == static_cast<std::uint16_t>(Command::stop_entries)) protections_.stop_entries();
}

void RiskStage::on_execution(const Tick& tick, const pipeline::Market& market, Orders& out) noexcept {
    const core::OrderId id{tick.execution.order_id};
    const auto what = static_cast<Execution>(tick.code & 0xff);
    const auto why = static_cast<core::RejectReason>(tick.code >> 8);
    WorkingOrder* order = working_.find(id);
    const Purpose purpose = order != nullptr ? order->order.purpose : Purpose::exit;
    auto& bracket = brackets_[tick.instrument.value];
    const auto closed = account_.on(tick, market);

    bool naked = false;
    switch (what) {
        case Execution::resting:
        case Execution::held: return restore(tick, what, out);
        case Execution::accepted: bracket.accepted(id); return;
        case Execution::filled_maker:
        case Execution::filled_taker:
            bracket.traded(id, tick.execution.quantity);
            if (order != nullptr) {
                order->left = order->left - tick.execution.quantity;
                if (order->left.units <= 0) working_.remove(id);
            }
            break;
        case Execution::cancelled:
        case Execution::expired:
            bracket.ended(id, false);
            working_.remove(id);
            break;
        case Execution::rejected:
            naked = bracket.ended(id, true);
            working_.remove(id);
            // A reduce-only order that met a flat position is a race we lost, not a venue that refuses us.
            if (why != core::RejectReason::reduce_only) protections_.on_reject(tick.venue, now_);
            break;
        case Execution::cancel_rejected:
            if (order != nullptr) order->cancelling = false;  // it filled or ended meanwhile; its own report says which
            return;
    }
    protect(tick.instrument, out);
    if (naked && !account_.position(tick.instrument).flat()) close_position(tick.instrument, Purpose::exit, out);
    if (closed) on_closed(*closed, purpose);
}

/// What an earlier run left at the venue is ours again: its orders work, its position is protected.
void RiskStage::restore(const Tick& tick, Execution what, Orders& out) noexcept {
    const auto& instrument = (*instruments_)[tick.instrument];
    auto& bracket = brackets_[tick.instrument.value];
    if (what == Execution::held) {
        if (tick.execution.quantity.units != 0)
            bracket.restore(instrument, tick.side, tick.execution.price, tick.execution.quantity,
                            settings_.bracket.stop_bps, static_cast<std::uint8_t>(tick.code >> 8));
        protect(tick.instrument, out);
        // What would close the other side protects nothing any more.
        for (const WorkingOrder& order : working_)
            if (order.order.instrument == tick.instrument && order.order.reduce_only &&
                (tick.execution.quantity.units == 0 || order.order.side == tick.side))
                cancel(order.order.id, out);
        return;
    }
    Order order;
    order.id = {tick.execution.order_id};
    order.instrument = tick.instrument;
    order.venue = instrument.venue;
    order.side = tick.side;
    order.purpose = static_cast<Purpose>(tick.code >> 8);
    order.type = order.purpose == Purpose::stop ? OrderType::stop_market : OrderType::limit;
    order.reduce_only = order.purpose != Purpose::entry;
    order.quantity = tick.execution.quantity;
    (order.purpose == Purpose::stop ? order.trigger : order.price) = tick.execution.price;
    if (!working_.add(order)) {
        ++unplaced_;
        return;
    }
    if (order.purpose == Purpose::stop || order.purpose == Purpose::target) bracket.restore(order);
}

void RiskStage::on_closed(const ClosedTrade& trade, Purpose by) noexcept {
    ++closed_trades_;
    const auto bot = brackets_[trade.instrument.value].bot();
    protections_.on_closed(trade, bot, by == Purpose::stop);
    protections_.on_exit(trade.instrument, bot, now_);
}

void RiskStage::watch_equity(Orders& out) noexcept {
    // Ten times a second of event time is enough for limits in percent; every execution is looked at.
    next_watch_ = now_ + std::chrono::milliseconds{100};
    equity_ = account_.equity();
    protections_.on_equity(equity_, now_);
    flattening_ |= protections_.take_flatten();
    if (flattening_) [[unlikely]]
        flatten(out);
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
    if (!bracket.active()) return;
    bool entering = false, leaving = false;
    for (const WorkingOrder& order : working_) {
        if (order.order.instrument != id) continue;
        entering |= order.order.purpose == Purpose::entry;
        leaving |= order.order.purpose == Purpose::exit;
    }
    const auto position = account_.position(id).quantity();
    if (leaving && position.units != 0) return;  // the legs only reduce: re-cut when the exit has ended

    Bracket::Changes changes;
    bracket.protect((*instruments_)[id], position, entering, changes);
    for (std::size_t i = 0; i < changes.count; ++i) {
        const auto& change = changes.change[i];
        const auto placed = change.send ? send(change.order, out) : core::OrderId{};
        if (change.send && placed.value == 0) {  // no room: the old leg stays in force
            unprotected_ = true;
            continue;
        }
        bracket.placed(change, placed);
        if (change.replaces.value != 0) cancel(change.replaces, out);
    }
}

void RiskStage::close_position(core::InstrumentId id, Purpose purpose, Orders& out) noexcept {
    const auto position = account_.position(id).quantity();
    if (position.units == 0) return;
    for (const WorkingOrder& other : working_)  // one exit at a time
        if (other.order.instrument == id && other.order.purpose == Purpose::exit) return;
    Order order;
    order.instrument = id;
    order.venue = (*instruments_)[id].venue;
    order.side = position.units > 0 ? core::Side::sell : core::Side::buy;
    order.type = OrderType::market;
    order.time_in_force = core::TimeInForce::ioc;
    order.purpose = purpose;
    order.bot = brackets_[id.value].bot();
    order.reduce_only = true;
    order.quantity = position.units > 0 ? position : -position;
    order.quantity.units -= order.quantity.units % (*instruments_)[id].lot_size.units;
    if (order.quantity.units > 0) send(order, out);
}

void RiskStage::want(const Intent& intent, const pipeline::Market& market, Orders& out) noexcept {
    Verdict& verdict = out.verdicts[out.verdict_count++];
    verdict = Verdict{};
    if (intent.order.purpose != Purpose::entry) {
        close_position(intent.order.instrument, intent.order.purpose, out);
        return;
    }
    Order order = intent.order;
    verdict = gate_.judge(intent, order, market, account_, working_, protections_);
    if (verdict.denial != Denial::none) return;
    const auto id = send(order, out);
    brackets_[order.instrument.value].propose(intent, id);
}

core::OrderId RiskStage::send(Order order, Orders& out) noexcept {
    order.id = core::OrderId::of(settings_.epoch, ++counter_);
    order.time = tick_time_;
    order.sequence = sequence_;
    if (out.count == out.orders.size() || !working_.add(order)) {
        ++unplaced_;
        return {};
    }
    out.orders[out.count++] = order;
    return order.id;
}

void RiskStage::cancel(core::OrderId id, Orders& out) noexcept {
    WorkingOrder* order = working_.find(id);
    if (order == nullptr || order->cancelling) return;
    if (out.count == out.orders.size()) {
        ++unplaced_;
        return;
    }
    order->cancelling = true;
    Order request = order->order;
    request.type = OrderType::cancel;
    request.time = tick_time_;
    request.sequence = sequence_;
    out.orders[out.count++] = request;
}

}  // namespace strategies
