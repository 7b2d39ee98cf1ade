#pragma once

#include "core/domain/time.hpp"

#include <algorithm>

namespace strategies {

/// `rate` tokens a second up to `burst`, on event time. Starts full.
class TokenBucket {
public:
    TokenBucket(double rate, double burst) noexcept : rate_{rate}, burst_{burst}, tokens_{burst} {}

    /// Takes one token if there is one.
    bool take(core::Nanoseconds now) noexcept {
        if (now > last_) {
            if (last_.count() != 0) tokens_ = std::min(burst_, tokens_ + core::seconds(now - last_) * rate_);
            last_ = now;
        }
        if (tokens_ < 1 - 1e-9) return false;
        tokens_ -= 1;
        return true;
    }

private:
    double rate_, burst_, tokens_;
    core::Nanoseconds last_{};
};

}  // namespace strategies
