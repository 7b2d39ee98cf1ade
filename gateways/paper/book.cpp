#include "gateways/paper/book.hpp"

#include <algorithm>

namespace gateways::paper {

using core::Price;
using core::Quantity;
using core::Session;
using core::Side;
using core::Tick;
using core::TickKind;

Book::Book(std::size_t window, std::size_t consumptions) : bids_{Side::buy, window}, asks_{Side::sell, window} { consumed_.reserve(consumptions); }

bool Book::on(const Tick& tick) noexcept {
    switch (tick.kind) {
        case TickKind::level:
            on_level(tick);
            return (tick.flags & core::tick_flag::last) != 0;
        case TickKind::quote:
            on_quote(tick.quote);
            return true;
        case TickKind::session:
            if (tick.code == static_cast<std::uint16_t>(Session::gap) || tick.code == static_cast<std::uint16_t>(Session::disconnected)) valid_ = has_quote_ = quote_newer_ = false;
            return false;
        default: return false;
    }
}

void Book::on_level(const Tick& tick) noexcept {
    if ((tick.flags & core::tick_flag::snapshot) != 0 && (tick.flags & core::tick_flag::first) != 0) {
        bids_.clear();
        asks_.clear();
        consumed_.clear();
        has_depth_ = true;
        valid_ = false;
    }
    (tick.side == Side::buy ? bids_ : asks_).set(tick.level.price, tick.level.quantity);
    if (!consumed_.empty()) refresh(tick.side, tick.level.price);
    if ((tick.flags & core::tick_flag::last) == 0) return;
    if ((tick.flags & core::tick_flag::snapshot) != 0) valid_ = true;
    quote_newer_ = false;
    if (!bids_.empty() && !asks_.empty() && bids_.best() >= asks_.best()) valid_ = false;   // crossed: whoever sent it will send a snapshot
}

void Book::on_quote(const core::Quote& quote) noexcept {
    if (quote.bid_price >= quote.ask_price || quote.bid_price.units <= 0) return;
    if (!has_depth_) {
        if (quote.bid_price != quote_.bid_price || quote.bid_quantity != quote_.bid_quantity) refresh(Side::buy, quote.bid_price);
        if (quote.ask_price != quote_.ask_price || quote.ask_quantity != quote_.ask_quantity) refresh(Side::sell, quote.ask_price);
        valid_ = true;
    }
    quote_ = quote;
    has_quote_ = true;
    quote_newer_ = has_depth_;
}

Quantity Book::displayed(Side side, Price price) const noexcept {
    if (has_depth_) return ladder(side).at(price);
    if (!has_quote_) return {};
    if (side == Side::buy) return price == quote_.bid_price ? quote_.bid_quantity : Quantity{};
    return price == quote_.ask_price ? quote_.ask_quantity : Quantity{};
}

Price Book::touch(Side taker) const noexcept {
    Price best{};
    offers(taker, [&](Price price, Quantity) {
        best = price;
        return false;
    });
    return best;
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
    if (consumed_.size() == consumed_.capacity()) consumed_.erase(consumed_.begin());   // the oldest: long refreshed in any live book
    consumed_.push_back({side, price, quantity});
}

void Book::refresh(Side side, Price price) noexcept {
    std::erase_if(consumed_, [&](const Consumption& entry) { return entry.side == side && entry.price == price; });
}

}  // namespace gateways::paper
