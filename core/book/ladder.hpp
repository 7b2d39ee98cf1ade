#pragma once

#include "core/domain/price.hpp"
#include "core/domain/tick.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace core {

/// One side of a price-level book: price → quantity, best first. A negative price is ignored, quantities are not
/// negative.
///
/// Levels near the touch live in a window: an array of quantities indexed by price step, with a bitmap of the occupied
/// slots over it. Levels worse than the window's end live in a sorted overflow. The step is the greatest common divisor
/// of the prices seen, so that a book in units of 1e-10 whose ticks are 0.1 wastes no slots; it is kept by clear().
/// A better price than the window's begin, or a touch that has moved past its middle, re-centres the window, which
/// costs a pass over the levels. Memory: 8.1 bytes a slot of the window, 16 a level of the overflow.
class Ladder {
public:
    /// `window`: slots (price steps) held in the array, rounded up to a power of two in 64 … 262144.
    explicit Ladder(Side side, std::size_t window = std::size_t{1} << 16);

    /// Sets the absolute quantity at a price; 0 removes the level, and removing an absent one is normal. Returns what
    /// stood there before.
    /// Allocates only when the levels grow past what it ever held (as many as the window has slots are reserved).
    Quantity set(Price price, Quantity quantity) noexcept {
        // An exact division by the step in one multiplication: what is no multiple of it comes out above limit_.
        const auto index = std::rotr(static_cast<std::uint64_t>(price.units) * inverse_, shift_);
        if (index > limit_) [[unlikely]]
            return refine(price, quantity);
        const auto slot = (index ^ mirror_) - origin_;
        if (slot >= quantities_.size()) [[unlikely]]
            return set_outside(static_cast<std::int64_t>(index ^ mirror_), quantity.units);

        auto& held = quantities_[slot];
        const auto before = std::exchange(held, quantity.units);
        if ((before != 0) == (quantity.units != 0)) return {before};
        if (quantity.units != 0)
            occupy(slot);
        else
            vacate(slot);
        return {before};
    }

    /// Removes every level.
    void clear() noexcept;

    [[nodiscard]] bool empty() const noexcept { return near_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return near_ + far_.size(); }  ///< levels

    /// The best price. Precondition: !empty().
    [[nodiscard]] Price best() const noexcept {
        assert(!empty());
        return price_at(origin_ + best_);
    }
    [[nodiscard]] Quantity best_quantity() const noexcept {
        assert(!empty());
        return {quantities_[best_]};
    }

    /// The quantity at a price, 0 if there is no such level.
    [[nodiscard]] Quantity at(Price price) const noexcept {
        const auto index = std::rotr(static_cast<std::uint64_t>(price.units) * inverse_, shift_);
        if (index > limit_) return {};
        const auto slot = (index ^ mirror_) - origin_;
        return slot < quantities_.size() ? Quantity{quantities_[slot]}
                                         : at_outside(static_cast<std::int64_t>(index ^ mirror_));
    }

    /// Calls f(Price, Quantity) from the best level to the worst while it returns true.
    template <class F>
    void walk(F&& f) const {
        if (empty()) return;
        for (auto slot = best_; slot < quantities_.size(); slot = next(slot))
            if (!f(price_at(origin_ + slot), Quantity{quantities_[slot]})) return;
        for (const auto& level : far_)
            if (!f(price_at(static_cast<std::uint64_t>(level.key)), Quantity{level.quantity})) return;
    }

