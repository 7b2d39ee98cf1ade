#pragma once

#include "pipeline/indicators/memory.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>

namespace pipeline {

/// The best (by Better: the greatest with std::greater) of the newest n values: a monotonic deque in a ring, amortised
/// O(1).
template <class Better>
class Extreme {
public:
    explicit Extreme(int n, Memory memory = default_memory())
        : values_(static_cast<std::size_t>(n), memory), born_(static_cast<std::size_t>(n), memory) {}

    /// Adds x and returns the best of the newest n values with it.
    double add(double x) noexcept {
        const auto n = values_.size();
        if (size_ > 0 && count_ - born_[first_] == n) drop_oldest();
        // What is no better than x and older will never be the best again.
        while (size_ > 0 && !Better{}(values_[slot(size_ - 1)], x)) --size_;
        const auto at = slot(size_++);
        values_[at] = x;
        born_[at] = count_++;
        return values_[first_];
    }

    /// Of the values added so far, at most the newest n. There must be one.
    [[nodiscard]] double best() const noexcept { return values_[first_]; }

private:
    [[nodiscard]] std::size_t slot(std::size_t i) const noexcept {
        const auto at = first_ + i;
        return at < values_.size() ? at : at - values_.size();
    }
    void drop_oldest() noexcept {
        first_ = slot(1);
        --size_;
    }

    Ring values_;
    std::pmr::vector<std::uint64_t> born_;  // which value of all it was
    std::size_t first_{}, size_{};
    std::uint64_t count_{};
};

using Highest = Extreme<std::greater<>>;
using Lowest = Extreme<std::less<>>;

}  // namespace pipeline
