#pragma once

#include "core/domain/price.hpp"
#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

namespace pipeline {

/// Volume-weighted mean price since the session began, every day at `session_utc_h`:00 UTC. Known from the first trade
/// of the session.
/// In: prices with the volume that traded at them, in time order; a time before the newest belongs to the newest
/// session.
class SessionVwap {
public:
    explicit SessionVwap(int session_utc_h = 0) noexcept : begin_{std::chrono::hours{session_utc_h}} {}

    void add(core::Nanoseconds time, double price, double volume) noexcept {
        if (time >= end_) [[unlikely]]
            begin_session(time);
        value_ += price * volume;
        volume_ += volume;
    }

    /// At `time`; unknown when the session has not traded yet.
    [[nodiscard]] double value(core::Nanoseconds time) const noexcept {
        return time < end_ && volume_ > 0 ? value_ / volume_ : core::unknown;
    }

private:
    void begin_session(core::Nanoseconds time) noexcept {
        constexpr core::Nanoseconds day = std::chrono::hours{24};
        end_ = core::floor_to(time - begin_, day) + begin_ + day;
        value_ = volume_ = 0;
    }

    core::Nanoseconds begin_;                          // after midnight UTC
    core::Nanoseconds end_{core::Nanoseconds::min()};  // of the newest session
    double value_{}, volume_{};
};

}  // namespace pipeline
