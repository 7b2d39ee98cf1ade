#pragma once

#include "feeds/synthetic/book.hpp"
#include "feeds/synthetic/chance.hpp"

#include <array>
#include <cstdint>

namespace feeds::synthetic {

/// What one act of the crowd did to the book.
struct Act {
    bool traded{};
    BookLevel trade{};  ///< price and quantity taken, at the touch
    bool buyer_is_maker{};
    std::uint64_t first_id{}, last_id{};  ///< ids of its changes
};

/// How a trap makes the crowd behave; the default is its usual self.
struct Manner {
    double lean{};  ///< 1: every small aggressor buys, −1: sells, with larger orders; 0: as the fair value is
    bool idle{};    ///< nobody trades or betters the touch, only quantities change
};

/// The makers and takers of one instrument: they keep a book around a fair value, one act at a time. Every act changes
/// the touch (so it has a quote to show), and may change levels behind it.
class Crowd {
public:
    /// `wildness`: 1 = orders with a long tail of sizes and some too large for no reason, 0 = sizes alike, none of
    /// those.
    Crowd(std::int64_t price, std::int64_t usual_quantity, std::uint64_t first_id, std::uint64_t seed,
          double wildness = 1);

    /// `fair` in ticks; `haste` 1 = usual, more: larger orders, more of them trades.
    Act act(double fair, double haste, const Manner& manner = {}) noexcept;

    // What a plan does, one act each.
    /// Sets a level.
    Act show(core::Side side, std::int64_t price, std::int64_t quantity) noexcept;
    /// An aggressor takes up to `quantity` of the touch.
    Act take(core::Side aggressor, std::int64_t quantity) noexcept;
    /// From now on the crowd neither changes this level nor takes it away; trades may. At most `max_guarded`.
    void guard(core::Side side, std::int64_t price) noexcept;
    void release_all() noexcept { guarded_count_ = 0; }
    [[nodiscard]] bool guarded(core::Side side, std::int64_t price) const noexcept;
    /// Mean quantity of the ten best levels.
    [[nodiscard]] double mean_quantity(core::Side side) const noexcept;

    static constexpr std::size_t max_guarded = 8;

    [[nodiscard]] const BookSide& bids() const noexcept { return bids_; }
    [[nodiscard]] const BookSide& asks() const noexcept { return asks_; }
    [[nodiscard]] double mid() const noexcept {
        return 0.5 * static_cast<double>(bids_.best().price + asks_.best().price);
    }
    [[nodiscard]] std::uint64_t update_id() const noexcept { return update_id_; }
    [[nodiscard]] ChangedPrices& changed_bids() noexcept { return changed_bids_; }
    [[nodiscard]] ChangedPrices& changed_asks() noexcept { return changed_asks_; }

private:
    void set(core::Side side, std::int64_t price, std::int64_t quantity) noexcept;
    void trade(core::Side aggressor, std::int64_t quantity, Act& act) noexcept;
    [[nodiscard]] std::int64_t shown(core::Side aggressor) noexcept;
    [[nodiscard]] bool sweeping() noexcept;
    core::Side any_side() noexcept { return (chance_.bits() & 1) != 0 ? core::Side::buy : core::Side::sell; }
    void sweep(core::Side aggressor, std::uint64_t levels, double limit) noexcept;
    void withdraw(core::Side side, double fair) noexcept;
    void improve(double fair) noexcept;
    void requote(core::Side side) noexcept;
    void stir(core::Side side) noexcept;
    void deepen(core::Side side) noexcept;
    std::int64_t quantity(double scale) noexcept;
    [[nodiscard]] const BookSide& side(core::Side side) const noexcept {
        return side == core::Side::buy ? bids_ : asks_;
    }
    void calm_requote() noexcept;
    BookSide& side(core::Side side) noexcept { return side == core::Side::buy ? bids_ : asks_; }

    static constexpr std::size_t usual_depth = 220;  // levels a side
    static constexpr std::size_t least_depth = 64;

    BookSide bids_, asks_;
    ChangedPrices changed_bids_, changed_asks_;
    Chance chance_;
    std::uint64_t update_id_;
    double usual_quantity_, wildness_;
    double reach_;  // how far levels are spread, 1 for a fine tick (60,000 ticks to the price)
    std::uint64_t sweep_left_{};
    core::Side sweep_side_{};
    double sweep_limit_{};  // ticks
    struct Guarded {
        std::int64_t price;
        core::Side side;
    };
    std::array<Guarded, max_guarded> guarded_{};
    std::size_t guarded_count_{};
};

}  // namespace feeds::synthetic
