#pragma once

#include <cstdint>

namespace strategies {

/// Codes of `command` ticks that concern what may be traded. Those that restore come at a start only, before and after
/// the executions `resting` and `held`, and bring back what an earlier run kept (see strategies/risk/memory.hpp).
enum class Command : std::uint16_t {
    stop_entries = 1,  ///< no new risk for the rest of the run (the journal's disk is full, say)
    resume,            ///< an operator ends a halt: the peak becomes the present equity
    /// Begins a restore: until `restored` no loss is judged. id: bits of AccountMemory (see `bits`), arguments: peak,
    /// day-start equity (1e-8 of the quote currency), day.
    restore_account,
    /// One leg of an instrument's plan; side: of the position. id: bot << 8 | leg (0 the stop), arguments: price, the
    /// bits of a double: the target's share, or the best gain of a trailing stop in bps.
    restore_plan,
    restore_addition,  ///< what a bot added to the instrument's position. id: bot, arguments: how often, when last
    restored,          ///< ends a restore: day start and peak are judged from here on
    doubt,             ///< the instrument's position or an order's outcome is (argument 1) or is no more (0) in doubt
    /// All of the instrument was restored: a plan whose position did not come back is forgotten. It may come long after
    /// `restored`: until then the plan is kept.
    instrument_restored
};

}  // namespace strategies
