#pragma once

#include "core/domain/instrument.hpp"
#include "strategies/analysis/trap_verdict.hpp"
#include "tools/omega/traps/seen_trap.hpp"
#include "tools/omega/traps/trap_recall.hpp"

#include <iosfwd>
#include <span>
#include <string>

namespace omega {

/// A number for people: "–" where it is unknown.
std::string shown(double value, int decimals);

/// The head of the table of events, and an event's line. A '!' behind the meter: a report would name the event.
void print_event_head(std::ostream& out);
void print_event(std::ostream& out, const SeenTrap& seen, const core::Instrument& instrument);

/// One line a row with events; the kinds that were silent are named below. With `instruments`, rows of single ones.
void print_scores(std::ostream& out, std::span<const strategies::TrapScore> scores,
                  const core::InstrumentTable& instruments);

void print_recall(std::ostream& out, std::span<const Recall> rows);

}  // namespace omega
