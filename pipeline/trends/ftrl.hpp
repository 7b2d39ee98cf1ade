#pragma once

#include "pipeline/trends/settings.hpp"

#include <array>
#include <cmath>
#include <cstddef>

namespace pipeline::ai {

[[nodiscard]] inline double logistic(double x) noexcept {
    return 1 / (1 + std::exp(-x));
}

/// Logistic regression trained by FTRL-Proximal, one step a row, per coordinate.
/// Source: McMahan et al., Ad Click Prediction: a View from the Trenches, KDD 2013, algorithm 1.
template <std::size_t n>
class Ftrl {
public:
    using Vector = std::array<double, n>;

    [[nodiscard]] double weight(std::size_t i, const FtrlSettings& s) const noexcept {
        const double z = z_[i];
        if (std::abs(z) <= s.l1) return 0;
        return -(z - (z > 0 ? s.l1 : -s.l1)) / ((s.beta + std::sqrt(squares_[i])) / s.alpha + s.l2);
    }

    /// Probability of the label 1.
    [[nodiscard]] double predict(const Vector& x, const FtrlSettings& s) const noexcept {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += weight(i, s) * x[i];
        return logistic(sum);
    }

    /// One step towards `label`.
    void learn(const Vector& x, bool label, const FtrlSettings& s) noexcept {
        const double error = predict(x, s) - (label ? 1 : 0);
        for (std::size_t i = 0; i < n; ++i) {
            const double g = error * x[i];
            const double grown = squares_[i] + g * g;
            z_[i] += g - weight(i, s) * (std::sqrt(grown) - std::sqrt(squares_[i])) / s.alpha;
            squares_[i] = grown;
        }
    }

private:
    Vector z_{}, squares_{};
};

}  // namespace pipeline::ai
