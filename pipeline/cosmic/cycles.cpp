#include "pipeline/cosmic/cycles.hpp"

#include "core/domain/unknown.hpp"

#include <cmath>
#include <numbers>
#include <vector>

namespace pipeline {

double goertzel_power(std::span<const double> x, std::size_t period) noexcept {
    if (x.empty() || period == 0) return core::unknown;
    const double coefficient = 2 * std::cos(2 * std::numbers::pi / static_cast<double>(period));
    double s1 = 0, s2 = 0;
    for (const double value : x) {
        const double s0 = value + coefficient * s1 - s2;
        s2 = s1;
        s1 = s0;
    }
    const auto n = static_cast<double>(x.size());
    return 4 * (s1 * s1 + s2 * s2 - coefficient * s1 * s2) / (n * n);
}

double autocorrelation(std::span<const double> x, std::size_t lag) noexcept {
    if (lag >= x.size()) return core::unknown;
    double shifted = 0, all = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        all += x[i] * x[i];
        if (i + lag < x.size()) shifted += x[i] * x[i + lag];
    }
    return all > 0 ? shifted / all : core::unknown;
}

void remove_trend(std::span<double> x) noexcept {
    if (x.size() < 2) return;
    const double middle = static_cast<double>(x.size() - 1) / 2;
    double mean = 0, slope = 0, spread = 0;
    for (const double value : x) mean += value / static_cast<double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double t = static_cast<double>(i) - middle;
        slope += t * (x[i] - mean);
        spread += t * t;
    }
    slope /= spread;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] -= mean + slope * (static_cast<double>(i) - middle);
}

Cycle predict_cycle(std::span<const double> closes, const CycleSettings& settings) {
    const Cycle none{.period_bars = 0, .share = core::unknown, .autocorrelation = core::unknown};
    if (settings.bars < 2 || closes.size() < settings.bars) return none;
    std::vector<double> x;
    x.reserve(settings.bars);
    for (const double close : closes.last(settings.bars)) {
        if (!(close > 0)) return none;
        x.push_back(std::log(close));
    }
    remove_trend(x);
    // What is left of a straight line is the rounding of its logarithms: no cycle lives below it.
    double energy = 0;
    for (const double value : x) energy += value * value;
    if (!(energy > static_cast<double>(x.size()) * 1e-24)) return none;

    double sum = 0, most = 0;
    Cycle cycle{};
    for (std::size_t period = settings.shortest_bars; period <= settings.longest_bars; ++period) {
        const double power = goertzel_power(x, period);
        sum += power;
        if (power > most) {
            most = power;
            cycle.period_bars = period;
        }
    }
    if (!(sum > 0)) return none;
    cycle.share = most / sum;
    cycle.autocorrelation = autocorrelation(x, cycle.period_bars);
    if (!(cycle.share >= settings.share && cycle.autocorrelation >= settings.autocorrelation)) cycle.period_bars = 0;
    return cycle;
}

std::array<core::Nanoseconds, fibonacci_numbers.size()> fibonacci_time_zones(core::Nanoseconds pivot,
                                                                             core::Nanoseconds bar,
                                                                             std::uint32_t unit_bars) noexcept {
    std::array<core::Nanoseconds, fibonacci_numbers.size()> zones;
    for (std::size_t i = 0; i < zones.size(); ++i) zones[i] = pivot + bar * (fibonacci_numbers[i] * unit_bars);
    return zones;
}

}  // namespace pipeline
