#pragma once

#include "pipeline/indicators/memory.hpp"

#include <algorithm>
#include <cstddef>

namespace pipeline {

/// The newest n values with their sum and sum of squares about a centre among them. Both are taken anew from the ring
/// every n values, and when the squares fall so far that what the larger ones left behind would show: amortised O(1),
/// no drift, and a window that stands still has variance 0 exactly, at any price level.
class Window {
public:
    explicit Window(int n, Memory memory = default_memory())
        : values_(static_cast<std::size_t>(n), memory), inverse_(1.0 / n) {}

    /// Adds x, forgetting the oldest when full.
    void add(double x) noexcept {
        if (!full_) [[unlikely]] {
            fill(x);
            return;
        }
        const double old = values_[next_];
        values_[next_] = x;
        if (++next_ == values_.size()) [[unlikely]] {
            next_ = 0;
            resum(x);
            return;
        }
        const double in = x - centre_, out = old - centre_;
        sum_ += in - out;
        squares_ += in * in - out * out;
        peak_ = std::max(peak_, squares_);
        if (squares_ - sum_ * sum_ * inverse_ < smallest_share * peak_) [[unlikely]]
            resum(x);
    }

    [[nodiscard]] bool full() const noexcept { return full_; }
    /// Of a full window, as are the others.
    [[nodiscard]] double mean() const noexcept { return centre_ + sum_ * inverse_; }
    /// Population variance, never below 0.
    [[nodiscard]] double variance() const noexcept {
        const double deviation = sum_ * inverse_;
        return std::max(0.0, squares_ * inverse_ - deviation * deviation);
    }
    /// The values, in no order.
    [[nodiscard]] const Ring& values() const noexcept { return values_; }

    // Rounding leaves about 1e-16 of the peak behind: at most 1e-10 of a variance above this share of it.
    static constexpr double smallest_share = 1e-6;

private:
    void fill(double x) noexcept {
        values_[next_] = x;
        if (++next_ < values_.size()) return;
        next_ = 0;
        full_ = true;
        resum(x);
    }

    [[gnu::noinline]] void resum(double centre) noexcept {
        centre_ = centre;
        sum_ = squares_ = 0;
        for (const double value : values_) {
            const double d = value - centre;
            sum_ += d;
            squares_ += d * d;
        }
        peak_ = squares_;
    }

    Ring values_;
    std::size_t next_{};
    bool full_{};
    double inverse_;
    double centre_{}, sum_{}, squares_{}, peak_{};
};

}  // namespace pipeline
