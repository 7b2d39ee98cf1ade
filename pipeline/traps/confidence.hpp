#pragma once

#include "core/domain/unknown.hpp"

/// The confidence of every kind of trap as a pure function of its evidence: spec/traps.md section 5, checked against
/// section 10. Weights and ramp bounds are constants on purpose (changing one changes the golden values). An unknown
/// input contributes 0: missing evidence never raises a confidence. All distances are bps, T is the dynamic threshold.
namespace pipeline::traps {

/// Lets an argument be unknown in expressions like 1 − x: the whole term is then 0.
constexpr double term(double x) noexcept {
    return core::known(x) ? core::clamp01(x) : 0;
}

// --- movement family ---------------------------------------------------------------------------------------------

constexpr double flash_confidence(double move, double trades, double depletion, double T) noexcept {
    const double size = move < 0 ? -move : move;
    return .5 * core::ramp(size / T, 1, 3) + .25 * core::ramp(trades, 2, 20) + .25 * core::ramp(depletion, .3, .9);
}

/// `pump_bps` is the gate: 200 by default.
constexpr double fake_confidence(double a, double suspicion, double pump_bps) noexcept {
    return .3 * core::ramp(a / pump_bps, 1, 2) + .7 * term(suspicion);
}

/// `pump_bps` is the half gate: 100 by default.
constexpr double half_fake_confidence(double a, double suspicion, double pump_bps) noexcept {
    return .3 * core::ramp(a / pump_bps, 1, 2) + .5 * term(suspicion);
}

constexpr double level_nearness(double distance, double proximity_bps) noexcept {
    return term(1 - distance / proximity_bps);
}

constexpr double liquidity_grab_confidence(double a, double T, double volume_z, double retrace,
                                           double nearness) noexcept {
    return .40 * core::ramp(a / T, 1, 3) + .25 * core::ramp(volume_z, 1, 4) + .20 * core::ramp(retrace, .1, .5) +
           .15 * term(nearness);
}

constexpr double half_liquidity_grab_confidence(double a, double T, double volume_z, double retrace,
                                                double nearness) noexcept {
    return .8 * (.40 * core::ramp(a / T, .5, 1) + .25 * core::ramp(volume_z, 1, 4) + .20 * core::ramp(retrace, .1, .5) +
                 .15 * term(nearness));
}

/// `ratio` is σ(60)/σ(300).
constexpr double volatility_grab_confidence(double ratio, double a, double T, double volume_z) noexcept {
    return .5 * core::ramp(ratio, 1.5, 2.2) + .3 * core::ramp(a / T, .5, 1.5) + .2 * core::ramp(volume_z, 1, 4);
}

/// `sum` of the three moves in bps, `flow` in their direction, `depth` behind/ahead.
constexpr double accumulation_confidence(double sum, double T, double flow, double depth) noexcept {
    const double size = sum < 0 ? -sum : sum;
    return .40 * core::ramp(size / T, .5, 1.5) + .30 * core::ramp(flow, .1, .6) + .30 * core::ramp(depth, 1, 2);
}

// --- bar family --------------------------------------------------------------------------------------------------

constexpr double stop_hunt_confidence(double sweep, double wick, double volume_z, double T) noexcept {
    return .35 * core::ramp(sweep, 2, T) + .35 * core::ramp(wick, .5, .8) + .30 * core::ramp(volume_z, 0, 3);
}

/// `bars` since the break (n), `break_z` the volume z of the bar that broke, `strength` of the level's confluence.
constexpr double reversal_confidence(double overshoot, double bars, double back, double break_z, double strength,
                                     double fail_bars, double T) noexcept {
    return .30 * core::ramp(overshoot / T, .2, 1.5) + .25 * term(1 - (bars - 1) / fail_bars) +
           .20 * core::ramp(back / T, 0, 1) + .15 * core::ramp(-break_z, -1, 1) + .10 * term(strength / 3);
}

constexpr double fractal_confidence(double overshoot, double bars, double back, double fail_bars, double T) noexcept {
    return .35 * core::ramp(overshoot / T, .1, 1) + .35 * term(1 - bars / (fail_bars + 1)) +
           .30 * core::ramp(back / T, 0, 1);
}

// --- book family -------------------------------------------------------------------------------------------------

constexpr double spoofing_confidence(double multiple, double cancelled, double life_ms, double filled,
                                     double push) noexcept {
    return .30 * core::ramp(multiple, 5, 20) + .25 * core::ramp(cancelled, .9, 1) + .20 * term(1 - life_ms / 3000) +
           .15 * core::ramp(filled, 0, .5) + .10 * core::ramp(push, 0, 3);
}

constexpr double layering_confidence(double levels, double share, double cancelled, double spread_ms) noexcept {
    return .35 * core::ramp(levels, 2, 6) + .30 * core::ramp(share, .3, .7) + .20 * core::ramp(cancelled, .9, 1) +
           .15 * term(1 - spread_ms / 1000);
}

constexpr double hidden_liquidity_confidence(double ratio, double refills, double variation) noexcept {
    return .40 * core::ramp(ratio, 1, 6) + .40 * core::ramp(refills, 1, 5) + .20 * term(1 - variation);
}

// --- tape family -------------------------------------------------------------------------------------------------

constexpr double wash_trading_confidence(double run, double concentration, double share) noexcept {
    return .45 * core::ramp(run, 3, 10) + .30 * core::ramp(concentration, .1, .5) + .25 * core::ramp(share, .1, .5);
}

constexpr double stealth_confidence(double flow, double range, double persistence, double band_bps) noexcept {
    const double size = flow < 0 ? -flow : flow;
    return .45 * core::ramp(size, .15, .5) + .30 * term(1 - range / band_bps) + .25 * core::ramp(persistence, .5, .9);
}

/// `opposite` is the largest |z| of opposite sign in the last 60 s; `relative_move` is run(W)/T.
constexpr double time_dilation_confidence(double z, double opposite, double relative_move) noexcept {
    const double size = z < 0 ? -z : z;
    return .6 * core::ramp(size, 6, 12) + .2 * core::ramp(opposite, 0, 6) + .2 * term(1 - relative_move);
}

// --- cross venue -------------------------------------------------------------------------------------------------

constexpr double cross_venue_confidence(double gap, double held_ms, double venues, double T) noexcept {
    const double size = gap < 0 ? -gap : gap;
    return .5 * core::ramp(size / T, .5, 1.5) + .3 * core::ramp(held_ms, 250, 2000) + .2 * core::ramp(venues, 1, 3);
}

// --- shared ------------------------------------------------------------------------------------------------------

/// How inorganic a move looks, 0..1: the weighted mean over the known components, unknown with fewer than two.
/// `flow` is I(P), `sign` the move's, `distance` to the nearest active level in bps.
constexpr double suspicion(double volume_z, double distance, double flow, double retrace, int sign,
                           double proximity_bps) noexcept {
    double sum = 0, weights = 0;
    int parts = 0;
    const auto add = [&](double weight, double x, double value) {
        if (!core::known(x)) return;
        sum += weight * value;
        weights += weight;
        ++parts;
    };
    add(.35, volume_z, core::ramp(volume_z < 0 ? -volume_z : volume_z, 1, 3));
    add(.25, distance, level_nearness(distance, proximity_bps));
    add(.25, flow, term(-sign * flow));
    add(.15, retrace, core::ramp(retrace, .1, .5));
    return parts < 2 ? core::unknown : sum / weights;
}

}  // namespace pipeline::traps
