#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pipeline {

/// The newest n values with their sum and sum of squares about a centre among them. Both are taken anew from the ring
/// every n values, and when the squares fall so far that what the larger ones left behind would show: amortised O(1),
/// no drift, and a window that stands still has variance 0 exactly, at any price level.
class Window {
public:
    explicit Window(int n) : values_(static_cast<std::size_t>(n)) {}

    /// Adds x, forgetting the oldest when full.
    void add(double x) noexcept {
        const bool was_full = full();
        const double old = values_[next_];
        values_[next_] = x;
        if (!was_full) ++size_;
        if (++next_ == values_.size()) {
            next_ = 0;
            resum(x);
            return;
        }
        const double in = x - centre_, out = was_full ? old - centre_ : 0;
        sum_ += in - out;
        squares_ += in * in - out * out;
        peak_ = std::max(peak_, squares_);
        if (variance() * count() < smallest_share * peak_) resum(x);
    }

    [[nodiscard]] bool full() const noexcept { return size_ == values_.size(); }
    [[nodiscard]] double mean() const noexcept { return centre_ + sum_ / count(); }
    /// Population variance, never below 0.
    [[nodiscard]] double variance() const noexcept {
        const double deviation = sum_ / count();
        return std::max(0.0, squares_ / count() - deviation * deviation);
    }

private:
    // Rounding leaves about 1e-16 of the peak behind: at most 1e-10 of a variance above this share of it.
    static constexpr double smallest_share = 1e-6;

    [[nodiscard]] double count() const noexcept { return static_cast<double>(size_); }

    void resum(double centre) noexcept {
        centre_ = centre;
        sum_ = squares_ = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            const double d = values_[i] - centre;
            sum_ += d;
            squares_ += d * d;
        }
        peak_ = squares_;
    }

    std::vector<double> values_;
    std::size_t next_{}, size_{};
    double centre_{}, sum_{}, squares_{}, peak_{};
};

}  // namespace pipeline
