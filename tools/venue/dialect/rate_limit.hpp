#pragma once

#include "core/domain/time.hpp"

#include <cstdint>

namespace venue {

/// So much weight in each window of so long, windows aligned to the epoch as the venues count them.
class RateWindow {
public:
    RateWindow(std::int64_t limit, core::Nanoseconds window) noexcept : limit_{limit}, window_{window} {}

    /// Counts `weight` at `now`; false when that is past the limit (it is counted all the same).
    bool take(core::Nanoseconds now, std::int64_t weight = 1) noexcept {
        roll(now);
        used_ += weight;
        return used_ <= limit_;
    }
    [[nodiscard]] std::int64_t used(core::Nanoseconds now) noexcept {
        roll(now);
        return used_;
    }
    [[nodiscard]] std::int64_t limit() const noexcept { return limit_; }
    /// Until the next window.
    [[nodiscard]] core::Nanoseconds wait(core::Nanoseconds now) const noexcept {
        return core::floor_to(now, window_) + window_ - now;
    }

private:
    void roll(core::Nanoseconds now) noexcept {
        const auto start = core::floor_to(now, window_);
        if (start == start_) return;
        start_ = start;
        used_ = 0;
    }

    std::int64_t limit_;
    core::Nanoseconds window_;
    core::Nanoseconds start_{-1};
    std::int64_t used_{};
};

}  // namespace venue
