#pragma once

#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

#include <cstddef>
#include <span>

namespace omega {

/// A prediction and what came of it.
struct ScoredRow {
    core::Nanoseconds time{};   ///< when it was made
    core::Nanoseconds until{};  ///< when its label was known
    double p{};
    bool label{};
};

/// Skill (1 − Brier/(ȳ(1 − ȳ))) with its 95 % confidence interval; unknown where nothing can be said.
struct SkillInterval {
    double skill{core::unknown}, low{core::unknown}, high{core::unknown};
    std::size_t groups{};  ///< stretches of time that were compared
};

/// How certain a skill is when labels overlap: a label that looks fifteen minutes ahead every minute, on several
/// instruments of one market, is one look and not fifteen times as many. So rows are gathered into consecutive
/// stretches of time, all instruments of a time together, each at least `horizons_a_group` times as long as a label
/// looks ahead: between such stretches next to nothing is shared. The interval is Student's t over the linearised
/// contributions of 8 to 30 stretches (more are made longer): few and large is what keeps its level whatever happens
/// inside a stretch. No random numbers. Unknown with fewer than 8 stretches, or where all labels are equal. In: rows in
/// order of time. Source: R. Ibragimov, U. K. Müller, J. Bus. Econ. Stat. 28 (4), 2010; ratio linearised as in Cochran,
/// Sampling Techniques, 1977, 6.3.
SkillInterval skill_interval(std::span<const ScoredRow> rows);

inline constexpr int horizons_a_group = 8;
inline constexpr std::size_t fewest_groups = 8, most_groups = 30;

}  // namespace omega
