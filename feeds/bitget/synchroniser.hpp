#pragma once

#include "feeds/book_sync.hpp"
#include "feeds/checksum_book.hpp"

#include <memory>
#include <vector>

namespace feeds::bitget {

/// Bitget's rules: snapshot, then updates. "seq" only grows; where an update names its predecessor ("pseq") that must
/// be the last one applied. A checksum that is there and not 0 must match, on snapshots too.
/// Source: Bitget API, "Order Book Channel", "Checksum".
class Rules {
public:
    static constexpr core::Venue venue = core::Venue::bitget;
    static constexpr bool snapshot_in_stream = true;
    static constexpr bool sequenced = false;  ///< "seq" has holes by design: a lost frame shows by its checksum at best

    explicit Rules(std::size_t instruments = 0) : books_{instruments} {}

    [[nodiscard]] Follow follows(const BookEvent& last, const BookEvent& event) const noexcept {
        if (event.has_previous) return event.previous == last.last ? Follow::apply : Follow::gap;
        if (event.last == 0) return Follow::apply;  // v1 has no numbers
        return event.last > last.last ? Follow::apply : Follow::gap;
    }

    /// A checksum of 0 is none: both venues send it where they no longer compute one.
    Checksum verify(Batch& batch) {
        const auto& event = batch.book;
        ChecksumBook& book = books_.of(event.instrument);
        const bool kept = book.apply(batch);
        if (!event.has_checksum || event.checksum == 0) return Checksum::absent;
        return kept && book.alternating_checksum() == event.checksum ? Checksum::matched : Checksum::mismatched;
    }

private:
    ChecksumBooks books_;
};

/// One connection's books. `instruments`: how many the table holds.
struct Synchroniser : BookSync<Rules> {
    explicit Synchroniser(std::size_t instruments) : BookSync{instruments, Rules{instruments}} {}
};

}  // namespace feeds::bitget
