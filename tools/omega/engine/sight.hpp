#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/traps/traps.hpp"
#include "pipeline/trends/trends.hpp"
#include "strategies/analysis/trap_meter.hpp"

#include <vector>

namespace omega {

/// What the senses say of an instrument between its bars, for people.
struct Face {
    double pressure_up{}, pressure_down{};  ///< of the newest close or event
    double meter{core::unknown};            ///< the probability meter; no history, for nobody labels outcomes live
    /// The flow measures as they stood when the newest bar closed.
    double ofi{core::unknown}, ofi_normalised{core::unknown}, flow60{core::unknown};
    double intensity{core::unknown}, intensity_ratio{core::unknown}, intensity_exponential{core::unknown};
    double vpin{core::unknown};
};

/// Keeps the face of every instrument, on the thread that finishes slots: a few comparisons a tick, stores where
/// something closed or a trap was seen.
class Sight {
public:
    Sight(const pipeline::Timeframes& timeframes, const core::InstrumentTable& instruments)
        : meter_{timeframes, instruments}, faces_(instruments.size()) {}

    /// A finished whole slot.
    template <class Slot>
    void on(const Slot& slot) noexcept {
        const core::Tick& tick = slot.tick;
        if (tick.instrument.value >= faces_.size()) return;
        const auto& bars = slot.template get<pipeline::Bars>();
        const auto& traps = slot.template get<pipeline::Traps>();
        const auto& indicators = slot.template get<pipeline::Indicators>();
        meter_.on(tick, slot.template get<pipeline::Market>(), bars, slot.template get<pipeline::Levels>(),
                  slot.template get<pipeline::Trends>());
        if ((bars.bucket_mask | bars.bar_mask | traps.count) != 0) [[unlikely]]
            take(faces_[tick.instrument.value], traps, indicators);
    }

    /// Everything unknown for an instrument that is not in the table.
    [[nodiscard]] Face face(core::InstrumentId instrument) const noexcept {
        if (instrument.value >= faces_.size()) return {};
        Face face = faces_[instrument.value];
        face.meter = meter_.value(instrument);
        return face;
    }

private:
    static void take(Face& face, const pipeline::Traps& traps, const pipeline::Indicators& indicators) noexcept {
        face.pressure_up = traps.pressure_up;
        face.pressure_down = traps.pressure_down;
        if (indicators.mask == 0) return;
        face.ofi = indicators.ofi;
        face.ofi_normalised = indicators.ofi_normalised;
        face.flow60 = indicators.flow60;
        face.intensity = indicators.intensity;
        face.intensity_ratio = indicators.intensity_ratio;
        face.intensity_exponential = indicators.intensity_exponential;
        face.vpin = indicators.vpin;
    }

    strategies::TrapMeter meter_;
    std::vector<Face> faces_;  // by instrument
};

}  // namespace omega
