#pragma once

#include "core/domain/saturating.hpp"
#include "core/domain/time.hpp"
#include "pipeline/indicators/vpin.hpp"

namespace pipeline {

/// VPIN whose bucket is a fiftieth of what was traded on the UTC day before: unknown on the first, partial day of a
/// tape and on the whole one after it, and on a day after one without trades. In: every trade, in time order; a time
/// before the newest belongs to the newest day. A feed gap forgets the buckets
/// (`reset`), not the days: what was missed is small in a day.
class DailyVpin {
public:
    explicit DailyVpin(Memory memory = default_memory()) : vpin_{core::Quantity{}, memory} {}

    void add(core::Nanoseconds time, core::Side aggressor, core::Quantity quantity) noexcept {
        if (time >= end_) [[unlikely]]
            begin_day(time);
        volume_ = core::saturating_sum(volume_, quantity);
        if (known_) vpin_.add(aggressor, quantity);
    }

    /// Of the newest 50 buckets, 0..1.
    [[nodiscard]] double value() const noexcept { return known_ ? vpin_.value() : core::unknown; }

    void reset() noexcept { vpin_.clear(); }

private:
    void begin_day(core::Nanoseconds time) noexcept {
        constexpr core::Nanoseconds day = std::chrono::hours{24};
        const bool next = time < end_ + day && end_.count() != 0;  // the day that ended is the one before this
        known_ = next && whole_ && volume_.units > 0;
        if (known_) vpin_.restart(volume_);
        whole_ = next;
        end_ = core::floor_to(time, day) + day;
        volume_ = {};
    }

    Vpin vpin_;
    core::Nanoseconds end_{};  // of the newest day; 0 before the first trade
    core::Quantity volume_{};  // of that day so far
    bool whole_{};             // the tape was there when that day began
    bool known_{};
};

}  // namespace pipeline
