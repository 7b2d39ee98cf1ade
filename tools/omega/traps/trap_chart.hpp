#pragma once

#include "core/domain/instrument.hpp"
#include "strategies/analysis/trap_outcomes.hpp"
#include "tools/omega/traps/price_track.hpp"

#include <fmt/format.h>

#include <span>
#include <vector>

namespace omega {

/// Appends the SVG of one instrument's price with its events: ▲ ▼ for up and down, ● for burst, ■ for inert; green for
/// a hit, red for a miss, grey for open, hollow for what overlaps. Every mark has its story as hover text.
void append_chart(fmt::memory_buffer& to, const PriceTrack& prices,
                  const std::vector<const strategies::LabelledTrap*>& events, const core::Instrument& instrument);

}  // namespace omega
