#include "pipeline/traps/flash.hpp"

#include <algorithm>

namespace pipeline::traps {

void FlashWindow::trade(core::Nanoseconds time, double price) noexcept {
    expire(time);
    if (count_ > 0) {
        Change& newest = changes_[(count_ - 1) & mask];
        if (newest.price == price) {
            newest.last = time;
            if (lows_head_ == lows_tail_) enqueue(count_ - 1);  // it had expired, and everything before it
            return;
        }
    }

    const std::uint32_t index = count_;
    if (index - counted_from_ == capacity) uncount();
    const std::uint32_t overwritten = index - capacity;
    if (lows_head_ != lows_tail_ && lows_[lows_head_ & mask] == overwritten) ++lows_head_;
    if (highs_head_ != highs_tail_ && highs_[highs_head_ & mask] == overwritten) ++highs_head_;

    const double previous = count_ > 0 ? changes_[(count_ - 1) & mask].price : price;
    const int direction = price > previous ? 1 : price < previous ? -1 : 0;
    changes_[index & mask] = {time, time, price, direction};
    ++count_;
    ups_ += direction > 0;
    downs_ += direction < 0;
    enqueue(index);
}

void FlashWindow::enqueue(std::uint32_t index) noexcept {
    const double price = changes_[index & mask].price;
    while (lows_head_ != lows_tail_ && changes_[lows_[(lows_tail_ - 1) & mask] & mask].price >= price) --lows_tail_;
    lows_[lows_tail_++ & mask] = index;
    while (highs_head_ != highs_tail_ && changes_[highs_[(highs_tail_ - 1) & mask] & mask].price <= price)
        --highs_tail_;
    highs_[highs_tail_++ & mask] = index;
}

void FlashWindow::uncount() noexcept {
    const int direction = changes_[counted_from_++ & mask].direction;
    ups_ -= direction > 0;
    downs_ -= direction < 0;
}

void FlashWindow::expire(core::Nanoseconds time) noexcept {
    const auto edge = time - width_;
    while (counted_from_ != count_ && changes_[counted_from_ & mask].first <= edge) uncount();
    while (lows_head_ != lows_tail_ && changes_[lows_[lows_head_ & mask] & mask].last <= edge) ++lows_head_;
    while (highs_head_ != highs_tail_ && changes_[highs_[highs_head_ & mask] & mask].last <= edge) ++highs_head_;
}

void FlashWindow::clear() noexcept {
    lows_head_ = lows_tail_ = highs_head_ = highs_tail_ = count_ = counted_from_ = ups_ = downs_ = 0;
}

FlashWindow::Move FlashWindow::move(double price) const noexcept {
    if (lows_head_ == lows_tail_) return {};
    const double up = core::bps(price, lowest());
    const double down = 1e4 * (highest() - price) / highest();
    return up >= down ? Move{up, ups_} : Move{-down, downs_};
}

void DepthHistory::add(core::Nanoseconds time, double bids, double asks) noexcept {
    // The newest sample always stands; it only becomes history once the one before it is `spacing` old.
    if (count_ > 1 && time - samples_[(count_ - 2) & mask].time < spacing) --count_;
    samples_[count_++ & mask] = {time, bids, asks};
}

double DepthHistory::depletion(core::Nanoseconds time, int sign) const noexcept {
    const auto held = std::min(count_, capacity);
    if (held == 0) return core::unknown;
    const Sample& now = samples_[(count_ - 1) & mask];
    if (time - now.time > fresh) return core::unknown;  // a book that fell silent says nothing
    for (std::uint32_t n = 2; n <= held; ++n) {
        const Sample& then = samples_[(count_ - n) & mask];
        if (time - then.time < std::chrono::seconds{1}) continue;
        if (time - then.time > std::chrono::seconds{3}) break;  // it was silent then
        const double before = sign > 0 ? then.asks : then.bids;
        return before > 0 ? 1 - (sign > 0 ? now.asks : now.bids) / before : core::unknown;
    }
    return core::unknown;
}

}  // namespace pipeline::traps
