#pragma once

#include <concurrentqueue/concurrentqueue.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace core {

namespace detail {

/// A place of the queue. That a consumer's last read of it happens before a producer fills it again rests on an
/// atomic_thread_fence in the queue, the one thing ThreadSanitizer does not follow: there, and only there, the place
/// itself says when it is given up and taken.
struct Place {
#if defined(__SANITIZE_THREAD__)
    Place() noexcept {
        __tsan_acquire(this);
    }
    Place(const Place&) noexcept : Place{} {}
    Place& operator=(const Place&) noexcept {
        return *this;
    }
    ~Place() {
        __tsan_release(this);
    }
#endif
};

template <class T>
struct Cell {
    [[no_unique_address]] Place place{};  // first, so that it is constructed before the item and destroyed after it
    T item{};

    Cell() noexcept = default;
    explicit Cell(T value) noexcept : item{std::move(value)} {}
};

}  // namespace detail

/// Bounded queue from many threads to many: commands, timers, conditions and executions on their way to the sequencer.
/// moodycamel's ConcurrentQueue underneath, with all memory taken at construction: try_enqueue never allocates.
/// Items of one producer arrive in its order; between producers there is no order.
template <class T>
class Mailbox {
    struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
        static const std::size_t BLOCK_SIZE = 32;
        // An explicit producer's index of blocks grows by allocation; this many entries it owns from the start.
        static const std::size_t EXPLICIT_INITIAL_INDEX_SIZE = 512;
    };
    using Queue = moodycamel::ConcurrentQueue<detail::Cell<T>, Traits>;

public:
    /// The most items a mailbox can be asked to hold.
    static constexpr std::size_t max_capacity = Traits::BLOCK_SIZE * (Traits::EXPLICIT_INITIAL_INDEX_SIZE - 8);

    /// One thread's right to put items in: made at start, used by one thread at a time, outlived by the mailbox.
    class Producer {
    public:
        /// Throws std::length_error when as many producers as announced exist or existed.
        explicit Producer(Mailbox& mailbox) : mailbox_{&mailbox}, token_{mailbox.admit()} {}

        /// False when the mailbox holds `capacity` items (or, briefly, when a consumer was interrupted in the middle of
        /// taking one and its place cannot be filled again yet). Never allocates, never waits.
        bool try_enqueue(T item) noexcept {
            // Relaxed: a count of places, it publishes nothing; the queue itself orders the items.
            if (mailbox_->held_.fetch_add(1, std::memory_order_relaxed) >= mailbox_->capacity_ ||
                !mailbox_->queue_.try_enqueue(*token_, detail::Cell<T>{std::move(item)})) {
                mailbox_->held_.fetch_sub(1, std::memory_order_relaxed);
                return false;
            }
            return true;
        }

    private:
        Mailbox* mailbox_;
        moodycamel::ProducerToken* token_;
    };

    /// At most `capacity` items at a time from at most `producers` producers. Throws std::invalid_argument past
    /// max_capacity.
    Mailbox(std::size_t capacity, std::size_t producers) : queue_{checked(capacity)}, capacity_{capacity} {
        tokens_.reserve(producers);
        for (std::size_t i = 0; i < producers; ++i) reserve(tokens_.emplace_back(queue_));
    }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    /// Any thread; exact only when all rest.
    [[nodiscard]] std::size_t size() const noexcept {
        return std::min(held_.load(std::memory_order_relaxed), capacity_);  // Relaxed: a figure to show
    }

    /// False when there is nothing. Any thread.
    bool try_dequeue(T& item) noexcept {
        detail::Cell<T> cell;
        if (!queue_.try_dequeue(cell)) return false;
        item = std::move(cell.item);
        held_.fetch_sub(1, std::memory_order_relaxed);  // Relaxed: gives a place back, see try_enqueue
        return true;
    }

    /// Calls f(T&) on up to `max` items and returns how many.
    template <class F>
    std::size_t drain(F&& f, std::size_t max = ~std::size_t{}) noexcept {
        std::size_t count = 0;
        for (T item; count < max && try_dequeue(item); ++count) f(item);
        return count;
    }

private:
    static std::size_t checked(std::size_t capacity) {
        if (capacity < 1 || capacity > max_capacity) throw std::invalid_argument("Mailbox: capacity out of range");
        return capacity;
    }

    /// Gives a producer blocks of its own for `capacity` items, and one for the block it is in the middle of. Blocks
    /// are never handed from one producer to another, so a common pool could leave one of them with nothing for ever.
    void reserve(moodycamel::ProducerToken& token) {
        const auto places = (capacity_ / Traits::BLOCK_SIZE + 2) * Traits::BLOCK_SIZE;
        for (std::size_t i = 0; i < places; ++i)
            if (!queue_.enqueue(token, detail::Cell<T>{})) throw std::bad_alloc{};
        for (detail::Cell<T> cell; queue_.try_dequeue_from_producer(token, cell);) continue;
    }

    moodycamel::ProducerToken* admit() {
        // Relaxed: only counts; the tokens were written before the mailbox was shown to other threads.
        const auto index = admitted_.fetch_add(1, std::memory_order_relaxed);
        if (index >= tokens_.size()) throw std::length_error("Mailbox: more producers than announced");
        return &tokens_[index];
    }

    Queue queue_;
    std::size_t capacity_;
    std::vector<moodycamel::ProducerToken> tokens_;
    std::atomic<std::size_t> admitted_{};
    std::atomic<std::size_t> held_{};
};

}  // namespace core
