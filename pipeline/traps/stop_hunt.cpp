#include "pipeline/traps/stop_hunt.hpp"

#include "pipeline/traps/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::traps {
namespace {

/// z of `volume` against the window, a ring whose oldest value stands at `oldest`; unknown when it never varied.
double volume_score(double volume, const std::vector<double>& window, std::size_t oldest) noexcept {
    const double n = static_cast<double>(window.size());
    const auto nth = [&](std::size_t i) { return window[(oldest + i) % window.size()]; };
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < window.size(); ++i) sum += nth(i);
    const double mean = sum / n;
    for (std::size_t i = 0; i < window.size(); ++i) squares += (nth(i) - mean) * (nth(i) - mean);
    const double deviation = std::sqrt(squares / n);
    return deviation > 0 ? (volume - mean) / deviation : core::unknown;
}

}  // namespace

void StopHunt::on_bar(const Senses& senses, const Bar& bar, std::size_t timeframe, bool restart,
                      Reporter& reporter) noexcept {
    if (static_cast<int>(timeframe) != timeframe_) return;
    if (restart) count_ = next_ = 0;
    const auto number = [](core::Price price) { return static_cast<double>(price.units); };
    const double open = number(bar.open), high = number(bar.high), low = number(bar.low), close = number(bar.close);
    const double volume = static_cast<double>(bar.buy_volume.units) + static_cast<double>(bar.sell_volume.units);
    const double range = high - low;

    const auto judge = [&](TrapKind kind, int sign, double level, double sweep, double wick, bool closed_back) {
        if (!reporter.enabled(kind)) return false;
        const double body = std::abs(close - open) / range;
        if (!(sweep >= reporter.settings().sweep.min_bps) || !closed_back || !(wick >= .5) || !(body <= .3))
            return false;
        const double T = reporter.threshold();
        const double z = reporter.note(Measure::bar_volume_z, volume_score(volume, volumes_, next_));
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
    volumes_[next_] = volume;
    next_ = next_ + 1 == highs_.size() ? 0 : next_ + 1;
    count_ = std::min(count_ + 1, highs_.size());
}

}  // namespace pipeline::traps
