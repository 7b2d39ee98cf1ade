#include "feeds/synthetic/planter.hpp"

namespace feeds::synthetic {

namespace {

using core::Side;
using What = Deed::What;

constexpr Side side_of(int sign) noexcept {
    return sign > 0 ? Side::buy : Side::sell;
}

/// One order far larger than its neighbours shows up behind the touch, the price gives way before it, the order goes
/// and the price comes back. `push` +1: a bid.
template <int push>
bool spoofing(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const double life = chance.between(0.6, 1.4);
    plan.deed({.after_s = 1,
               .what = What::place,
               .side = side_of(push),
               .size = chance.between(14, 24),
               .distance_bps = chance.between(4, 9)});
    plan.deed({.after_s = 1 + life, .what = What::cancel});
    plan.then(1, 0);
    plan.then_extreme(1 + life, push * 3, 2);
    plan.then(15, -push * 7, 2);
    plan.then(60, 0);
    return true;
}

/// Several such orders on different levels at once, gone within a fifth of a second.
template <int push>
bool layering(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const auto levels = 4 + static_cast<std::uint8_t>(chance.below(3));
    const double life = chance.between(0.8, 1.6);
    for (std::uint8_t nth = 0; nth < levels; ++nth)
        plan.deed({.after_s = 1,
                   .what = What::place,
                   .side = side_of(push),
                   .size = chance.between(10, 14),
                   .distance_bps = 3 + 1.2 * nth});
    for (std::uint8_t nth = 0; nth < levels; ++nth)
        plan.deed({.after_s = 1 + life + 0.03 * nth, .what = What::cancel, .nth = nth});
    plan.then(1, 0);
    plan.then_extreme(1 + life, push * 3, 2);
    plan.then(15, -push * 7, 2);
    plan.then(60, 0);
    return true;
}

/// At the touch an order is eaten and shown again, over and over: more was there than was displayed. `side` +1: a bid,
/// which holds.
template <int side>
bool hidden_liquidity(const Scene& scene, Plan& plan) noexcept {
    Chance& chance = *scene.chance;
    const auto refills = 5 + static_cast<int>(chance.below(3));
    constexpr double first = 1.5, every = 0.55, rest = 0.11;
    plan.deed({.after_s = 1, .what = What::place, .side = side_of(side), .size = 2});
    for (int i = 0; i < refills; ++i) {
        plan.deed({.after_s = first + every * i, .what = What::take, .side = side_of(-side), .size = 0.93});
        plan.deed({.after_s = first + every * i + rest, .what = What::refill});
    }
    const double done = first + every * refills;
    plan.then(0.9, 0);
    plan.then_extreme(done, 0).idle = true;
    plan.then(done + 20, side * 12, 2);
    plan.then(done + 120, 0);
    return true;
}

constexpr std::array planters{
    Planter{"spoofing", "down", 1, spoofing<+1>},
    Planter{"spoofing", "up", 1, spoofing<-1>},
    Planter{"layering", "down", .5, layering<+1>},
    Planter{"layering", "up", .5, layering<-1>},
    Planter{"hidden_liquidity", "up", .5, hidden_liquidity<+1>},
    Planter{"hidden_liquidity", "down", .5, hidden_liquidity<-1>},
};

}  // namespace

std::span<const Planter> book_planters() noexcept {
    return planters;
}

}  // namespace feeds::synthetic
