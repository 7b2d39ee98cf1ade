#pragma once

#include "pipeline/traps/traps.hpp"

#include <array>
#include <cstdint>

namespace pipeline::traps {

/// The evidence of an event, the rest unknown.
template <class... Values>
constexpr std::array<double, 8> evidence(Values... values) noexcept {
    static_assert(sizeof...(values) <= 8);
    std::array<double, 8> all{static_cast<double>(values)...};
    for (std::size_t i = sizeof...(values); i < all.size(); ++i) all[i] = core::unknown;
    return all;
}

/// What a detector saw before emission: prices are still price units.
struct Finding {
    TrapKind kind{};
    int sign{1};  ///< of the move, push, swept side or gap: the table of kinds turns it into an expectation
    double price{};
    double confidence{}, impact{};
    bool calm{true};  ///< its gate would have passed with the high-frequency multiplier at 1
    std::array<double, 8> evidence{};
    std::uint32_t bar_s{};  ///< of a kind whose cooldown is "one bar": that bar, else 0
};

/// Inputs that can be unknown, for the counts of `traps_unknown_total{measure}`.
enum class Measure : std::uint8_t {
    run_w,
    run_p,
    volume_z,
    level_distance,
    flow,
    sigma_ratio,
    suspicion,
    depth,
    bar_volume_z,
    size_concentration,
    wash_share,
    book,            ///< not VALID: walls and displays are not to be seen
    level_size,      ///< the mean level size is warming up
    consensus,       ///< no other venue of the pair is fresh, or the own book is not
    gap_mean,        ///< of the gap to the consensus: warming up
    arrivals,        ///< the pace of trades: warming up, or all gaps were alike
    stealth_minutes  ///< not a whole minute, or too few of them
};
inline constexpr std::size_t measure_count = 17;
std::string_view name(Measure measure) noexcept;

}  // namespace pipeline::traps

namespace pipeline {

/// What a TrapStage counted since it was made, over all instruments.
struct TrapCounters {
    std::array<std::uint64_t, trap_kind_count> emitted{};           ///< revision 0
    std::array<std::uint64_t, trap_kind_count> upgraded{};          ///< revisions above 0
    std::array<std::uint64_t, trap_kind_count> below_confidence{};  ///< passed the gate with c < min_confidence
    std::array<std::uint64_t, trap_kind_count> in_cooldown{};
    std::array<std::uint64_t, traps::measure_count> unknown{};  ///< evaluations that missed the measure
    std::uint64_t stale_bars{};                                 ///< bars not newer than the one before: ignored
    std::uint64_t overflow{};                                   ///< events beyond the section's eight a tick
};

}  // namespace pipeline
