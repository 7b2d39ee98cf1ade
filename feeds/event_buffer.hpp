#pragma once

#include "core/domain/tick.hpp"
#include "feeds/batch.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace feeds {

/// Book updates of one instrument that wait for a snapshot, oldest first. Bounded: a full buffer drops its oldest
/// events. Allocates only in its constructor; pages never written stay untouched.
class EventBuffer {
public:
    static constexpr std::size_t max_ticks = 1U << 14;  ///< powers of two: rings are indexed by mask
    static constexpr std::size_t max_events = 1U << 11;

    EventBuffer() : ticks_{allocate<core::Tick>(max_ticks)}, events_{allocate<Entry>(max_events)} {}

    [[nodiscard]] bool empty() const noexcept { return first_event_ == end_event_; }
    [[nodiscard]] std::size_t size() const noexcept { return end_event_ - first_event_; }
    /// Precondition: !empty().
    [[nodiscard]] const BookEvent& oldest() const noexcept { return entry(first_event_).event; }

    /// Appends an event; returns how many of the oldest had to go. An event larger than the buffer empties it and is
    /// lost itself.
    std::size_t push(const BookEvent& event, std::span<const core::Tick> ticks) noexcept {
        if (ticks.size() > max_ticks) return clear() + 1;
        std::size_t dropped = 0;
        while (size() == max_events || end_tick_ - first_tick_ + ticks.size() > max_ticks) {
            pop();
            ++dropped;
        }
        for (const auto& tick : ticks) ticks_.get()[end_tick_++ & (max_ticks - 1)] = tick;
        events_.get()[end_event_++ & (max_events - 1)] = {event, static_cast<std::uint32_t>(ticks.size())};
        return dropped;
    }

    /// Removes the oldest event, handing its ticks to `sink`. Precondition: !empty().
    template <class Sink>
    void pop(Sink&& sink) noexcept {
        const auto end = first_tick_ + entry(first_event_++).ticks;
        while (first_tick_ != end) sink(ticks_.get()[first_tick_++ & (max_ticks - 1)]);
    }
    void pop() noexcept { first_tick_ += entry(first_event_++).ticks; }

    /// Removes all; returns how many events there were.
    std::size_t clear() noexcept {
        const auto had = size();
        first_event_ = end_event_;
        first_tick_ = end_tick_;
        return had;
    }

private:
    struct Entry {
        BookEvent event{};
        std::uint32_t ticks{};
    };
    template <class T>
    struct Free {
        std::size_t count;
        void operator()(T* p) const noexcept { std::allocator<T>{}.deallocate(p, count); }
    };
    template <class T>
    using Storage = std::unique_ptr<T, Free<T>>;
    template <class T>
    static Storage<T> allocate(std::size_t count) {
        return {std::allocator<T>{}.allocate(count), Free<T>{count}};
    }
    [[nodiscard]] const Entry& entry(std::size_t at) const noexcept { return events_.get()[at & (max_events - 1)]; }

    Storage<core::Tick> ticks_;
    Storage<Entry> events_;
    std::size_t first_tick_{}, end_tick_{}, first_event_{}, end_event_{};  // ever growing, masked on use
};

}  // namespace feeds
