#pragma once

#include "pipeline/traps/bar_volumes.hpp"
#include "pipeline/traps/reporter.hpp"

#include <array>
#include <vector>

namespace pipeline::traps {

/// bull_trap and bear_trap (spec/traps.md section 5, bar family): a close beyond a level that the following bars take
/// back. One instrument, several timeframes, each with its own watched levels.
///
/// A level is watched from the close of a bar on at which it was known and not yet broken, the eight nearest of each
/// side; so a pivot that a shorter timeframe breaks within the bar is still judged, and nothing is judged by a level
/// that the bar itself brought. Of several levels that one bar takes back the most confident one is reported.
class Reversal {
public:
    Reversal(const TrapSettings& settings, const core::Instrument& instrument, const Timeframes& timeframes);

    void on_bar(const Senses& senses, const Bar& bar, std::size_t timeframe, bool restart, Reporter& reporter) noexcept;

private:
    static constexpr std::size_t watched = 8;
    static constexpr std::size_t volume_bars = 20;

    struct Watch {
        double level{}, strength{};  ///< quote currency
        bool broken{};
        double ext{};          ///< from here on: once broken
        double break_z{};      ///< of the volume of the bar that broke it
        std::uint32_t bars{};  ///< n, since that bar
    };
    /// Levels above the price (a break of which is a bull trap's) or below it.
    struct Side {
        std::array<Watch, watched> watches{};
        std::size_t count{};
    };
    struct Frame {
        std::size_t timeframe{};
        std::uint32_t bar_s{};
        BarVolumes volumes{volume_bars};
        std::array<Side, 2> sides{};  ///< above, below
    };

    struct Quote;  // of a bar, in quote currency
    void judge(Side& side, int sign, const Quote& bar, double z, const Frame& frame, const Senses& senses,
               Reporter& reporter) noexcept;
    void watch(Side& side, int sign, double close, const NearLevels& levels, double break_bps) noexcept;

    std::vector<Frame> frames_;
};

}  // namespace pipeline::traps
