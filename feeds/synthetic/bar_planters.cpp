#include "feeds/synthetic/planter.hpp"

namespace feeds::synthetic {

namespace {

/// Within one minute bar: through the extreme of the last 20 minutes and back to where the bar began, so that a long
/// wick stays. Only when that extreme is near enough to be swept.
template <int sign>
bool stop_hunt(const Scene& scene, Plan& plan) noexcept {
    const double level = sign > 0 ? scene.highest_20 : scene.lowest_20;
    if (level == 0) return false;
    Chance& chance = *scene.chance;
    const double distance = 1e4 * sign * (level - scene.price) / scene.price;
    const double size = sign * (distance + chance.between(9, 18));
    if (distance < 4 || distance > 50) return false;

    using namespace core;
    const double into_minute = seconds(scene.now - floor_to(scene.now, 60s));
    const double wait = 60 - into_minute + 8;
    plan.then(wait, 0);
    plan.then_extreme(wait + 14, size, 4);
    plan.then(wait + 17, size * 0.9, 4);
    plan.then(wait + 32, size * 0.05, 3);
    plan.then(wait + 60, 0);
    return true;
}

constexpr std::array planters{Planter{"stop_hunt_up", "down", 2, stop_hunt<+1>},
                              Planter{"stop_hunt_down", "up", 2, stop_hunt<-1>}};

}  // namespace

std::span<const Planter> bar_planters() noexcept {
    return planters;
}

}  // namespace feeds::synthetic
