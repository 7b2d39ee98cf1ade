#include "gateways/orders/venue_event.hpp"

#include "core/domain/reject_reasons.hpp"

#include <array>

namespace gateways {

namespace {

template <std::size_t n, class Enum>
constexpr std::string_view pick(const std::array<std::string_view, n>& names, Enum value) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < n ? names[index] : std::string_view{"?"};
}

}  // namespace

std::string_view name(VenueEventKind kind) noexcept {
    static constexpr std::array<std::string_view, venue_event_kind_count> names{
        "acknowledged", "order_update",    "fill",    "rejected", "cancelled",   "expired",   "cancel_rejected",
        "not_found",    "outcome_unknown", "balance", "position", "liquidation", "stream_up", "stream_down"};
    return pick(names, kind);
}

std::string_view name(EventSource source) noexcept {
    static constexpr std::array<std::string_view, 3> names{"stream", "answer", "query"};
    return pick(names, source);
}

std::string_view name(OrderOrigin origin) noexcept {
    static constexpr std::array<std::string_view, 4> names{"account", "liquidation", "deleveraging", "settlement"};
    return pick(names, origin);
}

std::string_view name(VenueStatus status) noexcept {
    static constexpr std::array<std::string_view, 7> names{"pending",   "working",  "partially_filled", "filled",
                                                           "cancelled", "rejected", "expired"};
    return pick(names, status);
}

std::string_view name(Refusal refusal) noexcept {
    static constexpr std::array<std::string_view, refusal_count> names{"other",
                                                                       "tick_size",
                                                                       "lot_size",
                                                                       "min_notional",
                                                                       "max_quantity",
                                                                       "price_band",
                                                                       "post_only_would_cross",
                                                                       "would_not_fill",
                                                                       "reduce_only",
                                                                       "unknown_order",
                                                                       "already_final",
                                                                       "duplicate_id",
                                                                       "too_many_orders",
                                                                       "insufficient_balance",
                                                                       "no_market",
                                                                       "rate_limited",
                                                                       "banned",
                                                                       "clock",
                                                                       "credentials",
                                                                       "permission",
                                                                       "account_mode",
                                                                       "malformed",
                                                                       "unavailable",
                                                                       "would_trigger"};
    return pick(names, refusal);
}

core::RejectReason to_reject_reason(Refusal refusal) noexcept {
    using core::RejectReason;
    switch (refusal) {
        case Refusal::tick_size: return RejectReason::tick_size;
        case Refusal::lot_size: return RejectReason::lot_size;
        case Refusal::min_notional: return RejectReason::min_notional;
        case Refusal::post_only_would_cross: return RejectReason::post_only_would_cross;
        case Refusal::would_not_fill: return RejectReason::would_not_fill;
        case Refusal::would_trigger: return core::reject_reason::would_trigger;
        case Refusal::reduce_only: return RejectReason::reduce_only;
        case Refusal::unknown_order:
        case Refusal::already_final: return RejectReason::unknown_order;
        case Refusal::duplicate_id: return RejectReason::duplicate_id;
        case Refusal::too_many_orders: return RejectReason::too_many;
        case Refusal::no_market: return RejectReason::no_market;
        case Refusal::insufficient_balance: return core::reject_reason::balance;
        case Refusal::rate_limited:
        case Refusal::banned:
        case Refusal::clock:
        case Refusal::unavailable: return core::reject_reason::held_back;
        default: return RejectReason::none;
    }
}

}  // namespace gateways
