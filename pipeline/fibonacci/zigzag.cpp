#include "pipeline/fibonacci/zigzag.hpp"

#include <algorithm>
#include <bit>

namespace pipeline {

ZigZag::ZigZag(double min_swing_bps, std::uint32_t confirm_bars, std::uint32_t memory_bars)
    : min_swing_bps_(min_swing_bps), confirm_bars_(confirm_bars), memory_(std::bit_ceil(memory_bars + 1)) {}

void ZigZag::restart() noexcept {
    bars_ = 0;
    seek_ = Seek::seed;
}

bool ZigZag::add(const SwingBar& bar, Pivot& pivot) noexcept {
    const auto i = bars_++;
    remembered(i) = {bar.high, bar.low, bar.start};
    if (seek_ == Seek::seed) return seek_seed(bar, pivot);

    const bool high = seek_ == Seek::high;
    if (high ? bar.high > extreme_.price : bar.low < extreme_.price) {
        extreme_ = {high ? bar.high : bar.low, i, bar.start};
        return false;
    }
    if (!confirms(extreme_, high, bar.close)) return false;
    emit(extreme_, high, false, bar, pivot);
    return true;
}

bool ZigZag::seek_seed(const SwingBar& bar, Pivot& pivot) noexcept {
    const auto i = bars_ - 1;
    if (i == 0 || bar.high > extreme_.price) extreme_ = {bar.high, i, bar.start};
    if (i == 0 || bar.low < low_.price) low_ = {bar.low, i, bar.start};
    const bool high = confirms(extreme_, true, bar.close), low = confirms(low_, false, bar.close);
    if (!high && !low) return false;
    if (high && (!low || extreme_.bar <= low_.bar))
        emit(extreme_, true, true, bar, pivot);
    else
        emit(low_, false, true, bar, pivot);
    return true;
}

bool ZigZag::confirms(const Extreme& extreme, bool high, double close) const noexcept {
    const double reversal = high ? extreme.price - close : close - extreme.price;
    return bars_ - 1 - extreme.bar >= confirm_bars_ && 1e4 * reversal / extreme.price >= min_swing_bps_;
}

void ZigZag::emit(const Extreme& extreme, bool high, bool seed, const SwingBar& bar, Pivot& pivot) noexcept {
    pivot = {.high = high,
             .seed = seed,
             .broken = false,
             .price = extreme.price,
             .bar = extreme.bar,
             .time = extreme.time,
             .known_at = bar.end};
    seek_ = high ? Seek::low : Seek::high;
    extreme_ = extreme_since(extreme.bar, !high);
}

/// The highest high or lowest low after `bar`, the first on ties. At least one bar lies after a confirmed extreme.
ZigZag::Extreme ZigZag::extreme_since(std::int64_t bar, bool high) const noexcept {
    const auto oldest = bars_ - static_cast<std::int64_t>(memory_.size());
    auto i = std::max(bar + 1, oldest);
    Extreme best{high ? remembered(i).high : remembered(i).low, i, remembered(i).start};
    for (++i; i < bars_; ++i) {
        const Remembered& at = remembered(i);
        if (high ? at.high > best.price : at.low < best.price) best = {high ? at.high : at.low, i, at.start};
    }
    return best;
}

ZigZag::Remembered& ZigZag::remembered(std::int64_t bar) noexcept {
    return memory_[static_cast<std::size_t>(bar) & (memory_.size() - 1)];
}

const ZigZag::Remembered& ZigZag::remembered(std::int64_t bar) const noexcept {
    return memory_[static_cast<std::size_t>(bar) & (memory_.size() - 1)];
}

}  // namespace pipeline
