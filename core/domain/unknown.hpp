#pragma once

#include <limits>

namespace core {

/// A statistic that may be unknown is a double whose NaN means unknown: comparisons with it are false, it never
/// becomes a number by itself, and JSON prints it as null. Only `known` asks.
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr bool known(double x) noexcept {
    return x == x;
}

/// bps(a, b) = 1e4·(a − b)/b.
constexpr double bps(double a, double b) noexcept {
    return 1e4 * (a - b) / b;
}
constexpr double clamp01(double x) noexcept {
    return x < 0 ? 0 : x > 1 ? 1 : x;
}
/// clamp01((x − lo)/(hi − lo)); an unknown x contributes 0 (missing evidence never raises a confidence).
constexpr double ramp(double x, double lo, double hi) noexcept {
    return known(x) ? clamp01((x - lo) / (hi - lo)) : 0;
}

}  // namespace core
