#include "gateways/orders/live_gateway.hpp"

#include <algorithm>

namespace gateways {

using core::Nanoseconds;

// ---- time

void LiveGateway::step(Nanoseconds now, Outcome& out) {
    effects_.clear();
    ledger_->due(now, effects_);
    if (gate_.state() == GateState::closing) close_up(now, out);
    act_on(effects_, now, out);
    work_off_protection(now, out);
    work_off_cancels(now, out);
    ask_regularly(now, out);
    protect(now, out);
    keep_ledger_small();
}

/// The disk is waited for elsewhere.
void LiveGateway::keep_ledger_small() {
    if (ledger_->compacting()) {
        if (const auto done = ledger_->look_at_compaction())
            compact_at_ = *done ? std::max(settings_.compact_above, 2 * ledger_->file_bytes()) : 2 * compact_at_;
    } else if (ledger_->file_bytes() > compact_at_ && !ledger_->begin_compaction()) {
        compact_at_ *= 2;
    }
}

/// The orderly end: orders first, then the venue's timers, for what stays at the venue must not be cancelled by one
/// that nobody renews any more. Where nothing stays but what could not be cancelled, a timer does what we could not.
void LiveGateway::close_up(Nanoseconds now, Outcome& out) {
    std::vector<Effect> cancels;
    const bool timers_run = !timers_.off();
    const auto progress = gate_.step(*ledger_, now, cancels, timers_run || awaits_protection(now));
    const bool left = progress.kept == 0 && progress.remaining > 0;
    if (!left && (progress.remaining == 0 || progress.late)) timers_.end();
    if (progress.cancel_all) out.actions.push_back(action(ActionKind::cancel_all, now));
    for (const auto& cancel : cancels)
        if (std::none_of(cancels_.begin(), cancels_.end(), [&](const auto& c) { return c.id == cancel.id; }))
            cancels_.push_back({.id = cancel.id, .next = now});
    if (!progress.done) return;
    const auto alert = [&](AlertKind kind) {
        out.alerts.push_back({.kind = kind, .instrument = core::no_instrument, .id = {}});
    };
    tell_naked(out);
    if (timers_run && !left) alert(AlertKind::timer_left);
    if (progress.remaining > 0) alert(AlertKind::stop_incomplete);
}

void LiveGateway::ask_regularly(Nanoseconds now, Outcome& out) {
    // Light, as far as questions are paid here at all.
    const auto weight = std::min(settings_.query_weight, 1u);
    if (clock_.due(now) && budget_->take(weight, core::RateUse::cancel, now).granted()) {
        clock_.asked(now);
        out.actions.push_back(action(ActionKind::ask_time, now));
    }
    if (!clock_.known()) return;
    if (reconciler_.due(now) && budget_->take(settings_.account_weight, core::RateUse::normal, now).granted()) {
        auto made = action(ActionKind::ask_account, now);
        made.since = reconciler_.fills_since();
        reconciler_.asked(now, made.timestamp);
        out.actions.push_back(made);
    }
    keep_timers(now, out);
}

void LiveGateway::keep_timers(Nanoseconds now, Outcome& out) {
    if (gate_.state() == GateState::closed) return;
    if (timers_.lapsed(now)) reconciler_.doubt(now);  // the venue may have cancelled everything
    while (const auto due = timers_.due(now)) {
        const auto weight = settings_.pays_timers ? due->weight : 0;
        if (!budget_->take(weight, core::RateUse::cancel, now).granted()) return;
        timers_.asked(*due, now);
        auto made = action(ActionKind::renew_timer, now);
        made.order.instrument = due->instrument;
        made.countdown = due->countdown;
        out.actions.push_back(made);
    }
}

}  // namespace gateways
