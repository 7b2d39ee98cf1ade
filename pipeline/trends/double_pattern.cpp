#include "pipeline/trends/double_pattern.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::patterns {

DoubleMatch match_double(double first, double neckline, double second, bool top, double double_bps) noexcept {
    DoubleMatch out;
    const double mean = (first + second) / 2;
    if (!(first > 0) || !(second > 0) || !(neckline > 0)) return out;
    if (top ? neckline >= std::min(first, second) : neckline <= std::max(first, second)) return out;
    out.difference_bps = 1e4 * std::abs(first - second) / mean;
    out.height_bps = std::abs(core::bps(mean, neckline));
    const double least = 3 * double_bps;
    if (out.difference_bps > double_bps || out.height_bps < least) return out;
    out.found = true;
    // The ramp's ends are 45 and 200 bps at the default width; 45 is the least height.
    out.score = .6 * (1 - out.difference_bps / double_bps) + .4 * core::ramp(out.height_bps, least, least * 200 / 45);
    out.target = neckline - (mean - neckline);
    out.invalid_at = top ? std::max(first, second) : std::min(first, second);
    return out;
}

}  // namespace pipeline::patterns
