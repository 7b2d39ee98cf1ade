#pragma once

#include "pipeline/traps/traps.hpp"

#include <array>

namespace pipeline {

/// How a kind turns the sign of what it saw (move, push, swept side, gap) into what it expects.
enum class ExpectRule : std::uint8_t { down, up, against, along, burst, inert };

/// One row of the table of kinds: what does not depend on a single event. `cooldown_s`, `outcome_x` and `outcome_s`
/// are defaults that settings override.
struct TrapKindRow {
    TrapKind kind;
    ExpectRule expects;
    bool boosted;       ///< takes the Fibonacci boost (section 6)
    bool sharp;         ///< at c > .7 the next high-frequency evaluation gives it two points (section 7)
    double cooldown_s;  ///< 60 for the kinds with "one bar": the shortest bar; their detector raises it to its own
    double outcome_x, outcome_s;  ///< X in T; Y, of the kinds that count bars for bars of one minute
};

/// spec/traps.md section 4, in its order. Adding a kind is its row here and its detector's file.
inline constexpr std::array<TrapKindRow, trap_kind_count> trap_kinds{{
    {TrapKind::liquidity_grab, ExpectRule::against, true, true, 60, .5, 120},
    {TrapKind::half_liquidity_grab, ExpectRule::against, true, false, 60, .4, 120},
    {TrapKind::fake_pump, ExpectRule::down, false, false, 300, 1, 600},
    {TrapKind::fake_dump, ExpectRule::up, false, false, 300, 1, 600},
    {TrapKind::half_fake_pump, ExpectRule::down, false, false, 300, .8, 600},
    {TrapKind::half_fake_dump, ExpectRule::up, false, false, 300, .8, 600},
    {TrapKind::stop_hunt_up, ExpectRule::down, true, true, 60, .5, 300},
    {TrapKind::stop_hunt_down, ExpectRule::up, true, true, 60, .5, 300},
    {TrapKind::liquidity_accumulation_up, ExpectRule::down, false, false, 120, .5, 300},
    {TrapKind::liquidity_accumulation_down, ExpectRule::up, false, false, 120, .5, 300},
    {TrapKind::volatility_grab, ExpectRule::against, false, true, 120, .5, 300},
    {TrapKind::bull_trap, ExpectRule::down, true, false, 60, 1, 300},
    {TrapKind::bear_trap, ExpectRule::up, true, false, 60, 1, 300},
    {TrapKind::spoofing, ExpectRule::against, false, false, 10, .2, 30},
    {TrapKind::layering, ExpectRule::against, false, false, 10, .2, 30},
    {TrapKind::hidden_liquidity, ExpectRule::along, false, false, 30, .3, 60},
    {TrapKind::wash_trading, ExpectRule::inert, false, false, 120, .5, 300},
    {TrapKind::cross_venue_divergence, ExpectRule::against, false, false, 10, .3, 30},
    {TrapKind::flash_pump, ExpectRule::down, false, false, 30, .5, 60},
    {TrapKind::flash_dump, ExpectRule::up, false, false, 30, .5, 60},
    {TrapKind::stealth_accumulation, ExpectRule::up, false, false, 600, 1, 1800},
    {TrapKind::stealth_distribution, ExpectRule::down, false, false, 600, 1, 1800},
    {TrapKind::fractal_trap, ExpectRule::against, true, false, 60, .5, 180},
    {TrapKind::time_dilation, ExpectRule::burst, false, false, 60, 1, 60},
}};

constexpr const TrapKindRow& row_of(TrapKind kind) noexcept {
    return trap_kinds[static_cast<std::size_t>(kind)];
}

/// What an event of `kind` expects whose move, push or gap had `sign` (+1 or −1).
constexpr Expect expectation(TrapKind kind, int sign) noexcept {
    switch (row_of(kind).expects) {
        case ExpectRule::down: return Expect::down;
        case ExpectRule::up: return Expect::up;
        case ExpectRule::against: return sign > 0 ? Expect::down : Expect::up;
        case ExpectRule::along: return sign > 0 ? Expect::up : Expect::down;
        case ExpectRule::burst: return Expect::burst;
        case ExpectRule::inert: return Expect::inert;
    }
    return Expect::inert;
}

/// s = c·min(impact, 4): below .5 low, below 1 medium, below 2 high, else critical. Unknown is low.
constexpr Severity severity(double confidence, double impact) noexcept {
    const double s = impact >= 4 ? confidence * 4 : confidence * impact;
    if (!(s >= .5)) return Severity::low;  // an unknown one, too
    return s < 1 ? Severity::medium : s < 2 ? Severity::high : Severity::critical;
}

}  // namespace pipeline
