#include "strategies/analysis/trap_verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

namespace strategies {

namespace {

using pipeline::Expect;
using pipeline::TrapKind;

double number(std::uint64_t count) noexcept {
    return static_cast<double>(count);
}

/// The base of some events: each is compared with the controls of its instrument, test and direction.
class BaseMix {
public:
    void add(const LabelledTrap& trap) {
        const auto& event = trap.event;
        ++parts_[{event.instrument.value, trap.test.horizon, trap.test.x}][static_cast<std::size_t>(event.expect)];
        ++events_;
    }

    /// Fills base rate and its weight. A part without a control time makes the whole unknown: what chance would have
    /// done there is not known.
    void fill(TrapScore& score, const TrapOutcomes& outcomes) const {
        score.base_rate = score.controls = score.control_hits = core::unknown;
        if (events_ == 0) return;
        double base = 0, variance = 0;
        std::map<std::tuple<std::size_t, core::Nanoseconds, double>, double> errors;  // of those that share their times
        for (const auto& [key, by_expect] : parts_) {
            const auto& [instrument, horizon, x] = key;
            const auto controls = outcomes.controls(core::InstrumentId{instrument}, {x, horizon});
            if (controls.n() == 0) return;
            double weight = 0;
            for (std::size_t expect = 0; expect < by_expect.size(); ++expect) {
                const double share = number(by_expect[expect]) / number(events_);
                base += share * number(controls.hits(static_cast<Expect>(expect))) / number(controls.n());
                weight += share;
            }
            // Both directions look at the same control times: each of those counts once.
            // So does each that several instruments of an underlying answer: those err together.
            errors[{outcomes.underlying(core::InstrumentId{instrument}), horizon, x}] +=
                weight / std::sqrt(number(controls.n()));
        }
        for (const auto& [key, error] : errors) variance += error * error;
        score.base_rate = base;
        score.controls = 1 / variance;  // Kish's effective sample size of the mix
        score.control_hits = base * score.controls;
    }

private:
    using Key = std::tuple<std::uint16_t, core::Nanoseconds, double>;
    std::map<Key, std::array<std::uint64_t, 4>> parts_;
    std::uint64_t events_{};
};

/// One row under way.
struct Row {
    TrapScore score;
    Brier brier;
    BaseMix base;

    void add(const LabelledTrap& trap, bool overlaps) {
        ++score.events;
        if (overlaps) {
            ++score.overlapping;
        } else if (trap.outcome == Outcome::unresolved) {
            ++score.unresolved;
        } else {
            const bool hit = trap.outcome == Outcome::hit;
            ++score.share.n;
            score.share.hits += hit;
            score.against += went_against(trap.event.expect, trap.touch);
            brier.add(trap.event.confidence, hit);
            base.add(trap);
        }
    }

    TrapScore finish(const TrapOutcomes& outcomes) {
        score.precision_interval = wilson(score.share);
        score.brier = brier.value();
        base.fill(score, outcomes);
        score.lift = katz_lift(score.share, score.base_rate, score.control_hits);
        return score;
    }
};

std::vector<TrapScore> judged(std::vector<TrapScore> scores, const VerdictRule& rule) {
    std::vector<double> p_values;
    p_values.reserve(scores.size());
    for (const TrapScore& score : scores) p_values.push_back(score.lift.p_value);
    const auto adjusted = benjamini_hochberg(p_values);
    for (std::size_t i = 0; i < scores.size(); ++i) {
        scores[i].adjusted_p_value = adjusted[i];
        scores[i].verdict = verdict_of(scores[i], rule);
    }
    return scores;
}

/// Of the events that went anywhere, more than half went where they said. Without that, a kind that fires in lively
/// markets beats control times of quiet ones with no sense of direction at all: it knows when, not where. Kinds without
/// a direction have nothing against them.
bool knows_where(const TrapScore& score) noexcept {
    const Share moved{.hits = score.share.hits, .n = score.share.hits + score.against};
    return wilson(moved).low > .5;
}

}  // namespace

std::string_view name(TrapVerdict verdict) noexcept {
    switch (verdict) {
        case TrapVerdict::edge: return "edge";
        case TrapVerdict::none: return "none";
        case TrapVerdict::unproven: break;
    }
    return "unproven";
}

TrapVerdict verdict_of(const TrapScore& score, const VerdictRule& rule) noexcept {
    if (score.lift.bounds.high < 1) return TrapVerdict::none;
    const bool edge = score.share.n >= rule.min_events && score.lift.bounds.low > 1 &&
                      score.adjusted_p_value <= rule.false_discovery_rate && knows_where(score);
    return edge ? TrapVerdict::edge : TrapVerdict::unproven;
}

std::vector<TrapScore> score_kinds(const TrapOutcomes& outcomes, const VerdictRule& rule) {
    std::array<Row, pipeline::trap_kind_count> rows;
    for (const LabelledTrap& trap : outcomes.events())
        rows[static_cast<std::size_t>(trap.event.kind)].add(trap, trap.repeats);
    std::vector<TrapScore> scores;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].score.kind = static_cast<TrapKind>(i);
        scores.push_back(rows[i].finish(outcomes));
    }
    return judged(std::move(scores), rule);
}

std::vector<TrapScore> score_instruments(const TrapOutcomes& outcomes, const VerdictRule& rule) {
    std::map<std::pair<TrapKind, core::InstrumentId>, Row> rows;
    for (const LabelledTrap& trap : outcomes.events())
        rows[{trap.event.kind, trap.event.instrument}].add(trap, trap.overlaps);
    std::vector<TrapScore> scores;
    for (auto& [key, row] : rows) {
        std::tie(row.score.kind, row.score.instrument) = key;
        scores.push_back(row.finish(outcomes));
    }
    return judged(std::move(scores), rule);
}

}  // namespace strategies
