#pragma once

namespace pipeline {

/// The influence record of spec/cosmic.md section 3: one sum per effect.
struct Influence {
    double risk{}, confidence{}, intensity{}, mistake{}, insight{};
};

/// Section written by CosmicStage: the multipliers an overlay applies to a decision. `applies` false = leave the
/// decision's bytes alone (no multiplication by 1.0).
struct Weights {
    bool applies{};
    Influence influence{};
    double size_factor{1}, entry_factor{1}, exit_factor{1};   ///< already clamped
};

}  // namespace pipeline
