#pragma once

#include "core/domain/saturating.hpp"
#include "core/domain/time.hpp"
#include "core/domain/wide.hpp"
#include "pipeline/indicators/memory.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace pipeline {

/// The second a time lies in. Times are at or after the epoch.
constexpr std::int64_t second_of(core::Nanoseconds time) noexcept {
    return time.count() / 1'000'000'000;
}

/// Sums of whole numbers over the last w seconds in buckets of one: bucket b counts at time t when b > second(t) − w.
/// Whole numbers, so that the total never drifts; what does not fit is the largest number. A time before the newest
/// counts in the newest bucket.
class SecondBuckets {
public:
    explicit SecondBuckets(int width_s, Memory memory = default_memory())
        : sums_(static_cast<std::size_t>(width_s), memory) {}

    /// Makes `second` the newest bucket; what falls out of the window is forgotten.
    void advance(std::int64_t second) noexcept {
        if (second > newest_) [[unlikely]]
            move_to(second);
    }

    /// Counts x in the newest bucket.
    void add(std::int64_t x) noexcept {
        const auto before = sums_[at_];
        sums_[at_] = core::saturating_sum(before, x);
        total_ += core::Int128{sums_[at_]} - before;
    }

    /// Of the window that ends with the newest bucket.
    [[nodiscard]] std::int64_t total() const noexcept {
        constexpr core::Int128 most = std::numeric_limits<std::int64_t>::max();
        return static_cast<std::int64_t>(std::clamp<core::Int128>(total_, -most, most));
    }
    [[nodiscard]] int width_s() const noexcept { return static_cast<int>(sums_.size()); }

    void clear() noexcept {
        std::ranges::fill(sums_, 0);
        total_ = 0;
    }

private:
    void move_to(std::int64_t second) noexcept {
        const auto size = static_cast<std::int64_t>(sums_.size());
        for (auto steps = std::min(second - newest_, size); steps > 0; --steps) {
            if (++at_ == sums_.size()) at_ = 0;
            total_ -= sums_[at_];
            sums_[at_] = 0;
        }
        newest_ = second;
    }

    std::pmr::vector<std::int64_t> sums_;
    std::size_t at_{};
    std::int64_t newest_{};
    core::Int128 total_{};  // of buckets that each stop at the largest number, so that it stays their exact sum
};

}  // namespace pipeline
