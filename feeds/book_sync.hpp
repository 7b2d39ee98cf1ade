#pragma once

#include "core/domain/tick.hpp"
#include "feeds/batch.hpp"
#include "feeds/event_buffer.hpp"
#include "feeds/frame.hpp"
#include "feeds/stats.hpp"

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace feeds {

/// How an update relates to what the book already holds.
enum class Follow : std::uint8_t { apply, superseded, gap };

/// What a venue's checksum says about a book event.
enum class Checksum : std::uint8_t { absent, matched, mismatched };

/// A venue's book rules. A small struct; stateless unless the venue publishes checksums.
///   venue               whose ticks these are
///   snapshot_in_stream  the stream itself brings snapshots, at any time, each replacing the book (Bybit, OKX, Bitget,
///   Kraken,
///                       Coinbase); otherwise snapshots come by REST and are bridged with buffered updates (Binance)
///   sequenced           a lost or refused update is noticed by the next one (a constant, or what was seen so far);
///   otherwise
///                       every refused frame makes the books of its connection untrustworthy
///   follows(last, e)    relates update `e` to the event `last` applied before it
///   bridges(id, e)      (REST only) relates update `e` to a REST snapshot: superseded = older than it, apply = the
///   first to
///                       apply after it, gap = updates between the two are missing
///   verify(batch)       called once for every event that is about to be applied, snapshots included, in order; may
///   keep
///                       the venue's text of the book (Batch::texts()) and compares the checksum
template <class R>
concept BookRules = requires(R rules, std::uint64_t id, const BookEvent& event, Batch& batch) {
    { R::venue } -> std::convertible_to<core::Venue>;
    { R::snapshot_in_stream } -> std::convertible_to<bool>;
    { rules.sequenced } -> std::convertible_to<bool>;
    { rules.follows(event, event) } -> std::same_as<Follow>;
    { rules.verify(batch) } -> std::same_as<Checksum>;
}
&&(R::snapshot_in_stream || requires(R rules, std::uint64_t id, const BookEvent& event) {
    { rules.bridges(id, event) } -> std::same_as<Follow>;
});

/// Lets through the book ticks that may be applied, and says (session ticks) when a book is no longer to be trusted and
/// when it is again. One state machine per instrument:
///
///   waiting ──snapshot──► bridging ──first update that bridges──► live ──gap, checksum, reconnect──► waiting
///      (updates are buffered)   (snapshot passed on)                  └─► `gap` tick; the next snapshot is followed by
///                                                                         the buffered updates and `resynchronised`
/// Venues whose snapshots come in the stream go from waiting to live at once and buffer nothing.
/// Ticks that are not levels pass straight through. A frame with a book event carries nothing but its levels.
/// Allocates in its constructor, for the first update of an instrument that waits for a REST snapshot, and for an
/// instrument learned later when it is first seen.
template <BookRules Rules>
class BookSync {
public:
    enum class State : std::uint8_t { waiting, partial, bridging, live };

    /// `instruments`: how many the table holds.
    explicit BookSync(std::size_t instruments, Rules rules = {}) : rules_{std::move(rules)} { grow(instruments); }

    /// Passes on what of a decoded batch may be applied, in order.
    template <class Sink>
    void on_batch(const Frame& frame, Batch& batch, FeedStats& stats, Sink&& sink) noexcept {
        if (batch.book.kind == BookEvent::Kind::none) {
            for (const auto& tick : batch.ticks()) {
                if (tick.kind == core::TickKind::trade || tick.kind == core::TickKind::quote)
                    note_fed(tick.instrument, frame.connection);
                sink(tick);
            }
            return;
        }
        const auto index = batch.book.instrument.value;
        if (index >= books_.size()) [[unlikely]]
            grow(std::size_t{index} + 1);
        Book& book = books_[index];
        if (batch.book.rest) return on_rest_snapshot(book, frame, batch, stats, sink);
        book.connection = frame.connection;
        fed_[index] |= bit(frame.connection);
        if (batch.book.kind == BookEvent::Kind::snapshot)
            on_stream_snapshot(book, frame, batch, stats, sink);
        else
            on_update(book, frame, batch, stats, sink);
    }

    /// A connection ended: what it fed is cut off. Its books wait (`gap`); an instrument that it brought something else
    /// of, trades or quotes, hears so (`connected` with the instrument); with the last connection that fed anything the
    /// venue is gone (`disconnected`).
    template <class Sink>
    void on_closed(const Frame& frame, FeedStats& stats, Sink&& sink) noexcept {
        cut_off(frame, stats, sink);
        for (const auto fed : fed_)
            if (fed != 0) return;
        sink(session_tick(core::Session::disconnected, core::no_instrument, frame.receive_time, frame.receive_time));
    }

    /// A connection was (re)opened: whatever it fed before may have missed updates, and hears so as when it ended,
    /// unless that was told.
    template <class Sink>
    void on_opened(const Frame& frame, FeedStats& stats, Sink&& sink) noexcept {
        cut_off(frame, stats, sink);
        sink(session_tick(core::Session::connected, core::no_instrument, frame.receive_time, frame.receive_time));
    }

    /// A frame was refused. Where the venue's numbering would not show the loss, its connection's books are distrusted.
    template <class Sink>
    void on_fault(const Frame& frame, const core::Fault& fault, FeedStats& stats, Sink&& sink) noexcept {
        if (rules_.sequenced) return;
        if (fault == core::Error::unknown_symbol || fault == core::Error::unknown_message) return;
        distrust(frame, stats, sink);
    }

    [[nodiscard]] State state(core::InstrumentId id) const noexcept {
        return id.value < books_.size() ? books_[id.value].state : State::waiting;
    }
    /// The book cannot become live by itself: the session should request a REST snapshot, or subscribe again where
    /// snapshots come in the stream.
    [[nodiscard]] bool needs_snapshot(core::InstrumentId id) const noexcept {
        if (id.value >= books_.size() || books_[id.value].state != State::waiting) return false;
        if constexpr (Rules::snapshot_in_stream)
            return books_[id.value].announced_gap;
        else
            return !books_[id.value].buffer->empty();
    }
    [[nodiscard]] Rules& rules() noexcept { return rules_; }

private:
    struct Book {
        State state{};
        bool announced_gap{};  // a gap tick was passed on, so `resynchronised` is owed
        std::uint32_t connection{};
        BookEvent last{};                       // the event applied last; while waiting, the one buffered last
        std::unique_ptr<EventBuffer> buffer{};  // only where snapshots come by REST
    };

    /// Connections past the 64th share bits: a gap too many there, none too few.
    static constexpr std::uint64_t bit(std::uint32_t connection) noexcept {
        return std::uint64_t{1} << (connection & 63);
    }
    void note_fed(core::InstrumentId id, std::uint32_t connection) noexcept {
        if (id.value >= fed_.size()) [[unlikely]] {
            if (id == core::no_instrument) return;
            grow(std::size_t{id.value} + 1);
        }
        fed_[id.value] |= bit(connection);
    }

    void grow(std::size_t instruments) {
        fed_.resize(std::max(fed_.size(), instruments));
        books_.reserve(instruments);
        while (books_.size() < instruments) {
            auto& book = books_.emplace_back();
            if constexpr (!Rules::snapshot_in_stream) book.buffer = std::make_unique<EventBuffer>();
        }
    }

    static core::Nanoseconds time_of(const Frame& frame, const Batch& batch) noexcept {
        return batch.ticks().empty() ? frame.receive_time : batch.ticks().front().venue_time;
    }
    static core::Tick session_tick(core::Session what, core::InstrumentId id, core::Nanoseconds venue_time,
                                   core::Nanoseconds receive_time) noexcept {
        core::Tick tick;
        tick.venue_time = venue_time;
        tick.receive_time = receive_time;
        tick.instrument = id;
        tick.venue = Rules::venue;
        tick.kind = core::TickKind::session;
        tick.code = static_cast<std::uint16_t>(what);
        return tick;
    }

    template <class Sink>
    void invalidate(Book& book, core::InstrumentId id, core::Nanoseconds venue_time, core::Nanoseconds receive_time,
                    FeedStats& stats, Sink&& sink) noexcept {
        if constexpr (!Rules::snapshot_in_stream) stats.depth.dropped += book.buffer->clear();
        book.state = State::waiting;
        book.announced_gap = true;
        sink(session_tick(core::Session::gap, id, venue_time, receive_time));
    }

    template <class Sink>
    void distrust(const Frame& frame, FeedStats& stats, Sink&& sink) noexcept {
        for (std::size_t i = 0; i < books_.size(); ++i) {
            Book& book = books_[i];
            if (book.connection != frame.connection) continue;
            const core::InstrumentId id{static_cast<std::uint16_t>(i)};
            if (book.state != State::waiting)
                invalidate(book, id, frame.receive_time, frame.receive_time, stats, sink);
            else if constexpr (!Rules::snapshot_in_stream)
                stats.depth.dropped += book.buffer->clear();
        }
    }

    /// Distrusts the connection's books, and tells the other instruments that it fed since it was last told.
    template <class Sink>
    void cut_off(const Frame& frame, FeedStats& stats, Sink&& sink) noexcept {
        const auto mask = bit(frame.connection);
        for (std::size_t i = 0; i < fed_.size(); ++i) {
            if ((fed_[i] & mask) == 0) continue;
            fed_[i] &= ~mask;
            const Book& book = books_[i];
            if (book.connection == frame.connection && book.state != State::waiting) continue;  // its gap says it
            sink(session_tick(core::Session::connected, core::InstrumentId{static_cast<std::uint16_t>(i)},
                              frame.receive_time, frame.receive_time));
        }
        distrust(frame, stats, sink);
    }

    /// Verifies and passes on; false (and the book invalid) when the checksum says no.
    template <class Sink>
    bool apply(Book& book, const Frame& frame, Batch& batch, FeedStats& stats, Sink&& sink) noexcept {
        const auto checksum = rules_.verify(batch);
        if (checksum != Checksum::absent) {
            ++stats.checksums.checked;
            if (checksum == Checksum::mismatched) {
                invalidate(book, batch.book.instrument, time_of(frame, batch), frame.receive_time, stats, sink);
                return false;
            }
            ++stats.checksums.matched;
        }
        book.last = batch.book;
        for (const auto& tick : batch.ticks()) sink(tick);
        return true;
    }

    template <class Sink>
    void become_live(Book& book, const Frame& frame, const Batch& batch, FeedStats& stats, Sink&& sink) noexcept {
        book.state = State::live;
        ++stats.resyncs;
        if (std::exchange(book.announced_gap, false))
            sink(session_tick(core::Session::resynchronised, batch.book.instrument, time_of(frame, batch),
                              frame.receive_time));
    }

    template <class Sink>
    void on_stream_snapshot(Book& book, const Frame& frame, Batch& batch, FeedStats& stats, Sink&& sink) noexcept {
        ++stats.depth.received;
        if constexpr (Rules::snapshot_in_stream) {
            if (!apply(book, frame, batch, stats, sink)) {
                ++stats.depth.dropped;
                return;
            }
            ++stats.depth.applied;
            if (book.state != State::live) become_live(book, frame, batch, stats, sink);
        } else {
            // A partial book of N levels, complete in itself. Beside a full book it would only cut it short.
            if (book.state == State::bridging || book.state == State::live || !book.buffer->empty()) {
                ++stats.depth.superseded;
                return;
            }
            ++stats.depth.applied;
            const bool first = book.state != State::partial;
            apply(book, frame, batch, stats, sink);
            if (first) become_live(book, frame, batch, stats, sink);
            book.state = State::partial;
        }
    }

    template <class Sink>
    void on_update(Book& book, const Frame& frame, Batch& batch, FeedStats& stats, Sink&& sink) noexcept {
        ++stats.depth.received;
        Follow follow = Follow::gap;
        if (book.state == State::live) [[likely]]
            follow = rules_.follows(book.last, batch.book);
        else if (book.state == State::waiting)
            return wait(book, batch, stats);
        else if constexpr (!Rules::snapshot_in_stream)
            if (book.state == State::bridging) follow = rules_.bridges(book.last.last, batch.book);

        if (follow == Follow::superseded) {
            ++stats.depth.superseded;
            return;
        }
        if (follow == Follow::gap) {
            // A partial book that turns into a full one is no break of the sequence, but starts anew all the same.
            stats.sequence_breaks += book.state != State::partial;
            invalidate(book, batch.book.instrument, time_of(frame, batch), frame.receive_time, stats, sink);
            return wait(book, batch, stats);
        }
        if (!apply(book, frame, batch, stats, sink)) {
            ++stats.depth.dropped;
            return;
        }
        ++stats.depth.applied;
        if (book.state == State::bridging) book.state = State::live;
    }

    /// Keeps an update until a snapshot comes, or drops it where a snapshot will replace it anyway.
    void wait(Book& book, const Batch& batch, FeedStats& stats) noexcept {
        if constexpr (Rules::snapshot_in_stream) {
            ++stats.depth.dropped;
        } else {
            // A hole among the waiting updates: only those after it can still follow a snapshot.
            if (!book.buffer->empty()) {
                const auto follow = rules_.follows(book.last, batch.book);
                if (follow == Follow::superseded) {
                    ++stats.depth.superseded;
                    return;
                }
                if (follow == Follow::gap) {
                    ++stats.sequence_breaks;
                    stats.depth.dropped += book.buffer->clear();
                }
            }
            ++stats.depth.buffered;
            stats.depth.dropped += book.buffer->push(batch.book, batch.ticks());
            book.last = batch.book;
        }
    }

    template <class Sink>
    void on_rest_snapshot(Book& book, const Frame& frame, Batch& batch, FeedStats& stats, Sink&& sink) noexcept {
        ++stats.snapshots.received;
        if constexpr (!Rules::snapshot_in_stream) {
            if (book.state == State::live || book.state == State::bridging) {
                ++stats.snapshots.unneeded;
                return;
            }
            EventBuffer& buffer = *book.buffer;
            const auto id = batch.book.last;
            while (!buffer.empty() && rules_.bridges(id, buffer.oldest()) == Follow::superseded) {
                buffer.pop();
                ++stats.depth.superseded;
            }
            if (!buffer.empty() && rules_.bridges(id, buffer.oldest()) == Follow::gap) {
                ++stats.snapshots.too_old;
                return;
            }
            const auto newest = book.last;
            if (!apply(book, frame, batch, stats, sink)) return;
            ++stats.snapshots.applied;
            const bool bridged = !buffer.empty();
            while (!buffer.empty()) {
                buffer.pop(sink);
                ++stats.depth.applied;
            }
            become_live(book, frame, batch, stats, sink);
            if (bridged)
                book.last = newest;
            else
                book.state = State::bridging;
        } else {
            ++stats.snapshots.unneeded;
        }
    }

    Rules rules_;
    std::vector<Book> books_;
    std::vector<std::uint64_t> fed_;  // by instrument: connections that brought its book, trades or quotes, as bits
};

}  // namespace feeds
