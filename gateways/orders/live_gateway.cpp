#include "gateways/orders/live_gateway.hpp"

#include "core/domain/reject_reasons.hpp"
#include "gateways/orders/order_facts.hpp"

#include <algorithm>
#include <array>

namespace gateways {

using core::Nanoseconds;

std::string_view name(ActionKind kind) noexcept {
    static constexpr std::array<std::string_view, action_kind_count> names{
        "place", "cancel", "cancel_all", "ask_order", "ask_fills", "ask_account", "ask_time", "renew_timer"};
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names[index] : "?";
}

std::string_view name(AlertKind kind) noexcept {
    static constexpr std::array<std::string_view, alert_kind_count> names{
        "naked_position",    "resurrected",     "overfilled", "unbooked_fill", "liquidated", "outside_order",
        "position_mismatch", "stop_incomplete", "hedge_mode", "timer_left",    "left_naked", "protection_waits"};
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names[index] : "?";
}

LiveGateway::LiveGateway(const LiveSettings& settings, const core::InstrumentTable& instruments, OrderLedger& ledger,
                         core::RateLedger& budget)
    : settings_{settings},
      instruments_{&instruments},
      ledger_{&ledger},
      budget_{&budget},
      reconciler_{settings.reconcile, settings.venue, ledger, instruments},
      breaker_{settings.breaker},
      timers_{settings.dead_man ? DeadManTimers{settings.venue, instruments} : DeadManTimers{}},
      watch_{instruments.size(), settings.naked_grace},
      naked_(instruments.size()),
      prices_(instruments.size()),
      compact_at_{settings.compact_above} {}

Action LiveGateway::action(ActionKind kind, Nanoseconds now) noexcept {
    Action made;
    made.kind = kind;
    if (clock_.known()) made.timestamp = signing_.at(clock_, now);
    return made;
}

// ---- orders

/// As far as gate, venue and clock are concerned.
bool LiveGateway::may_pass(const core::Order& order, Nanoseconds now) noexcept {
    if (!gate_.pass(order)) return false;
    // While stopping only what closes something that is held: nobody is left to look after anything else.
    if (gate_.state() == GateState::closing && !closes(order)) return false;
    if (order.reduce_only) return true;
    return clock_.known() && block(order.instrument) == Block::none &&
           clock_.uncertainty(now) <= settings_.clock_limit && now >= paused_until_;
}

bool LiveGateway::may_leave(const core::Order& order, Nanoseconds now) noexcept {
    if (!may_pass(order, now) || !clock_.known()) return false;
    // What protects may use the reserve, and tries even an endpoint that fails.
    const auto use = order.reduce_only ? core::RateUse::cancel : core::RateUse::normal;
    if (!budget_->take(settings_.order_weight, use, now).granted()) return false;
    if (order.reduce_only || breaker_.allow(now)) return true;  // in half-open this order is the probe
    budget_->give_back(settings_.order_weight, now);
    return false;
}

void LiveGateway::submit(const core::Order& order, Nanoseconds now, Outcome& out) {
    if (order.type == core::OrderType::cancel) {
        const auto* known = ledger_->find(order.id);
        if (known == nullptr || final(known->state())) return;  // its end has been told
        return want_cancel(order.id, now, out);
    }
    if (is_protective(order) && may_pass(order, now)) return protect_with(order, now, out);
    if (!may_leave(order, now)) {
        ++held_back_;
        return refuse(order, core::reject_reason::held_back, now, out);
    }
    place(order, now, out);
}

void LiveGateway::place(const core::Order& order, Nanoseconds now, Outcome& out) {
    if (record(order, now, out)) return send(order, now, out);
    budget_->give_back(settings_.order_weight, now);
}

/// On the disk before it is on the wire: what was sent is never unknown to us, whatever happens next. What cannot be
/// recorded is refused.
bool LiveGateway::record(const core::Order& order, Nanoseconds now, Outcome& out) {
    const auto created = ledger_->create(order, now);
    if (created) return true;
    ++held_back_;
    refuse(order,
           created.error() == core::Error::refused ? core::RejectReason::duplicate_id : core::RejectReason::too_many,
           now, out);
    return false;
}

void LiveGateway::send(const core::Order& order, Nanoseconds now, Outcome& out) {
    ledger_->sent(order.id);
    auto made = action(ActionKind::place, now);
    made.order = order;
    out.actions.push_back(made);
}

void LiveGateway::refuse(const core::Order& order, core::RejectReason why, Nanoseconds now, Outcome& out) {
    out.executions.push_back(refusal_tick(order, why, now));
}

void LiveGateway::not_sent(core::OrderId id, Nanoseconds now, Outcome& out) {
    const auto* order = ledger_->find(id);
    if (order == nullptr) return;
    auto event = own_event(VenueEventKind::rejected, EventSource::answer, order->order, now);
    event.rejected = Rejected{.refusal = Refusal::unavailable, .code = 0};
    breaker_.failure(now);
    learn(event, now, out);
}

// ---- cancels: wanted until the order's end is proven, sent again whenever one may have been lost

void LiveGateway::want_cancel(core::OrderId id, Nanoseconds now, Outcome& out) {
    if (waiting_.remove(id)) return let_go(id, now, out);  // it never left
    const bool wanted = std::any_of(cancels_.begin(), cancels_.end(), [&](const auto& c) { return c.id == id; });
    if (!wanted) cancels_.push_back({.id = id, .next = now});
    work_off_cancels(now, out);
}

void LiveGateway::work_off_cancels(Nanoseconds now, Outcome& out) {
    std::erase_if(cancels_, [&](const WantedCancel& wanted) {
        const auto* order = ledger_->find(wanted.id);
        return order == nullptr || final(order->state());
    });
    if (!clock_.known() || gate_.state() == GateState::closed) return;
    for (auto& wanted : cancels_) {
        const auto* order = ledger_->find(wanted.id);
        const bool on_its_way = order->cancel_asked && !order->cancel_refused && wanted.next > now;
        if (on_its_way || now < wanted.next) continue;
        // The stop that it is to make room for waits here: the old one goes behind it.
        if (waiting_.of_leg(order->order) != nullptr && guards_position(*ledger_, *order)) continue;
        if (!budget_->take(settings_.order_weight, core::RateUse::cancel, now).granted()) return;
        auto made = action(ActionKind::cancel, now);
        made.order = order->order;
        made.order.type = core::OrderType::cancel;
        made.conditional = order->conditional || order->order.type == core::OrderType::stop_market;
        made.venue_order = order->venue_order;
        ledger_->cancel_asked(wanted.id, now);
        // Refused or lost, the ledger finds out by asking; until then one cancel per time-out is enough.
        wanted.next = now + settings_.ledger.answer_timeout;
        out.actions.push_back(made);
    }
}

// ---- what the venue says

void LiveGateway::on(const VenueEvent& event, Nanoseconds now, Outcome& out) {
    if (event.kind == VenueEventKind::stream_up || event.kind == VenueEventKind::stream_down) {
        reconciler_.stream(event.kind == VenueEventKind::stream_up, now);
        timers_.reconnected();
        return;
    }
    if (event.source == EventSource::answer) judge(event, now);
    learn(event, now, out);
}

/// What an answer says of the endpoint, of our clock and of the budget.
void LiveGateway::judge(const VenueEvent& answer, Nanoseconds now) noexcept {
    const bool refused = answer.kind == VenueEventKind::rejected || answer.kind == VenueEventKind::cancel_rejected;
    const auto refusal = refused ? answer.rejected.refusal : Refusal::other;
    if (answer.kind == VenueEventKind::outcome_unknown || refusal == Refusal::unavailable)
        breaker_.failure(now);
    else
        breaker_.success();
    if (refusal == Refusal::clock) clock_.distrust();
    // Of an address (429) whoever read the answer tells the budget; this may be a limit of orders alone, and then
    // cancels must not wait for it.
    if (refusal == Refusal::rate_limited) paused_until_ = std::max(paused_until_, now + settings_.order_pause);
    const bool silent = !budget_->take(0, core::RateUse::cancel, now).granted();
    if (refusal == Refusal::banned && !silent) budget_->banned({}, now);
    if (answer.kind != VenueEventKind::cancel_rejected) return;
    for (auto& wanted : cancels_)
        if (wanted.id == answer.order)
            wanted.next = now + doubled_wait(settings_.cancel_retry, wanted.refusals++, settings_.longest_retry);
}

void LiveGateway::learn(const VenueEvent& event, Nanoseconds now, Outcome& out) {
    effects_.clear();
    ledger_->on(event, effects_);
    act_on(effects_, now, out);
}

void LiveGateway::on(const AccountSnapshot& snapshot, Nanoseconds now, Outcome& out) {
    effects_.clear();
    for (const auto& difference : reconciler_.apply(snapshot, now, effects_)) {
        const bool hedged = difference.kind == DifferenceKind::hedge_mode;
        if (!hedged && difference.kind != DifferenceKind::position_mismatch) continue;
        // The first time it may be a fill between two of the venue's answers.
        const auto* mismatch = reconciler_.mismatch(difference.instrument);
        if (mismatch != nullptr && mismatch->seen == (hedged ? 1 : 2))
            out.alerts.push_back({.kind = hedged ? AlertKind::hedge_mode : AlertKind::position_mismatch,
                                  .instrument = difference.instrument,
                                  .id = {}});
    }
    act_on(effects_, now, out);
}

void LiveGateway::entry_lost(Nanoseconds now, Outcome& out) {
    std::vector<VenueEvent> lost;
    ledger_->for_each([&](const TrackedOrder& order) {
        if (order.state() != OrderState::sent && order.state() != OrderState::cancelling) return;
        lost.push_back(own_event(VenueEventKind::outcome_unknown, EventSource::answer, order.order, now));
    });
    effects_.clear();
    for (const auto& event : lost) ledger_->on(event, effects_);
    act_on(effects_, now, out);
}

bool LiveGateway::accept(core::InstrumentId instrument, core::Price price, Nanoseconds now, Outcome& out) {
    const auto before = ledger_->position(instrument);
    effects_.clear();
    if (!reconciler_.accept(instrument, now, effects_)) return false;
    act_on(effects_, now, out);
    const auto moved = ledger_->position(instrument) - before;
    if (moved.units == 0) return true;
    core::Tick tick;
    tick.venue_time = tick.receive_time = now;
    tick.instrument = instrument;
    tick.venue = settings_.venue;
    tick.kind = core::TickKind::execution;
    tick.side = moved.units > 0 ? core::Side::buy : core::Side::sell;
    tick.code = static_cast<std::uint16_t>(core::Execution::filled_taker);
    tick.execution = {.order_id = outside_bit, .price = price, .quantity = moved.units > 0 ? moved : -moved, .fee = {}};
    out.executions.push_back(tick);
    return true;
}

void LiveGateway::act_on(const std::vector<Effect>& effects, Nanoseconds now, Outcome& out) {
    const auto alert = [&](AlertKind kind, const Effect& effect) {
        out.alerts.push_back({.kind = kind, .instrument = effect.instrument, .id = effect.id});
    };
    for (const auto& effect : effects) {
        switch (effect.kind) {
            case EffectKind::execution: out.executions.push_back(effect.tick); break;
            case EffectKind::ask_order:
            case EffectKind::ask_fills: ask(effect, now, out); break;
            case EffectKind::cancel: want_cancel(effect.id, now, out); break;
            case EffectKind::resurrected: alert(AlertKind::resurrected, effect); break;
            case EffectKind::overfilled: alert(AlertKind::overfilled, effect); break;
            case EffectKind::outside: alert(AlertKind::outside_order, effect); break;
            case EffectKind::unbooked:
                // Somebody trades what we do not: no position of ours is in question.
                if (effect.instrument.value >= instruments_->size()) break;
                alert(AlertKind::unbooked_fill, effect);
                reconciler_.doubt(now);
                break;
            case EffectKind::liquidated:
                alert(AlertKind::liquidated, effect);
                reconciler_.doubt(now);
                break;
        }
    }
}

void LiveGateway::ask(const Effect& effect, Nanoseconds now, Outcome& out) {
    // Without budget or clock the question is not asked; the ledger comes back to it, later each time. Hundreds of
    // orders in doubt must not eat the reserve that cancels need; a stop in doubt may.
    const auto* order = ledger_->find(effect.id);
    const auto use = order != nullptr && order->order.reduce_only ? core::RateUse::cancel : core::RateUse::normal;
    if (!clock_.known() || !budget_->take(settings_.query_weight, use, now).granted()) return;
    auto made = action(effect.kind == EffectKind::ask_order ? ActionKind::ask_order : ActionKind::ask_fills, now);
    if (order != nullptr) made.order = order->order, made.conditional = order->conditional;
    made.venue_order = effect.venue_order;
    out.actions.push_back(made);
}

}  // namespace gateways
