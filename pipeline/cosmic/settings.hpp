#pragma once

#include "pipeline/cosmic/factors.hpp"

#include <array>
#include <cstdint>

namespace pipeline {

/// `cosmic.<factor>.enabled` and `.weight` (0..1).
struct FactorSwitch {
    bool enabled{};
    double weight{};
};

/// `cosmic.apply.*`: what of a decision may be multiplied, and which raw numbers the emotional overlay may see.
struct Application {
    bool position_size{true}, entry_threshold{true}, exit_impulse{true};
    bool risk_appetite{}, confidence{}, emotional_intensity{}, insight_level{};
};

/// Keys under `cosmic.`. Off unless switched on.
struct CosmicSettings {
    bool enabled{};
    std::array<FactorSwitch, factor_count> factors{{{true, .5},    // moon_phase
                                                    {false, 0},    // schumann_resonance
                                                    {true, .2},    // geographic
                                                    {true, 1},     // global_sentiment
                                                    {true, .8},    // market_liquidity
                                                    {true, .8},    // time_cycle
                                                    {true, .6},    // circadian
                                                    {false, 0},    // mercury_retrograde
                                                    {false, 0}}};  // placebo, laboratory only
    Application apply{};
    std::uint32_t update_s{60};
    int utc_offset_min{};
    double latitude{};
    std::uint64_t placebo_seed{42};
    bool schumann_asked{};  ///< no key: the traps' HF mode wants the resonance (`traps.hf.schumann`), factor or not

    [[nodiscard]] const FactorSwitch& factor(Factor f) const noexcept { return factors[static_cast<std::size_t>(f)]; }
    [[nodiscard]] FactorSwitch& factor(Factor f) noexcept { return factors[static_cast<std::size_t>(f)]; }

    /// The factor is computed: master on, factor on, weight above zero.
    [[nodiscard]] bool counts(Factor f) const noexcept { return enabled && factor(f).enabled && factor(f).weight > 0; }
    /// Anything at all may come of it: else the stage computes nothing.
    [[nodiscard]] bool active() const noexcept;
    /// Condition ticks are made: something may come of them, here or in the HF mode.
    [[nodiscard]] bool makes_conditions() const noexcept { return active() || (enabled && schumann_asked); }
};

/// Throws std::invalid_argument, naming key, value and expectation.
void check(const CosmicSettings& settings);

}  // namespace pipeline
