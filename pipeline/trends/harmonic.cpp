#include "pipeline/trends/harmonic.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::patterns {

namespace {

/// Carney's classical ratios are rounded to three digits, and so are prices to ticks: a deviation that only rounding
/// made is none.
constexpr double rounding = 1e-9;

bool alternates(const Points& p) noexcept {
    const bool up = p[1] > p[0];
    for (std::size_t i = 1; i + 1 < p.size(); ++i) {
        const double step = p[i + 1] - p[i];
        const bool should_rise = up == (i % 2 == 0);
        if (!(should_rise ? step > 0 : step < 0)) return false;
    }
    return p[1] != p[0] && std::all_of(p.begin(), p.end(), [](double x) noexcept { return std::isfinite(x); });
}

}  // namespace

HarmonicRatios ratios_of(const Points& points) noexcept {
    const auto [x, a, b, c, d] = points;
    const double xa = std::abs(a - x), ab = std::abs(b - a), bc = std::abs(c - b), cd = std::abs(d - c);
    return {.ab_xa = ab / xa, .bc_ab = bc / ab, .cd_bc = cd / bc, .ad_xa = std::abs(d - a) / xa};
}

HarmonicMatch match_harmonic(const Points& points, double tolerance) noexcept {
    HarmonicMatch best;
    if (!alternates(points)) return best;
    const double x = points[0], a = points[1], d = points[4];
    const double xa = std::abs(a - x);
    const auto [ab_xa, bc_ab, cd_bc, ad_xa] = ratios_of(points);
    best.bullish = x < a;
    for (const Harmonic& row : harmonics) {
        const std::array<double, 4> deviations{deviation(ab_xa, row.ab_xa), deviation(bc_ab, row.bc_ab),
                                               deviation(cd_bc, row.cd_bc), deviation(ad_xa, {row.ad_xa, row.ad_xa})};
        double score = 0;
        bool fits = true;
        for (const double deviation : deviations) {
            fits = fits && deviation <= tolerance + rounding;
            score += 1 - deviation / tolerance;
        }
        score /= static_cast<double>(deviations.size());
        if (!fits || (best.found && score <= best.score + rounding)) continue;
        const double way = best.bullish ? -1 : 1;  // from A towards D
        const double near = a + way * row.ad_xa * (1 - tolerance) * xa,
                     far = a + way * row.ad_xa * (1 + tolerance) * xa;
        best.found = true;
        best.kind = row.kind;
        best.score = score;
        best.zone_low = std::min(near, far);
        best.zone_high = std::max(near, far);
    }
    if (!best.found) return best;
    best.target1 = d + .382 * (a - d);
    best.target2 = d + .618 * (a - d);
    best.invalid_at = d + (best.bullish ? -.05 : .05) * xa;
    return best;
}

}  // namespace pipeline::patterns
