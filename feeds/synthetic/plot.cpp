#include "feeds/synthetic/plot.hpp"

#include <algorithm>
#include <cmath>

namespace feeds::synthetic {

namespace {

core::Nanoseconds from_seconds(double s) noexcept {
    return core::Nanoseconds{static_cast<std::int64_t>(s * 1e9)};
}

/// From −1 to 1 and back in three seconds, which divides the quarters of a minute that thresholds are made of.
double swing(double seconds) noexcept {
    const double phase = seconds / 3 - std::floor(seconds / 3);
    return phase < 0.25 ? 4 * phase : phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
}

}  // namespace

bool Plot::begin(const Planter& planter, const Scene& scene) noexcept {
    plan_ = {};
    if (!planter.plan(scene, plan_)) return false;
    planter_ = &planter;
    start_ = scene.now;
    point_ = deed_ = placed_count_ = 0;
    schedule();
    return true;
}

core::Nanoseconds Plot::end() const noexcept {
    return start_ + from_seconds(plan_.points[plan_.count - 1].after_s);
}

Plot::Passed Plot::advance(core::Nanoseconds now) noexcept {
    const double elapsed = core::seconds(now - start_);
    while (point_ < plan_.count && elapsed >= plan_.points[point_].after_s)
        if (point_++ == plan_.extreme) return Passed::extreme;
    if (point_ == plan_.count) {
        planter_ = nullptr;
        offset_ = 0;
        activity_ = 1;
        manner_ = {};
        next_deed_ = never;
        plan_.apart = false;
        return Passed::end;
    }
    const Plan::Point from = point_ == 0 ? Plan::Point{} : plan_.points[point_ - 1];
    const Plan::Point& to = plan_.points[point_];
    offset_ =
        from.offset_bps + (to.offset_bps - from.offset_bps) * (elapsed - from.after_s) / (to.after_s - from.after_s);
    if (to.shake_bps != 0) offset_ += to.shake_bps * swing(elapsed);
    activity_ = to.activity;
    manner_ = {to.lean, to.idle};
    return Passed::nothing;
}

void Plot::schedule() noexcept {
    next_deed_ = deed_ < plan_.deed_count ? start_ + from_seconds(plan_.deeds[deed_].after_s) : never;
}

Act Plot::do_deed(Crowd& crowd) noexcept {
    const Deed& deed = plan_.deeds[deed_++];
    schedule();
    const auto& levels = [&](core::Side side) -> const BookSide& {
        return side == core::Side::buy ? crowd.bids() : crowd.asks();
    };
    switch (deed.what) {
        case Deed::What::place: return place(deed, crowd);
        case Deed::What::cancel: {
            const Placed& placed = placed_[deed.nth];
            const std::int64_t left = levels(placed.side).quantity_at(placed.price);
            return crowd.show(placed.side, placed.price, std::max<std::int64_t>(0, left - placed.added));
        }
        case Deed::What::refill: {
            const Placed& placed = placed_[deed.nth];
            return crowd.show(placed.side, placed.price, placed.shown);
        }
        case Deed::What::take: {
            const std::int64_t touch = levels(core::opposite(deed.side)).best().quantity;
            const auto part = static_cast<std::int64_t>(deed.size * static_cast<double>(touch));
            return crowd.take(deed.side, deed.size >= 1 ? touch : std::min(part, touch - 1));
        }
        case Deed::What::vacate:
            kept_price_ = levels(deed.side).best().price;
            kept_quantity_ = 1 + static_cast<std::int64_t>(deed.size * crowd.mean_quantity(deed.side));
            crowd.guard(core::Side::buy, kept_price_);
            crowd.guard(core::Side::sell, kept_price_);
            return crowd.show(deed.side, kept_price_, 0);
        case Deed::What::post: return crowd.show(deed.side, kept_price_, kept_quantity_);
    }
    return {};
}

Act Plot::place(const Deed& deed, Crowd& crowd) noexcept {
    const BookSide& levels = deed.side == core::Side::buy ? crowd.bids() : crowd.asks();
    const int outward = -core::sign(deed.side);
    std::int64_t price = levels.best().price;
    if (deed.distance_bps > 0) {
        price += outward * std::max<std::int64_t>(1, std::llround(crowd.mid() * deed.distance_bps * 1e-4));
        // A price that nobody else stands at, if one is near: what comes and goes there is this order alone.
        for (int tries = 0; tries < 20 && (crowd.guarded(deed.side, price) || levels.quantity_at(price) != 0); ++tries)
            price += outward;
    }
    const auto added = 1 + static_cast<std::int64_t>(deed.size * crowd.mean_quantity(deed.side));
    const std::int64_t shown = levels.quantity_at(price) + added;
    if (placed_count_ < placed_.size()) placed_[placed_count_++] = {deed.side, price, added, shown};
    crowd.guard(deed.side, price);
    return crowd.show(deed.side, price, shown);
}

}  // namespace feeds::synthetic
