#pragma once

#include "pipeline/bars/bars.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline {

/// Keys under `trends.`.
struct TrendSettings {
    std::vector<std::uint32_t> timeframes_min{1, 5, 15, 30, 60, 240, 720, 1440};
    std::vector<double> weights{.5, .75, 1, 1, 1.5, 2, 2, 2.5};  ///< one a timeframe
    std::uint32_t change_bars{20};
    double mild_bps_60{50}, strong_bps_60{300};  ///< of an hour; others by the square root of time
    /// `thresholds.mild_bps`, `thresholds.strong_bps`: an explicit table, one a timeframe; empty: derived.
    std::vector<double> mild_bps{}, strong_bps{};
    std::uint32_t regime_timeframe_min{15};
    std::uint32_t regime_hold_bars{2};
    std::uint32_t volatility_window{500}, volatility_min{100};  ///< bars behind VP, and the fewest
};

/// Keys under `patterns.`.
struct PatternSettings {
    double tolerance{.05};          ///< largest deviation of a harmonic ratio
    double double_bps{15};          ///< two tops this close are one level
    std::uint32_t double_bars{50};  ///< after the second top, in which the neckline must break
};

/// FTRL-Proximal's, keys under `ai.ftrl.`.
struct FtrlSettings {
    double alpha{.05}, beta{1}, l1{.01}, l2{1};
};

/// Keys under `ai.`.
struct AiSettings {
    std::uint32_t horizon_bars{15};
    std::uint32_t warmup_bars{500};
    std::uint32_t max_missing{8};
    FtrlSettings ftrl{};
    double blend{.5};  ///< share of the trees, in logits
    std::uint32_t calibration_window{5000};
    std::uint32_t skill_labels{1000};  ///< fewest labels that say anything of skill
    bool require_skill{true};
    double golden_age_s{300};                 ///< how long a golden confluence counts as a feature
    std::string trees_direction, trees_trap;  ///< `ai.trees.<target>`: files of `omega train`; empty: none
};

/// Throw std::invalid_argument, naming key, value and expectation.
void check(const TrendSettings& settings, const Timeframes& timeframes);
void check(const PatternSettings& settings);
void check(const AiSettings& settings, const Timeframes& timeframes);

}  // namespace pipeline
