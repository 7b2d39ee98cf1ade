#pragma once

#include <cstddef>
#include <vector>

namespace pipeline {

/// The newest n values with their sum and sum of squares about a centre near them, so that neither a high price level
/// nor a long run loses digits: both sums and the centre are taken anew from the ring every n values (amortised O(1)).
class Window {
public:
    explicit Window(int n) : values_(static_cast<std::size_t>(n)) {}

    /// Adds x, forgetting the oldest when full.
    void add(double x) noexcept {
        const double old = values_[next_];
        values_[next_] = x;
        const bool full = size_ == values_.size();
        if (!full) ++size_;
        if (++next_ == values_.size()) {
            next_ = 0;
            resum();
            return;
        }
        const double in = x - centre_, out = full ? old - centre_ : 0;
        sum_ += in - out;
        squares_ += in * in - out * out;
    }

    [[nodiscard]] bool full() const noexcept { return size_ == values_.size(); }
    [[nodiscard]] double mean() const noexcept { return centre_ + sum_ / count(); }
    /// Population variance, never below 0.
    [[nodiscard]] double variance() const noexcept {
        const double deviation = sum_ / count(), variance = squares_ / count() - deviation * deviation;
        return variance > 0 ? variance : 0;
    }

private:
    [[nodiscard]] double count() const noexcept { return static_cast<double>(size_); }

    void resum() noexcept {
        double sum = 0;
        for (const double x : values_) sum += x;
        centre_ = sum / count();
        sum_ = squares_ = 0;
        for (const double x : values_) {
            const double d = x - centre_;
            sum_ += d;
            squares_ += d * d;
        }
    }

    std::vector<double> values_;
    std::size_t next_{}, size_{};
    double centre_{}, sum_{}, squares_{};
};

}  // namespace pipeline
