#pragma once

#include "core/domain/tick.hpp"

namespace core {

/// How far ahead of its arrival a stamp is believed. Clocks in step differ by milliseconds; one stamp from further
/// ahead would make everything that follows it late.
inline constexpr Nanoseconds most_ahead = std::chrono::seconds{1};

/// When something stamped `venue_time` and read at `receive_time` happened, as far as the stamp can be believed: never
/// more than `most_ahead` after its arrival. The bound keeps the order of what comes in order, so a clock that goes
/// wrong by more moves everything alike. The stamp itself where the arrival is not known (0).
constexpr Nanoseconds believable_time(Nanoseconds venue_time, Nanoseconds receive_time) noexcept {
    if (receive_time.count() <= 0 || venue_time <= receive_time || venue_time - receive_time <= most_ahead)
        return venue_time;
    return receive_time + most_ahead;
}
constexpr Nanoseconds believable_time(const Tick& tick) noexcept {
    return believable_time(tick.venue_time, tick.receive_time);
}

}  // namespace core
