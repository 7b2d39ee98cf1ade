#pragma once

#include "strategies/analysis/statistics.hpp"
#include "strategies/analysis/trap_outcomes.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace strategies {

/// Whether a kind meant anything. `unproven` is the usual answer, and an honest one.
enum class TrapVerdict : std::uint8_t { edge, none, unproven };
std::string_view name(TrapVerdict verdict) noexcept;

/// What a tape says about one kind. Unknown (NaN) where it says nothing.
struct TrapScore {
    pipeline::TrapKind kind{};
    core::InstrumentId instrument{};  ///< no_instrument: all together
    std::uint64_t events{};           ///< revision 0; = share.n + unresolved + overlapping
    std::uint64_t overlapping{};  ///< closer than Y to one that counts; together: of any instrument of the underlying
    std::uint64_t unresolved{};
    Share share{};
    std::uint64_t against{};  ///< of share.n: X against the expectation came first. As many as hits: the kind knows
                              ///< when the price moves, not where
    Interval precision_interval{};
    double base_rate{};  ///< the same test at control times, mixed as the events' directions and instruments are
    double controls{}, control_hits{};  ///< as many independent control times the mix is worth, and its hits. A control
                                        ///< time counts once, however many instruments of an underlying answer it
    Lift lift{};
    double brier{};             ///< of the confidence as a forecast of a hit
    double adjusted_p_value{};  ///< Benjamini–Hochberg over the rows of the table
    TrapVerdict verdict{TrapVerdict::unproven};
};

/// When a verdict may be `edge`.
struct VerdictRule {
    std::uint64_t min_events{30};
    double false_discovery_rate{.1};
};

/// `edge` needs enough events, a lift above 1 with 95 % confidence, a discovery, and direction: of the events after
/// which X was reached either way, more than half with 95 % confidence went the expected one (stricter than
/// spec/traps.md section 9). `none` needs a lift below 1 with the same confidence.
TrapVerdict verdict_of(const TrapScore& score, const VerdictRule& rule = {}) noexcept;

/// One row for each of the 24 kinds, in their order, whether seen or not. What one move of the market raised on several
/// instruments of an underlying counts once: the first of it. Underlyings are taken to move by themselves.
std::vector<TrapScore> score_kinds(const TrapOutcomes& outcomes, const VerdictRule& rule = {});

/// One row for each kind and instrument with an event, by kind, then instrument. A family of its own for the false
/// discovery rate: more rows are more chances to be lucky.
std::vector<TrapScore> score_instruments(const TrapOutcomes& outcomes, const VerdictRule& rule = {});

}  // namespace strategies
