#include "feeds/synthetic/planter.hpp"

namespace feeds::synthetic {

namespace {

/// This venue alone leaves the others for some seconds and comes back.
template <int sign>
bool divergence(const Scene& scene, Plan& plan) noexcept {
    if (!scene.elsewhere) return false;
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(38, 55), stay = chance.between(1.5, 4);
    plan.apart = true;
    plan.then(0.7, size, 8);
    plan.then_extreme(0.7 + stay, size, 3);
    plan.then(2.5 + stay, 0, 6);
    plan.then(40, 0);
    return true;
}

constexpr std::array planters{
    Planter{"cross_venue_divergence", "down", 1, divergence<+1>},
    Planter{"cross_venue_divergence", "up", 1, divergence<-1>},
};

}  // namespace

std::span<const Planter> venue_planters() noexcept {
    return planters;
}

}  // namespace feeds::synthetic
