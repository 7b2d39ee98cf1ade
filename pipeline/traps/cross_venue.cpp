#include "pipeline/traps/cross_venue.hpp"

#include "pipeline/traps/confidence.hpp"

#include <cmath>

namespace pipeline::traps {
namespace {

constexpr double half_life_s = 300;
constexpr core::Nanoseconds warm_up = std::chrono::seconds{300}, least_held = std::chrono::milliseconds{250};

}  // namespace

CrossVenue::CrossVenue(const TrapSettings& /*settings*/, const core::Instrument& instrument,
                       const Timeframes& /*timeframes*/) noexcept
    : units_per_quote_{1 / instrument.to_double(core::Price{1})} {}

void CrossVenue::compare(const Senses& senses, const Market& market, Reporter& reporter) noexcept {
    const core::Nanoseconds time = market.time;
    const double raw = core::bps(market.mid, senses.others.mid);
    if (!core::known(mean_)) {
        mean_ = raw;
        since_ = last_ = time;
    }
    const double mean = mean_, gap = raw - mean;
    if (time > last_) {
        mean_ += (1 - std::exp2(-core::seconds(time - last_) / half_life_s)) * gap;
        last_ = time;
    }
    const double T = reporter.threshold(), size = std::abs(gap);
    const bool warm = time - since_ >= warm_up;
    if (!warm) reporter.note(Measure::gap_mean, core::unknown);
    if (!warm || !(size >= T / 2)) {
        held_sign_ = 0;
        return;
    }
    const int sign = gap > 0 ? 1 : -1;
    if (sign != held_sign_) {
        held_sign_ = sign;
        held_since_ = time;
    }
    const auto held = time - held_since_;
    if (held < least_held || !reporter.enabled(TrapKind::cross_venue_divergence)) return;
    const double held_ms = static_cast<double>(held.count()) * 1e-6;
    reporter.report({TrapKind::cross_venue_divergence, sign, market.mid * units_per_quote_,
                     cross_venue_confidence(gap, held_ms, senses.others.venues, T), size / T,
                     size >= reporter.calm_threshold() / 2,
                     evidence(gap, mean, held_ms, senses.others.venues, senses.others.mid)});
}

}  // namespace pipeline::traps
