#include "tools/venue/engine/candles.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace venue {

namespace {

constexpr core::Nanoseconds minute = std::chrono::minutes{1};

void merge(Candle& into, const Candle& next) noexcept {
    into.high = std::max(into.high, next.high);
    into.low = std::min(into.low, next.low);
    into.close = next.close;
    into.volume = into.volume + next.volume;
    into.quote = into.quote + next.quote;
    into.taker_buy = into.taker_buy + next.taker_buy;
    into.taker_buy_quote = into.taker_buy_quote + next.taker_buy_quote;
    if (into.trades == 0) into.first_trade = next.first_trade;
    if (next.trades != 0) into.last_trade = next.last_trade;
    into.trades += next.trades;
}

}  // namespace

void Candles::fill_until(core::Nanoseconds now) {
    if (minutes_.empty()) return;
    const auto last = core::floor_to(now, minute);
    auto start = minutes_.back().start + minute;
    // After a long silence only as many as are kept.
    start = std::max(start, last - minute * static_cast<std::int64_t>(max_minutes));
    const auto close = minutes_.back().close;
    for (; start <= last; start += minute) {
        Candle flat;
        flat.start = start;
        flat.open = flat.high = flat.low = flat.close = close;
        minutes_.push_back(flat);
        if (minutes_.size() > max_minutes) minutes_.pop_front();
    }
}

void Candles::add(const PublicTrade& trade, core::Notional quote) {
    fill_until(trade.time);
    if (minutes_.empty()) {
        Candle first;
        first.start = core::floor_to(trade.time, minute);
        first.open = first.high = first.low = first.close = trade.price;
        minutes_.push_back(first);
    }
    auto& bar = minutes_.back();
    if (bar.trades == 0) bar.open = bar.high = bar.low = trade.price;
    Candle one;
    one.high = one.low = one.close = trade.price;
    one.volume = trade.quantity;
    one.quote = quote;
    if (trade.aggressor == core::Side::buy) {
        one.taker_buy = trade.quantity;
        one.taker_buy_quote = quote;
    }
    one.trades = 1;
    one.first_trade = one.last_trade = trade.id;
    merge(bar, one);
}

std::vector<Candle> Candles::bars(core::Nanoseconds width, core::Nanoseconds from, core::Nanoseconds until,
                                  std::size_t limit) const {
    std::vector<Candle> made;
    for (const auto& one : minutes_) {
        const auto start = core::floor_to(one.start, width);
        if (start < from || start > until) continue;
        if (!made.empty() && made.back().start == start) {
            merge(made.back(), one);
        } else {
            made.push_back(one);
            made.back().start = start;
        }
    }
    if (made.size() > limit) made.erase(made.begin(), made.end() - static_cast<std::ptrdiff_t>(limit));
    return made;
}

Candle Candles::last(core::Nanoseconds window) const {
    Candle all;
    bool first = true;
    for (const auto& one : minutes_) {
        if (one.start <= minutes_.back().start - window) continue;
        if (std::exchange(first, false))
            all = one;
        else
            merge(all, one);
    }
    return all;
}

}  // namespace venue
