#pragma once

#include "core/rings/spsc_ring.hpp"

#include <array>
#include <cassert>

namespace core {

/// A ring of slots that are worked on in place by one writer and then by a chain of readers, each on its own thread:
/// reader 0 follows the writer, reader i follows reader i − 1, and the writer may not lap the last reader. At any
/// moment a slot belongs to exactly one of them, so none needs a lock; whoever holds it sees all that those before it
/// wrote.
///
/// Each thread has one cursor (how many slots it has finished) on lines of its own, and a private copy of the cursor it
/// follows, asked for again only when that copy is used up. A cursor moves with every finished slot, not with every
/// batch: the next thread may begin while this one goes on.
template <class Slot>
class SlotRing {
public:
    static constexpr std::size_t max_readers = 8;

    /// `capacity` slots, a power of two of at least 2, and 1 to max_readers readers; throws std::invalid_argument
    /// otherwise.
    SlotRing(std::size_t capacity, std::size_t readers) : mask_{capacity - 1}, readers_{readers} {
        if (capacity < 2 || !std::has_single_bit(capacity))
            throw std::invalid_argument("SlotRing: capacity must be a power of two of at least 2");
        if (readers < 1 || readers > max_readers) throw std::invalid_argument("SlotRing: 1 to 8 readers");
        slots_ = std::make_unique<Slot[]>(capacity);
    }

    SlotRing(const SlotRing&) = delete;
    SlotRing& operator=(const SlotRing&) = delete;

    [[nodiscard]] std::size_t capacity() const noexcept { return mask_ + 1; }
    [[nodiscard]] std::size_t readers() const noexcept { return readers_; }

    // --- the writer's thread ---

    /// The next slot, to be written in place and then published; nullptr when the last reader is a whole ring behind.
    /// It still holds what its last journey left in it. Asking again without publish() gives the same slot.
    [[nodiscard]] Slot* claim() noexcept {
        Cursor& writer = cursors_[0];
        if (writer.position - writer.seen > mask_) [[unlikely]] {
            // Acquire: pairs with the release in finish() of the last reader, so its work on the slot is over.
            writer.seen = cursors_[readers_].finished.load(std::memory_order_acquire);
            if (writer.position - writer.seen > mask_) return nullptr;
        }
        return &slots_[writer.position & mask_];
    }

    /// Hands the claimed slot to reader 0.
    void publish() noexcept { finish(cursors_[0]); }

    /// Nothing will be published any more.
    void close() noexcept {
        // Release: pairs with the acquire in done(), so whoever sees the ring closed sees the writer's last slot too.
        closed_.store(true, std::memory_order_release);
    }

    // --- the thread of reader i ---

    /// How many slots reader `i` may work on now.
    [[nodiscard]] std::size_t available(std::size_t i) noexcept {
        assert(i < readers_);
        return static_cast<std::size_t>(look(i));
    }

    /// Calls f(Slot&) on up to `max` slots in order, handing each on as soon as f returns; returns how many.
    template <class F>
    std::size_t drain(std::size_t i, F&& f, std::size_t max = ~std::size_t{}) noexcept {
        assert(i < readers_);
        Cursor& reader = cursors_[i + 1];
        auto ready = reader.seen - reader.position;
        if (ready == 0) ready = look(i);
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(ready, max));
        for (std::size_t n = 0; n < count; ++n) {
            f(slots_[reader.position & mask_]);
            finish(reader);
        }
        return count;
    }

    /// True when the ring is closed and reader `i` has worked on every slot ever published.
    [[nodiscard]] bool done(std::size_t i) noexcept {
        assert(i < readers_);
        // Acquire: pairs with the release in close().
        if (!closed_.load(std::memory_order_acquire)) return false;
        // Acquire: pairs with the release in finish() of the writer; relaxed would do after the line above, this is
        // cold.
        return cursors_[i + 1].position == cursors_[0].finished.load(std::memory_order_acquire);
    }

private:
    struct alignas(no_sharing) Cursor {
        // Private to the thread that owns the cursor.
        std::uint64_t position{};  // slots finished
        std::uint64_t seen{};      // the cursor followed, as last seen
        // Written by the owner, read by the one that follows.
        alignas(no_sharing) std::atomic<std::uint64_t> finished{};
    };

    std::uint64_t look(std::size_t i) noexcept {
        Cursor& reader = cursors_[i + 1];
        // Acquire: pairs with the release in finish() of the one before, so its work on the slots is visible.
        reader.seen = cursors_[i].finished.load(std::memory_order_acquire);
        return reader.seen - reader.position;
    }

    void finish(Cursor& cursor) noexcept {
        // Release: pairs with the acquire in look() of the next one (in claim(), for the last reader).
        cursor.finished.store(++cursor.position, std::memory_order_release);
    }

    // Read by all, written by none after construction.
    std::unique_ptr<Slot[]> slots_;
    std::uint64_t mask_;
    std::size_t readers_;

    std::array<Cursor, max_readers + 1> cursors_{};  // [0] the writer's, [i + 1] reader i's
    alignas(no_sharing) std::atomic<bool> closed_{};
};

}  // namespace core
