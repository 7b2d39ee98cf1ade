#pragma once

#include "core/domain/time.hpp"

#include <algorithm>

namespace strategies {

/// The pause after a refusal, on event time: 1 s, doubled with every further one up to 60 s, until something succeeds.
class Backoff {
public:
    static constexpr core::Nanoseconds first{std::chrono::seconds{1}}, longest{std::chrono::seconds{60}};

    void refused(core::Nanoseconds now) noexcept {
        pause_ = pause_.count() == 0 ? first : std::min(2 * pause_, longest);
        until_ = now + pause_;
    }
    void reset() noexcept { *this = {}; }

    [[nodiscard]] bool waits(core::Nanoseconds now) const noexcept { return now < until_; }
    /// When it may be tried again.
    [[nodiscard]] core::Nanoseconds until() const noexcept { return until_; }

private:
    core::Nanoseconds pause_{}, until_{};
};

}  // namespace strategies
