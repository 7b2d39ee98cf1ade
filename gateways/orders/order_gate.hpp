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
    closing,   ///< stop was asked for: cancels only
    closed     ///< nothing at all
};
std::string_view name(GateState state) noexcept;

/// The one gate in front of the wire, and the orderly stop: cancel every order one by one, after half of the time ask
/// the venue to cancel all, and at the deadline report what remains. Stops that cover a held position stay where they
/// are: whoever stops the engine does not close its positions, and a position without its stop is the worst that can be
/// left behind. While there are such, the venue is not asked to cancel all. An order after stop is impossible: whoever
/// sends asks `pass` first, and nothing opens the gate again.
class OrderGate {
public:
    [[nodiscard]] bool pass(const core::Order& order) const noexcept {
        if (state_ == GateState::open) return true;
        if (order.type == core::OrderType::cancel) return state_ != GateState::closed;
        return state_ == GateState::reducing && order.reduce_only;
    }
    [[nodiscard]] GateState state() const noexcept { return state_; }

    /// False once it is closing.
    bool open() noexcept { return change(GateState::open); }
    bool reduce() noexcept { return change(GateState::reducing); }

    /// Begins the stop, which ends at `now + limit` at the latest. A second call changes nothing. `keep_stops`: those
    /// that cover a position stay.
    void stop(core::Nanoseconds now, core::Nanoseconds limit, bool keep_stops = true) noexcept;

    struct Progress {
        bool cancel_all{};        ///< ask every venue to cancel all of the account's orders now (told once)
        bool done{};              ///< the gate is closed
        std::size_t remaining{};  ///< orders not proven to be gone, without …
        std::size_t kept{};       ///< … the stops of held positions, which stay at the venue
    };
    /// Lets time pass while closing: appends a cancel for each open order (again after `retry`), and says how far it
    /// is.
    Progress step(OrderLedger& ledger, core::Nanoseconds now, std::vector<Effect>& effects);

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

/// A venue's own timer that cancels our orders, stops included, when we do not renew it.
/// Binance futures: POST /fapi|dapi/v1/countdownCancelAll, per symbol, weight 10, checked about every 10 ms. OKX: POST
/// /api/v5/trade/cancel-all-after, in seconds. Bybit: POST /v5/order/disconnected-cancel-all (`product`, `timeWindow` 3
/// to 300 s), set once; it counts from the loss of a private stream that subscribed to `dcp`, and only for accounts for
/// which Bybit enabled it. Bitget and Binance spot document none.
struct DeadManTimer {
    core::Nanoseconds countdown{};
    core::Nanoseconds renew_every{};  ///< 0: set once per connection
    bool per_instrument{};
    std::uint32_t weight{1};  ///< of one renewal, in the venue's request budget
};
/// What the venue offers for the market; countdown 0: nothing.
DeadManTimer dead_man_timer(core::Venue venue, core::Market market) noexcept;

/// When to renew one such timer.
class DeadManSwitch {
public:
    explicit DeadManSwitch(const DeadManTimer& timer) noexcept : timer_{timer} {}

    /// Time to (re)new it: not set yet, or `renew_every` has passed since it was last asked for.
    [[nodiscard]] bool due(core::Nanoseconds now) const noexcept {
        if (timer_.countdown.count() == 0) return false;
        return !asked_ || (timer_.renew_every.count() > 0 && now - asked_at_ >= timer_.renew_every);
    }
    void asked(core::Nanoseconds now) noexcept {
        asked_ = true;
        asked_at_ = now;
    }
    /// The venue said yes to what was asked for at `asked_at`: from then on it counts.
    void renewed(core::Nanoseconds asked_at) noexcept { renewed_at_ = asked_at, armed_ = true; }
    /// The request failed, or the connection is new.
    void failed() noexcept { asked_ = false; }
    /// The venue may have cancelled everything by now, so far as we know.
    [[nodiscard]] bool fired(core::Nanoseconds now) const noexcept {
        return armed_ && timer_.renew_every.count() > 0 && now - renewed_at_ >= timer_.countdown;
    }
    [[nodiscard]] const DeadManTimer& timer() const noexcept { return timer_; }

private:
    DeadManTimer timer_;
    core::Nanoseconds asked_at_{}, renewed_at_{};
    bool asked_{}, armed_{};
};

}  // namespace gateways
