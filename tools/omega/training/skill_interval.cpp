#include "tools/omega/training/skill_interval.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace omega {

namespace {

/// Student's t, 97.5 % point, by degrees of freedom from 7 on.
constexpr std::array t975{2.364624, 2.306004, 2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787,
                          2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873,
                          2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230};
static_assert(t975.size() == most_groups - fewest_groups + 1);

/// Where each stretch begins, and the end of all.
std::vector<std::size_t> stretches(std::span<const ScoredRow> rows) {
    core::Nanoseconds horizon{};
    for (const auto& row : rows) horizon = std::max(horizon, row.until - row.time);
    const auto shortest = horizons_a_group * horizon;
    const std::size_t fewest_rows = (rows.size() + most_groups - 1) / most_groups;
    std::vector<std::size_t> begins{0};
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto begin = begins.back();
        if (i - begin >= fewest_rows && rows[i].time - rows[begin].time >= shortest && rows[i].time != rows[i - 1].time)
            begins.push_back(i);
    }
    // What is left is no stretch of its own.
    const auto left = begins.back();
    if (begins.size() > 1 &&
        (rows.size() - left < fewest_rows || rows.back().time - rows[left].time < shortest - horizon))
        begins.pop_back();
    begins.push_back(rows.size());
    return begins;
}

}  // namespace

SkillInterval skill_interval(std::span<const ScoredRow> rows) {
    SkillInterval out;
    if (rows.empty()) return out;
    const auto n = static_cast<double>(rows.size());
    double ones = 0, brier = 0;
    for (const auto& row : rows) {
        const double y = row.label ? 1 : 0;
        ones += y;
        brier += (row.p - y) * (row.p - y);
    }
    const double base = ones / n, chance = n * base * (1 - base);
    const auto begins = stretches(rows);
    out.groups = begins.size() - 1;
    if (!(chance > 0)) return out;
    out.skill = 1 - brier / chance;
    if (out.groups < fewest_groups) return out;

    // Skill is a ratio of sums over the stretches: what each pulls it away by.
    double squares = 0;
    for (std::size_t g = 0; g < out.groups; ++g) {
        double pull = 0;
        for (std::size_t i = begins[g]; i < begins[g + 1]; ++i) {
            const double y = rows[i].label ? 1 : 0;
            pull += (1 - out.skill) * (base - y) * (base - y) - (rows[i].p - y) * (rows[i].p - y);
        }
        squares += pull * pull;
    }
    const auto groups = static_cast<double>(out.groups);
    const double error = std::sqrt(squares * groups / (groups - 1)) / chance;
    const double t = t975[std::min(out.groups, most_groups) - fewest_groups];
    out.low = out.skill - t * error;
    out.high = out.skill + t * error;
    return out;
}

}  // namespace omega
