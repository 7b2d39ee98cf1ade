#include "gateways/orders/order_gate.hpp"

#include "gateways/orders/protection.hpp"

#include <array>

namespace gateways {

std::string_view name(GateState state) noexcept {
    static constexpr std::array<std::string_view, 4> names{"reducing", "open", "closing", "closed"};
    const auto index = static_cast<std::size_t>(state);
    return index < names.size() ? names[index] : "?";
}

void OrderGate::stop(core::Nanoseconds now, core::Nanoseconds limit, bool keep_stops) noexcept {
    if (state_ >= GateState::closing) return;
    keep_stops_ = keep_stops;
    state_ = GateState::closing;
    began_ = now;
    deadline_ = now + limit;
}

OrderGate::Progress OrderGate::step(OrderLedger& ledger, core::Nanoseconds now, std::vector<Effect>& effects,
                                    bool hold) {
    Progress progress;
    std::vector<Effect> cancels;
    ledger.for_each([&](const TrackedOrder& order) {
        if (final(order.state())) return;
        if (keep_stops_ && guards_position(ledger, order)) {
            const bool leaving = order.state() == OrderState::cancelling;
            ++progress.kept;
            if (!order.exists || order.doubt || leaving) ++progress.pending;
            return;
        }
        ++progress.remaining;
        if (order.state() == OrderState::pending_send) return;  // it is still with us
        // An exit ends by itself; one that does not is cancelled.
        if (is_protective(order.order) && order.order.type != core::OrderType::stop_market &&
            now - order.created < retry)
            return;
        const bool waits = order.cancel_asked && !order.cancel_refused && now - order.cancel_time < retry;
        if (waits) return;
        Effect cancel;
        cancel.kind = EffectKind::cancel;
        cancel.venue = order.order.venue;
        cancel.instrument = order.order.instrument;
        cancel.id = order.order.id;
        cancel.venue_order = order.venue_order;
        cancels.push_back(cancel);
    });
    if (state_ == GateState::closing) {
        for (const auto& cancel : cancels) {
            ledger.cancel_asked(cancel.id, now);
            effects.push_back(cancel);
        }
        progress.late = now - began_ >= (deadline_ - began_) / 2;
        if (progress.remaining > 0 && progress.kept == 0 && !asked_all_ && progress.late)
            progress.cancel_all = asked_all_ = true;
        const bool through = progress.remaining == 0 && progress.pending == 0 && !hold;
        if (through || now >= deadline_) state_ = GateState::closed;
    }
    progress.done = state_ == GateState::closed;
    return progress;
}

}  // namespace gateways
