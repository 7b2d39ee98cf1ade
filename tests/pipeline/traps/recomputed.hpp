#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/traps/confidence.hpp"
#include "pipeline/traps/traps.hpp"

#include <cmath>

namespace test {

/// The confidence that the evidence alone gives, before the boost.
inline double recomputed(const pipeline::TrapEvent& e) {
    using pipeline::TrapKind;
    namespace traps = pipeline::traps;
    const auto& x = e.evidence;
    const double T = e.threshold_bps;
    switch (e.kind) {
        case TrapKind::liquidity_grab:
            return traps::liquidity_grab_confidence(std::abs(x[0]), T, x[1], x[2], traps::level_nearness(x[3], 10));
        case TrapKind::half_liquidity_grab:
            return traps::half_liquidity_grab_confidence(std::abs(x[0]), T, x[1], x[2],
                                                         traps::level_nearness(x[3], 10));
        case TrapKind::fake_pump:
        case TrapKind::fake_dump: return traps::fake_confidence(std::abs(x[0]), x[2], 200);
        case TrapKind::half_fake_pump:
        case TrapKind::half_fake_dump: return traps::half_fake_confidence(std::abs(x[0]), x[2], 100);
        case TrapKind::stop_hunt_up:
        case TrapKind::stop_hunt_down: return traps::stop_hunt_confidence(x[1], x[2], x[4], T);
        case TrapKind::volatility_grab: return traps::volatility_grab_confidence(x[0], std::abs(x[1]), T, x[2]);
        case TrapKind::flash_pump:
        case TrapKind::flash_dump: return traps::flash_confidence(x[0], x[1], x[2], T);
        case TrapKind::liquidity_accumulation_up: return traps::accumulation_confidence(x[0], T, x[1], x[2]);
        case TrapKind::liquidity_accumulation_down: return traps::accumulation_confidence(x[0], T, -x[1], x[2]);
        case TrapKind::bull_trap:
        case TrapKind::bear_trap:
            return traps::reversal_confidence(std::abs(core::bps(x[1], x[0])), x[3], x[2], x[4], x[5], 3, T);
        case TrapKind::fractal_trap: return traps::fractal_confidence(x[2], x[3], x[4], 3, T);
        case TrapKind::wash_trading: return traps::wash_trading_confidence(x[2], x[3], x[4]);
        case TrapKind::stealth_accumulation:
        case TrapKind::stealth_distribution: return traps::stealth_confidence(x[0], x[1], x[2], 25);
        case TrapKind::time_dilation: return traps::time_dilation_confidence(x[0], x[1], x[4]);
        default: return core::unknown;
    }
}

}  // namespace test
