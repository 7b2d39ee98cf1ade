#pragma once

#include "core/domain/time.hpp"
#include "pipeline/trends/calibration.hpp"
#include "tools/omega/training/boosting.hpp"
#include "tools/omega/training/skill_interval.hpp"

#include <vector>

namespace omega {

/// A minute's features with the label that came true `until` later.
struct LabelledRow {
    core::Nanoseconds time{};   ///< when the features were known: the tick that closed the minute
    core::Nanoseconds until{};  ///< when the label was: the tick that closed the last minute that it saw
    pipeline::ai::Features features{};
    bool label{};
};

/// One step of the walk: trained on what was over before its rows began, scored on them.
struct Fold {
    core::Nanoseconds from{}, to{};  ///< of the rows that were predicted
    std::size_t trained_on{};
    pipeline::ai::Score model{};
    pipeline::ai::Score base_rate{};  ///< of always saying the share that training had seen
};

struct WalkForward {
    std::vector<Fold> folds;
    pipeline::ai::Score model{}, base_rate{};  ///< over all folds
    SkillInterval certainty{};                 ///< of the model's skill over all folds
    /// Skill above 0 with 95 % confidence, over at least `least` predictions.
    [[nodiscard]] bool proven(std::uint64_t least) const noexcept { return model.n >= least && certainty.low > 0; }
};

/// Rows in order of time are cut into `folds` + 1 equal stretches; each but the first is predicted by a model of all
/// rows before it whose labels were known when it began (purged by the horizon: no row's label overlaps the test).
/// Throws std::invalid_argument where a stretch would be empty or the rows are not in order.
WalkForward walk_forward(const std::vector<LabelledRow>& rows, pipeline::ai::Target target,
                         const BoostingSettings& settings, std::size_t folds);

}  // namespace omega
