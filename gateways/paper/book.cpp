#include "gateways/paper/book.hpp"

#include "core/domain/saturating.hpp"

#include <algorithm>
#include <utility>

namespace gateways::paper {

using core::Price;
using core::Quantity;
using core::Session;
using core::Side;
using core::Tick;
using core::TickKind;

Book::Book(std::size_t window, std::size_t consumptions) : bids_{Side::buy, window}, asks_{Side::sell, window} {
    consumed_.reserve(consumptions);
}

bool Book::on(const Tick& tick) noexcept {
    switch (tick.kind) {
        case TickKind::level: on_level(tick); return (tick.flags & core::tick_flag::last) != 0;
        case TickKind::quote: on_quote(tick.quote); return true;
        case TickKind::trade: on_trade(tick); return false;
        case TickKind::session: {
            const bool before = valid_;
            on_session(static_cast<Session>(tick.code));
            return valid_ && !before;
        }
        default: return false;
    }
}

void Book::on_level(const Tick& tick) noexcept {
    if ((tick.flags & core::tick_flag::snapshot) != 0 && (tick.flags & core::tick_flag::first) != 0) {
        bids_.clear();
        asks_.clear();
        consumed_.clear();
        hits_ = {};
        has_depth_ = true;
        valid_ = false;
    }
    (tick.side == Side::buy ? bids_ : asks_).set(tick.level.price, tick.level.quantity);
    refresh(tick.side, tick.level.price);
    if ((tick.flags & core::tick_flag::last) == 0) return;
    if ((tick.flags & core::tick_flag::snapshot) != 0 || resynchronised_) valid_ = true;
    if (crossed()) valid_ = false;  // whoever sent it will send a snapshot
    whole_since_gap_ = true;
    resynchronised_ = quote_newer_ = false;
    hits_[0].newest = hits_[1].newest = false;
}

void Book::on_session(Session session) noexcept {
    if (session == Session::gap || session == Session::disconnected)
        valid_ = has_quote_ = quote_newer_ = resynchronised_ = whole_since_gap_ = false;
    if (session == Session::connected && !has_depth_)  // quotes may have been missed, and there is nothing else
        valid_ = has_quote_ = quote_newer_ = false;
    if (session != Session::resynchronised || valid_) return;
    // Before the first whole event since the gap the ladder still holds the past.
    resynchronised_ = true;
    valid_ = has_depth_ && whole_since_gap_ && !crossed();
}

void Book::on_trade(const Tick& tick) noexcept {
    last_trade_ = tick.trade.price;
    auto& hit = hits_[tick.side == Side::sell ? 0 : 1];
    const auto before = hit.price == tick.trade.price ? hit.quantity : Quantity{};
    hit = {.price = tick.trade.price, .quantity = core::saturating_sum(before, tick.trade.quantity), .newest = true};
}

void Book::on_quote(const core::Quote& quote) noexcept {
    if (quote.bid_price >= quote.ask_price || quote.bid_price.units <= 0) return;
    if (!has_depth_) {
        if (quote.bid_price != quote_.bid_price || quote.bid_quantity != quote_.bid_quantity)
            refresh(Side::buy, quote.bid_price);
        if (quote.ask_price != quote_.ask_price || quote.ask_quantity != quote_.ask_quantity)
            refresh(Side::sell, quote.ask_price);
        valid_ = true;
    }
    quote_ = quote;
    has_quote_ = true;
    quote_newer_ = has_depth_;
    hits_[0].newest = hits_[1].newest = false;
}

Quantity Book::displayed(Side side, Price price) const noexcept {
    if (has_depth_) return ladder(side).at(price);
    if (!has_quote_) return hidden;
    const auto [best, quantity] = side == Side::buy ? std::pair{quote_.bid_price, quote_.bid_quantity}
                                                    : std::pair{quote_.ask_price, quote_.ask_quantity};
    if (price == best) return quantity;
    return (side == Side::buy ? price > best : price < best) ? Quantity{} : hidden;
}

Price Book::touch(Side taker) const noexcept {
    Price best{};
    offers(taker, [&](Price price, Quantity) {
        best = price;
        return false;
    });
    return best;
}

Quantity Book::gone(Side side, Price price) const noexcept {
    const Quantity taken = consumed(side, price);
    const auto& trade = hit(side);
    if (price == trade.price) return taken + trade.quantity;
    const bool better = side == Side::buy ? price > trade.price : price < trade.price;
    return trade.newest && better ? hidden : taken;
}

Quantity Book::consumed(Side side, Price price) const noexcept {
    for (const auto& entry : consumed_)
        if (entry.side == side && entry.price == price) return entry.quantity;
    return {};
}

void Book::consume(Side side, Price price, Quantity quantity) noexcept {
    for (auto& entry : consumed_)
        if (entry.side == side && entry.price == price) {
            entry.quantity = entry.quantity + quantity;
            return;
        }
    consumed_.push_back({side, price, quantity});
}

void Book::refresh(Side side, Price price) noexcept {
    auto& trade = hits_[side == Side::buy ? 0 : 1];
    if (trade.price == price) trade.quantity = {};
    if (consumed_.empty()) return;
    std::erase_if(consumed_, [&](const Consumption& entry) { return entry.side == side && entry.price == price; });
}

}  // namespace gateways::paper
