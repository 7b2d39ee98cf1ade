#include "pipeline/cosmic/cosmic_stage.hpp"

#include <algorithm>

namespace pipeline {
namespace {

/// The factors that a condition decides, as bits.
std::uint32_t factors_of(core::Condition condition) noexcept {
    const auto bit = [](Factor f) noexcept { return 1U << static_cast<unsigned>(f); };
    switch (condition) {
        case core::Condition::moon: return bit(Factor::moon_phase) | bit(Factor::placebo);
        case core::Condition::mercury: return bit(Factor::mercury_retrograde);
        case core::Condition::time_cycle: return bit(Factor::time_cycle);
        case core::Condition::circadian: return bit(Factor::circadian);
        case core::Condition::geographic: return bit(Factor::geographic);
        case core::Condition::schumann: return bit(Factor::schumann_resonance);
        case core::Condition::liquidity: return bit(Factor::market_liquidity);
        case core::Condition::sentiment: return bit(Factor::global_sentiment);
    }
    return 0;
}

double within(double lowest, double highest, double x) noexcept {
    return x >= lowest && x <= highest ? x : core::unknown;
}

}  // namespace

CosmicStage::CosmicStage(const CosmicSettings& settings, const core::InstrumentTable& instruments)
    : settings_(settings), active_(settings.active()), max_age_(std::chrono::seconds{settings.update_s} * 3) {
    check(settings);
    if (settings.counts(Factor::market_liquidity) && active_) ranks_.emplace(instruments.size());
    if (active_) current_ = stale_ = weigh(calculate(settings_, {}), settings_.apply);
}

void CosmicStage::take(const core::Tick& tick) noexcept {
    if (tick.code >= condition_count) return;
    Arrived& arrived = arrived_[tick.code];
    if (tick.venue_time < arrived.bucket) return;
    arrived = {tick.venue_time, tick.condition};
    if (ranks_ && tick.code == static_cast<std::uint16_t>(core::Condition::liquidity) &&
        !core::known(arrived.value.value))
        arrived.value.value = ranks_->of_market(tick.venue_time);
    bucket_ = std::max(bucket_, tick.venue_time);
    current_ = weigh(calculate(settings_, conditions()), settings_.apply);

    const auto factors = factors_of(static_cast<core::Condition>(tick.code)) & current_.influence.unknown_mask;
    for (std::size_t i = 0; i < factor_count; ++i) unknown_[i] += factors >> i & 1U;
}

/// What arrived at most three buckets before the newest; the conditions of a bucket come one after another, and until
/// they do, their predecessors hold. A value outside its range is unknown.
CosmicConditions CosmicStage::conditions() const noexcept {
    const auto at = [this](core::Condition condition) noexcept {
        const Arrived& arrived = arrived_[static_cast<std::size_t>(condition)];
        return bucket_ - arrived.bucket <= max_age_ ? arrived.value
                                                    : core::ConditionValue{core::unknown, core::unknown};
    };
    const auto time_cycle = at(core::Condition::time_cycle), geographic = at(core::Condition::geographic);
    return {.moon_elongation_deg = within(0, 360, at(core::Condition::moon).value),
            .mercury_rate = within(-3, 3, at(core::Condition::mercury).value),  // it never passes 2.3
            .weekday = within(0, 6, time_cycle.value),
            .hour = within(0, 23, time_cycle.aux),
            .circadian_hour = within(0, 23, at(core::Condition::circadian).value),
            .latitude = within(-90, 90, geographic.value),
            .month = within(1, 12, geographic.aux),
            .schumann_hz = at(core::Condition::schumann).value,
            .liquidity = at(core::Condition::liquidity).value,
            .sentiment = at(core::Condition::sentiment).value};
}

}  // namespace pipeline
