#pragma once

#include "core/runtime/lifecycle.hpp"
#include "tools/omega/run.hpp"
#include "tools/omega/settings.hpp"

#include <chrono>
#include <iosfwd>
#include <optional>

namespace omega {

/// `omega run` with venues: market data of live sessions; orders to the paper venue (mode paper) or to the accounts of
/// the venues that trade (testnet, prod). `limit`: wall time after which it stops by itself. Exit code as run_command.
/// `settings` are admitted ones (load_admitted). Throws NotReached: a venue was not there; std::invalid_argument and
/// std::runtime_error: what cannot be begun, and what to do about it.
int run_live(Settings settings, const RunOptions& options, std::optional<std::chrono::steady_clock::duration> limit,
             const core::StopSignals& signals, std::ostream& out, std::ostream& err);

}  // namespace omega
