#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "strategies/decision.hpp"
#include "strategies/risk/settings.hpp"

#include <array>
#include <cstdint>

namespace strategies {

/// Stop and targets of one instrument's position, as one unit (spec/bots.md section 7). The protective quantity is
/// always derived from the position: `protect` compares what is working with what the position needs and says what to
/// send and what to cancel.
class Bracket {
public:
    static constexpr std::size_t max_targets = 5;
    static constexpr std::size_t legs = 1 + max_targets;  ///< 0 the stop, 1.. the targets

    /// A leg that must change now. The new order goes out before the old one is cancelled, so that no instant is naked;
    /// both are reduce-only, so that together they cannot turn the position.
    struct Change {
        std::uint8_t leg{};
        bool send{};
        core::Order order{};       ///< id still 0; when `send`
        core::OrderId replaces{};  ///< cancel this once the new one is placed; 0: nothing to cancel
    };
    struct Changes {
        std::uint8_t count{};
        std::array<Change, legs> change;
    };

    /// The plan of an entry (or addition) that is on its way: it counts from its first fill on.
    void propose(const Intent& intent, core::OrderId entry) noexcept;

    /// An order of ours traded. The first fill of the proposed entry puts its plan in force; an addition never loosens
    /// the stop.
    void traded(core::OrderId id, core::Quantity quantity) noexcept;
    /// An order of ours ended without (further) trading. A refused target is given up, a refused stop is sent again;
    /// true if the stop was refused `patience` times in a row: the position must be closed instead.
    bool ended(core::OrderId id, bool refused) noexcept;
    /// The venue took the order.
    void accepted(core::OrderId id) noexcept;
    static constexpr int patience = 3;

    /// An order of an earlier run that still rests and protects a position: it becomes a leg, the plan is what it says.
    void restore(const core::Order& order) noexcept;
    /// The position of that run. Without a stop among its orders one is planned `stop_bps` behind its entry; orders on
    /// the wrong side of it are none of its legs.
    void restore(const core::Instrument& instrument, core::Side side, core::Price entry, core::Quantity quantity,
                 double stop_bps, std::uint8_t bot) noexcept;

    /// `position` signed. While its entry is still filling only the stop follows every fill, the targets wait for its
    /// end. Flat: every leg is cancelled, and the plan is forgotten.
    void protect(const core::Instrument& instrument, core::Quantity position, bool entering, Changes& changes) noexcept;
    /// The change went out as order `id`; 0 if there was no room: the old leg stays in force and `protect` asks again.
    void placed(const Change& change, core::OrderId id) noexcept;

    /// Trailing: moves the stop towards the gain at `price`, never loosens it. True if it moved.
    bool trail(const core::Instrument& instrument, core::Price entry, core::Price price) noexcept;

    [[nodiscard]] bool active() const noexcept { return active_; }
    [[nodiscard]] core::Side side() const noexcept { return side_; }
    [[nodiscard]] std::uint8_t bot() const noexcept { return bot_; }
    [[nodiscard]] core::Price stop() const noexcept { return stop_; }

private:
    struct Leg {
        core::OrderId id{};         ///< 0: nothing working
        core::Quantity quantity{};  ///< what is still working
        core::Price price{};        ///< of the working order
        core::Price wanted{};       ///< of the plan
        double share{};             ///< of the plan; 0: no such target
        bool done{};                ///< a target that filled or was given up: not sent again
    };
    void adopt() noexcept;
    void change(const core::Instrument& instrument, std::uint8_t leg, core::Quantity quantity,
                Changes& changes) const noexcept;
    void spread_targets(const core::Instrument& instrument, core::Quantity position,
                        std::array<core::Quantity, legs>& wanted) const noexcept;

    bool active_{};
    std::uint8_t bot_{};
    core::Side side_{};  ///< of the position
    core::Venue venue_{};
    core::Price stop_{};
    double best_gain_bps_{};
    int stop_refusals_{};
    std::array<Leg, legs> legs_{};
    core::OrderId proposed_by_{};  ///< the newest entry; 0: none, or it ended
    bool adopted_{};               ///< its plan is in force
    Intent proposed_{};
};

}  // namespace strategies
