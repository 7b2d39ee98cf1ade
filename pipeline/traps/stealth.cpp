#include "pipeline/traps/stealth.hpp"

#include "pipeline/traps/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::traps {
namespace {

constexpr double least_flow = .2;

}  // namespace

Stealth::Stealth(const TrapSettings& settings, const core::Instrument& instrument, const Timeframes& /*timeframes*/)
    : minutes_(settings.stealth.window_s / width) {
    for (int i = 0; i < instrument.quantity_decimals; ++i) units_per_base_ *= 10;
}

void Stealth::close(const Senses& senses, Reporter& reporter) noexcept {
    // A minute that began before the tape or inside a gap is not a whole one.
    if (seconds_ == width) add(minute_);
    if (seconds_ == width && count_ == minutes_.size())
        judge(senses, reporter);
    else
        reporter.note(Measure::stealth_minutes, core::unknown);
    seconds_ = 0;
}

void Stealth::jump_to(std::int64_t index) noexcept {
    minute_ = {0, 0, carried_, carried_};
    for (std::size_t i = 0; i < minutes_.size(); ++i) add(minute_);
    seconds_ = index % width;
}

void Stealth::add(const Minute& minute) noexcept {
    minutes_[next_minute_] = minute;
    next_minute_ = next_minute_ + 1 == minutes_.size() ? 0 : next_minute_ + 1;
    count_ = std::min(count_ + 1, minutes_.size());
}

void Stealth::judge(const Senses& senses, Reporter& reporter) noexcept {
    double buy = 0, sell = 0, high = minutes_[0].high, low = minutes_[0].low;
    for (std::size_t i = 0; i < minutes_.size(); ++i) {
        const Minute& minute = minutes_[(next_minute_ + i) % minutes_.size()];
        buy += minute.buy;
        sell += minute.sell;
        high = std::max(high, minute.high);
        low = std::min(low, minute.low);
    }
    const double volume = buy + sell;
    const double flow = reporter.note(Measure::flow, volume > 0 ? (buy - sell) / volume : core::unknown);
    const double range = core::bps(high, low), band = reporter.settings().stealth.band_bps;
    if (!(std::abs(flow) >= least_flow) || !(range <= band)) return;

    const TrapKind kind = flow > 0 ? TrapKind::stealth_accumulation : TrapKind::stealth_distribution;
    if (!reporter.enabled(kind)) return;
    const auto agree = std::count_if(minutes_.begin(), minutes_.end(),
                                     [&](const Minute& m) { return flow > 0 ? m.buy > m.sell : m.buy < m.sell; });
    const double persistence = static_cast<double>(agree) / static_cast<double>(minutes_.size());
    reporter.report({.kind = kind,
                     .sign = flow > 0 ? 1 : -1,
                     .price = senses.measures.price(),
                     .confidence = stealth_confidence(flow, range, persistence, band),
                     .impact = 4 * std::abs(flow),
                     .evidence = evidence(flow, range, persistence, volume / units_per_base_)});
}

}  // namespace pipeline::traps
