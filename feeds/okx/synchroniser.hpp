#pragma once

#include "feeds/book_sync.hpp"
#include "feeds/checksum_book.hpp"

#include <memory>
#include <vector>

namespace feeds::okx {

/// OKX's rules: snapshot ("prevSeqId" -1), then updates whose "prevSeqId" is the last "seqId"; equal ids are a
/// keep-alive, a smaller "seqId" is a reset for maintenance. A checksum that is there and not 0 must match, on
/// snapshots too; recordings from before the ids have only that. Source: OKX API v5, "Order book channel", "Sequence
/// ID", "Checksum".
class Rules {
public:
    static constexpr core::Venue venue = core::Venue::okx;
    static constexpr bool snapshot_in_stream = true;
    bool sequenced = false;  ///< true once ids were seen: then a lost frame shows by the next one

    explicit Rules(std::size_t instruments = 0) : books_{instruments} {}

    [[nodiscard]] Follow follows(const BookEvent& last, const BookEvent& event) const noexcept {
        return !event.has_previous || event.previous == last.last ? Follow::apply : Follow::gap;
    }

    /// A checksum of 0 is none: both venues send it where they no longer compute one.
    Checksum verify(Batch& batch) {
        const auto& event = batch.book;
        sequenced = event.has_previous || event.last != 0;
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

}  // namespace feeds::okx
