#pragma once

#include "core/domain/time.hpp"

#include <algorithm>

namespace strategies {

/// `rate` tokens a second up to `burst`, on event time. Starts full.
class TokenBucket {
public:
    TokenBucket(double rate, double burst) noexcept : rate_{rate}, burst_{burst}, tokens_{burst} {}

    /// True if there is a token at `now`.
    bool has(core::Nanoseconds now) noexcept {
        if (now > last_) {
            if (last_.count() != 0) tokens_ = std::min(burst_, tokens_ + core::seconds(now - last_) * rate_);
            last_ = now;
        }
        return tokens_ >= 1 - 1e-9;
    }
    /// Spends one, after has().
    void take() noexcept { tokens_ -= 1; }

private:
    double rate_, burst_, tokens_;
    core::Nanoseconds last_{};
};

}  // namespace strategies
