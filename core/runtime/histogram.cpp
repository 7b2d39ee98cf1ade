#include "core/runtime/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace core {

Histogram::Histogram(std::uint64_t highest, int digits) : highest_{highest}, digits_{digits} {
    if (highest < 2 || digits < 1 || digits > 5)
        throw std::invalid_argument("Histogram: highest >= 2 and 1 to 5 significant digits");
    std::uint64_t distinct = 2;
    for (int i = 0; i < digits; ++i) distinct *= 10;
    sub_bucket_bits_ = static_cast<unsigned>(std::bit_width(distinct - 1));
    half_bits_ = sub_bucket_bits_ - 1;
    sub_bucket_mask_ = (std::uint64_t{1} << sub_bucket_bits_) - 1;
    counts_.assign(index(highest) + 1, 0);
}

std::uint64_t Histogram::lowest_of(std::size_t index) const noexcept {
    const auto half = std::size_t{1} << half_bits_;
    if (index < 2 * half) return index;
    const auto bucket = index / half - 1;
    return (index % half + half) << bucket;
}

std::uint64_t Histogram::highest_of(std::size_t index) const noexcept {
    return lowest_of(index + 1) - 1;
}

double Histogram::mean() const noexcept {
    return total_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(total_);
}

std::uint64_t Histogram::percentile(double percent) const noexcept {
    if (total_ == 0) return 0;
    const double share = std::clamp(percent, 0.0, 100.0) / 100;
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_))));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        seen += counts_[i];
        if (seen >= wanted) return std::clamp(highest_of(i), min_, max_);
    }
    return max_;
}

void Histogram::merge(const Histogram& other) {
    if (other.highest_ != highest_ || other.digits_ != digits_)
        throw std::invalid_argument("Histogram: only histograms of one shape add up");
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
    saturated_ += other.saturated_;
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
}

void Histogram::clear() noexcept {
    std::fill(counts_.begin(), counts_.end(), 0);
    total_ = saturated_ = sum_ = max_ = 0;
    min_ = ~std::uint64_t{};
}

}  // namespace core
