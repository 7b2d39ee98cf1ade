#pragma once

#include <cstdint>

namespace pipeline {

/// The influence record of spec/cosmic.md section 3: one sum per effect.
struct Influence {
    double risk{}, confidence{}, intensity{}, mistake{}, insight{};
    std::uint16_t unknown_mask{};  ///< bit i: the i-th Factor counts but its condition is unknown (contribution 0)
};

/// Section written by CosmicStage: the multipliers an overlay applies to a decision. `applies` false = leave the
/// decision's bytes alone (no multiplication by 1.0).
struct Weights {
    bool applies{};
    Influence influence{};
    double size_factor{1}, entry_factor{1}, exit_factor{1};  ///< already clamped; exactly 1: leave that field alone
};

/// The wish with its size, entry threshold and exit impulse scaled; nothing else changes. While the weights do not
/// apply, the wish itself. `Decision` has size_fraction, entry_threshold and exit_impulse (strategies::Decision).
template <class Decision>
[[nodiscard]] Decision apply(const Decision& wish, const Weights& weights) noexcept {
    Decision decision = wish;
    if (!weights.applies) return decision;
    if (weights.size_factor != 1) decision.size_fraction *= weights.size_factor;
    if (weights.entry_factor != 1) decision.entry_threshold *= weights.entry_factor;
    if (weights.exit_factor != 1) decision.exit_impulse *= weights.exit_factor;
    return decision;
}

}  // namespace pipeline
