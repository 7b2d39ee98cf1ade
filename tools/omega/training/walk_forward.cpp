#include "tools/omega/training/walk_forward.hpp"

#include <algorithm>
#include <stdexcept>

namespace omega {

namespace {

std::vector<Example> known_before(const std::vector<LabelledRow>& rows, std::size_t end, core::Nanoseconds begin) {
    std::vector<Example> examples;
    for (std::size_t i = 0; i < end; ++i)
        if (rows[i].until <= begin) examples.push_back({&rows[i].features, rows[i].label});
    return examples;
}

}  // namespace

WalkForward walk_forward(const std::vector<LabelledRow>& rows, pipeline::ai::Target target,
                         const BoostingSettings& settings, std::size_t folds) {
    if (folds == 0 || rows.size() < folds + 1)
        throw std::invalid_argument{std::to_string(rows.size()) + " labelled rows: expected at least one for each of " +
                                    std::to_string(folds + 1) + " stretches"};
    if (!std::is_sorted(rows.begin(), rows.end(),
                        [](const LabelledRow& a, const LabelledRow& b) { return a.time < b.time; }))
        throw std::invalid_argument{"rows: expected them in order of time"};

    WalkForward walk;
    const auto window = static_cast<std::uint32_t>(rows.size());
    pipeline::ai::Calibration all{window}, all_base{window};
    std::vector<ScoredRow> told;
    for (std::size_t k = 1; k <= folds; ++k) {
        const std::size_t begin = rows.size() * k / (folds + 1), end = rows.size() * (k + 1) / (folds + 1);
        // A row known at this very time was not yet told when the first of the stretch was.
        const auto examples = known_before(rows, begin, rows[begin].time);
        if (examples.empty()) throw std::invalid_argument{"too few rows: expected some before every stretch"};
        const auto table = boost(examples, target, settings);
        double ones = 0;
        for (const auto& example : examples) ones += example.label ? 1 : 0;
        const double share = ones / static_cast<double>(examples.size());

        pipeline::ai::Calibration scored{window}, base{window};
        for (std::size_t i = begin; i < end; ++i) {
            const double p = table.predict(rows[i].features);
            scored.add(p, rows[i].label);
            all.add(p, rows[i].label);
            told.push_back({rows[i].time, rows[i].until, p, rows[i].label});
            base.add(share, rows[i].label);
            all_base.add(share, rows[i].label);
        }
        walk.folds.push_back({rows[begin].time, rows[end - 1].time, examples.size(), scored.total(), base.total()});
    }
    walk.model = all.total();
    walk.base_rate = all_base.total();
    walk.certainty = skill_interval(told);
    return walk;
}

}  // namespace omega
