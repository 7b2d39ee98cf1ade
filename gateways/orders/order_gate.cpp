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

OrderGate::Progress OrderGate::step(OrderLedger& ledger, core::Nanoseconds now, std::vector<Effect>& effects) {
    Progress progress;
    std::vector<Effect> cancels;
    ledger.for_each([&](const TrackedOrder& order) {
        if (final(order.state())) return;
        if (keep_stops_ && guards_position(ledger, order)) {
            ++progress.kept;
            return;
        }
        ++progress.remaining;
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
        if (progress.remaining > 0 && progress.kept == 0 && !asked_all_ && now - began_ >= (deadline_ - began_) / 2)
            progress.cancel_all = asked_all_ = true;
        if (progress.remaining == 0 || now >= deadline_) state_ = GateState::closed;
    }
    progress.done = state_ == GateState::closed;
    return progress;
}

DeadManTimer dead_man_timer(core::Venue venue, core::Market market) noexcept {
    using namespace std::chrono_literals;
    if (venue == core::Venue::binance && market != core::Market::spot)
        return {.countdown = 30s, .renew_every = 10s, .per_instrument = true, .weight = 10};
    if (venue == core::Venue::okx) return {.countdown = 30s, .renew_every = 10s, .per_instrument = false};
    if (venue == core::Venue::bybit) return {.countdown = 30s, .renew_every = 0s, .per_instrument = false};
    return {};
}

}  // namespace gateways
