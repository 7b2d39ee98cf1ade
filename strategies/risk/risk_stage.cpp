#include "strategies/risk/risk_stage.hpp"

#include "core/domain/believable_time.hpp"
#include "core/domain/reject_reasons.hpp"

#include <algorithm>
#include <bit>

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
      brackets_(instruments.size()),
      exits_(instruments.size()),
      told_plans_(instruments.size()) {}

void RiskStage::on(const Tick& tick, const pipeline::Market& market, const Intents& intents, Orders& out) noexcept {
    out.count = out.verdict_count = 0;
    out.account_changed = out.plan_changed = false;
    if (!tick.whole()) return;
    if (tick.is(TickKind::command)) {
        on_command(tick);
        return tell_account(out);
    }
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
        if (bracket.active() && market.valid && (*instruments_)[tick.instrument].market == core::Market::spot &&
            bracket.reach(market.bid, now_))
            protect(tick.instrument, out);
    }
    if (now_ >= retry_at_) [[unlikely]]
        retry(out);
    if (now_ >= next_watch_ || tick.is(TickKind::execution)) {
        watch_equity(out);
        tell_account(out);
        auto plan = brackets_[tick.instrument.value].memory();
        if (plan != told_plans_[tick.instrument.value]) {
            out.plan = told_plans_[tick.instrument.value] = plan;
            out.plan_changed = true;
        }
    }
    for (std::size_t i = 0; i < intents.intent_count; ++i) want(intents.intents[i], market, out);
    out.equity = equity_;
    out.position = account_.position(tick.instrument).quantity();
}

void RiskStage::on_command(const Tick& tick) noexcept {
    now_ = std::max(now_, core::believable_time(tick));
    const auto& command = tick.command;
    const bool known = tick.instrument.value < brackets_.size();
    switch (static_cast<Command>(tick.code)) {
        case Command::stop_entries: return protections_.stop_entries();
        case Command::resume: flattening_ = false; return protections_.resume(account_.equity());
        case Command::restore_account: {
            restore_ = Restore::under_way;
            if ((command.id & AccountMemory::known) == 0) return;
            AccountMemory memory{
                .peak = {command.argument[0]}, .day_start = {command.argument[1]}, .day = command.argument[2]};
            memory.set_bits(command.id);
            flattening_ = memory.flattening;
            return protections_.restore(memory);
        }
        case Command::restore_plan:
            if (known)
                brackets_[tick.instrument.value].remember(
                    static_cast<std::uint8_t>(command.id & 0xff), tick.side, static_cast<std::uint8_t>(command.id >> 8),
                    {command.argument[0]}, std::bit_cast<double>(command.argument[1]));
            return;
        case Command::restore_addition: return;  // the bots'
        case Command::instrument_restored:
            if (known) brackets_[tick.instrument.value].forget();
            return;
        case Command::restored:
            restore_ = Restore::unmarked;
            next_watch_ = now_;
            begin_by_ = now_ + std::chrono::seconds{60};
            return;
        case Command::doubt:
            if (known) gate_.doubt(tick.instrument, command.argument[0] != 0);
            return;
    }
}

void RiskStage::tell_account(Orders& out) noexcept {
    if (restore_ != Restore::none) return;  // what an earlier run knew still counts
    auto memory = protections_.memory();
    memory.flattening = flattening_;
    if (memory == told_) return;
    out.account = told_ = memory;
    out.account_changed = true;
}

