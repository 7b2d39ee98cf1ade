#include "pipeline/trends/judgement.hpp"

#include "pipeline/trends/ftrl.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::ai {

namespace {

/// Log odds; certainty is taken as 1e-12 short of it, so that it can still be averaged.
double logit(double p) noexcept {
    const double inside = std::clamp(p, 1e-12, 1 - 1e-12);
    return std::log(inside / (1 - inside));
}

bool agrees(TrendClass trend, double change_bps) noexcept {
    if (trend == TrendClass::bullish) return change_bps > 0;
    if (trend == TrendClass::bearish) return change_bps < 0;
    return std::abs(change_bps) < 50;
}

}  // namespace

double blend(double online, double trees, double share) noexcept {
    if (!core::known(online)) return trees;
    if (!core::known(trees)) return online;
    return logistic((1 - share) * logit(online) + share * logit(trees));
}

double harmony(double trend_confidence, double price_confidence, double p_trap, TrendClass trend,
               double change_bps) noexcept {
    if (trend == TrendClass::unknown || !core::known(change_bps)) return core::unknown;
    return 3 * trend_confidence + 3 * price_confidence + 2 * (1 - p_trap) + (agrees(trend, change_bps) ? 2 : 0);
}

}  // namespace pipeline::ai
