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

/// At least 200 bps within five minutes against the flow: makers give way while others already sell into it (or buy).
/// Then back.
template <int sign>
bool fake_move(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(230, 320), run = chance.between(100, 200);
    plan.then(run * 0.4, size * 0.3, 2.5).lean = -0.8 * sign;
    plan.then_extreme(run, size, 4).lean = -0.8 * sign;
    plan.then(run + chance.between(15, 40), size * 0.75, 8).lean = -0.8 * sign;
    plan.then(run + chance.between(180, 320), size * chance.between(0, 0.15), 3);
    plan.then(run + 900, 0);
    return true;
}

/// The same at half the size.
template <int sign>
bool half_fake_move(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(135, 180), run = chance.between(70, 140);
    plan.then_extreme(run, size, 3.5).lean = -0.8 * sign;
    plan.then(run + chance.between(15, 40), size * 0.72, 8).lean = -0.8 * sign;
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

/// Half a threshold to a whole one, in a market that has been shaking and selling (or buying) for minutes, so that it
/// is neither the volatility nor the flow that explains the run; half of it given back while the run is still in sight.
template <int sign>
bool half_liquidity_grab(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(23, 26), wait = chance.between(260, 290);
    plan.then(wait, 0, 2) = {wait, 0, 2, -0.9 * sign, 3.5};
    plan.then_extreme(wait + 4, size, 12);
    plan.then(wait + 9, size * 0.35, 12);
    plan.then(wait + 30, 0, 2);
    plan.then(wait + 60, -size * 0.3);
    plan.then(wait + 300, 0);
    return true;
}

/// Four swings below the threshold, out of the quiet, and off to the other side.
template <int sign>
bool volatility_grab(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double size = sign * chance.between(20, 25), swing = chance.between(3, 4);
    plan.then_extreme(swing, size, 8);
    plan.then(2 * swing, size * 0.25, 5);
    plan.then(3 * swing, size * 0.9, 5);
    plan.then(4 * swing, size * 0.2, 4);
    plan.then(5 * swing, size * 0.7, 4);
    plan.then(5 * swing + 30, -size * 0.25, 2);
    plan.then(5 * swing + 300, 0);
    return true;
}

/// Four steady quarters of a minute one way with the flow, each too small for a grab; then all of it back, more slowly.
template <int sign>
bool accumulation(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double run = chance.between(66, 74), size = sign * run * chance.between(0.58, 0.64);
    plan.then(run * 0.75, size * 0.75, 2).lean = sign * 0.8;
    plan.then_extreme(run, size, 2).lean = sign * 0.8;
    plan.then(run + 20, size);
    plan.then(run + 170, size * 0.1);
    plan.then(run + 300, 0);
    return true;
}

constexpr std::array planters{Planter{"liquidity_grab", "down", 2, liquidity_grab<+1>},
                              Planter{"liquidity_grab", "up", 2, liquidity_grab<-1>},
                              Planter{"fake_pump", "down", 1, fake_move<+1>},
                              Planter{"fake_dump", "up", 1, fake_move<-1>},
                              Planter{"half_fake_pump", "down", .5, half_fake_move<+1>},
                              Planter{"half_fake_dump", "up", .5, half_fake_move<-1>},
                              Planter{"flash_pump", "down", .5, flash<+1>},
                              Planter{"flash_dump", "up", .5, flash<-1>},
                              Planter{"half_liquidity_grab", "down", .5, half_liquidity_grab<+1>},
                              Planter{"half_liquidity_grab", "up", .5, half_liquidity_grab<-1>},
                              Planter{"volatility_grab", "down", .5, volatility_grab<+1>},
                              Planter{"volatility_grab", "up", .5, volatility_grab<-1>},
                              Planter{"liquidity_accumulation_up", "down", .5, accumulation<+1>},
                              Planter{"liquidity_accumulation_down", "up", .5, accumulation<-1>}};

}  // namespace

std::span<const Planter> movement_planters() noexcept {
    return planters;
}

}  // namespace feeds::synthetic
