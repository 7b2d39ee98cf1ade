#include "pipeline/cosmic/influence.hpp"

#include "core/random/xoshiro.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace pipeline {
namespace {

/// Sums contributions into one influence record.
struct Calculation {
    const CosmicSettings& settings;
    const CosmicConditions& now;
    Influence sum{};

    /// The factor's weight if it counts and `known`; else 0, flagged where it counts.
    double weight(Factor f, bool known) noexcept {
        if (!settings.counts(f)) return 0;
        if (known) return settings.factor(f).weight;
        sum.unknown_mask = static_cast<std::uint16_t>(sum.unknown_mask | 1U << static_cast<unsigned>(f));
        return 0;
    }

    void moon(Factor f, double elongation) noexcept {
        const double w = weight(f, core::known(elongation));
        if (w == 0) return;
        const double v = moon_reading(elongation).value * w;
        sum.risk += v;
        sum.confidence += v;
        sum.intensity += 2 * v;
        if (moon_band(elongation) == MoonBand::full_moon) sum.mistake += .1 * w;
        if (moon_band(elongation) == MoonBand::new_moon) sum.insight += .3 * w;
    }

    void schumann() noexcept {
        const double value = schumann_reading(now.schumann_hz).value;
        const double w = weight(Factor::schumann_resonance, core::known(value));
        if (w == 0) return;
        sum.risk += value * w;
        sum.intensity += value * w;
    }

    void geographic() noexcept {
        const bool known = core::known(now.latitude) && core::known(now.month);
        const double w = weight(Factor::geographic, known);
        if (w == 0) return;
        const auto value = geographic_value(now.latitude, static_cast<int>(now.month));
        sum.risk += value.risk * w;
        sum.confidence += value.vitality * w;
    }

    void sentiment() noexcept {
        const double value = sentiment_reading(now.sentiment).value;
        const double w = weight(Factor::global_sentiment, core::known(value));
        if (w == 0) return;
        sum.risk += value * w;
        sum.confidence += value * w;
        sum.intensity += .5 * std::abs(value * w);
    }

    void liquidity() noexcept {
        const double value = liquidity_reading(now.liquidity).value;
        const double w = weight(Factor::market_liquidity, core::known(value));
        if (w != 0) sum.risk += value * w;
    }

    void time_cycle() noexcept {
        const double w = weight(Factor::time_cycle, core::known(now.weekday) && core::known(now.hour));
        if (w != 0) sum.confidence += time_cycle_value(static_cast<int>(now.weekday), static_cast<int>(now.hour)) * w;
    }

    void circadian() noexcept {
        const double w = weight(Factor::circadian, core::known(now.circadian_hour));
        if (w == 0) return;
        const auto value = circadian_value(static_cast<int>(now.circadian_hour));
        sum.confidence += value.alertness * w;
        sum.intensity -= value.discipline * w;
    }

    void mercury() noexcept {
        const double value = mercury_reading(now.mercury_rate).value;
        const double w = weight(Factor::mercury_retrograde, core::known(value));
        if (w != 0) sum.mistake += value * w;
    }

    void placebo() noexcept {
        if (!settings.counts(Factor::placebo)) return;
        const double shift = 360 * core::Xoshiro{settings.placebo_seed}.uniform();
        moon(Factor::placebo, std::fmod(now.moon_elongation_deg + shift, 360));
    }
};

}  // namespace

Influence calculate(const CosmicSettings& settings, const CosmicConditions& now) noexcept {
    Calculation calculation{settings, now};
    calculation.moon(Factor::moon_phase, now.moon_elongation_deg);
    calculation.schumann();
    calculation.geographic();
    calculation.sentiment();
    calculation.liquidity();
    calculation.time_cycle();
    calculation.circadian();
    calculation.mercury();
    calculation.placebo();
    return calculation.sum;
}

Weights weigh(const Influence& influence, const Application& apply) noexcept {
    Weights weights{.influence = influence};
    weights.applies = apply.position_size || apply.entry_threshold || apply.exit_impulse;
    if (apply.position_size) weights.size_factor = std::clamp(1 + influence.risk, .5, 2.0);
    if (apply.entry_threshold) weights.entry_factor = std::clamp(1 - influence.confidence + influence.mistake, .7, 1.3);
    if (apply.exit_impulse) weights.exit_factor = std::clamp(1 + influence.intensity, .8, 1.5);
    return weights;
}

bool CosmicSettings::active() const noexcept {
    const bool any_factor = std::any_of(factors.begin(), factors.end(),
                                        [](const FactorSwitch& f) noexcept { return f.enabled && f.weight > 0; });
    const bool any_use = apply.position_size || apply.entry_threshold || apply.exit_impulse || apply.risk_appetite ||
                         apply.confidence || apply.emotional_intensity || apply.insight_level;
    return enabled && any_factor && any_use;
}

void check(const CosmicSettings& settings) {
    for (std::size_t i = 0; i < factor_count; ++i)
        if (const double weight = settings.factors[i].weight; !(weight >= 0 && weight <= 1))
            throw std::invalid_argument(
                fmt::format("cosmic.{}.weight: {} found, 0 to 1 expected", name(static_cast<Factor>(i)), weight));
    if (settings.update_s == 0) throw std::invalid_argument("cosmic.update_s: 0 found, at least 1 expected");
    if (!(settings.latitude >= -90 && settings.latitude <= 90))
        throw std::invalid_argument(fmt::format("cosmic.latitude: {} found, -90 to 90 expected", settings.latitude));
    if (settings.utc_offset_min < -18 * 60 || settings.utc_offset_min > 18 * 60)
        throw std::invalid_argument(
            fmt::format("cosmic.utc_offset_min: {} found, -1080 to 1080 expected", settings.utc_offset_min));
}

}  // namespace pipeline
