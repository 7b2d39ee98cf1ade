#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "strategies/decision.hpp"
#include "strategies/risk/backoff.hpp"
#include "strategies/risk/memory.hpp"
#include "strategies/risk/settings.hpp"

#include <algorithm>
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

    /// A leg that must change now. The new order goes out first; the old one is cancelled when the new one rests, so
    /// that no refusal and no lost answer leaves the position naked. Both are reduce-only, so that together they cannot
    /// turn it.
    struct Change {
        std::uint8_t leg{};
        bool send{};
        core::Order order{};       ///< id still 0; when `send`
        core::OrderId replaces{};  ///< cancel this once the new one rests (at once if nothing is sent); 0: nothing
    };
    struct Changes {
        std::uint8_t count{};
        std::array<Change, legs> change;
        core::Nanoseconds retry{core::Nanoseconds::max()};  ///< when a leg that waits after a refusal may be sent
    };

    /// The plan of an entry (or addition) that is on its way: it counts from its first fill on.
    void propose(const Intent& intent, core::OrderId entry) noexcept;

    /// An order of ours traded. The first fill of the proposed entry puts its plan in force; an addition never loosens
    /// the stop.
    void traded(core::OrderId id, core::Quantity quantity) noexcept;

    /// Why an order ended without (further) trading.
    enum class End : std::uint8_t {
        over,       ///< cancelled, expired
        refused,    ///< by the venue
        held_back,  ///< by us (gate, budget), or by a venue that takes no orders at all just then
        dropped     ///< it rested, and nobody of ours ended it: a trigger that failed, a cancel by another hand
    };
    /// What the end of an order meant for the bracket.
    struct Ended {
        std::uint8_t leg{legs};  ///< the leg that now has no order; `legs`: it was none of ours
        bool exhausted{};        ///< the venue refused the stop `patience` times in a row: close the position
    };
    /// An order of ours ended. What was refused or held back is sent again after a pause (see Backoff), what was
    /// dropped at once, but again within two minutes only after such a pause: a venue may take a stop and end it every
    /// time. A target that the venue refused `patience` times is given up.
    Ended ended(core::OrderId id, End how, core::Nanoseconds now) noexcept;
    /// The venue took the order.
    void accepted(core::OrderId id) noexcept;
    /// The leg's new order came to nothing; the one it was to replace is the leg again.
    void fall_back(std::uint8_t leg, const core::Order& order, core::Quantity left) noexcept;
    static constexpr std::uint32_t patience = 3;

    /// What must outlive the process; inactive without a position.
    [[nodiscard]] PlanMemory memory() const noexcept;
    /// One leg of the plan of an earlier run: a price, and a target's share or (leg 0) the best gain. In force with
    /// the position, if that is still on its side.
    void remember(std::uint8_t leg, core::Side side, std::uint8_t bot, core::Price price, double value) noexcept;
    /// The restore is over: what was remembered of a position that is gone counts no more.
    void forget() noexcept { remembered_ = {}; }
    /// An order of an earlier run that still rests and protects a position: it becomes a leg, the plan is what it says.
    void restore(const core::Order& order) noexcept;
    /// The position of that run. Without a stop among its orders one is planned `stop_bps` behind its entry; orders on
    /// the wrong side of it are none of its legs.
    void restore(const core::Instrument& instrument, core::Side side, core::Price entry, core::Quantity quantity,
                 double stop_bps, std::uint8_t bot) noexcept;

    /// `position` signed. While its entry is still filling only the stop follows every fill, the targets wait for its
    /// end. Flat or turned: the plan is forgotten (its orders are the caller's to cancel).
    void protect(const core::Instrument& instrument, core::Quantity position, bool entering, core::Nanoseconds now,
                 Changes& changes) noexcept;
    /// Spot: the best bid reached a target that is not sold yet.
    bool reach(core::Price bid, core::Nanoseconds now) noexcept;
    /// Spot: the orders that should sell coins of `position` now, and do not work yet: the stop, or the stop of what is
    /// left and the target that was reached (immediate or cancel, at its price). Coins that rest in one order cannot be
    /// sold by another, so the caller first cancels what works, and asks again when that has ended: all goes out
    /// together then, and no coin is without an order for longer than one cancel takes.
    void aim(const core::Instrument& instrument, core::Quantity position, core::Nanoseconds now,
             Changes& changes) noexcept;
    /// The change went out as order `id`; 0 if there was no room: the old leg stays in force and `protect` asks again.
    void placed(const Change& change, core::OrderId id) noexcept;

    /// Trailing: moves the stop towards the gain at `price`, never loosens it. True if it moved.
    bool trail(const core::Instrument& instrument, core::Price entry, core::Price price) noexcept;

    [[nodiscard]] bool active() const noexcept { return active_; }
    [[nodiscard]] core::Side side() const noexcept { return side_; }
    [[nodiscard]] std::uint8_t bot() const noexcept { return bot_; }
    [[nodiscard]] core::Price stop() const noexcept { return stop_; }
    /// It protects a position of this sign.
    [[nodiscard]] bool suits(core::Quantity position) const noexcept {
        return active_ && position.units != 0 && (position.units > 0) == (side_ == core::Side::buy);
    }
    /// The order that works as this leg; 0: none.
    [[nodiscard]] core::OrderId order_of(std::uint8_t leg) const noexcept { return legs_[leg].id; }
    /// The order is one of the legs.
    [[nodiscard]] bool owns(core::OrderId id) const noexcept;

private:
    struct Leg {
        core::OrderId id{};                                   ///< 0: nothing working
        core::Quantity quantity{};                            ///< what is still working
        core::Price price{};                                  ///< of the working order
        core::Price wanted{};                                 ///< of the plan
        double share{};                                       ///< of the plan; 0: no such target
        bool done{};                                          ///< a target that filled or was given up: not sent again
        std::uint32_t refusals{};                             ///< by the venue, in a row
        Backoff pause{};                                      ///< after a refusal
        Backoff relapse{};                                    ///< after it was dropped again
        core::Nanoseconds dropped{core::Nanoseconds::min()};  ///< when last

        [[nodiscard]] core::Nanoseconds until() const noexcept { return std::max(pause.until(), relapse.until()); }
        [[nodiscard]] bool waits(core::Nanoseconds now) const noexcept { return now < until(); }
        void try_at_once() noexcept {
            pause.reset();
            relapse.reset();
        }
    };
    void adopt() noexcept;
    void follow(const PlanMemory& plan) noexcept;
    void change(const core::Instrument& instrument, std::uint8_t leg, core::Quantity quantity, core::Nanoseconds now,
                Changes& changes) const noexcept;
    void spread_targets(const core::Instrument& instrument, core::Quantity position,
                        std::array<core::Quantity, legs>& wanted) const noexcept;

    bool active_{};
    std::uint8_t bot_{};
    core::Side side_{};  ///< of the position
    core::Venue venue_{};
    core::Price stop_{};
    double best_gain_bps_{};
    std::uint8_t reached_{};  ///< spot: the target to be sold; 0: none
    core::Quantity seen_{};   ///< the position that was protected last: another one is tried at once
    std::array<Leg, legs> legs_{};
    core::OrderId proposed_by_{};  ///< the newest entry; 0: none, or it ended
    bool adopted_{};               ///< its plan is in force
    Intent proposed_{};
    PlanMemory remembered_{};
};

}  // namespace strategies
