#include "pipeline/traps/meter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace pipeline::traps {
namespace {

constexpr double least_weight = .5;
constexpr std::uint64_t least_labelled = 30;

double to_one(double value) noexcept {
    return std::min(value, 1.);
}

}  // namespace

double meter(const MeterParts& parts) noexcept {
    const std::array<std::pair<double, double>, 6> weighted{{{.25, parts.price},
                                                             {.20, parts.volume},
                                                             {.15, parts.fib},
                                                             {.15, parts.history},
                                                             {.15, parts.book},
                                                             {.10, parts.regime}}};
    double sum = 0, weight = 0;
    for (const auto& [w, value] : weighted) {
        if (!core::known(value)) continue;
        sum += w * to_one(value);
        weight += w;
    }
    // Half the weight in tenths and twentieths: a rounding below .5 is still half.
    return weight < least_weight - 1e-9 ? core::unknown : sum / weight;
}

double meter_price(double s, double m) noexcept {
    if (!core::known(s) || !core::known(m)) return core::unknown;
    const double size = std::abs(s);
    if (s * m < 0) {
        if (size > .02) return std::min(.9, 30 * size);
        if (size > .005) return std::min(.7, 25 * size);
        return std::min(.5, 20 * size);
    }
    if (size > .01) return std::min(.75, 25 * size);
    return size < .001 && std::abs(m) > .01 ? .65 : .2;
}

double meter_volume(double q) noexcept {
    if (!core::known(q)) return core::unknown;
    if (q > 2) return std::min(.9, q / 3);
    if (q > 1.5) return to_one(.5 + (q - 1.5));
    if (q > 1.2) return .3 + (q - 1.2) / .6;
    return q < .5 ? .7 : .2;
}

double meter_fib(double distance) noexcept {
    if (!core::known(distance)) return core::unknown;
    return distance < .1 ? .9 : distance < .3 ? .7 : distance < .5 ? .5 : distance < 1 ? .3 : .1;
}

double meter_book(double ratio, double largest) noexcept {
    if (largest >= 20) return .8;
    if (!core::known(ratio)) return core::unknown;
    if (ratio > 3 || ratio < 1. / 3) return .75;
    return ratio > 2 || ratio < .5 ? .6 : .3;
}

double meter_history(std::uint64_t hits, std::uint64_t labelled) noexcept {
    return labelled < least_labelled ? core::unknown : static_cast<double>(hits) / static_cast<double>(labelled);
}

double meter_regime(MeterRegime regime) noexcept {
    switch (regime) {
        case MeterRegime::unknown: return core::unknown;
        case MeterRegime::volatile_: return .8;
        case MeterRegime::ranging: return .5;
        case MeterRegime::trending: return .4;
        case MeterRegime::quiet: return .5;
        case MeterRegime::transition: return .6;
    }
    return core::unknown;
}

}  // namespace pipeline::traps
