#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/cosmic/weights.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/traps/traps.hpp"
#include "pipeline/trends/predictions.hpp"
#include "pipeline/trends/trends.hpp"
#include "tools/omega/engine/trace.hpp"

namespace omega {

/// Keeps in the trace what a whole tick is new in, section by section, as hashes of every field that is valid with it;
/// nothing for a section that says nothing new. Bit for bit: an unknown equals itself.
void note_senses(Trace& trace, const core::Tick& tick, const pipeline::Bars& bars,
                 const pipeline::Indicators& indicators, const pipeline::Levels& levels, const pipeline::Traps& traps,
                 const pipeline::Trends& trends, const pipeline::Predictions& predictions,
                 const pipeline::Weights& weights);

}  // namespace omega
