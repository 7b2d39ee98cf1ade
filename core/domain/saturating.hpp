#pragma once

#include "core/domain/price.hpp"

#include <cstdint>
#include <limits>

namespace core {

/// a + b, the nearest there is where that does not fit. A statistic of quantities nobody trades may be wrong; it must
/// not turn negative, nor be undefined.
constexpr std::int64_t saturating_sum(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t sum{};
    if (!__builtin_add_overflow(a, b, &sum)) [[likely]]
        return sum;
    return a < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}
constexpr Quantity saturating_sum(Quantity a, Quantity b) noexcept {
    return {saturating_sum(a.units, b.units)};
}

}  // namespace core
