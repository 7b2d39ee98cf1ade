#include "feeds/synthetic/planter.hpp"

namespace feeds::synthetic {

namespace {

/// A run of at least the usual threshold (30 bps) within 15 s on a burst of volume, most of it given back within a
/// minute.
template <int sign>
bool liquidity_grab(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(45, 85), run = chance.between(5, 10);
    plan.then_extreme(run, size, 6);
    plan.then(run + chance.between(2, 5), size * 0.85, 4);
    plan.then(run + chance.between(25, 45), size * chance.between(0, 0.15), 2.5);
    plan.then(run + 180, 0);
    return true;
}

/// At least 200 bps within five minutes, then back.
template <int sign>
bool fake_move(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(230, 320), run = chance.between(100, 200);
    plan.then(run * 0.4, size * 0.3, 2.5);
    plan.then_extreme(run, size, 4);
    plan.then(run + chance.between(15, 40), size * 0.88, 3);
    plan.then(run + chance.between(180, 320), size * chance.between(0, 0.15), 3);
    plan.then(run + 900, 0);
    return true;
}

/// The same at half the size.
template <int sign>
bool half_fake_move(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(125, 180), run = chance.between(80, 160);
    plan.then_extreme(run, size, 3.5);
    plan.then(run + chance.between(15, 40), size * 0.85, 2.5);
    plan.then(run + chance.between(150, 280), size * chance.between(0, 0.2), 2.5);
    plan.then(run + 900, 0);
    return true;
}

/// The threshold within one second, back within twenty.
template <int sign>
bool flash(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(60, 110);
    plan.then_extreme(0.8, size, 12);
    plan.then(2, size * 0.8, 8);
    plan.then(chance.between(12, 20), size * chance.between(0, 0.1), 3);
    plan.then(150, 0);
    return true;
}

constexpr std::array planters{Planter{"liquidity_grab", "down", 2, liquidity_grab<+1>},
                              Planter{"liquidity_grab", "up", 2, liquidity_grab<-1>},
                              Planter{"fake_pump", "down", 1, fake_move<+1>},
                              Planter{"fake_dump", "up", 1, fake_move<-1>},
                              Planter{"half_fake_pump", "down", .5, half_fake_move<+1>},
                              Planter{"half_fake_dump", "up", .5, half_fake_move<-1>},
                              Planter{"flash_pump", "down", .5, flash<+1>},
                              Planter{"flash_dump", "up", .5, flash<-1>}};

}  // namespace

std::span<const Planter> movement_planters() noexcept {
    return planters;
}

}  // namespace feeds::synthetic
