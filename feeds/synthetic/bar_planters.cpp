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
    const double size = sign * (distance + chance.between(14, 24));
    if (distance < 4 || distance > 50) return false;

    using namespace core;
    const double into_minute = seconds(scene.now - floor_to(scene.now, 60s));
    if (into_minute < 30) return false;  // too long a wait: the distance would not be what it was
    const double wait = 60 - into_minute + 8;
    plan.then(wait, 0);
    plan.then_extreme(wait + 14, size, 4);
    plan.then(wait + 17, size * 0.9, 4);
    plan.then(wait + 32, size * 0.05, 3);
    plan.then(wait + 60, 0);
    return true;
}

double to_next(core::Nanoseconds now, core::Nanoseconds width) noexcept {
    return core::seconds(core::floor_to(now, width) + width - now);
}

/// A swing whose turn is confirmed on minute bars (a turn the other way before it, so that it is not the first of all),
/// then a minute that closes beyond it, and one that closes back inside.
template <int sign>
bool failed_break(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double level = sign * chance.between(40, 44), start = to_next(scene.now, std::chrono::minutes{1});
    plan.then(start, 0);
    plan.then(start + 180, -sign * 32);
    plan.then(start + 540, level);
    plan.then(start + 600, level - sign * 8);
    plan.then(start + 840, sign * 4);
    const double eve = start + 1080;  // the minute that breaks begins
    plan.then(eve, level - sign * 12);
    plan.then_extreme(eve + 40, level + sign * chance.between(10, 14));
    plan.then(eve + 62, level + sign * 9);
    plan.then(eve + 105, level - sign * 20);
    plan.then(eve + 240, level - sign * 45);
    plan.then(eve + 600, 0);
    return true;
}

/// Five-minute bars: one that stands out from two before and two after it, then one that goes beyond it and closes back
/// inside.
template <int sign>
bool fractal(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double level = sign * chance.between(26, 30), start = to_next(scene.now, std::chrono::minutes{5});
    plan.then(start + 10, 0);
    plan.then(start + 150, level);
    plan.then(start + 280, sign * 3);
    plan.then(start + 910, sign * 2);
    plan.then_extreme(start + 1050, level + sign * chance.between(11, 15));
    plan.then(start + 1060, level + sign * 10);
    plan.then(start + 1180, level - sign * 20);
    plan.then(start + 1500, -sign * 10);
    plan.then(start + 1800, 0);
    return true;
}

constexpr std::array planters{
    Planter{"stop_hunt_up", "down", 2, stop_hunt<+1>},  Planter{"stop_hunt_down", "up", 2, stop_hunt<-1>},
    Planter{"bull_trap", "down", .3, failed_break<+1>}, Planter{"bear_trap", "up", .3, failed_break<-1>},
    Planter{"fractal_trap", "down", .15, fractal<+1>},  Planter{"fractal_trap", "up", .15, fractal<-1>}};

}  // namespace

std::span<const Planter> bar_planters() noexcept {
    return planters;
}

}  // namespace feeds::synthetic
