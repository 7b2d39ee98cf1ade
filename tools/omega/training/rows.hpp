#pragma once

#include "pipeline/trends/labeller.hpp"
#include "pipeline/trends/tree_table.hpp"
#include "tools/omega/senses.hpp"
#include "tools/omega/training/walk_forward.hpp"

#include <cstdint>
#include <vector>

namespace omega {

/// Turns the dossiers of a recording into labelled rows: the same features, horizon and labels as those of the AI
/// stage.
class RowCollector {
public:
    RowCollector(const Settings& settings, const core::InstrumentTable& instruments, pipeline::ai::Target target);

    /// Every tick in order.
    void on(const Senses::Slot& slot);

    /// The rows so far, in order of time; leaves none behind.
    [[nodiscard]] std::vector<LabelledRow> take();

    [[nodiscard]] std::uint64_t minutes() const noexcept { return minutes_; }
    [[nodiscard]] std::uint64_t too_many_missing() const noexcept { return too_many_missing_; }
    [[nodiscard]] std::uint64_t undirected() const noexcept { return undirected_; }  ///< neither barrier, or both
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }        ///< a gap in the horizon

private:
    using Labeller = pipeline::ai::Labeller<pipeline::ai::Features>;
    void keep(const Labeller::Rows::Row& row, core::Nanoseconds until);

    pipeline::AiSettings settings_;
    pipeline::ai::Target target_;
    std::size_t minute_;
    std::vector<Labeller> labellers_;
    std::vector<LabelledRow> rows_;
    std::uint64_t minutes_{}, too_many_missing_{}, undirected_{}, dropped_{};
};

}  // namespace omega
