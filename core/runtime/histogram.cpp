#include "core/runtime/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace core {

std::uint64_t Histogram::percentile(double percent) const noexcept {
    if (count_ == 0) return 0;
    const auto wanted = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(percent / 100 * static_cast<double>(count_) - 1e-9)));
    std::uint64_t seen = 0;
    for (std::size_t i = index_of(min_); i < counts_.size(); ++i)
        if ((seen += counts_[i]) >= wanted) return std::min(highest_of(i), max_);
    return max_;
}

void Histogram::merge(const Histogram& other) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
    min_ = std::min(min_, other.min_);
}

void Histogram::clear() noexcept {
    std::fill(counts_.begin(), counts_.end(), 0);
    count_ = max_ = 0;
    min_ = ~std::uint64_t{};
}

}  // namespace core
