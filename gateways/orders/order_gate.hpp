#pragma once

#include "core/domain/order.hpp"
#include "core/domain/time.hpp"
#include "gateways/orders/effect.hpp"
#include "gateways/orders/ledger.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace gateways {

/// What may still leave the house. One way only, but for `open` and `reducing`: what is closed stays closed for the
/// life of the process.
enum class GateState : std::uint8_t {
    reducing,  ///< at first: cancels and reduce-only orders
    open,      ///< everything
    closing,   ///< stop was asked for: cancels, and what protects a position
    closed     ///< nothing at all
};
std::string_view name(GateState state) noexcept;

/// Closes a position or guards it: a reduce-only stop, or a reduce-only exit that trades at once or never.
constexpr bool is_protective(const core::Order& order) noexcept {
    if (!order.reduce_only) return false;
    return order.type == core::OrderType::stop_market || order.type == core::OrderType::market ||
           (order.type == core::OrderType::limit &&
            (order.time_in_force == core::TimeInForce::ioc || order.time_in_force == core::TimeInForce::fok));
}

/// The one gate in front of the wire, and the orderly stop: cancel every order one by one, after half of the time ask
/// the venue to cancel all, and at the deadline report what remains. Stops that cover a held position stay where they
/// are: whoever stops the engine does not close its positions, and a position without its stop is the worst that can be
/// left behind. So what protects passes until the gate is closed: an entry that filled a moment before the stop still
/// gets its own. While there are such, the venue is not asked to cancel all. An entry after stop is impossible: whoever
/// sends asks `pass` first, and nothing opens the gate again.
class OrderGate {
public:
    [[nodiscard]] bool pass(const core::Order& order) const noexcept {
        if (state_ == GateState::open) return true;
        if (order.type == core::OrderType::cancel) return state_ != GateState::closed;
        if (state_ == GateState::reducing) return order.reduce_only;
        // A stop that would be cancelled again helps nobody.
        return state_ == GateState::closing && is_protective(order) &&
               (keep_stops_ || order.type != core::OrderType::stop_market);
    }
    [[nodiscard]] GateState state() const noexcept { return state_; }

    /// False once it is closing.
    bool open() noexcept { return change(GateState::open); }
    bool reduce() noexcept { return change(GateState::reducing); }

    /// Begins the stop, which ends at `now + limit` at the latest. A second call changes nothing. `keep_stops`: those
    /// that cover a position stay.
    void stop(core::Nanoseconds now, core::Nanoseconds limit, bool keep_stops = true) noexcept;

    struct Progress {
        bool late{};              ///< half of the time is over
        bool cancel_all{};        ///< ask every venue to cancel all of the account's orders now (told once)
        bool done{};              ///< the gate is closed
        std::size_t remaining{};  ///< orders not proven to be gone, without …
        std::size_t kept{};       ///< … the stops of held positions, which stay at the venue; …
        std::size_t pending{};    ///< … of those so many that the venue has not confirmed, or is asked to cancel
    };
    /// Lets time pass while closing: appends a cancel for each open order (again after `retry`), and says how far it
    /// is. `hold`: something else is not through yet, so it closes at the deadline at the earliest.
    Progress step(OrderLedger& ledger, core::Nanoseconds now, std::vector<Effect>& effects, bool hold = false);

    static constexpr core::Nanoseconds retry{1'000'000'000};

private:
    bool change(GateState to) noexcept {
        if (state_ >= GateState::closing) return false;
        state_ = to;
        return true;
    }
    GateState state_{GateState::reducing};
    core::Nanoseconds began_{}, deadline_{};
    bool asked_all_{}, keep_stops_{true};
};

}  // namespace gateways
