#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/traps/meter.hpp"
#include "pipeline/traps/traps.hpp"

#include <optional>

namespace omega {

/// An event, and what stood around it when it was seen (spec/traps.md section 8).
struct SeenTrap {
    const pipeline::TrapEvent& event;
    double pressure_up{}, pressure_down{};  ///< 0..1, the event counted
    double meter{core::unknown};            ///< the probability meter; history is the precision of the kind so far

    /// Would a report name it? Nothing where the meter is unknown.
    [[nodiscard]] std::optional<bool> reported() const noexcept {
        if (!core::known(meter)) return std::nullopt;
        return meter >= pipeline::traps::report_threshold(event.kind);
    }
};

}  // namespace omega
