#pragma once

#include "core/domain/instrument.hpp"
#include "pipeline/traps/consensus.hpp"
#include "pipeline/traps/emission.hpp"
#include "pipeline/traps/flash.hpp"
#include "pipeline/traps/high_frequency.hpp"
#include "pipeline/traps/measures.hpp"
#include "pipeline/traps/near_levels.hpp"
#include "pipeline/traps/pressure.hpp"
#include "pipeline/traps/threshold.hpp"

namespace pipeline::traps {

/// The part of the section that every tick of an instrument shows.
struct Face {
    double threshold_bps{core::unknown};
    double hf_multiplier{1};
    double pressure_up{}, pressure_down{};
    Regime regime{};
    HighFrequency hf{};
};

/// What all detectors of one instrument share: measured once by the stage before any of them is asked, and what their
/// events leave behind. Detectors only read it; events enter through the Reporter.
struct Senses {
    Face face;
    Measures measures;
    Threshold threshold;
    DepthHistory depth;
    NearLevels levels;
    double bid_depth10{core::unknown}, ask_depth10{core::unknown};  ///< newest sample, quote currency
    core::Nanoseconds depth10_time{};                               ///< of it
    HighFrequencyMode high_frequency;
    Pressure up, down;
    Emission emission;
    double units_per_quote{1};  ///< price units of one quote currency: levels and events are in quote currency
    Others others;              ///< where the other venues are, newest book update
    core::InstrumentId id{};
    core::Venue venue{};

    Senses(const TrapSettings& settings, const core::Instrument& instrument);

    /// A feed gap: tick windows start again. The mode, the pressure and the cooldowns live on.
    void clear() noexcept;
    /// Brings the face to where the mode and the threshold stand; pressure is that of `time`.
    void refresh(core::Nanoseconds time) noexcept;
};

}  // namespace pipeline::traps
