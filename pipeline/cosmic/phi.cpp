#include "pipeline/cosmic/phi.hpp"

#include "core/domain/unknown.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline {
namespace {

constexpr bool positive(double x) noexcept {
    return x > 0 && x < std::numeric_limits<double>::infinity();
}

GoldenRatio nearest_power(double ratio) noexcept {
    GoldenRatio best{.ratio = ratio, .power = 0, .deviation = core::unknown};
    for (int k = -2; k <= 2; ++k) {
        const double deviation = std::abs(ratio / std::pow(phi, k) - 1);
        if (!core::known(best.deviation) || deviation < best.deviation) {
            best.power = k;
            best.deviation = deviation;
        }
    }
    return best;
}

}  // namespace

double calculate_harmony(std::span<const double> values) noexcept {
    if (values.size() < 2 || !std::all_of(values.begin(), values.end(), positive)) return core::unknown;
    double sum = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        const auto [less, more] = std::minmax(values[i - 1], values[i]);
        sum += 1 - std::min(std::abs(more / less - phi) / phi, 1.0);
    }
    return sum / static_cast<double>(values.size() - 1);
}

double calculate_resonance(double hz) noexcept {
    constexpr double earth_hz = 7.83;
    if (!core::known(hz)) return core::unknown;
    return std::max(0.0, 1 - std::abs(hz - earth_hz) / earth_hz);
}

GoldenRatios analyze_golden_ratio(std::span<const double> legs) {
    constexpr double tolerance = .05;
    GoldenRatios found;
    std::size_t golden = 0;
    for (std::size_t i = 1; i < legs.size(); ++i) {
        if (positive(legs[i - 1]) && positive(legs[i]))
            found.ratios.push_back(nearest_power(legs[i] / legs[i - 1]));
        else
            found.ratios.push_back({.ratio = core::unknown, .power = 0, .deviation = core::unknown});
        golden += found.ratios.back().deviation <= tolerance;
    }
    found.share =
        found.ratios.empty() ? core::unknown : static_cast<double>(golden) / static_cast<double>(found.ratios.size());
    return found;
}

}  // namespace pipeline
