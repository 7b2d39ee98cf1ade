#include "gateways/orders/protection.hpp"

#include <algorithm>

namespace gateways {

namespace {

bool protects(const TrackedOrder& order, core::InstrumentId instrument, core::Quantity position) noexcept {
    const auto closing = position.units > 0 ? core::Side::sell : core::Side::buy;
    return order.order.instrument == instrument && order.order.side == closing &&
           order.order.type == core::OrderType::stop_market && order.order.reduce_only;
}

}  // namespace

Protection protection(const OrderLedger& ledger, core::InstrumentId instrument) noexcept {
    Protection result{.position = ledger.position(instrument)};
    result.position.units -= result.position.units % ledger.lot(instrument).units;  // no stop could sell the rest
    if (result.position.units == 0) return result;
    ledger.for_each([&](const TrackedOrder& order) {
        if (!protects(order, instrument, result.position) || final(order.state())) return;
        const bool there = order.exists && !order.doubt;
        if (there && order.state() != OrderState::cancelling) result.stops = result.stops + order.left();
        if (!there) ++result.doubtful;
    });
    const auto held = result.position.units < 0 ? -result.position : result.position;
    result.covered = std::min(held, result.stops);
    return result;
}

bool guards_position(const OrderLedger& ledger, const TrackedOrder& order) noexcept {
    const auto position = ledger.position(order.order.instrument);
    return position.units != 0 && protects(order, order.order.instrument, position);
}

std::optional<core::Order> missing_stop(const OrderLedger& ledger, core::InstrumentId instrument,
                                        core::Price last) noexcept {
    const auto now = protection(ledger, instrument);
    if (now.naked().units <= 0 || now.doubtful > 0) return std::nullopt;
    const TrackedOrder* newest = nullptr;
    ledger.for_each([&](const TrackedOrder& order) {
        if (protects(order, instrument, now.position) && order.order.trigger.units > 0 && !order.outside &&
            ledger.of_position(order.order) && (newest == nullptr || order.order.id > newest->order.id))
            newest = &order;
    });
    if (newest == nullptr) return std::nullopt;
    const auto trigger = newest->order.trigger;
    const bool beyond = newest->order.side == core::Side::sell ? last <= trigger : last >= trigger;
    if (last.units > 0 && beyond) return std::nullopt;
    auto stop = newest->order;
    stop.id = {};
    stop.quantity = now.naked();
    return stop;
}

bool ProtectionWatch::naked(const OrderLedger& ledger, core::InstrumentId instrument, core::Nanoseconds now) noexcept {
    auto& since = since_[instrument.value];
    if (protection(ledger, instrument).naked().units <= 0) {
        since.reset();
        return false;
    }
    if (!since) since = now;
    return now - *since >= grace_;
}

}  // namespace gateways
