#pragma once

#include "pipeline/trends/tree_table.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace omega {

/// What the trainer of tree tables may do.
struct BoostingSettings {
    std::uint32_t trees{60};
    std::uint32_t depth{3};  ///< at most 4: small trees, or noise is learnt by heart
    double shrinkage{.05};
    double l2{1};                 ///< on leaf values
    std::uint32_t min_rows{100};  ///< fewest rows of a leaf
    std::uint32_t bins{32};       ///< candidate thresholds of a feature: quantiles of what was seen
};

/// A row to learn from: raw features, unknown ones NaN.
struct Example {
    const pipeline::ai::Features* features{};
    bool label{};
};

/// Gradient-boosted trees for the logistic loss (Friedman 2001; second-order splits as Chen & Guestrin 2016), with
/// histograms of quantile bins. Deterministic: sums in the order of the rows, ties to the lower feature and threshold.
/// Where a split does not see unknown values while learning, they go the way of more rows.
/// Throws std::invalid_argument for settings outside their range or no examples.
pipeline::ai::TreeTable boost(std::span<const Example> examples, pipeline::ai::Target target,
                              const BoostingSettings& settings);

}  // namespace omega
