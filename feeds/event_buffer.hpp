#pragma once

#include "core/domain/tick.hpp"
#include "feeds/batch.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace feeds {

/// Book updates of one instrument that wait for a snapshot, oldest first. Bounded: a full buffer drops its oldest
/// events. Allocates once, for the first event: of the many instruments of a table one session takes only some.
class EventBuffer {
public:
    static constexpr std::size_t max_ticks = 1U << 14;  ///< powers of two: rings are indexed by mask
    static constexpr std::size_t max_events = 1U << 11;

    [[nodiscard]] bool empty() const noexcept { return first_event_ == end_event_; }
    [[nodiscard]] std::size_t size() const noexcept { return end_event_ - first_event_; }
    /// Precondition: !empty().
    [[nodiscard]] const BookEvent& oldest() const noexcept { return entry(first_event_).event; }

    /// Appends an event; returns how many of the oldest had to go. An event larger than the buffer empties it and is
    /// lost itself.
    std::size_t push(const BookEvent& event, std::span<const core::Tick> ticks) noexcept {
        if (ticks.size() > max_ticks) return clear() + 1;
        if (!events_) [[unlikely]] {
            ticks_.reset(std::allocator<core::Tick>{}.allocate(max_ticks));  // pages never written stay untouched
            events_.reset(std::allocator<Entry>{}.allocate(max_events));
        }
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
    template <class T, std::size_t count>
    struct Free {
        void operator()(T* p) const noexcept { std::allocator<T>{}.deallocate(p, count); }
    };
    template <class T, std::size_t count>
    using Storage = std::unique_ptr<T, Free<T, count>>;
    [[nodiscard]] const Entry& entry(std::size_t at) const noexcept { return events_.get()[at & (max_events - 1)]; }

    Storage<core::Tick, max_ticks> ticks_;
    Storage<Entry, max_events> events_;
    std::size_t first_tick_{}, end_tick_{}, first_event_{}, end_event_{};  // ever growing, masked on use
};

}  // namespace feeds
