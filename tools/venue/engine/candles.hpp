#pragma once

#include "tools/venue/engine/order.hpp"

#include <deque>
#include <vector>

namespace venue {

/// One bar of public trades.
struct Candle {
    core::Nanoseconds start{};
    core::Price open{}, high{}, low{}, close{};
    core::Quantity volume{};
    core::Notional quote{};
    core::Quantity taker_buy{};
    core::Notional taker_buy_quote{};
    std::uint64_t trades{}, first_trade{}, last_trade{};
};

/// The minutes of one listing, and every longer bar made of them. A minute without a trade has a bar all the same, flat
/// at the last close, as the venues send it.
class Candles {
public:
    static constexpr std::size_t max_minutes = 3 * 24 * 60;

    void add(const PublicTrade& trade, core::Notional quote);
    /// Minutes up to `now` exist.
    void fill_until(core::Nanoseconds now);
    /// The last `limit` bars of `width` (whole minutes) that start in [from, until], oldest first; the newest is
    /// unfinished.
    [[nodiscard]] std::vector<Candle> bars(core::Nanoseconds width, core::Nanoseconds from, core::Nanoseconds until,
                                           std::size_t limit) const;
    /// All of the last `window` as one bar; no trades: all zero.
    [[nodiscard]] Candle last(core::Nanoseconds window) const;
    [[nodiscard]] bool empty() const noexcept { return minutes_.empty(); }

private:
    std::deque<Candle> minutes_;
};

}  // namespace venue
