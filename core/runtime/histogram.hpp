#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace core {

/// A latency distribution in HdrHistogram's layout: values 0…highest, told apart to `digits` significant decimal
/// digits, in fixed memory. Linear within a power of two, logarithmic over them: below 2·10^digits every value has its
/// own count. record() is O(1) and allocates nothing; histograms of one shape add up. One thread writes; copy or merge
/// to read elsewhere. Source: HdrHistogram, "countsIndexFor", Gil Tene.
class Histogram {
public:
    /// highest >= 2, 1 <= digits <= 5; throws std::invalid_argument otherwise. The default tells 1 ns … 100 s apart to
    /// 1 %.
    explicit Histogram(std::uint64_t highest = 100'000'000'000, int digits = 2);

    /// A value above the highest counts as the highest, and in saturated().
    void record(std::uint64_t value, std::uint64_t times = 1) noexcept {
        if (value > highest_) [[unlikely]] {
            saturated_ += times;
            value = highest_;
        }
        counts_[index(value)] += times;
        total_ += times;
        sum_ += value * times;
        if (value < min_) min_ = value;
        if (value > max_) max_ = value;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return total_; }
    [[nodiscard]] std::uint64_t saturated() const noexcept { return saturated_; }
    [[nodiscard]] std::uint64_t min() const noexcept { return total_ == 0 ? 0 : min_; }  ///< exact; 0 when empty
    [[nodiscard]] std::uint64_t max() const noexcept { return max_; }                    ///< exact; 0 when empty
    [[nodiscard]] double mean() const noexcept;                                          ///< exact; 0 when empty

    /// The value that `percent` (0…100) of all recorded do not exceed, as the highest value its count stands for (but
    /// not above max()); 0 when empty.
    [[nodiscard]] std::uint64_t percentile(double percent) const noexcept;

    /// Adds all of `other`, which must have the same shape. Throws std::invalid_argument otherwise.
    void merge(const Histogram& other);
    void clear() noexcept;

    [[nodiscard]] std::uint64_t highest() const noexcept { return highest_; }
    [[nodiscard]] int digits() const noexcept { return digits_; }
    /// Calls f(lowest value, highest value, count) for every count that is not 0, ascending.
    template <class F>
    void walk(F&& f) const {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            if (counts_[i] != 0) f(lowest_of(i), highest_of(i), counts_[i]);
    }

private:
    [[nodiscard]] std::size_t index(std::uint64_t value) const noexcept {
        const auto bucket = static_cast<unsigned>(std::bit_width(value | sub_bucket_mask_)) - sub_bucket_bits_;
        const auto sub_bucket = value >> bucket;  // in the upper half, but for bucket 0
        return (static_cast<std::size_t>(bucket + 1) << half_bits_) + static_cast<std::size_t>(sub_bucket) -
               (std::size_t{1} << half_bits_);
    }
    [[nodiscard]] std::uint64_t lowest_of(std::size_t index) const noexcept;
    [[nodiscard]] std::uint64_t highest_of(std::size_t index) const noexcept;

    std::uint64_t highest_;
    int digits_;
    unsigned sub_bucket_bits_;
    unsigned half_bits_;
    std::uint64_t sub_bucket_mask_;
    std::vector<std::uint64_t> counts_;
    std::uint64_t total_{}, saturated_{}, sum_{}, min_{~std::uint64_t{}}, max_{};
};

}  // namespace core
