#pragma once

#include "pipeline/trends/features.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::ai {

inline constexpr std::size_t input_count = feature_count + 1;

/// What a model takes: the bias 1, then the standardised features.
using Inputs = std::array<double, input_count>;

/// Running mean and variance of every feature. The weight of the newest is 1/n until it would fall below `alpha`, so
/// that warm-up knows mean and variance as well as its bars allow: an average started with weight `alpha` would after
/// 500 bars still be mostly its first value.
class Standardiser {
public:
    static constexpr double alpha = 1.0 / 2000;
    static constexpr double clip = 5;

    /// Takes a row in and standardises it. Unknown features teach nothing and become 0, like those that never varied.
    /// Returns how many were unknown.
    std::uint32_t add(const Features& features, Inputs& inputs) noexcept {
        std::uint32_t missing = 0;
        inputs[0] = 1;
        for (std::size_t i = 0; i < feature_count; ++i) {
            const double x = features[i];
            if (!core::known(x)) {
                ++missing;
                inputs[i + 1] = 0;
                continue;
            }
            Moments& m = moments_[i];
            m.count += 1;
            const double weight = std::max(1 / m.count, alpha);
            const double step = x - m.mean;
            m.mean += weight * step;
            m.variance = (1 - weight) * (m.variance + weight * step * step);
            inputs[i + 1] = m.variance > 0 ? std::clamp((x - m.mean) / std::sqrt(m.variance), -clip, clip) : 0;
        }
        return missing;
    }

private:
    struct Moments {
        double count{}, mean{}, variance{};
    };
    std::array<Moments, feature_count> moments_{};
};

}  // namespace pipeline::ai
