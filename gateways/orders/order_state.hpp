#pragma once

#include "core/domain/order.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace gateways {

/// Where an order of ours stands, as far as we can prove it.
enum class OrderState : std::uint8_t {
    pending_send,      ///< recorded, not on the wire yet
    sent,              ///< on the wire, no answer yet
    unknown,           ///< the answer was lost: it may or may not exist. Resolved by asking, never by sending again
    working,           ///< the venue has it
    partially_filled,  ///< the venue has it, part of it traded
    cancelling,        ///< a cancel is on its way; fills may still come
    cancelled,
    rejected,  ///< it never was in the book, or the venue threw it out
    expired,
    filled
};
inline constexpr std::size_t order_state_count = 10;
std::string_view name(OrderState state) noexcept;
constexpr bool final(OrderState state) noexcept {
    return state >= OrderState::cancelled;
}

/// All we know about one order: facts that only ever grow. Whatever the order in which the venue's messages arrive, and
/// however often, the facts end up the same, and the state is read off them.
struct TrackedOrder {
    core::Order order{};  ///< as created; of an outside order what the venue told
    VenueId venue_order{};
    core::Quantity booked{};   ///< Σ of the fills we have, each once
    core::Quantity claimed{};  ///< the highest cumulative quantity the venue ever told
    core::Nanoseconds created{};
    core::Nanoseconds cancel_time{};  ///< when the newest cancel was asked for
    core::Nanoseconds lost_at{};      ///< when the doubt began
    core::Nanoseconds asked_at{};     ///< when the venue was last asked about it
    core::Nanoseconds next_ask{};
    std::uint8_t asks{};  ///< since the doubt began, at most 255
    Refusal refusal{};    ///< of the newest refusal

    // Facts about the order.
    bool sent : 1 {};
    bool exists : 1 {};        ///< the venue spoke of it as being there
    bool refused : 1 {};       ///< the answer to the create was no. Weaker than `exists`
    bool absent : 1 {};        ///< asked late enough, the venue knows no such order. Weaker than `exists`
    bool is_cancelled : 1 {};  ///< the venue's own final words; two of them do not occur, but have an order if they do
    bool is_rejected : 1 {};
    bool is_expired : 1 {};
    bool is_filled : 1 {};  ///< the venue calls it filled, whether or not we have the fills
    bool cancel_asked : 1 {};
    bool cancel_refused : 1 {};  ///< of the newest cancel
    // What follows for us.
    bool doubt : 1 {};        ///< an outcome (of the create or of a cancel) is unknown: ask
    bool waived : 1 {};       ///< missing or superfluous fills are settled: reconciliation has set the position
    bool outside : 1 {};      ///< not created by this ledger
    bool conditional : 1 {};  ///< of an outside one: the venue keeps it in its book of waiting orders
    bool by_venue : 1 {};     ///< made by the venue itself: a liquidation, a settlement
    bool told_accepted : 1 {}, told_end : 1 {};  ///< what the pipeline has heard

    [[nodiscard]] OrderState state() const noexcept {
        if (is_filled || (order.quantity.units > 0 && booked >= order.quantity)) return OrderState::filled;
        if (is_expired) return OrderState::expired;
        if (is_rejected) return OrderState::rejected;
        if (is_cancelled) return OrderState::cancelled;
        const bool traded = booked.units > 0 || claimed.units > 0;
        if (exists || traded) {
            if (absent) return OrderState::cancelled;  // it was there, and the venue has forgotten it
            if (cancel_asked && !cancel_refused) return OrderState::cancelling;
            return traded ? OrderState::partially_filled : OrderState::working;
        }
        if (refused || absent) return OrderState::rejected;
        if (doubt) return OrderState::unknown;
        return sent ? OrderState::sent : OrderState::pending_send;
    }
    /// The venue told of more than the fills we have.
    [[nodiscard]] core::Quantity missing() const noexcept {
        const auto told = is_filled && order.quantity > claimed ? order.quantity : claimed;
        return told > booked ? told - booked : core::Quantity{};
    }
    [[nodiscard]] bool overfilled() const noexcept { return order.quantity.units > 0 && booked > order.quantity; }
    /// An outcome or a fill of it is in doubt: no entries of its instrument.
    [[nodiscard]] bool doubtful() const noexcept {
        return doubt || (!waived && (missing().units > 0 || overfilled())) || state() == OrderState::unknown;
    }
    /// Nothing about it is open: it may be forgotten in time.
    [[nodiscard]] bool settled() const noexcept { return final(state()) && !doubtful(); }
    /// What can still trade, as far as we know.
    [[nodiscard]] core::Quantity left() const noexcept {
        const auto done = booked > claimed ? booked : claimed;
        return final(state()) || done >= order.quantity ? core::Quantity{} : order.quantity - done;
    }
};
static_assert(std::is_trivially_copyable_v<TrackedOrder>);

/// Ids of outside orders: their epoch has the highest bit, which a start counter never reaches.
inline constexpr std::uint64_t outside_bit = std::uint64_t{1} << 63;
constexpr bool is_outside(core::OrderId id) noexcept {
    return (id.value & outside_bit) != 0;
}

/// Two counters within one epoch, so that engine and gateway number their orders without asking each other: the upper
/// half of the counts is the gateway's.
inline constexpr std::uint64_t gateway_lane = std::uint64_t{1} << 39;
constexpr std::size_t lane_of(core::OrderId id) noexcept {
    return (id.value & gateway_lane) != 0 ? 1 : 0;
}

}  // namespace gateways
