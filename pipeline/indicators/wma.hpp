#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/memory.hpp"
#include "pipeline/indicators/period.hpp"

#include <cstddef>

namespace pipeline {

/// Weighted moving average: Σ j·x_j/(n(n + 1)/2), the newest with weight n. First known at index n − 1.
/// Source: TA-Lib WMA.
class Wma {
public:
    explicit Wma(int n, Memory memory = default_memory())
        : values_(static_cast<std::size_t>(checked_period("wma", n)), memory), n_(n), inverse_(2 / (n_ * (n_ + 1))) {}

    /// The average after x; unknown while warming up.
    double add(double x) noexcept {
        const double old = values_[next_];
        values_[next_] = x;
        // Every weight falls by one, the oldest's to 0; x comes in with n.
        weighted_ += n_ * (x - centre_) - sum_;
        sum_ += x - (full_ ? old : centre_);
        if (++next_ == values_.size()) [[unlikely]] {
            next_ = 0;
            full_ = true;
            resum(x);
        }
        return full_ ? centre_ + weighted_ * inverse_ : core::unknown;
    }

private:
    /// With next_ at 0 the ring is in order, oldest first.
    void resum(double centre) noexcept {
        centre_ = centre;
        sum_ = weighted_ = 0;
        double weight = 1;
        for (const double value : values_) {
            sum_ += value - centre;
            weighted_ += weight++ * (value - centre);
        }
    }

    Ring values_;
    double n_, inverse_;
    std::size_t next_{};
    bool full_{};
    double centre_{}, sum_{}, weighted_{};  // Σ and Σ j·, both about the centre
};

}  // namespace pipeline
