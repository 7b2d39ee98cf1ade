#pragma once

#include "pipeline/bars/bars.hpp"
#include "pipeline/traps/bar_volumes.hpp"
#include "pipeline/traps/reporter.hpp"

#include <vector>

namespace pipeline::traps {

/// A bar swept the extreme of the bars before it and closed back inside (spec/traps.md section 5, bar family).
/// One instrument, 60 s bars.
class StopHunt {
public:
    static constexpr std::uint32_t bar_s = 60;

    StopHunt(const TrapSettings& settings, const core::Instrument& /*instrument*/, const Timeframes& timeframes)
        : timeframe_{timeframes.index_of(bar_s)},
          highs_(settings.sweep.bars),
          lows_(settings.sweep.bars),
          volumes_(settings.sweep.bars) {}

    /// Judges a 60 s bar against the N bars before it, then remembers it. Both sides are looked at, the high first.
    void on_bar(const Senses& senses, const Bar& bar, std::size_t timeframe, bool restart, Reporter& reporter) noexcept;

private:
    int timeframe_;                     // its index, −1 without
    std::vector<double> highs_, lows_;  // rings of N
    BarVolumes volumes_;
    std::size_t count_{}, next_{};
};

}  // namespace pipeline::traps
