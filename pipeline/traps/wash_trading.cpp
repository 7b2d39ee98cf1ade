#include "pipeline/traps/wash_trading.hpp"

#include "pipeline/traps/confidence.hpp"

#include <algorithm>

namespace pipeline::traps {

WashTrading::WashTrading(const TrapSettings& settings, const core::Instrument& instrument,
                         const Timeframes& /*timeframes*/)
    : min_run_{settings.wash.min_run} {
    for (int i = 0; i < instrument.quantity_decimals; ++i) units_per_base_ *= 10;
}

void WashTrading::clear() noexcept {
    sizes_.clear();
    volumes_.clear();
    length_ = 0;
}

void WashTrading::judge(const Senses& senses, Reporter& reporter) noexcept {
    const auto edge = reporter.time() - window;
    if (length_ - oldest_ > longest) ++oldest_;
    while (times_[oldest_ % longest] <= edge) ++oldest_;
    const auto run = static_cast<std::uint32_t>(length_ - oldest_);
    if (run < min_run_) return;
    for (counted_ = std::max(counted_, oldest_); counted_ < length_; ++counted_)
        volumes_.add_wash(times_[counted_ % longest], size_.units);

    if (!reporter.enabled(TrapKind::wash_trading)) return;
    const double concentration = reporter.note(Measure::size_concentration, sizes_.concentration());
    const double share = reporter.note(Measure::wash_share, volumes_.share());
    const double price = static_cast<double>(price_.units);
    reporter.report(
        {.kind = TrapKind::wash_trading,
         .price = price,
         .confidence = wash_trading_confidence(run, concentration, share),
         .impact = core::known(share) ? 4 * share : 0,
         .evidence = evidence(price / senses.units_per_quote, static_cast<double>(size_.units) / units_per_base_, run,
                              concentration, share)});
}

void WashTrading::Volumes::turn_to(std::int64_t second) noexcept {
    if (newest_ < 0) first_ = second;
    // Whatever lies between is 60 s old or empty. Time never falls; a jump of a minute empties everything.
    const std::int64_t from = std::max(newest_ + 1, second - seconds + 1);
    if (newest_ >= 0)
        for (std::int64_t old = newest_ - seconds + 1; old <= std::min(newest_, second - seconds); ++old) {
            all_sum_ -= all_[index(old)];
            wash_sum_ -= wash_[index(old)];
        }
    for (std::int64_t now = from; now <= second; ++now) all_[index(now)] = wash_[index(now)] = 0;
    newest_ = second;
}

void WashTrading::Volumes::add_wash(core::Nanoseconds time, std::int64_t quantity) noexcept {
    const std::int64_t second = time / std::chrono::seconds{1};
    if (second <= newest_ - seconds || second < first_) return;
    wash_[index(second)] += static_cast<std::uint64_t>(quantity);
    wash_sum_ += static_cast<std::uint64_t>(quantity);
}

double WashTrading::Volumes::share() const noexcept {
    if (newest_ - first_ + 1 < seconds || all_sum_ == 0) return core::unknown;
    return static_cast<double>(wash_sum_) / static_cast<double>(all_sum_);
}

}  // namespace pipeline::traps
