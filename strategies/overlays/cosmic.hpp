#pragma once

#include "pipeline/cosmic/weights.hpp"
#include "strategies/decision.hpp"

namespace strategies::overlays {

/// The cosmic interceptor (spec/cosmic.md section 3): scales size, entry threshold and exit impulse, nothing else. Off, it returns
/// the wish itself, byte for byte.
inline Decision apply(const Decision& wish, const pipeline::Weights& weights) noexcept {
    if (!weights.applies) return wish;
    Decision scaled = wish;
    scaled.size_fraction *= weights.size_factor;
    scaled.entry_threshold *= weights.entry_factor;
    scaled.exit_impulse *= weights.exit_factor;
    scaled.reasons |= reason::cosmic;
    return scaled;
}

}  // namespace strategies::overlays
