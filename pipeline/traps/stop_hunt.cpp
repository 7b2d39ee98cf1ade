#include "pipeline/traps/stop_hunt.hpp"

#include "pipeline/traps/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::traps {
void StopHunt::on_bar(const Senses& senses, const Bar& bar, std::size_t timeframe, bool restart,
                      Reporter& reporter) noexcept {
    if (static_cast<int>(timeframe) != timeframe_) return;
    if (restart) {
        count_ = next_ = 0;
        volumes_.clear();
    }
    const BarNumbers now{bar};
    const double open = now.open, high = now.high, low = now.low, close = now.close;
    const double range = high - low;

    const auto judge = [&](TrapKind kind, int sign, double level, double sweep, double wick, bool closed_back) {
        if (!reporter.enabled(kind)) return false;
        const double body = std::abs(close - open) / range;
        if (!(sweep >= reporter.settings().sweep.min_bps) || !closed_back || !(wick >= .5) || !(body <= .3))
            return false;
        const double T = reporter.threshold();
        const double z = reporter.note(Measure::bar_volume_z, volumes_.z(now.volume));
        return reporter.report({kind, sign, close, stop_hunt_confidence(sweep, wick, z, T), sweep / T, true,
                                evidence(level / senses.units_per_quote, sweep, wick, body, z)});
    };
    if (count_ == highs_.size() && range > 0 && low > 0) {
        const double top = *std::max_element(highs_.begin(), highs_.end());
        const double bottom = *std::min_element(lows_.begin(), lows_.end());
        if (!judge(TrapKind::stop_hunt_up, 1, top, core::bps(high, top), (high - std::max(open, close)) / range,
                   close < top))
            judge(TrapKind::stop_hunt_down, -1, bottom, 1e4 * (bottom - low) / bottom,
                  (std::min(open, close) - low) / range, close > bottom);
    }

    highs_[next_] = high;
    lows_[next_] = low;
    volumes_.add(now.volume);
    next_ = next_ + 1 == highs_.size() ? 0 : next_ + 1;
    count_ = std::min(count_ + 1, highs_.size());
}

}  // namespace pipeline::traps
