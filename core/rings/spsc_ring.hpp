#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <type_traits>

namespace core {

/// Two cache lines: what different threads write lies this far apart, because the adjacent-line prefetcher of x86
/// fetches lines in pairs and would make neighbours share.
inline constexpr std::size_t no_sharing = 128;

/// Bounded queue from exactly one producer thread to exactly one consumer thread. Wait-free: every call ends after a
/// fixed number of steps, nothing allocates after construction.
///
/// Indices only grow (64 bits never wrap in practice); a slot is `index & mask`. Each side works on its own copy of
/// both indices and asks the other side's line only when that copy says full (or empty), so a line crosses between
/// the cores once per batch and not once per item. For the same reason the consumer gives slots back by the eighth of
/// the ring while there is more to read: until then the producer may see full with up to an eighth of it free.
template <class T>
class SpscRing {
    static_assert(std::is_nothrow_default_constructible_v<T> && std::is_nothrow_copy_assignable_v<T>);

public:
    /// `capacity` items, a power of two of at least 2; throws std::invalid_argument otherwise.
    explicit SpscRing(std::size_t capacity)
        : slots_{allocate(capacity)}, mask_{capacity - 1}, give_back_mask_{capacity < 16 ? 0 : capacity / 8 - 1} {}

    SpscRing(const SpscRing&) = delete;
    SpscRing& operator=(const SpscRing&) = delete;

    [[nodiscard]] std::size_t capacity() const noexcept { return mask_ + 1; }

    /// Any thread; exact only when both sides rest.
    [[nodiscard]] std::size_t size() const noexcept {
        // Acquire both: an observer sees a head no newer than the tail it is subtracted from; the clamp covers the
        // rest.
        const auto head = head_.load(std::memory_order_acquire);
        const auto tail = tail_.load(std::memory_order_acquire);
        return static_cast<std::size_t>(std::min<std::uint64_t>(tail - head, capacity()));
    }

    // --- the producer's side ---

    /// False when full.
    bool try_push(const T& item) noexcept {
        T* slot = claim();
        if (slot == nullptr) [[unlikely]]
            return false;
        *slot = item;
        commit();
        return true;
    }

    /// The next free slot, to be filled in place and then committed; nullptr when full. Asking again without a commit
    /// gives the same slot, with whatever an earlier item left in it.
    [[nodiscard]] T* claim() noexcept {
        if (producer_.tail == producer_.limit) [[unlikely]] {
            if (free_slots() == 0) return nullptr;
        }
        return &slots_[producer_.tail & mask_];
    }

    /// Hands the claimed slot to the consumer.
    void commit() noexcept { publish(producer_.tail + 1); }

    /// Pushes as many of `items` as fit, in order, and returns how many: one publication for all of them.
    std::size_t push(std::span<const T> items) noexcept {
        auto room = producer_.limit - producer_.tail;
        if (room < items.size()) room = free_slots();
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(room, items.size()));
        const auto at = static_cast<std::size_t>(producer_.tail & mask_);
        const auto until_wrap = std::min(count, capacity() - at);
        copy(items.data(), until_wrap, &slots_[at]);
        copy(items.data() + until_wrap, count - until_wrap, &slots_[0]);
        if (count != 0) publish(producer_.tail + count);
        return count;
    }

    // --- the consumer's side ---

    /// False when empty.
    bool try_pop(T& item) noexcept {
        T* slot = front();
        if (slot == nullptr) [[unlikely]]
            return false;
        item = *slot;
        release();
        return true;
    }

    /// The oldest item, to be read in place and then released; nullptr when empty.
    [[nodiscard]] T* front() noexcept {
        if (consumer_.head == consumer_.tail) [[unlikely]] {
            // The last look found just a few items: we are on the producer's heels, and each further look takes the
            // line away from it in the middle of its work. One pause lets it get ahead; after a single item there is
            // none.
            if (consumer_.burst - 2 < small_burst) __builtin_ia32_pause();
            if (filled_slots() == 0) {
                // Nobody waits for these slots any more, so that an empty ring is an empty ring to both sides.
                if (consumer_.given_back != consumer_.head) give_back();
                // The item and the index travel together: ask for the slot's line while the index is on its way.
                __builtin_prefetch(&slots_[consumer_.head & mask_]);
                return nullptr;
            }
        }
        return &slots_[consumer_.head & mask_];
    }

    /// Gives the slot of front() back to the producer: at once in a small ring, else together with its neighbours
    /// (an eighth of the ring, or all when the ring is found empty), so that the producer's line is left alone.
    void release() noexcept {
        if (((++consumer_.head) & give_back_mask_) == 0) give_back();
    }

