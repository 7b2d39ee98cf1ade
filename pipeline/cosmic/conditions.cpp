#include "pipeline/cosmic/conditions.hpp"

#include "pipeline/cosmic/sky.hpp"

#include <cassert>

namespace pipeline {
namespace {

struct LocalTime {
    int weekday, hour, month;
};

LocalTime local_time(core::Nanoseconds time, int utc_offset_min) noexcept {
    namespace chrono = std::chrono;
    const chrono::sys_time<core::Nanoseconds> local{time + chrono::minutes{utc_offset_min}};
    const auto day = chrono::floor<chrono::days>(local);
    const chrono::year_month_day date{day};
    return {.weekday = static_cast<int>(chrono::weekday{day}.c_encoding()),
            .hour = static_cast<int>((local - day) / chrono::hours{1}),
            .month = static_cast<int>(static_cast<unsigned>(date.month()))};
}

double unless_older(core::Nanoseconds now, core::Nanoseconds taken, core::Nanoseconds age, double value) noexcept {
    return now - taken <= age && taken <= now ? value : core::unknown;
}

}  // namespace

std::size_t make_conditions(core::Nanoseconds bucket_start, const CosmicSettings& settings,
                            const ConditionInputs& inputs, std::span<core::Tick> ticks) noexcept {
    assert(ticks.size() >= max_conditions);
    if (!settings.makes_conditions()) return 0;
    std::size_t count = 0;
    const auto put = [&](core::Condition condition, double value, double aux = core::unknown) noexcept {
        core::Tick& tick = ticks[count++];
        tick = {};
        tick.kind = core::TickKind::condition;
        tick.venue = core::Venue::omega;
        tick.venue_time = tick.receive_time = bucket_start;
        tick.code = static_cast<std::uint16_t>(condition);
        tick.condition = {value, aux};
    };
    const bool active = settings.active();
    const auto counts = [&](Factor factor) noexcept { return active && settings.counts(factor); };
    const auto local = local_time(bucket_start, settings.utc_offset_min);
    if (counts(Factor::moon_phase) || counts(Factor::placebo)) {
        const auto moon = moon_at(bucket_start);
        put(core::Condition::moon, moon.elongation_deg, moon.illumination);
    }
    if (counts(Factor::mercury_retrograde)) {
        const auto mercury = mercury_at(bucket_start);
        put(core::Condition::mercury, mercury.rate_deg_per_day, mercury.longitude_deg);
    }
    if (counts(Factor::time_cycle)) put(core::Condition::time_cycle, local.weekday, local.hour);
    if (counts(Factor::circadian)) put(core::Condition::circadian, local.hour);
    if (counts(Factor::geographic)) put(core::Condition::geographic, settings.latitude, local.month);
    if (counts(Factor::schumann_resonance) || (settings.enabled && settings.schumann_asked))
        put(core::Condition::schumann,
            unless_older(bucket_start, inputs.schumann_time, std::chrono::hours{1}, inputs.schumann_hz));
    if (counts(Factor::market_liquidity)) put(core::Condition::liquidity, inputs.liquidity);
    if (counts(Factor::global_sentiment))
        put(core::Condition::sentiment,
            unless_older(bucket_start, inputs.sentiment_time, std::chrono::hours{36}, inputs.sentiment));
    return count;
}

}  // namespace pipeline
