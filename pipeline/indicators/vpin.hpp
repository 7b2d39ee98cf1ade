#pragma once

#include "core/domain/tick.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/indicators/memory.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace pipeline {

/// Volume-synchronised probability of informed trading: mean |buy − sell|/V over the last 50 buckets of V traded, V a
/// fiftieth of a day's volume; 0..1. A trade that fills a bucket goes on in the next.
/// In: every trade. Known after 50 buckets. DailyVpin measures the daily volume itself.
/// Source: Easley, López de Prado, O'Hara, Flow Toxicity and Liquidity in a High-frequency World, 2012.
class Vpin {
public:
    static constexpr std::int64_t buckets = 50;

    /// A daily volume below 50 units counts as 50.
    explicit Vpin(core::Quantity daily_volume, Memory memory = default_memory())
        : volume_(bucket_of(daily_volume)), imbalances_(buckets, memory) {}

    /// Begins anew with buckets of another daily volume.
    void restart(core::Quantity daily_volume) noexcept {
        volume_ = bucket_of(daily_volume);
        clear();
    }
    /// Forgets every bucket.
    void clear() noexcept {
        std::fill(imbalances_.begin(), imbalances_.end(), 0);
        next_ = closed_ = sum_ = filled_ = signed_ = 0;
    }

    /// O(1) amortised over the volume: at most 51 buckets a trade, however large.
    void add(core::Side aggressor, core::Quantity quantity) noexcept {
        // Whole buckets of one side beyond those that are remembered change nothing.
        const auto most = volume_ * (buckets + 1);
        for (auto left = quantity.units > most ? most + quantity.units % volume_ : quantity.units; left > 0;) {
            const auto part = std::min(left, volume_ - filled_);
            left -= part;
            filled_ += part;
            signed_ += core::sign(aggressor) * part;
            if (filled_ == volume_) close();
        }
    }

    [[nodiscard]] double value() const noexcept {
        if (closed_ < buckets) return core::unknown;
        return static_cast<double>(sum_) / static_cast<double>(buckets * volume_);
    }

private:
    /// Small enough for a sum over all buckets and one more.
    static std::int64_t bucket_of(core::Quantity daily_volume) noexcept {
        constexpr auto most = std::numeric_limits<std::int64_t>::max() / (buckets + 2);
        return std::clamp<std::int64_t>(daily_volume.units / buckets, 1, most);
    }
    void close() noexcept {
        auto& oldest = imbalances_[static_cast<std::size_t>(next_)];
        sum_ += std::abs(signed_) - oldest;
        oldest = std::abs(signed_);
        next_ = next_ + 1 == buckets ? 0 : next_ + 1;
        closed_ += closed_ < buckets;
        filled_ = signed_ = 0;
    }

    std::int64_t volume_;
    std::pmr::vector<std::int64_t> imbalances_;  // |buy − sell| of the newest buckets
    std::int64_t next_{}, closed_{}, sum_{};
    std::int64_t filled_{}, signed_{};  // the open bucket
};

}  // namespace pipeline
