#include "feeds/synthetic/crowd.hpp"

#include <algorithm>
#include <cmath>

namespace feeds::synthetic {

namespace {

using core::Side;

/// How far from the touch a new level is, in ticks: mostly next to it, with a long tail.
std::int64_t distance(double uniform, double reach) noexcept {
    return 1 + static_cast<std::int64_t>((7 / (uniform + 0.001) - 6.9) * reach);
}

}  // namespace

Crowd::Crowd(std::int64_t price, std::int64_t usual_quantity, std::uint64_t first_id, std::uint64_t seed,
             double wildness)
    : bids_{Side::buy},
      asks_{Side::sell},
      chance_{seed},
      update_id_{first_id},
      usual_quantity_{static_cast<double>(usual_quantity)},
      wildness_{wildness},
      reach_{std::min(1.0, static_cast<double>(price) / 60'000)} {
    bids_.set(price, quantity(1));
    asks_.set(price + 1, quantity(1));
    for (std::size_t i = 1; i < usual_depth; ++i) {
        deepen(Side::buy);
        deepen(Side::sell);
    }
    (void)changed_bids_.take();
    (void)changed_asks_.take();
}

std::int64_t Crowd::quantity(double scale) noexcept {
    const double u = chance_.uniform();
    const double wild = 0.25 / (u + 0.07) - 0.2, alike = 0.3 + 0.4 * u;
    return 1 + static_cast<std::int64_t>(scale * usual_quantity_ * (wild * wildness_ + alike * (1 - wildness_)));
}

void Crowd::set(Side at, std::int64_t price, std::int64_t new_quantity) noexcept {
    side(at).set(price, new_quantity);
    (at == Side::buy ? changed_bids_ : changed_asks_).add(price);
    update_id_ += 1 + (chance_.bits() & 15);  // the venue counts the changes of other instruments too
}

Act Crowd::act(double fair, double haste, const Manner& manner) noexcept {
    Act act{.first_id = update_id_ + 1};
    stir(any_side());
    if (manner.idle) {
        sweep_left_ = 0;
        calm_requote();
        act.last_id = update_id_;
        return act;
    }

    const auto bid = static_cast<double>(bids_.best().price), ask = static_cast<double>(asks_.best().price);
    const double draw = chance_.uniform();
    const double beyond = fair > ask ? fair - ask : fair < bid ? bid - fair : 0;
    const Side pressure = fair > ask ? Side::buy : Side::sell;  // when beyond > 0

    if (sweeping()) {
        --sweep_left_;
        trade(sweep_side_, shown(sweep_side_), act);
    } else if (ask - bid > 1.5 && draw < 0.6) {
        improve(fair);
    } else if ((beyond > 30 && draw < 0.8) || (beyond > 0 && core::sign(pressure) * manner.lean < 0)) {
        // Who leans the other way leaves nothing to trade with: the makers give way.
        withdraw(core::opposite(pressure), fair);
    } else if (beyond > 0) {
        trade(pressure, chance_.happens(0.75) ? shown(pressure) : quantity(0.5), act);
        sweep(pressure, static_cast<std::uint64_t>(std::min(12.0, beyond / 6)), fair);
    } else if (draw < 0.0004 * haste * wildness_) {
        // A market order that is too large for the touch, for no reason: the price will come back.
        const Side aggressor = any_side();
        trade(aggressor, shown(aggressor), act);
        sweep(aggressor, 3 + chance_.below(12), fair + core::sign(aggressor) * chance_.between(5, 60) * reach_);
    } else if (draw < 0.2 + 0.05 * std::min(haste, 6.0)) {
        const double lean =
            manner.lean != 0 ? 0.5 * manner.lean : std::clamp(fair - 0.5 * (bid + ask), -1.0, 1.0) * 0.3;
        const Side aggressor = chance_.happens(0.5 + lean) ? Side::buy : Side::sell;
        const double size = (manner.lean != 0 ? 0.4 : 0.04) * haste;
        trade(aggressor, std::max<std::int64_t>(1, std::min(shown(aggressor) - 1, quantity(size))), act);
    } else {
        calm_requote();
    }
    act.last_id = update_id_;
    return act;
}

Act Crowd::show(Side at, std::int64_t price, std::int64_t quantity) noexcept {
    Act act{.first_id = update_id_ + 1};
    set(at, price, quantity);
    if (side(at).size() < least_depth) deepen(at);
    act.last_id = update_id_;
    return act;
}

Act Crowd::take(Side aggressor, std::int64_t quantity) noexcept {
    Act act{.first_id = update_id_ + 1};
    trade(aggressor, std::max<std::int64_t>(1, quantity), act);
    act.last_id = update_id_;
    return act;
}

void Crowd::guard(Side at, std::int64_t price) noexcept {
    if (guarded_count_ < max_guarded) guarded_[guarded_count_++] = {price, at};
}

bool Crowd::guarded(Side at, std::int64_t price) const noexcept {
    for (std::size_t i = 0; i < guarded_count_; ++i)
        if (guarded_[i].price == price && guarded_[i].side == at) return true;
    return false;
}

double Crowd::mean_quantity(Side at) const noexcept {
    const auto levels = std::min<std::size_t>(10, side(at).size());
    double sum = 0;
    for (std::size_t depth = 0; depth < levels; ++depth) sum += static_cast<double>(side(at).at(depth).quantity);
    return sum / static_cast<double>(levels);
}

/// What an aggressor of this side finds at the touch.
std::int64_t Crowd::shown(Side aggressor) noexcept {
    return side(core::opposite(aggressor)).best().quantity;
}

bool Crowd::sweeping() noexcept {
    const auto next = static_cast<double>(side(core::opposite(sweep_side_)).best().price);
    if (core::sign(sweep_side_) * (sweep_limit_ - next) < 0) sweep_left_ = 0;
    return sweep_left_ > 0;
}

/// The next acts take up to `levels` levels, as long as their price is within `limit`.
void Crowd::sweep(Side aggressor, std::uint64_t levels, double limit) noexcept {
    sweep_side_ = aggressor;
    sweep_left_ = levels;
    sweep_limit_ = limit;
}

void Crowd::trade(Side aggressor, std::int64_t wanted, Act& act) noexcept {
    const Side passive = core::opposite(aggressor);
    const BookLevel best = side(passive).best();
    const std::int64_t taken = std::min(wanted, best.quantity);
    act.traded = true;
    act.trade = {best.price, taken};
    act.buyer_is_maker = aggressor == Side::sell;
    set(passive, best.price, best.quantity - taken);
    if (side(passive).size() < least_depth) deepen(passive);
}

/// Makers ahead of a fast move take their orders away: the nearest levels, as far as the fair value has gone.
void Crowd::withdraw(Side at, double fair) noexcept {
    for (int count = 0; count < 24; ++count) {
        const BookLevel best = side(at).best();
        const double room = core::sign(at) * (static_cast<double>(best.price) - fair);
        if ((count > 0 && room < 3) || guarded(at, best.price)) break;
        set(at, best.price, 0);
        if (side(at).size() < least_depth) deepen(at);
    }
}

/// A maker betters the side that is further from the fair value, within the spread.
void Crowd::improve(double fair) noexcept {
    const std::int64_t bid = bids_.best().price, ask = asks_.best().price;
    const bool buy = fair - static_cast<double>(bid) > static_cast<double>(ask) - fair;
    const auto away = static_cast<std::int64_t>(chance_.below(3));
    const auto wanted = static_cast<std::int64_t>(fair) + (buy ? -away : 1 + away);
    set(buy ? Side::buy : Side::sell, std::clamp(wanted, bid + 1, ask - 1), quantity(0.6));
}

/// On either side, or on the other if that touch is guarded.
void Crowd::calm_requote() noexcept {
    const Side at = any_side();
    if (!guarded(at, side(at).best().price))
        requote(at);
    else if (const Side other = core::opposite(at); !guarded(other, side(other).best().price))
        requote(other);
}

/// Orders come and go at the touch; sometimes its last one goes, and the touch with it.
void Crowd::requote(Side at) noexcept {
    const BookLevel best = side(at).best();
    const double draw = chance_.uniform();
    std::int64_t next = best.quantity;
    if (draw < 0.02)
        next = 0;
    else if (draw < 0.5 || static_cast<double>(best.quantity) > 6 * usual_quantity_)
        next = std::max<std::int64_t>(1, best.quantity - quantity(0.08));
    else
        next = best.quantity + quantity(0.08);
    set(at, best.price, next == best.quantity ? next + 1 : next);
}

/// A change behind the touch: a level is made, changed or taken away.
void Crowd::stir(Side at) noexcept {
    BookSide& levels = side(at);
    const double draw = chance_.uniform();
    std::int64_t price{}, wanted{};
    if (draw < 0.6 || levels.size() < usual_depth / 2) {
        price = levels.best().price - core::sign(at) * distance(chance_.uniform(), reach_);
        wanted = quantity(1.2);
    } else {
        price = levels.at(1 + chance_.below(least_depth / 2)).price;
    }
    set(at, price, guarded(at, price) ? levels.quantity_at(price) : wanted);
    if (wanted != 0 && levels.size() > usual_depth && !guarded(at, levels.deepest().price))
        set(at, levels.deepest().price, 0);
    if (levels.size() < least_depth) deepen(at);
}

/// One more level behind the deepest, so that a side never runs out.
void Crowd::deepen(Side at) noexcept {
    BookSide& levels = side(at);
    const auto widest = 1 + static_cast<std::uint64_t>(static_cast<double>(levels.size() / 2) * reach_);
    const auto step = 1 + static_cast<std::int64_t>(chance_.below(widest));
    set(at, levels.deepest().price - core::sign(at) * step, quantity(1.5));
}

}  // namespace feeds::synthetic
