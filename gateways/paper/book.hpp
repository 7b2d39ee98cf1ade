#pragma once

#include "core/book/ladder.hpp"
#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace gateways::paper {

/// The simulated venue's view of one instrument: the book the tape shows, less what our own takers already took from
/// it.
///
/// An instrument that never had depth is its newest quote, one level a side. Where there is depth, a newer quote can
/// only make things worse for a taker: levels better than the quoted price are taken to be gone. The same holds for a
/// trade newer than book and quote: levels better than its price are gone, and its own quantity is gone from the level
/// it hit.
class Book {
public:
    Book(std::size_t window, std::size_t consumptions);

    /// Follows a level, quote, trade or session tick of its instrument. True if the tradable top may have changed.
    bool on(const core::Tick& tick) noexcept;

    [[nodiscard]] bool valid() const noexcept { return valid_; }

    /// Displayed quantity on `side` at `price`, ours not subtracted; `hidden` where a lone quote does not reach.
    [[nodiscard]] core::Quantity displayed(core::Side side, core::Price price) const noexcept;
    /// More than was ever displayed: a place in a queue of which nothing is known is behind it.
    static constexpr core::Quantity hidden{std::int64_t{1} << 60};

    [[nodiscard]] bool has_depth() const noexcept { return has_depth_; }
    /// The newest trade's price, 0 before the first.
    [[nodiscard]] core::Price last_trade() const noexcept { return last_trade_; }

    /// The best price a taker of `side` gets now, or 0 if nothing is offered.
    [[nodiscard]] core::Price touch(core::Side taker) const noexcept;

    /// Walks what a taker of `side` may take, best first: f(price, available) → quantity it takes (0 stops the walk).
    /// What is taken is gone until the tape shows that level anew.
    template <class F>
    void take(core::Side taker, F&& f) noexcept {
        offers(taker, [&](core::Price price, core::Quantity available) {
            if (consumed_.size() == consumed_.capacity()) return false;  // what we cannot remember we do not take
            const core::Quantity taken = f(price, available);
            if (taken.units <= 0) return false;
            consume(core::opposite(taker), price, taken);
            return true;
        });
    }
    /// The same without taking: f(price, available) → go on?
    template <class F>
    void offers(core::Side taker, F&& f) const noexcept {
        if (!valid_) return;
        const bool buying = taker == core::Side::buy;
        const core::Side side = core::opposite(taker);
        if (!has_depth_) {
            const core::Price price = buying ? quote_.ask_price : quote_.bid_price;
            const core::Quantity left = (buying ? quote_.ask_quantity : quote_.bid_quantity) - gone(side, price);
            if (left.units > 0) f(price, left);
            return;
        }
        ladder(side).walk([&](core::Price price, core::Quantity quantity) {
            if (quote_newer_ && (buying ? price < quote_.ask_price : price > quote_.bid_price)) return true;
            const core::Quantity left = quantity - gone(side, price);
            return left.units <= 0 || f(price, left);
        });
    }

private:
    struct Consumption {
        core::Side side;
        core::Price price;
        core::Quantity quantity;
    };
    [[nodiscard]] const core::Ladder& ladder(core::Side side) const noexcept {
        return side == core::Side::buy ? bids_ : asks_;
    }
    /// The newest trade that hit a side. Price 0: none.
    struct Hit {
        core::Price price;
        core::Quantity quantity;  ///< at this price since the tape last showed the level
        bool newest;              ///< neither book nor quote are newer: what was better than its price is gone
    };
    [[nodiscard]] const Hit& hit(core::Side side) const noexcept { return hits_[side == core::Side::buy ? 0 : 1]; }
    /// What of a level is no longer there: taken by us, or by a trade the book does not show yet.
    [[nodiscard]] core::Quantity gone(core::Side side, core::Price price) const noexcept;
    [[nodiscard]] core::Quantity consumed(core::Side side, core::Price price) const noexcept;
    void consume(core::Side side, core::Price price, core::Quantity quantity) noexcept;
    void refresh(core::Side side, core::Price price) noexcept;
    void on_level(const core::Tick& tick) noexcept;
    void on_quote(const core::Quote& quote) noexcept;
    void on_trade(const core::Tick& tick) noexcept;
    void on_session(core::Session session) noexcept;
    [[nodiscard]] bool crossed() const noexcept {
        return !bids_.empty() && !asks_.empty() && bids_.best() >= asks_.best();
    }

    core::Ladder bids_{core::Side::buy}, asks_{core::Side::sell};
    core::Quote quote_{};
    std::array<Hit, 2> hits_{};  // bids, asks
    core::Price last_trade_{};
    bool valid_{}, has_depth_{}, has_quote_{}, quote_newer_{};
    bool resynchronised_{}, whole_since_gap_{};
    std::vector<Consumption> consumed_;  // few: only what our own takers took lately
};

}  // namespace gateways::paper
