#pragma once

#include "core/domain/instrument.hpp"
#include "strategies/analysis/trap_verdict.hpp"
#include "tools/omega/traps/seen_trap.hpp"

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>
#include <string_view>

namespace omega {

/// The names of a kind's evidence in order (spec/traps.md section 5); fewer than eight for most.
std::span<const std::string_view> evidence_names(pipeline::TrapKind kind) noexcept;

/// A price as exact text if it is a whole number of the instrument's units, else (a level between two) as short as a
/// double allows.
std::string price_text(double price, const core::Instrument& instrument);

/// One line of `omega traps --json` (spec/cli.md), and behind it pressure_up, pressure_down, meter, reported,
/// potential, notable.
std::string event_json(const SeenTrap& seen, const core::Instrument& instrument);

/// One row of `omega traps --evaluate --json`; with an instrument if the score is of one.
nlohmann::ordered_json to_json(const strategies::TrapScore& score, const core::InstrumentTable& instruments);

}  // namespace omega