    /// Calls f(T&) on up to `max` items, oldest first, and returns how many; the slots go back afterwards.
    template <class F>
    std::size_t drain(F&& f, std::size_t max = ~std::size_t{}) noexcept {
        const auto count = ready(max);
        const auto at = static_cast<std::size_t>(consumer_.head & mask_);
        const auto until_wrap = std::min(count, capacity() - at);
        for (std::size_t i = 0; i < until_wrap; ++i) f(slots_[at + i]);
        for (std::size_t i = 0; i < count - until_wrap; ++i) f(slots_[i]);
        take(count);
        return count;
    }

    /// Copies up to items.size() items out, oldest first, and returns how many.
    std::size_t pop(std::span<T> items) noexcept {
        const auto count = ready(items.size());
        const auto at = static_cast<std::size_t>(consumer_.head & mask_);
        const auto until_wrap = std::min(count, capacity() - at);
        copy(&slots_[at], until_wrap, items.data());
        copy(&slots_[0], count - until_wrap, items.data() + until_wrap);
        take(count);
        return count;
    }

private:
    static constexpr std::uint64_t small_burst = 30;

    struct Free {
        std::size_t count;
        void operator()(T* slots) const noexcept {
            std::destroy_n(slots, count);
            ::operator delete (slots, std::align_val_t{no_sharing});
        }
    };
    using Slots = std::unique_ptr<T[], Free>;

    /// Slots begin at a line, so that none of 64 bytes ever lies on two.
    static Slots allocate(std::size_t capacity) {
        if (capacity < 2 || !std::has_single_bit(capacity))
            throw std::invalid_argument("SpscRing: capacity must be a power of two of at least 2");
        auto* slots = static_cast<T*>(::operator new (capacity * sizeof(T), std::align_val_t{no_sharing}));
        std::uninitialized_value_construct_n(slots, capacity);
        return Slots{slots, Free{capacity}};
    }

    static void copy(const T* from, std::size_t count, T* to) noexcept {
        if constexpr (std::is_trivially_copyable_v<T> && sizeof(T) >= 32) {
            // Item by item: memmove of a whole batch would `rep movsb`, which is 15 % slower here than moving lines.
            for (std::size_t i = 0; i < count; ++i) {
                to[i] = from[i];
                asm volatile("");  // keeps the compiler from making a memmove of it again
            }
        } else {
            std::copy_n(from, count, to);
        }
    }

    std::uint64_t free_slots() noexcept {
        // Acquire: pairs with the release in give_back(), so the consumer is done with a slot before it is refilled.
        producer_.limit = head_.load(std::memory_order_acquire) + capacity();
        return producer_.limit - producer_.tail;
    }

    std::uint64_t filled_slots() noexcept {
        // Acquire: pairs with the release in publish(), so the item is written before it can be read.
        consumer_.tail = tail_.load(std::memory_order_acquire);
        consumer_.burst = consumer_.tail - consumer_.head;
        return consumer_.burst;
    }

    std::size_t ready(std::size_t max) noexcept {
        auto count = consumer_.tail - consumer_.head;
        if (count < max) {
            // As in front(): come back for a whole batch.
            if (count == 0 && consumer_.burst > 1) __builtin_ia32_pause();
            count = filled_slots();
        }
        return static_cast<std::size_t>(std::min<std::uint64_t>(count, max));
    }

    void publish(std::uint64_t tail) noexcept {
        producer_.tail = tail;
        // Release: pairs with the acquire in filled_slots(), so the slot is written before it can be seen.
        tail_.store(tail, std::memory_order_release);
    }

    void take(std::size_t count) noexcept {
        consumer_.head += count;
        const auto held = consumer_.head - consumer_.given_back;
        if (held > give_back_mask_ || (count == 0 && held != 0)) give_back();
    }

    void give_back() noexcept {
        consumer_.given_back = consumer_.head;
        // Release: pairs with the acquire in free_slots(), so our reads are over before the slot is reused.
        head_.store(consumer_.head, std::memory_order_release);
    }

    // Read by both, written by neither.
    Slots slots_;
    std::uint64_t mask_;
    std::uint64_t give_back_mask_;

    // Private to the producer: it never has to read a line that the consumer pulls away.
    struct alignas(no_sharing) {
        std::uint64_t tail{};
        std::uint64_t limit{};  // head as last seen + capacity
    } producer_;
    // Written by the producer, read by the consumer when its copy says empty.
    alignas(no_sharing) std::atomic<std::uint64_t> tail_{};

    // Private to the consumer.
    struct alignas(no_sharing) {
        std::uint64_t head{};
        std::uint64_t tail{};        // as last seen
        std::uint64_t given_back{};  // head as the producer may see it
        std::uint64_t burst{};       // items found by the last look
    } consumer_;
    // Written by the consumer, read by the producer when its copy says full.
    alignas(no_sharing) std::atomic<std::uint64_t> head_{};
};

}  // namespace core
