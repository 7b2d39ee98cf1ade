#include "feeds/synthetic/planter.hpp"

namespace feeds::synthetic {

namespace {

using core::Side;
using What = Deed::What;

/// Inside the spread one party sells to itself and buys back: one price, one size, the aggressor alternates.
bool wash_trading(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const auto trades = 20 + static_cast<int>(chance.below(9));
    const double every = chance.between(0.12, 0.3);
    plan.deed({.after_s = 1, .what = What::vacate, .side = Side::sell, .size = chance.between(3, 6)});
    double time = 1.2;
    for (int i = 0; i < trades; ++i, time += every) {
        const Side maker = i % 2 == 0 ? Side::buy : Side::sell;
        plan.deed({.after_s = time, .what = What::post, .side = maker});
        plan.deed({.after_s = time + 0.4 * every, .what = What::take, .side = core::opposite(maker), .size = 1});
    }
    plan.then(0.9, 0);
    plan.then_extreme(time, 0).idle = true;
    plan.then(time + 30, 0);
    return true;
}

/// A quarter of an hour of one side's aggressors without a move; then the price goes their way, slowly.
template <int sign>
bool stealth(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    plan.then(450, 0).lean = 0.85 * sign;
    plan.then_extreme(930, 0).lean = 0.85 * sign;
    plan.then(1530, sign * chance.between(40, 50));
    plan.then(2400, 0);
    return true;
}

/// Trades crowd together, or all but cease, before the price bursts to either side.
bool time_dilation(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = (chance.happens(0.5) ? 1 : -1) * chance.between(48, 60);
    const bool collapse = chance.happens(0.75);
    const double still = collapse ? 12 : 150;
    plan.then_extreme(still, 0, collapse ? 16 : 0.03);
    plan.then(still + 25, size, 6);
    plan.then(still + 90, size * 0.3, 2);
    plan.then(still + 300, 0);
    return true;
}

constexpr std::array planters{
    Planter{"wash_trading", "inert", .5, wash_trading},
    Planter{"stealth_accumulation", "up", .1, stealth<+1>},
    Planter{"stealth_distribution", "down", .1, stealth<-1>},
    Planter{"time_dilation", "burst", .5, time_dilation},
};

}  // namespace

std::span<const Planter> tape_planters() noexcept {
    return planters;
}

}  // namespace feeds::synthetic
