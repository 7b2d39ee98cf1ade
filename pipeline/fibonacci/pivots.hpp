#pragma once

#include "pipeline/fibonacci/settings.hpp"

#include <cstddef>
#include <span>

namespace pipeline {

/// The newest confirmed pivots of one timeframe, oldest first, without the seed (it yields no levels).
class Pivots {
public:
    /// Keeps the newest `keep` pivots.
    void add(const Pivot& pivot, std::size_t keep) noexcept;

    /// Drops pivots more than `max_age_bars` bars older than `bar`; true if any.
    bool expire(std::int64_t bar, std::int64_t max_age_bars) noexcept;

    /// Marks pivots that `close` has traded through by more than `break_bps`; true if any was whole before.
    bool mark_broken(double close, double break_bps) noexcept;

    /// The leg between the newest two; unknown if there are fewer or they are closer than `min_range_bps`.
    [[nodiscard]] Leg leg(double min_range_bps) const noexcept;

    void clear() noexcept { count_ = 0; }
    [[nodiscard]] std::span<const Pivot> all() const noexcept { return {pivots_.data(), count_}; }

private:
    void drop_oldest(std::size_t n) noexcept;

    std::array<Pivot, max_pivots> pivots_{};
    std::size_t count_{};
};

}  // namespace pipeline
