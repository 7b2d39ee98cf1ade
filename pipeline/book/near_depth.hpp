#pragma once

#include "core/book/ladder.hpp"
#include "core/domain/unknown.hpp"
#include "core/domain/wide.hpp"

#include <cstdint>

namespace pipeline {

/// What rests within 10 and 25 bps of the mid on one side of a book, kept up level by level: exact integer sums whose
/// bounds move with the mid, so that a sample visits only the levels between the old and the new bound.
class NearDepth {
public:
    /// Inverse contracts are worth their quantity, the others price × quantity.
    NearDepth(core::Side side, bool inverse) noexcept : buy_{side == core::Side::buy}, inverse_{inverse} {}

    /// The ladder held `before` at a price and now holds `quantity`.
    void on_level(core::Price price, core::Quantity before, core::Quantity quantity) noexcept {
        if (beyond(price, far_.edge)) return;
        const auto worth = worth_of(price, {quantity.units - before.units});  // neither is negative
        const int levels = (quantity.units != 0) - (before.units != 0);
        far_.sum += worth;
        far_.levels += levels;
        if (beyond(price, near_.edge)) return;
        near_.sum += worth;
        near_.levels += levels;
    }
    void clear() noexcept {
        near_.sum = far_.sum = 0;
        near_.levels = far_.levels = 0;
    }
    /// Moves both bounds to a mid (in price units, above 0).
    void centre(const core::Ladder& ladder, double mid) noexcept {
        move(ladder, near_, mid, 1e-3 * mid);
        move(ladder, far_, mid, 2.5e-3 * mid);
    }

    /// The sums in price unit × quantity unit (inverse: quantity units). Unknown unless a level beyond the bound proves
    /// that nothing nearer is missing.
    [[nodiscard]] double near(const core::Ladder& ladder) const noexcept { return value(ladder, near_); }
    [[nodiscard]] double far(const core::Ladder& ladder) const noexcept { return value(ladder, far_); }

private:
    struct Band {
        core::Price edge{};  ///< worst price inside
        core::Int128 sum{};
        std::int64_t levels{};
        bool placed{};
    };

    [[nodiscard]] bool beyond(core::Price price, core::Price edge) const noexcept {
        return buy_ ? price < edge : price > edge;
    }
    [[nodiscard]] core::Int128 worth_of(core::Price price, core::Quantity quantity) const noexcept {
        return static_cast<core::Int128>(quantity.units) * (inverse_ ? 1 : price.units);
    }
    [[nodiscard]] static double value(const core::Ladder& ladder, const Band& band) noexcept {
        const bool complete = static_cast<std::int64_t>(ladder.size()) > band.levels;
        return complete ? static_cast<double>(band.sum) : core::unknown;
    }
    void move(const core::Ladder& ladder, Band& band, double mid, double reach) noexcept;

    bool buy_, inverse_;
    Band near_, far_;
};

}  // namespace pipeline