void RiskStage::on_execution(const Tick& tick, const pipeline::Market& market, Orders& out) noexcept {
    const core::OrderId id{tick.execution.order_id};
    const auto what = static_cast<Execution>(tick.code & 0xff);
    const auto why = static_cast<core::RejectReason>(tick.code >> 8);
    WorkingOrder* order = working_.find(id);
    const Purpose purpose = order != nullptr ? order->order.purpose : Purpose::exit;
    const bool dropped = order != nullptr && order->rests && !order->cancelling &&
                         order->order.time_in_force != core::TimeInForce::ioc &&
                         (purpose == Purpose::stop || purpose == Purpose::target);
    auto& bracket = brackets_[tick.instrument.value];
    const auto closed = account_.on(tick, market);

    switch (what) {
        case Execution::resting:
        case Execution::held: return restore(tick, what, out);
        case Execution::accepted:
            on_rest(id, out);
            if (account_.position(tick.instrument).flat()) cancel_protection(tick.instrument, {}, out);
            return;
        case Execution::filled_maker:
        case Execution::filled_taker:
            on_rest(id, out);  // it was there to be met
            bracket.traded(id, tick.execution.quantity);
            exits_[tick.instrument.value].pause.reset();
            if (order != nullptr) {
                order->left = order->left - tick.execution.quantity;
                if (order->left.units <= 0) working_.remove(id);
            }
            protect(tick.instrument, out);
            break;
        case Execution::cancelled:
        case Execution::expired: on_end(tick, dropped ? Bracket::End::dropped : Bracket::End::over, out); break;
        case Execution::rejected:
            // A reduce-only order that met a flat position is a race we lost, and what never came before the venue's
            // judgement was not refused by it: neither is a venue that refuses us.
            if (why != core::RejectReason::reduce_only && why != core::reject_reason::held_back)
                protections_.on_reject(tick.venue, now_);
            on_end(tick,
                   why == core::reject_reason::held_back ? Bracket::End::held_back
                   : dropped                             ? Bracket::End::dropped
                                                         : Bracket::End::refused,
                   out);
            // A stop whose price has come already has done what it was for: leave at once.
            if (why == core::reject_reason::would_trigger && purpose == Purpose::stop && naked(tick.instrument))
                close_position(tick.instrument, Purpose::exit, out);
            break;
        case Execution::cancel_rejected:
            if (order != nullptr) order->cancelling = false;  // it filled or ended meanwhile; its own report says which
            return;
    }
    if (closed) on_closed(*closed, purpose);
}

/// The venue has it: what it was to replace goes.
void RiskStage::on_rest(core::OrderId id, Orders& out) noexcept {
    WorkingOrder* order = working_.find(id);
    if (order == nullptr) return;
    if (!order->rests) {
        order->rests = true;
        brackets_[order->order.instrument.value].accepted(id);
        if (order->order.purpose == Purpose::exit) exits_[order->order.instrument.value].pause.reset();
    }
    cancel_replaced(out);
}

/// An order ended: what it was to replace takes its place again, and what the position then lacks is sent.
void RiskStage::on_end(const Tick& tick, Bracket::End how, Orders& out) noexcept {
    const core::OrderId id{tick.execution.order_id};
    auto& bracket = brackets_[tick.instrument.value];
    auto& exit = exits_[tick.instrument.value];
    const auto* order = working_.find(id);
    const auto successor = order != nullptr ? order->successor : core::OrderId{};
    const auto before = account_.position(tick.instrument).quantity();
    const bool leaves = order != nullptr && order->order.purpose == Purpose::exit &&
                        (order->order.side == core::Side::sell ? before.units > 0 : before.units < 0);
    if (leaves && how != Bracket::End::over) {
        exit.wanted = true;
        exit.purpose = Purpose::exit;
        exit.pause.refused(now_);
    }
    working_.remove(id);
    const auto ended = bracket.ended(id, how, now_);
    for (WorkingOrder& older : working_) {
        if (older.successor != id) continue;
        older.successor = successor;
        if (ended.leg < Bracket::legs && !older.cancelling) bracket.fall_back(ended.leg, older.order, older.left);
    }
    protect(tick.instrument, out);
    if (ended.exhausted && naked(tick.instrument)) close_position(tick.instrument, Purpose::exit, out);
    if (exit.wanted) try_exit(tick.instrument, out);
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
        // A stop that is no leg makes way for the one that is, once that rests; what else is no leg goes.
        for (WorkingOrder& order : working_) {
            if (order.order.instrument != tick.instrument || !order.order.reduce_only || order.successor.value != 0 ||
                bracket.owns(order.order.id))
                continue;
            if (order.order.purpose == Purpose::stop && bracket.active() && order.order.side != tick.side)
                order.successor = bracket.order_of(0);
            else
                cancel(order.order.id, out);
        }
        cancel_replaced(out);
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
    working_.find(order.id)->rests = true;
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
    if (restore_ != Restore::none) [[unlikely]] {
        if (restore_ == Restore::under_way || (!account_.marked() && now_ < begin_by_)) {
            next_watch_ = now_;
            return;
        }
        restore_ = Restore::none;
        protections_.begin(equity_, now_);
    }
    protections_.on_equity(equity_, now_);
    flattening_ |= protections_.take_flatten();
    if (flattening_) [[unlikely]]
        flatten(out);
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
        retry_at_ = now_;
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