    /// The same from the best level that is at `price` or worse.
    template <class F>
    void walk_from(Price price, F&& f) const {
        if (empty() || (price.units < 0 && mirror_ != 0)) return;
        const auto units = static_cast<std::uint64_t>(std::max<std::int64_t>(price.units, 0));
        const auto step = std::max<std::uint64_t>(step_, 1);
        const auto index = units / step + (mirror_ == 0 && units % step != 0 ? 1 : 0);  // rounded to the worse side
        const auto key = static_cast<std::int64_t>(index ^ mirror_);

        auto slot = best_;
        if (key >= static_cast<std::int64_t>(origin_))
            slot = std::max(best_, static_cast<std::uint64_t>(key) - origin_);
        if (slot < quantities_.size() && quantities_[slot] == 0) slot = next(slot);
        for (; slot < quantities_.size(); slot = next(slot))
            if (!f(price_at(origin_ + slot), Quantity{quantities_[slot]})) return;
        const auto worse = [](const Far& level, std::int64_t k) { return level.key < k; };
        for (auto level = std::lower_bound(far_.begin(), far_.end(), key, worse); level != far_.end(); ++level)
            if (!f(price_at(static_cast<std::uint64_t>(level->key)), Quantity{level->quantity})) return;
    }

private:
    /// A price in steps, mirrored (~steps) on the buy side: the smaller the key, the better the price.
    struct Far {
        std::int64_t key;
        std::int64_t quantity;
    };

    [[nodiscard]] Price price_at(std::uint64_t key) const noexcept {
        return {static_cast<std::int64_t>((key ^ mirror_) * step_)};
    }

    void occupy(std::size_t slot) noexcept {
        bits_[slot >> 6] |= std::uint64_t{1} << (slot & 63);
        summary_[slot >> 12] |= std::uint64_t{1} << (slot >> 6 & 63);
        best_ = near_++ == 0 ? slot : std::min(best_, slot);
    }

    void vacate(std::size_t slot) noexcept {
        if ((bits_[slot >> 6] &= ~(std::uint64_t{1} << (slot & 63))) == 0)
            summary_[slot >> 12] &= ~(std::uint64_t{1} << (slot >> 6 & 63));
        --near_;
        if (slot != best_) return;
        if (near_ == 0)
            refill();
        else
            best_ = next(slot);
    }

    /// The first occupied slot after `slot`, or quantities_.size().
    [[nodiscard]] std::size_t next(std::size_t slot) const noexcept {
        const auto above = [](std::uint64_t word, std::size_t bit) { return word & ~std::uint64_t{1} << bit; };
        auto word = slot >> 6;
        if (const auto rest = above(bits_[word], slot & 63); rest != 0) return word << 6 | lowest(rest);
        auto group = word >> 6;
        auto rest = above(summary_[group], word & 63);
        while (rest == 0) {
            if (++group >= groups_) return quantities_.size();
            rest = summary_[group];
        }
        word = group << 6 | lowest(rest);
        return word << 6 | lowest(bits_[word]);
    }
    static std::size_t lowest(std::uint64_t word) noexcept { return static_cast<std::size_t>(std::countr_zero(word)); }

    void use_step(std::uint64_t step) noexcept;
    Quantity refine(Price price, Quantity quantity) noexcept;
    Quantity set_outside(std::int64_t key, std::int64_t quantity) noexcept;
    [[nodiscard]] Quantity at_outside(std::int64_t key) const noexcept;
    void spill() noexcept;
    void refill() noexcept;
    Quantity insert(std::int64_t key, std::int64_t quantity) noexcept;

    std::uint64_t inverse_{1};                      ///< of the step's odd part, modulo 2^64
    int shift_{};                                   ///< the step's factors of two
    std::uint64_t limit_{};                         ///< the largest price in steps
    std::uint64_t mirror_;                          ///< all ones on the buy side
    std::uint64_t origin_{std::uint64_t{1} << 63};  ///< key of slot 0
    std::size_t best_{};                            ///< slot of the best level, when near_ > 0
    std::size_t near_{};                            ///< levels in the window; 0 only when there are none at all
    std::uint64_t step_{};                          ///< in price units; 0 until a price other than 0 is seen
    std::size_t groups_;
    std::vector<std::int64_t> quantities_;     ///< by slot; 0 = no level
    std::vector<std::uint64_t> bits_;          ///< a bit a slot
    std::array<std::uint64_t, 64> summary_{};  ///< a bit a word of bits_
    std::vector<Far> far_;                     ///< levels beyond the window, best first
};

}  // namespace core
