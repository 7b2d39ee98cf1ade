#include "feeds/synthetic/book.hpp"

#include <algorithm>
#include <cassert>

namespace feeds::synthetic {

BookSide::BookSide(core::Side side)
    : sign_{core::sign(side)}, levels_{std::make_unique<BookLevel[]>(2 * capacity)}, begin_{capacity}, end_{capacity} {}

std::size_t BookSide::position(std::int64_t price) const noexcept {
    const std::int64_t wanted = inward(price);
    // Nearly all look-ups are near the touch, which is the end.
    std::size_t high = end_, step = 1;
    while (high - begin_ >= step && inward(levels_[high - step].price) >= wanted) {
        high -= step;
        step *= 2;
    }
    std::size_t low = high - begin_ >= step ? high - step : begin_;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (inward(levels_[middle].price) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

std::int64_t BookSide::quantity_at(std::int64_t price) const noexcept {
    const std::size_t at = position(price);
    return at < end_ && levels_[at].price == price ? levels_[at].quantity : 0;
}

void BookSide::set(std::int64_t price, std::int64_t quantity) noexcept {
    const std::size_t at = position(price);
    const bool there = at < end_ && levels_[at].price == price;
    if (there && quantity != 0)
        levels_[at].quantity = quantity;
    else if (there)
        erase(at);
    else if (quantity != 0)
        insert(at, {price, quantity});
}

void BookSide::insert(std::size_t at, BookLevel level) noexcept {
    assert(size() < capacity);
    if ((at == begin_ && begin_ == 0) || (at != begin_ && end_ == 2 * capacity)) {
        // One end is reached: back to the middle, which costs little as it takes hundreds of levels to get here.
        const std::size_t middle = capacity - size() / 2, count = size();
        if (middle < begin_)
            std::copy(&levels_[begin_], &levels_[begin_] + count, &levels_[middle]);
        else
            std::copy_backward(&levels_[begin_], &levels_[begin_] + count, &levels_[middle] + count);
        at = at - begin_ + middle;
        begin_ = middle;
        end_ = middle + count;
    }
    if (at == begin_) {
        levels_[--begin_] = level;
        return;
    }
    for (std::size_t i = end_++; i > at; --i) levels_[i] = levels_[i - 1];
    levels_[at] = level;
}

void BookSide::erase(std::size_t at) noexcept {
    if (at == begin_) {
        ++begin_;
        return;
    }
    for (std::size_t i = at + 1; i < end_; ++i) levels_[i - 1] = levels_[i];
    --end_;
}

ChangedPrices::ChangedPrices()
    : prices_{std::make_unique<std::int64_t[]>(capacity)}, table_{std::make_unique<Slot[]>(slots)} {}

void ChangedPrices::add(std::int64_t price) noexcept {
    auto hash = (static_cast<std::uint64_t>(price) * 0x9e3779b97f4a7c15U) >> 53;
    for (;; hash = (hash + 1) % slots) {
        Slot& slot = table_[hash];
        if (slot.round != round_) {
            assert(size_ < capacity);
            slot = {price, round_};
            prices_[size_++] = price;
            return;
        }
        if (slot.price == price) return;
    }
}

std::span<const std::int64_t> ChangedPrices::take() noexcept {
    std::sort(prices_.get(), prices_.get() + size_);
    const std::span<const std::int64_t> all{prices_.get(), size_};
    size_ = 0;
    ++round_;
    return all;
}

}  // namespace feeds::synthetic
