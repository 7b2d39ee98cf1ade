#pragma once

#include "core/domain/time.hpp"
#include "core/random/xoshiro.hpp"

#include <algorithm>
#include <cstdint>

namespace core {

/// How long to wait between attempts.
struct BackoffSettings {
    Nanoseconds first{250ms};  ///< at most, after the first failure; doubles with each
    Nanoseconds longest{30s};  ///< never more
    Nanoseconds steady{60s};   ///< what lived so long had been healthy: the next failure counts as the first
};

/// Waits between attempts that double, with chance in each, so that a venue that comes back is not met by everybody at
/// once. Pure: it is told what happened and knows no clock.
class Backoff {
public:
    constexpr Backoff(const BackoffSettings& settings, std::uint64_t seed) noexcept
        : settings_{settings}, chance_{seed} {}

    /// An attempt failed, or what it opened ended after `lived`. Returns how long to wait: between half of this step's
    /// bound and all of it.
    constexpr Nanoseconds failed(Nanoseconds lived = 0ns) noexcept {
        if (lived >= settings_.steady) failures_ = 0;
        const auto bound = this->bound();
        ++failures_;
        const auto half = bound / 2;
        return half + Nanoseconds{static_cast<std::int64_t>(
                          chance_.below(static_cast<std::uint64_t>((bound - half).count()) + 1))};
    }
    /// The next failure counts as the first.
    constexpr void reset() noexcept { failures_ = 0; }

    [[nodiscard]] constexpr unsigned failures() const noexcept { return failures_; }  ///< in a row

private:
    [[nodiscard]] constexpr Nanoseconds bound() const noexcept {
        auto bound = settings_.first;
        for (unsigned i = 0; i < failures_ && bound < settings_.longest; ++i) bound *= 2;
        return std::min(bound, settings_.longest);
    }

    BackoffSettings settings_;
    Xoshiro chance_;
    unsigned failures_{};
};

}  // namespace core
