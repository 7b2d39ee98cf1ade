#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "strategies/decision.hpp"
#include "strategies/risk/settings.hpp"

#include <array>
#include <cstdint>

namespace strategies {

/// Stop and targets of one instrument's position, as one unit (spec/bots.md section 7). The protective quantity is always derived
/// from the position: `protect` compares what is working with what the position needs and says what to send and what to cancel.
class Bracket {
public:
    static constexpr std::size_t max_targets = 5;

    /// What must happen now. New protection comes before the cancel of the old one, so that no instant is naked; both are
    /// reduce-only, so that together they cannot turn the position.
    struct Changes {
        std::uint8_t send_count{}, cancel_count{};
        std::array<core::Order, 1 + max_targets> send;      ///< ids still 0
        std::array<std::uint8_t, 1 + max_targets> slot;     ///< which leg each is: 0 the stop, 1.. the targets
        std::array<core::OrderId, 1 + max_targets> cancel;
    };

    /// A new position is to be protected so; also replaces the plan of an addition.
    void plan(const Intent& intent, core::Side position_side) noexcept;

    /// `position` signed. Flat: every leg is cancelled, and the plan is forgotten unless its entry is still `entering`.
    void protect(const core::Instrument& instrument, core::Quantity position, bool entering, Changes& changes) noexcept;

    /// Leg `slot` is now order `id`.
    void sent(std::uint8_t slot, core::OrderId id) noexcept { legs_[slot].id = id; }
    /// An order of ours traded `quantity` or ended; true if it is a leg.
    bool traded(core::OrderId id, core::Quantity quantity) noexcept;
    bool ended(core::OrderId id) noexcept;
    /// The venue refused it: a refused target is given up, a refused stop is sent again by the next `protect`.
    /// True if it is the stop and was refused `patience` times in a row: the position must be closed instead.
    bool refused(core::OrderId id) noexcept;
    static constexpr int patience = 3;

    /// Trailing: moves the stop towards the gain at `price`, never loosens it. True if it moved.
    bool trail(const core::Instrument& instrument, core::Price entry, core::Price price) noexcept;

    [[nodiscard]] bool active() const noexcept { return active_; }
    [[nodiscard]] std::uint8_t bot() const noexcept { return bot_; }
    [[nodiscard]] core::Price stop() const noexcept { return stop_; }

private:
    struct Leg {
        core::OrderId id{};             ///< 0: nothing working
        core::Quantity quantity{};      ///< what is still working
        core::Price price{};
        double share{};
        bool done{};                    ///< a target that filled: not sent again
    };
    void leg_order(const core::Instrument& instrument, std::uint8_t slot, core::Quantity quantity, Changes& changes) noexcept;
    void spread_targets(const core::Instrument& instrument, core::Quantity position, std::array<core::Quantity, max_targets>& wanted) const noexcept;

    bool active_{};
    std::uint8_t bot_{};
    core::Side side_{};                 ///< of the position
    core::Venue venue_{};
    core::Price stop_{};
    double best_gain_bps_{};
    int stop_refusals_{};
    std::uint8_t targets_{};
    std::array<Leg, 1 + max_targets> legs_{};
};

}  // namespace strategies
