#pragma once

#include "feeds/synthetic/planter.hpp"
#include "strategies/analysis/trap_outcomes.hpp"

#include <cstdint>
#include <iosfwd>
#include <span>
#include <vector>

namespace omega {

/// How well one kind was found where it was planted.
struct Recall {
    pipeline::TrapKind kind{};
    std::uint64_t planted{}, found{};
    std::uint64_t false_alarms{};  ///< events of the kind that no planted trap of it explains

    [[nodiscard]] double recall() const noexcept;  ///< unknown when nothing was planted
    [[nodiscard]] double false_alarms_per_planted() const noexcept;
};

/// One row for every kind that was planted or seen. An event finds a planted trap of its instrument, kind and
/// expectation between its start (5 s early at most) and its end, each trap once. What comes of the same kind until the
/// trap's outcome is known is no false alarm: the market is still not itself.
std::vector<Recall> recall_of(std::span<const feeds::synthetic::Truth> truth,
                              std::span<const strategies::LabelledTrap> events);

/// Planted traps as JSON lines: kind, expect, instrument, start, time, end (ns), price.
void write_truth(std::ostream& out, std::span<const feeds::synthetic::Truth> truth,
                 const core::InstrumentTable& instruments);

}  // namespace omega
