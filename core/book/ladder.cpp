#include "core/book/ladder.hpp"

#include <numeric>

namespace core {

namespace {

constexpr std::size_t overflow_reserve =
    4096;  // at least; else a level for every slot, so that moving the window allocates nothing

constexpr auto better = [](const auto& level, std::int64_t key) { return level.key < key; };

/// The inverse of an odd number modulo 2^64: each round of Newton's doubles the correct bits, from 3.
constexpr std::uint64_t inverse_of(std::uint64_t odd) noexcept {
    auto inverse = odd;
    for (int round = 0; round < 5; ++round) inverse *= 2 - odd * inverse;
    return inverse;
}

}  // namespace

Ladder::Ladder(Side side, std::size_t window)
    : mirror_{side == Side::buy ? ~std::uint64_t{0} : 0},
      quantities_(std::bit_ceil(std::clamp<std::size_t>(window, 64, std::size_t{1} << 18))) {
    bits_.resize(quantities_.size() / 64);
    groups_ = (bits_.size() + 63) / 64;
    far_.reserve(std::max(overflow_reserve, quantities_.size()));
}

void Ladder::clear() noexcept {
    if (near_ != 0)
        for (auto slot = best_; slot < quantities_.size();) {
            const auto here = slot;
            slot = next(slot);
            quantities_[here] = 0;
            bits_[here >> 6] &= ~(std::uint64_t{1} << (here & 63));  // the word may hold the next one, too
        }
    summary_.fill(0);
    near_ = 0;
    far_.clear();
}

void Ladder::use_step(std::uint64_t step) noexcept {
    step_ = step;
    shift_ = std::countr_zero(step);
    inverse_ = inverse_of(step >> shift_);
    limit_ = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / step;
}

Quantity Ladder::refine(Price price, Quantity quantity) noexcept {
    // Off the steps so far, so there is no such level to remove. Every negative price comes here, too.
    if (quantity.units == 0 || price.units < 0) return {};
    const auto step = std::gcd(step_, static_cast<std::uint64_t>(price.units));
    if (!empty()) {
        spill();
        const auto factor = step_ == 0 ? 1 : step_ / step;  // no step yet: only price 0, whose key is the same in any
        for (auto& level : far_)
            level.key = static_cast<std::int64_t>((static_cast<std::uint64_t>(level.key) ^ mirror_) * factor ^ mirror_);
    }
    use_step(step);
    const auto index = static_cast<std::uint64_t>(price.units) / step;
    const Quantity before = insert(static_cast<std::int64_t>(index ^ mirror_), quantity.units);
    refill();
    return before;
}

Quantity Ladder::set_outside(std::int64_t key, std::int64_t quantity) noexcept {
    const bool is_better = key < static_cast<std::int64_t>(origin_);
    if (quantity != 0 && (empty() || is_better || best_ > quantities_.size() / 2)) {
        spill();
        const Quantity before = insert(key, quantity);
        refill();
        return before;
    }
    if (is_better) return {};
    if (quantity != 0) return insert(key, quantity);
    const auto at = std::lower_bound(far_.begin(), far_.end(), key, better);
    if (at == far_.end() || at->key != key) return {};
    const Quantity before{at->quantity};
    far_.erase(at);
    return before;
}

Quantity Ladder::at_outside(std::int64_t key) const noexcept {
    const auto at = std::lower_bound(far_.begin(), far_.end(), key, better);
    return {at != far_.end() && at->key == key ? at->quantity : 0};
}

/// Moves every level of the window to the front of the overflow.
void Ladder::spill() noexcept {
    if (near_ == 0) return;
    auto to = far_.insert(far_.begin(), near_, Far{});
    for (auto slot = best_; slot < quantities_.size();) {
        const auto here = slot;
        slot = next(slot);
        *to++ = {static_cast<std::int64_t>(origin_ + here), std::exchange(quantities_[here], 0)};
        bits_[here >> 6] &= ~(std::uint64_t{1} << (here & 63));  // the word may hold the next one, too
    }
    summary_.fill(0);
    near_ = 0;
}

/// Lays an empty window around the best level of the overflow, and moves in what it covers.
void Ladder::refill() noexcept {
    if (far_.empty()) return;
    // An eighth of the window stays free for better prices: the touch moves less towards them than the depth reaches.
    const auto margin = static_cast<std::int64_t>(quantities_.size() / 8);
    const auto best = far_.front().key;
    const auto origin = best < std::numeric_limits<std::int64_t>::min() + margin
                            ? std::numeric_limits<std::int64_t>::min()
                            : best - margin;
    origin_ = static_cast<std::uint64_t>(origin);
    auto level = far_.begin();
    for (; level != far_.end(); ++level) {
        const auto slot = static_cast<std::uint64_t>(level->key) - origin_;
        if (slot >= quantities_.size()) break;
        quantities_[slot] = level->quantity;
        occupy(slot);
    }
    far_.erase(far_.begin(), level);
}

Quantity Ladder::insert(std::int64_t key, std::int64_t quantity) noexcept {
    const auto at =
        far_.empty() || far_.back().key < key ? far_.end() : std::lower_bound(far_.begin(), far_.end(), key, better);
    if (at != far_.end() && at->key == key) return {std::exchange(at->quantity, quantity)};
    far_.insert(at, {key, quantity});
    return {};
}

}  // namespace core
