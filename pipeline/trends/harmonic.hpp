#pragma once

#include "pipeline/trends/trends.hpp"

#include <array>
#include <span>

/// Harmonic XABCD patterns (spec/trends.md section 4; ratios: Carney, Harmonic Trading, 2010).
namespace pipeline::patterns {

/// A ratio's range, both ends included.
struct Span {
    double low{}, high{};
};

/// One row of the table of patterns.
struct Harmonic {
    PatternKind kind{};
    Span ab_xa, bc_ab, cd_bc;
    double ad_xa{};
};

inline constexpr std::array<Harmonic, 4> harmonics{{
    {PatternKind::gartley, {.618, .618}, {.382, .886}, {1.13, 1.618}, .786},
    {PatternKind::bat, {.382, .5}, {.382, .886}, {1.618, 2.618}, .886},
    {PatternKind::butterfly, {.786, .786}, {.382, .886}, {1.618, 2.618}, 1.27},
    {PatternKind::crab, {.382, .618}, {.382, .886}, {2.24, 3.618}, 1.618},
}};

/// X A B C D.
using Points = std::array<double, 5>;

/// Lengths of the legs over one another; meaningful where the points alternate.
struct HarmonicRatios {
    double ab_xa{}, bc_ab{}, cd_bc{}, ad_xa{};
};
[[nodiscard]] HarmonicRatios ratios_of(const Points& points) noexcept;

struct HarmonicMatch {
    bool found{};
    PatternKind kind{};
    bool bullish{};  ///< X below A: D is expected to turn up
    double score{};
    double zone_low{}, zone_high{};  ///< where AD/XA is within the tolerance of the pattern's
    double target1{}, target2{}, invalid_at{};
};

/// How far x lies outside the span: 0 inside, else the distance over the nearer end.
[[nodiscard]] constexpr double deviation(double x, const Span& span) noexcept {
    if (x < span.low) return (span.low - x) / span.low;
    if (x > span.high) return (x - span.high) / span.high;
    return 0;
}

/// The pattern that fits best (ties: the first of the table), with `tolerance` as the largest deviation of a ratio.
/// Points that do not alternate, or a leg without length, match nothing.
[[nodiscard]] HarmonicMatch match_harmonic(const Points& points, double tolerance) noexcept;

}  // namespace pipeline::patterns
