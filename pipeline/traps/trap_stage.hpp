#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/traps/emission.hpp"
#include "pipeline/traps/high_frequency.hpp"
#include "pipeline/traps/movement.hpp"
#include "pipeline/traps/pressure.hpp"
#include "pipeline/traps/stop_hunt.hpp"
#include "pipeline/traps/threshold.hpp"

#include <vector>

namespace pipeline {

/// Turns ticks into trap events (spec/traps.md). Detectors run on trades, on the close of a second and on the close of
/// a bar; whatever closed with a tick is judged first, in the order of time, then the tick itself. The threshold uses
/// the high-frequency multiplier as it stood after the previous event or close. Pressure is that of the newest close or
/// event. After construction nothing allocates; a trade that moves nothing costs a few comparisons.
class TrapStage {
public:
    /// Throws std::invalid_argument for impossible settings.
    TrapStage(const TrapSettings& settings, const core::InstrumentTable& instruments,
              const Timeframes& timeframes = {});

    void on(const core::Tick& tick, const Market& market, const Bars& bars, const Levels& levels,
            Traps& traps) noexcept;

    [[nodiscard]] const TrapCounters& counters() const noexcept { return counters_; }

private:
    /// The part of the section that every tick of an instrument shows.
    struct Face {
        double threshold_bps{core::unknown};
        double hf_multiplier{1};
        double pressure_up{}, pressure_down{};
        Regime regime{};
        HighFrequency hf{};
    };
    struct Senses {
        Face face;
        traps::Measures measures;
        traps::Threshold threshold;
        traps::FlashWindow flash;
        traps::DepthHistory depth;
        traps::NearLevels levels;
        traps::StopHunt stop_hunt;
        traps::HighFrequencyMode high_frequency;
        traps::Pressure up, down;
        traps::Emission emission;
        double bid_depth10{core::unknown}, ask_depth10{core::unknown};
        double units_per_quote{1};
        core::InstrumentId id{};
        core::Venue venue{};

        Senses(const TrapSettings& settings, const core::Instrument& instrument);
    };

    void on_closes(Senses& senses, const Bars& bars, Traps& traps) noexcept;
    void close_second(Senses& senses, const traps::Second& second, std::int64_t index, Traps& traps) noexcept;
    void close_bar(Senses& senses, const Bar& bar, bool restart, Traps& traps) noexcept;
    void on_trade(Senses& senses, const core::Tick& tick, core::Nanoseconds time, Traps& traps) noexcept;
    void on_venue(const core::Tick& tick) noexcept;
    static void clear(Senses& senses) noexcept;

    [[nodiscard]] traps::Moment moment(const Senses& senses, core::Nanoseconds time, bool closing) const noexcept;
    /// True when an event left whose kind is sharp and whose c > .7.
    bool emit(Senses& senses, const traps::Finding& found, core::Nanoseconds time, double volume_z,
              Traps& traps) noexcept;
    void evaluate_mode(Senses& senses, core::Nanoseconds time, double move60, double move300, bool sharp) noexcept;
    static void refresh(Senses& senses, core::Nanoseconds time) noexcept;

    TrapSettings settings_;
    int minute_{};  ///< index of the 60 s timeframe, −1 without
    double schumann_hz_{core::unknown};
    TrapCounters counters_;
    std::vector<Senses> senses_;
};

}  // namespace pipeline
