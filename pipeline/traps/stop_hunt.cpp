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

bool StopHunt::on_bar(const Bar& bar, double threshold, const TrapSettings& settings, TrapCounters& counters,
                      Finding& found) noexcept {
    const auto number = [](core::Price price) { return static_cast<double>(price.units); };
    const double open = number(bar.open), high = number(bar.high), low = number(bar.low), close = number(bar.close);
    const double volume = static_cast<double>(bar.buy_volume.units) + static_cast<double>(bar.sell_volume.units);
    const double range = high - low;

    bool hit = false;
    const auto judge = [&](TrapKind kind, double level, double sweep, double wick, bool closed_back) {
        if (hit || !settings.of(kind).enabled) return;
        const double body = std::abs(close - open) / range;
        if (!(sweep >= min_bps_) || !closed_back || !(wick >= .5) || !(body <= .3)) return;
        const double z = volume_score(volume, volumes_, next_);
        const double confidence = stop_hunt_confidence(sweep, wick, z, threshold);
        if (confidence < settings.min_confidence) {
            ++counters.below_confidence[static_cast<std::size_t>(kind)];
            return;
        }
        const int sign = kind == TrapKind::stop_hunt_up ? 1 : -1;
        found = {kind,
                 sign,
                 close,
                 confidence,
                 sweep / threshold,
                 true,
                 evidence(level / units_per_quote_, sweep, wick, body, z)};
        hit = true;
    };
    if (count_ == highs_.size() && range > 0 && low > 0) {
        const double top = *std::max_element(highs_.begin(), highs_.end());
        const double bottom = *std::min_element(lows_.begin(), lows_.end());
        judge(TrapKind::stop_hunt_up, top, core::bps(high, top), (high - std::max(open, close)) / range, close < top);
        judge(TrapKind::stop_hunt_down, bottom, 1e4 * (bottom - low) / bottom, (std::min(open, close) - low) / range,
              close > bottom);
    }

    highs_[next_] = high;
    lows_[next_] = low;
    volumes_[next_] = volume;
    next_ = next_ + 1 == highs_.size() ? 0 : next_ + 1;
    count_ = std::min(count_ + 1, highs_.size());
    return hit;
}

}  // namespace pipeline::traps
