#pragma once

#include "pipeline/traps/finding.hpp"
#include "pipeline/traps/flash.hpp"
#include "pipeline/traps/measures.hpp"
#include "pipeline/traps/near_levels.hpp"
#include "pipeline/traps/settings.hpp"

namespace pipeline::traps {

/// What the movement family looks at: one instrument at a trade, or at the close of a second.
struct Moment {
    core::Nanoseconds time{};
    double price{};                        ///< price units
    bool closing{};                        ///< the close of a second: fakes are looked for too
    double threshold{}, calm_threshold{};  ///< T; T at high-frequency multiplier 1
    double units_per_quote{1};             ///< price units of one quote currency: levels are in quote currency
    double bid_depth10{core::unknown}, ask_depth10{core::unknown};
    const Measures& measures;
    const FlashWindow& flash;
    const DepthHistory& depth;
    const NearLevels& levels;
};

/// Tries flash, fake (full, then half), liquidity_grab, volatility_grab, half_liquidity_grab and accumulation, in this
/// order (spec/traps.md section 5). The first whose gate passes with at least `min_confidence` is written to `found`.
bool find_movement(const Moment& moment, const TrapSettings& settings, TrapCounters& counters, Finding& found) noexcept;

}  // namespace pipeline::traps
