#pragma once

#include "feeds/book_sync.hpp"

#include <array>

namespace feeds::coinbase {

/// Coinbase's book rules: a snapshot in the stream, then updates of absolute sizes that carry no number of their own
/// and no checksum.
struct Rules {
    static constexpr core::Venue venue = core::Venue::coinbase;
    static constexpr bool snapshot_in_stream = true;
    static constexpr bool sequenced =
        false;  ///< a lost l2update shows nowhere: a refused frame distrusts its connection's books

    [[nodiscard]] static Follow follows(const BookEvent&, const BookEvent&) noexcept { return Follow::apply; }
    [[nodiscard]] static Checksum verify(Batch&) noexcept { return Checksum::absent; }
};

/// BookSync, and the count Advanced Trade keeps of all messages of a connection: when it jumps, whatever was lost may
/// have been a book update, so all books of that connection wait for a new snapshot.
class Synchroniser {
public:
    explicit Synchroniser(std::size_t instruments) : books_{instruments} {}

    template <class Sink>
    void on_batch(const Frame& frame, Batch& batch, FeedStats& stats, Sink&& sink) noexcept {
        if (batch.has_connection_sequence && !follows(frame.connection, batch.connection_sequence)) {
            ++stats.sequence_breaks;
            books_.on_fault(frame, core::Fault{core::Error::gap, 0, "sequence_num"}, stats, sink);
        }
        books_.on_batch(frame, batch, stats, sink);
    }
    template <class Sink>
    void on_opened(const Frame& frame, FeedStats& stats, Sink&& sink) noexcept {
        forget(frame.connection);
        books_.on_opened(frame, stats, sink);
    }
    template <class Sink>
    void on_closed(const Frame& frame, FeedStats& stats, Sink&& sink) noexcept {
        forget(frame.connection);
        books_.on_closed(frame, stats, sink);
    }
    template <class Sink>
    void on_fault(const Frame& frame, const core::Fault& fault, FeedStats& stats, Sink&& sink) noexcept {
        books_.on_fault(frame, fault, stats, sink);
    }

    [[nodiscard]] bool needs_snapshot(core::InstrumentId id) const noexcept { return books_.needs_snapshot(id); }
    [[nodiscard]] auto state(core::InstrumentId id) const noexcept { return books_.state(id); }

private:
    struct Connection {
        std::uint32_t id{};
        bool used{};
        std::uint64_t next{};
    };

    void forget(std::uint32_t id) noexcept {
        for (auto& connection : connections_)
            if (connection.id == id) connection.used = false;
    }

    /// True for the first message of a connection, and past the 32 connections it can follow.
    bool follows(std::uint32_t id, std::uint64_t sequence) noexcept {
        Connection* free = nullptr;
        for (auto& connection : connections_) {
            if (connection.used && connection.id == id) {
                const bool next = connection.next == sequence;
                connection.next = sequence + 1;
                return next;
            }
            if (!connection.used && free == nullptr) free = &connection;
        }
        if (free != nullptr) *free = {id, true, sequence + 1};
        return true;
    }

    BookSync<Rules> books_;
    std::array<Connection, 32> connections_{};
};

}  // namespace feeds::coinbase
