#pragma once

#include "feeds/book_sync.hpp"
#include "feeds/checksum_book.hpp"

#include <cstdint>
#include <deque>

namespace feeds::kraken {

/// CRC-32 of the best ten asks, then bids: each level's price and quantity text without its point and leading zeros.
/// Source: Kraken, "Spot WebSockets (v2): Book Checksum".
[[nodiscard]] std::uint32_t checksum(const ChecksumBook& book) noexcept;

/// Kraken's book rules. The venue never says that a level fell out of the subscribed depth: whoever holds a book
/// forgets what lies beyond it after every update. Here that happens once: `verify` appends a removal of each such
/// level to the event, so that every book downstream agrees with the venue's.
class Rules {
public:
    static constexpr core::Venue venue = core::Venue::kraken;
    static constexpr bool snapshot_in_stream = true;
    static constexpr bool sequenced =
        false;  ///< a lost update shows only in a later checksum, if it touches the top ten

    static constexpr std::uint16_t default_depth = 1000;  ///< until a frame says the subscribed one

    explicit Rules(std::size_t instruments = 0) : books_(instruments) {}

    [[nodiscard]] static Follow follows(const BookEvent&, const BookEvent&) noexcept { return Follow::apply; }
    [[nodiscard]] Checksum verify(Batch& batch) noexcept;

private:
    struct Book {
        ChecksumBook levels{};
        std::uint16_t depth{default_depth};
    };
    // A deque: books are large and do not move when an instrument is learned later.
    std::deque<Book> books_;
};

class Synchroniser : public BookSync<Rules> {
public:
    explicit Synchroniser(std::size_t instruments) : BookSync{instruments, Rules{instruments}} {}
};

}  // namespace feeds::kraken
