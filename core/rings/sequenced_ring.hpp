#pragma once

#include "core/rings/spsc_ring.hpp"

#include <atomic>
#include <bit>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <type_traits>

namespace core {

/// An item that knows its place in a stream: `sequence`, its first member, counts by one.
template <class T>
concept Sequenced = std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T> && requires(T& item) {
    { (item.sequence) } -> std::same_as<std::uint64_t&>;
    requires offsetof(T, sequence)
    == 0;
};

/// Bounded queue from one thread to one other for items that are numbered already, such as ticks behind the sequencer.
/// The number is the slot's own flag: a slot is full when it holds the number that is due. So where SpscRing moves two
/// cache lines an item between the cores, the index and the slot, this moves one; that is what a hop costs.
///
/// Wait-free; allocates only in the constructor. For batches SpscRing is the better one: it asks once for all of them.
template <Sequenced T>
class SequencedRing {
public:
    /// `capacity` items, a power of two of at least 2; throws std::invalid_argument otherwise. The first item pushed
    /// has the number `first`, at least 1.
    explicit SequencedRing(std::size_t capacity, std::uint64_t first = 1) : mask_{capacity - 1} {
        if (capacity < 2 || !std::has_single_bit(capacity))
            throw std::invalid_argument("SequencedRing: capacity must be a power of two of at least 2");
        if (first == 0) throw std::invalid_argument("SequencedRing: numbers begin with 1");
        slots_ = std::make_unique<Slot[]>(capacity);
        producer_.next = producer_.seen = consumer_.next = consumer_.given_back = first;
        consumed_.store(first, std::memory_order_relaxed);
    }
    SequencedRing(const SequencedRing&) = delete;
    SequencedRing& operator=(const SequencedRing&) = delete;

    [[nodiscard]] std::size_t capacity() const noexcept { return mask_ + 1; }

    /// The producer's side. False when full. Precondition: item.sequence is one more than the last one pushed.
    bool try_push(const T& item) noexcept {
        assert(item.sequence == producer_.next);
        if (producer_.next - producer_.seen > mask_) [[unlikely]] {
            // Acquire: pairs with the release in try_pop(), so the consumer's copy is over before the slot is reused.
            producer_.seen = consumed_.load(std::memory_order_acquire);
            if (producer_.next - producer_.seen > mask_) return false;
        }
        T& slot = slots_[producer_.next & mask_].item;
        // All but the number, which the consumer looks at meanwhile.
        std::memcpy(reinterpret_cast<char*>(&slot) + sizeof slot.sequence,
                    reinterpret_cast<const char*>(&item) + sizeof slot.sequence, sizeof(T) - sizeof slot.sequence);
        // Release: pairs with the acquire in try_pop(), so the item is written before its number can be seen.
        std::atomic_ref<std::uint64_t>{slot.sequence}.store(producer_.next, std::memory_order_release);
        ++producer_.next;
        return true;
    }

    /// The consumer's side. False when empty.
    bool try_pop(T& item) noexcept {
        T& slot = slots_[consumer_.next & mask_].item;
        // Acquire: pairs with the release in try_push(), so what we copy was written before the number.
        if (std::atomic_ref<std::uint64_t>{slot.sequence}.load(std::memory_order_acquire) != consumer_.next) {
            give_back();
            return false;
        }
        item = slot;
        ++consumer_.next;
        if (consumer_.next - consumer_.given_back > mask_ / 8) give_back();
        return true;
    }

private:
    struct alignas(64) Slot {  // so that an item of 64 bytes lies on one line
        T item{};
    };

    void give_back() noexcept {
        if (consumer_.given_back == consumer_.next) return;
        consumer_.given_back = consumer_.next;
        // Release: pairs with the acquire in try_push(), so our copies are over before the slots are reused.
        consumed_.store(consumer_.next, std::memory_order_release);
    }

    // Read by both, written by neither.
    std::unique_ptr<Slot[]> slots_;
    std::uint64_t mask_;

    struct alignas(no_sharing) {
        std::uint64_t next{};  // number of the next item
        std::uint64_t seen{};  // consumed_ as last seen
    } producer_;
    struct alignas(no_sharing) {
        std::uint64_t next{};
        std::uint64_t given_back{};  // consumed_ as the producer may see it
    } consumer_;
    // Written by the consumer, by the eighth of the ring or when it is empty; read by the producer when it looks full.
    alignas(no_sharing) std::atomic<std::uint64_t> consumed_{};
};

}  // namespace core
