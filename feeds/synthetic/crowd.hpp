#pragma once

#include "feeds/synthetic/book.hpp"
#include "feeds/synthetic/chance.hpp"

#include <cstdint>

namespace feeds::synthetic {

/// What one act of the crowd did to the book.
struct Act {
    bool traded{};
    BookLevel trade{};  ///< price and quantity taken, at the touch
    bool buyer_is_maker{};
    std::uint64_t first_id{}, last_id{};  ///< ids of its changes
};

/// The makers and takers of one instrument: they keep a book around a fair value, one act at a time. Every act changes
/// the touch (so it has a quote to show), and may change levels behind it.
class Crowd {
public:
    Crowd(std::int64_t price, std::int64_t usual_quantity, std::uint64_t first_id, std::uint64_t seed);

    /// `fair` in ticks; `haste` 1 = usual, more: larger orders, more of them trades.
    Act act(double fair, double haste) noexcept;

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
    BookSide& side(core::Side side) noexcept { return side == core::Side::buy ? bids_ : asks_; }

    static constexpr std::size_t usual_depth = 220;  // levels a side
    static constexpr std::size_t least_depth = 64;

    BookSide bids_, asks_;
    ChangedPrices changed_bids_, changed_asks_;
    Chance chance_;
    std::uint64_t update_id_;
    double usual_quantity_;
    double reach_;  // how far levels are spread, 1 for a fine tick (60,000 ticks to the price)
    std::uint64_t sweep_left_{};
    core::Side sweep_side_{};
    double sweep_limit_{};  // ticks
};

}  // namespace feeds::synthetic
