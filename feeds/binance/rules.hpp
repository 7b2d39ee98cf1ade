#pragma once

#include "feeds/batch.hpp"
#include "feeds/book_sync.hpp"

namespace feeds::binance {

/// How Binance's depth updates follow each other and bridge a REST snapshot. An event of futures names the one before
/// it
/// ("pu"); one of spot continues its numbering.
/// Source: Binance Spot API, "How to manage a local order book correctly"; USDⓈ-M Futures, the page of the same name.
struct Rules {
    static constexpr core::Venue venue = core::Venue::binance;
    static constexpr bool snapshot_in_stream = false;
    static constexpr bool sequenced = true;

    [[nodiscard]] Follow follows(const BookEvent& last, const BookEvent& update) const noexcept {
        if (update.has_previous && update.previous == last.last) return Follow::apply;
        if (update.last <= last.last) return Follow::superseded;
        return !update.has_previous && update.first <= last.last + 1 ? Follow::apply : Follow::gap;
    }

    /// Spot: U <= id + 1 <= u. Futures: U <= id <= u; an update whose predecessor lies at or before the snapshot
    /// (pu <= id) holds everything since, so it bridges too when no update falls on the snapshot itself.
    [[nodiscard]] Follow bridges(std::uint64_t id, const BookEvent& update) const noexcept {
        if (update.has_previous) {
            if (update.last < id) return Follow::superseded;
            return update.first <= id || update.previous <= id ? Follow::apply : Follow::gap;
        }
        if (update.last <= id) return Follow::superseded;
        return update.first <= id + 1 ? Follow::apply : Follow::gap;
    }

    /// Binance publishes none.
    [[nodiscard]] Checksum verify(Batch&) const noexcept { return Checksum::absent; }
};

using Synchroniser = BookSync<Rules>;

}  // namespace feeds::binance
