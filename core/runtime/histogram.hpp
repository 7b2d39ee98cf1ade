#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace core {

/// A histogram of non-negative integers (latencies in ns) in HdrHistogram's layout: buckets that double in width, each of
/// 2^(digits bits) equal sub-buckets, so every value is kept to about three significant digits in fixed memory (about 180 KiB for
/// the whole 64-bit range). Recording is a shift, an index and an increment. One writer.
/// Source: G. Tene, HdrHistogram.
class Histogram {
public:
    Histogram() : counts_((64 - sub_bits) * half + half) {}

    void record(std::uint64_t value, std::uint64_t times = 1) noexcept {
        counts_[index_of(value)] += times;
        count_ += times;
        if (value > max_) max_ = value;
        if (value < min_) min_ = value;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::uint64_t max() const noexcept { return max_; }                     ///< exact; 0 when empty
    [[nodiscard]] std::uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }   ///< exact

    /// The smallest recorded magnitude that at least `percent` of the values do not exceed: the highest value equivalent to
    /// its sub-bucket, never above max(). 0 when empty.
    [[nodiscard]] std::uint64_t percentile(double percent) const noexcept;

    /// Adds another's counts.
    void merge(const Histogram& other) noexcept;
    void clear() noexcept;

    /// Values up to this are kept exactly; above, to one part in half of it.
    static constexpr std::uint64_t exact_below = 2048;

private:
    static constexpr unsigned sub_bits = 11;                    // 2048 sub-buckets: > 3 significant digits
    static constexpr std::uint64_t half = std::uint64_t{1} << (sub_bits - 1);

    static constexpr std::size_t index_of(std::uint64_t value) noexcept {
        const auto magnitude = static_cast<unsigned>(std::bit_width(value | (2 * half - 1))) - sub_bits;
        return static_cast<std::size_t>(magnitude * half + (value >> magnitude));
    }
    static constexpr std::uint64_t highest_of(std::size_t index) noexcept {
        if (index < 2 * half) return index;
        const auto magnitude = static_cast<unsigned>(index / half - 1);
        return ((index - magnitude * half + 1) << magnitude) - 1;
    }

    std::vector<std::uint64_t> counts_;
    std::uint64_t count_{}, max_{}, min_{~std::uint64_t{}};
};

}  // namespace core
