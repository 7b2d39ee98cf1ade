#pragma once

#include "pipeline/bars/bars.hpp"
#include "pipeline/traps/finding.hpp"
#include "pipeline/traps/settings.hpp"

#include <vector>

namespace pipeline::traps {

/// A bar swept the extreme of the bars before it and closed back inside (spec/traps.md section 5, bar family).
/// One instrument, 60 s bars.
class StopHunt {
public:
    static constexpr std::uint32_t bar_s = 60;

    StopHunt(const TrapSettings::Sweep& settings, double units_per_quote)
        : min_bps_{settings.min_bps},
          units_per_quote_{units_per_quote},
          highs_(settings.bars),
          lows_(settings.bars),
          volumes_(settings.bars) {}

    /// Judges `bar` against the N bars before it, then remembers it. `threshold` is T. Both sides
    /// are looked at, the high first.
    bool on_bar(const Bar& bar, double threshold, const TrapSettings& settings, TrapCounters& counters,
                Finding& found) noexcept;
    void clear() noexcept { count_ = next_ = 0; }  ///< too many bars are missing

private:
    double min_bps_, units_per_quote_;
    std::vector<double> highs_, lows_, volumes_;  // rings of N
    std::size_t count_{}, next_{};
};

}  // namespace pipeline::traps
