#pragma once

#include <numbers>
#include <span>
#include <vector>

/// The golden ratio in sequences of numbers (spec/cosmic.md section 4): pure, for displays and analysis. Levels of a
/// leg are in pipeline/fibonacci/measures.hpp, cycles in cycles.hpp.
namespace pipeline {

inline constexpr double phi = std::numbers::phi;

/// Mean over neighbours of 1 − min(|max/min − φ|/φ, 1): 1 when each is φ times the other. Unknown for fewer than two
/// values, or any that is not above zero.
double calculate_harmony(std::span<const double> values) noexcept;

/// How near a frequency is to the Earth's 7.83 Hz: 1 at it, 0 from its double on. Unknown stays unknown.
double calculate_resonance(double hz) noexcept;

/// One ratio of neighbouring legs and the power of φ nearest to it.
struct GoldenRatio {
    double ratio{};      ///< this leg / the one before
    int power{};         ///< k in −2..2 with the least |ratio/φᵏ − 1|
    double deviation{};  ///< that least
};
struct GoldenRatios {
    std::vector<GoldenRatio> ratios;
    double share{};  ///< of ratios within 5 % of their power; unknown without a ratio
};
/// legs: lengths of successive swings. One that is not above zero makes its ratios unknown (power 0), and they count as
/// not golden.
GoldenRatios analyze_golden_ratio(std::span<const double> legs);

}  // namespace pipeline
