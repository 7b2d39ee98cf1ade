#pragma once

#include "feeds/book_sync.hpp"

namespace feeds::bybit {

/// Bybit's rules: snapshot, then deltas; a new snapshot at any time replaces the book. In v5 "u" rises by one with each
/// delta; before v5 "cross_seq" only grows, and holes in it are normal. There is no checksum.
/// Source: Bybit API v5, "Orderbook"; before it "Order book 25".
struct Rules {
    static constexpr core::Venue venue = core::Venue::bybit;
    static constexpr bool snapshot_in_stream = true;
    bool sequenced = false;  ///< true once v5 was seen: then a lost frame shows by the next one

    [[nodiscard]] Follow follows(const BookEvent& last, const BookEvent& event) const noexcept {
        if (event.first == 0) return event.last > last.last ? Follow::apply : Follow::gap;
        return event.first == last.last + 1 ? Follow::apply : Follow::gap;
    }
    Checksum verify(const Batch& batch) noexcept {
        sequenced = batch.book.first != 0;
        return Checksum::absent;
    }
};

/// One connection's books. Constructed with how many instruments the table holds.
using Synchroniser = BookSync<Rules>;

}  // namespace feeds::bybit
