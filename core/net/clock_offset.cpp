#include "core/net/clock_offset.hpp"

#include <algorithm>
#include <cassert>

namespace core {

bool ClockOffset::sample(Nanoseconds sent, Nanoseconds venue_time, Nanoseconds received,
                         Nanoseconds resolution) noexcept {
    const auto round_trip = received - sent;
    if (round_trip.count() < 0 || round_trip > longest_round_trip) return false;
    if (distrusted_) count_ = next_ = 0;
    distrusted_ = false;
    // A time that was cut to its unit is too early by half of it on average.
    samples_[next_] = {.offset = venue_time + resolution / 2 - (sent + round_trip / 2),
                       .error = round_trip / 2 + resolution / 2,
                       .at = received};
    next_ = (next_ + 1) % kept;
    count_ = std::min(count_ + 1, kept);
    return true;
}

std::size_t ClockOffset::best(Nanoseconds now) const noexcept {
    assert(count_ > 0);
    std::size_t found = 0;
    for (std::size_t i = 1; i < count_; ++i)
        if (error_at(samples_[i], now) < error_at(samples_[found], now)) found = i;
    return found;
}

Nanoseconds ClockOffset::uncertainty(Nanoseconds now) const noexcept {
    return count_ == 0 || distrusted_ ? Nanoseconds::max() : error_at(samples_[best(now)], now);
}

bool ClockOffset::due(Nanoseconds now) const noexcept {
    if (!was_asked_) return true;
    const auto since = now - asked_;
    if (count_ < first_samples || uncertainty(now) > alarm) return since >= first_interval;
    return since >= interval;
}

}  // namespace core
