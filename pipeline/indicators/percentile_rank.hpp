#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/memory.hpp"
#include "pipeline/indicators/period.hpp"

#include <algorithm>
#include <cstddef>

namespace pipeline {

/// The share of the n values before x that lie below it, equal ones counting half: 0..1. First known at index n.
/// A sorted ring: O(log n) to find, and a move within one flat array.
class PercentileRank {
public:
    explicit PercentileRank(int n, Memory memory = default_memory())
        : values_(static_cast<std::size_t>(checked_period("percentile", n)), memory),
          sorted_(static_cast<std::size_t>(n), memory) {}

    double add(double x) noexcept {
        const auto end = sorted_.begin() + static_cast<std::ptrdiff_t>(size_);
        const auto [first, last] = std::equal_range(sorted_.begin(), end, x);
        double rank = core::unknown;
        if (size_ == sorted_.size()) {
            const auto below = static_cast<double>(first - sorted_.begin()), equal = static_cast<double>(last - first);
            rank = (below + equal / 2) / static_cast<double>(size_);
            replace(values_[next_], x, last);
        } else {
            std::move_backward(last, end, end + 1);
            *last = x;
            ++size_;
        }
        values_[next_] = x;
        if (++next_ == values_.size()) next_ = 0;
        return rank;
    }

private:
    /// Takes `old` out and puts x in, which belongs before `at`: what lies between them moves by one.
    void replace(double old, double x, Ring::iterator at) noexcept {
        const auto gap = std::lower_bound(sorted_.begin(), sorted_.end(), old);
        if (gap < at) {
            std::move(gap + 1, at, gap);
            *(at - 1) = x;
        } else {
            std::move_backward(at, gap, gap + 1);
            *at = x;
        }
    }

    Ring values_, sorted_;  // by age, by size
    std::size_t next_{}, size_{};
};

}  // namespace pipeline
