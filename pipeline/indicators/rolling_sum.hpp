#pragma once

#include "pipeline/indicators/memory.hpp"

#include <algorithm>
#include <cstddef>

namespace pipeline {

/// Sum of the newest n values, none below 0. Taken anew from the ring every n values, and when it falls so far that
/// what the larger ones left behind would show: amortised O(1), no drift, and the sum of zeros is 0 exactly.
class RollingSum {
public:
    explicit RollingSum(int n, Memory memory = default_memory()) : values_(static_cast<std::size_t>(n), memory) {}

    void add(double x) noexcept {
        sum_ += x - values_[next_];
        values_[next_] = x;
        size_ += size_ < values_.size();
        if (++next_ == values_.size()) [[unlikely]] {
            next_ = 0;
            resum();
            return;
        }
        peak_ = std::max(peak_, sum_);
        if (sum_ < smallest_share * peak_) [[unlikely]]
            resum();
    }

    [[nodiscard]] bool full() const noexcept { return size_ == values_.size(); }
    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }  ///< n
    [[nodiscard]] double sum() const noexcept { return sum_; }

private:
    // Rounding leaves about 1e-16 of the peak behind: at most 1e-10 of a sum above this share of it.
    static constexpr double smallest_share = 1e-6;

    void resum() noexcept {
        sum_ = 0;
        for (const double value : values_) sum_ += value;
        peak_ = sum_;
    }

    Ring values_;  // zeros at first
    std::size_t next_{}, size_{};
    double sum_{}, peak_{};
};

}  // namespace pipeline
