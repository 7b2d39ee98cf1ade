#pragma once

#include "pipeline/fibonacci/levels.hpp"

#include <array>
#include <span>

namespace pipeline {

/// Tells when a price reaches an active level: once per level until the price has left twice its hit band.
/// Between two edges nothing can happen, so a price inside the quiet interval costs two comparisons.
class Hits {
public:
    /// Watches a new list. A level that was watched before (same price, ratio, timeframe) keeps its memory.
    /// levels: ascending by price. legs: by timeframe; a level whose leg is unknown cannot be hit.
    void rebuild(std::span<const ActiveLevel> levels, std::span<const Leg> legs, double hit_range) noexcept;

    /// True while `price` cannot change anything.
    [[nodiscard]] bool quiet(double price) const noexcept { return price > quiet_lo_ && price < quiet_hi_; }

    /// Writes the levels that `price` has just reached and returns how many; those that find no room come next time.
    std::size_t reach(double price, std::span<ActiveLevel> hits) noexcept;

    [[nodiscard]] double quiet_lo() const noexcept { return quiet_lo_; }
    [[nodiscard]] double quiet_hi() const noexcept { return quiet_hi_; }

private:
    struct Watched {
        ActiveLevel level;
        double band;
        bool inside;  ///< hit, and not left since
    };

    void narrow(const Watched& watched, double price) noexcept;
    [[nodiscard]] bool was_inside(const ActiveLevel& level, std::size_t& from) const noexcept;

    std::array<Watched, max_active_levels> watched_{};
    std::size_t count_{};
    double quiet_lo_{1}, quiet_hi_{0};  // empty: look at the first price
};

}  // namespace pipeline
