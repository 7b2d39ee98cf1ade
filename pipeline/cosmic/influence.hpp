#pragma once

#include "pipeline/cosmic/settings.hpp"
#include "pipeline/cosmic/weights.hpp"

namespace pipeline {

/// What is known of the world at one bucket; NaN = unknown.
struct CosmicConditions {
    double moon_elongation_deg{core::unknown};
    double mercury_rate{core::unknown};                  ///< degrees a day
    double weekday{core::unknown}, hour{core::unknown};  ///< local, 0 = Sunday (time cycle)
    double circadian_hour{core::unknown};                ///< local
    double latitude{core::unknown}, month{core::unknown};
    double schumann_hz{core::unknown};
    double liquidity{core::unknown};  ///< L, 0..1
    double sentiment{core::unknown};  ///< fear-and-greed index, 0..100
};

/// The sums of every factor that counts (spec/cosmic.md section 3), in the order of Factor. A factor that is off is
/// not computed; one whose condition is unknown contributes 0 and is flagged.
Influence calculate(const CosmicSettings& settings, const CosmicConditions& now) noexcept;

/// The clamped multipliers of an influence; a field that `apply` leaves alone has exactly 1.
Weights weigh(const Influence& influence, const Application& apply) noexcept;

}  // namespace pipeline
