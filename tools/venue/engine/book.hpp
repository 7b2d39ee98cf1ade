#pragma once

#include "core/domain/tick.hpp"
#include "tools/venue/engine/order.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace venue {

/// The book of one listing: what the outside market shows, and our accounts' orders in their places in the queue.
///
/// Price, then time. An order joins behind all that is displayed at its price; of the outside's quantity ahead of it,
/// what is traded brings it forward, and so does what can only have been withdrawn from before it.
class Book {
public:
    /// One quantity taken at one price. `maker` 0: of the outside market.
    struct Match {
        core::Price price;
        core::Quantity quantity;
        OrderNumber maker;
        bool own;  ///< the maker is the taker's own account: nothing traded, the order left the book
    };

    /// The outside's quantity at a price is now this. True if it changed.
    bool set_outside(core::Side side, core::Price price, core::Quantity quantity);
    /// The outside's quantity at a price.
    [[nodiscard]] core::Quantity outside(core::Side side, core::Price price) const;
    /// The outside's levels of both sides, for a new snapshot to be compared with.
    [[nodiscard]] std::vector<std::pair<core::Side, core::Price>> outside_levels() const;

    void rest(core::Side side, core::Price price, core::Quantity quantity, OrderNumber number, AccountId account);
    /// Takes an order out; false if it does not rest here.
    bool remove(core::Side side, core::Price price, OrderNumber number);
    /// A smaller quantity keeps its place.
    void reduce(core::Side side, core::Price price, OrderNumber number, core::Quantity left);

    /// Takes up to `want` for a taker of `side` at prices no worse than `limit` (0: any), best and first come first.
    /// `account` 0: the outside.
    std::vector<Match> take(core::Side taker, core::Price limit, core::Quantity want, AccountId account);
    /// What the outside traded with itself at `price` by the tape: our orders that stood before it are taken first.
    std::vector<Match> traded(core::Side aggressor, core::Price price, core::Quantity quantity);
    /// Our orders that the outside's levels have crossed: matches at our prices, the outside's levels reduced.
    /// `taker` is told the outside's side.
    std::vector<Match> uncross(core::Side& taker);

    /// What a taker could get now at prices no worse than `limit` (0: any), without `account`'s own orders.
    [[nodiscard]] core::Quantity available(core::Side taker, core::Price limit, AccountId account) const;
    /// Displayed at a price: the outside's and ours.
    [[nodiscard]] core::Quantity displayed(core::Side side, core::Price price) const;
    /// Best price of a side, 0 if it is empty.
    [[nodiscard]] core::Price best(core::Side side) const;

    struct Shown {
        core::Price price;
        core::Quantity quantity;
    };
    /// The best `count` levels of a side, best first.
    [[nodiscard]] std::vector<Shown> top(core::Side side, std::size_t count) const;
    /// f(price, quantity) → go on?, best first.
    template <class F>
    void walk(core::Side side, F&& f) const {
        for (const auto& [key, level] : levels(side))
            if (!f(price_of(side, key), level.shown())) return;
    }

    /// Prices whose displayed quantity may have changed since this was last asked, each once per side.
    [[nodiscard]] std::vector<std::pair<core::Side, core::Price>> take_changes();

private:
    struct Resting {
        OrderNumber number;
        AccountId account;
        core::Quantity left;
        core::Quantity ahead;  // of the outside, not decreasing along the queue
    };
    struct Level {
        core::Quantity outside{};
        std::vector<Resting> orders{};
        [[nodiscard]] core::Quantity shown() const noexcept;
        [[nodiscard]] bool empty() const noexcept { return outside.units == 0 && orders.empty(); }
        void outside_gone(core::Quantity quantity) noexcept;
    };
    // Keys ascend from the best: a bid's is its price negated.
    using Side = std::map<std::int64_t, Level>;

    static std::int64_t key_of(core::Side side, core::Price price) noexcept {
        return side == core::Side::buy ? -price.units : price.units;
    }
    static core::Price price_of(core::Side side, std::int64_t key) noexcept {
        return core::Price{side == core::Side::buy ? -key : key};
    }
    [[nodiscard]] const Side& levels(core::Side side) const noexcept { return side == core::Side::buy ? bids_ : asks_; }
    [[nodiscard]] Side& levels(core::Side side) noexcept { return side == core::Side::buy ? bids_ : asks_; }
    void changed(core::Side side, core::Price price) { changes_[{side, price.units}] = true; }

    Side bids_, asks_;
    std::map<std::pair<core::Side, std::int64_t>, bool> changes_;
};

}  // namespace venue
