#pragma once

#include "core/domain/order.hpp"

namespace core {

/// Reasons that follow those of RejectReason's own list, for the few who tell them apart.
namespace reject_reason {
/// The account does not hold, or not freely, what the order would sell or pay.
inline constexpr RejectReason balance{11};
/// No word on the order itself: our own gate, budget, clock or disk kept it, or the venue takes no orders at all just
/// now (its rate limit, maintenance).
inline constexpr RejectReason held_back{12};
/// A stop whose price has come already: what it was to protect has to be closed at once.
inline constexpr RejectReason would_trigger{13};
}  // namespace reject_reason

}  // namespace core
