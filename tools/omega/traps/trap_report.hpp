#pragma once

#include "strategies/analysis/trap_verdict.hpp"
#include "tools/omega/traps/trap_recall.hpp"
#include "tools/omega/traps/trap_run.hpp"

#include <iosfwd>
#include <span>

namespace omega {

/// A page on its own: the verdicts, and a chart per instrument that marks each event and what became of it. It loads
/// nothing, follows the reader's light or dark, and fits a phone. `run` must have kept its prices.
void write_report(std::ostream& out, std::span<const strategies::TrapScore> scores, std::span<const Recall> recall,
                  const TrapRun& run, const core::InstrumentTable& instruments);

/// Text for HTML: & < > " ' are named.
std::string escaped(std::string_view text);

}  // namespace omega
