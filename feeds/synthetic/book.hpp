#pragma once

#include "core/domain/tick.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace feeds::synthetic {

/// One level: price in ticks, quantity in the instrument's units.
struct BookLevel {
    std::int64_t price{};
    std::int64_t quantity{};
};

/// One side of the made-up book, best last, in one flat piece: taking and placing at the touch is a push or a pop.
/// Bids ascend towards the touch, asks descend: `inward(price)` orders both the same way.
class BookSide {
public:
    static constexpr std::size_t capacity = 2048;

    explicit BookSide(core::Side side);

    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
    [[nodiscard]] const BookLevel& best() const noexcept { return levels_[end_ - 1]; }
    [[nodiscard]] const BookLevel& deepest() const noexcept { return levels_[begin_]; }
    /// `depth` 0 is the best.
    [[nodiscard]] const BookLevel& at(std::size_t depth) const noexcept { return levels_[end_ - 1 - depth]; }
    /// 0 if there is no such level.
    [[nodiscard]] std::int64_t quantity_at(std::int64_t price) const noexcept;
    /// Sets a level, makes it, or takes it away (quantity 0). Precondition: size() < capacity.
    void set(std::int64_t price, std::int64_t quantity) noexcept;

private:
    [[nodiscard]] std::int64_t inward(std::int64_t price) const noexcept { return price * sign_; }
    [[nodiscard]] std::size_t position(std::int64_t price) const noexcept;  // first level at or inside `price`
    void insert(std::size_t at, BookLevel level) noexcept;
    void erase(std::size_t at) noexcept;

    std::int64_t sign_;
    std::unique_ptr<BookLevel[]> levels_;
    std::size_t begin_, end_;
};

/// The prices of one side that changed since the last depth event, each once.
class ChangedPrices {
public:
    static constexpr std::size_t capacity = 512;

    ChangedPrices();
    void add(std::int64_t price) noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool nearly_full() const noexcept { return size_ > capacity - 96; }
    /// Ascending; the set is then empty.
    std::span<const std::int64_t> take() noexcept;

private:
    static constexpr std::size_t slots = 2048;

    struct Slot {
        std::int64_t price;
        std::uint32_t round;
    };
    std::unique_ptr<std::int64_t[]> prices_;
    std::unique_ptr<Slot[]> table_;  // open addressing; a slot of an earlier round is free
    std::uint32_t round_{1};
    std::size_t size_{};
};

}  // namespace feeds::synthetic
