#pragma once

#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pipeline {

/// Median of the 1 s samples of the last `width`: a ring in time order beside the same values sorted. A sample costs
/// a binary search and a short move, once a second.
class MedianWindow {
public:
    explicit MedianWindow(core::Nanoseconds width)
        : width_s_(width / std::chrono::seconds{1}), ring_(static_cast<std::size_t>(width_s_)), sorted_(ring_.size()) {}

    /// Takes the sample of second `second` unless that second or a later one already has one. True if it was taken.
    bool add(std::int64_t second, double value) noexcept {
        while (size_ > 0 && ring_[oldest_].second <= second - width_s_) drop_oldest();
        if (size_ > 0 && second <= newest_second_) return false;
        newest_second_ = second;
        ring_[(oldest_ + size_) % ring_.size()] = {second, value};
        const auto end = sorted_.begin() + static_cast<std::ptrdiff_t>(size_);
        const auto at = std::upper_bound(sorted_.begin(), end, value);
        std::move_backward(at, end, end + 1);
        *at = value;
        ++size_;
        return true;
    }

    void clear() noexcept { size_ = 0; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// The middle value, the mean of the middle two of an even number; unknown when empty.
    [[nodiscard]] double median() const noexcept {
        if (size_ == 0) return core::unknown;
        const double upper = sorted_[size_ / 2];
        return size_ % 2 == 1 ? upper : (sorted_[size_ / 2 - 1] + upper) / 2;
    }

private:
    struct Sample {
        std::int64_t second;
        double value;
    };

    void drop_oldest() noexcept {
        const auto end = sorted_.begin() + static_cast<std::ptrdiff_t>(size_);
        const auto at = std::lower_bound(sorted_.begin(), end, ring_[oldest_].value);
        std::move(at + 1, end, at);
        oldest_ = (oldest_ + 1) % ring_.size();
        --size_;
    }

    std::int64_t width_s_;
    std::vector<Sample> ring_;
    std::vector<double> sorted_;
    std::size_t oldest_{}, size_{};
    std::int64_t newest_second_{};
};

}  // namespace pipeline
