#include "strategies/risk/bracket.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace strategies {

using core::Order;
using core::OrderId;
using core::OrderType;
using core::Purpose;
using core::Quantity;
using core::Side;

void Bracket::propose(const Intent& intent, OrderId entry) noexcept {
    proposed_ = intent;
    proposed_by_ = entry;
    adopted_ = false;
}

void Bracket::adopt() noexcept {
    const bool adds = active_ && side_ == proposed_.order.side;
    if (!adds) {
        legs_ = {};
        best_gain_bps_ = 0;
    }
    active_ = true;
    adopted_ = true;
    remembered_ = {};
    bot_ = proposed_.order.bot;
    venue_ = proposed_.order.venue;
    side_ = proposed_.order.side;
    const bool tighter = side_ == Side::buy ? proposed_.stop_price > stop_ : proposed_.stop_price < stop_;
    if (!adds || tighter) stop_ = proposed_.stop_price;
    for (std::size_t i = 1; i < legs; ++i) {
        const bool planned = i <= proposed_.target_count;
        legs_[i].wanted = planned ? proposed_.targets[i - 1].price : core::Price{};
        legs_[i].share = planned ? proposed_.targets[i - 1].share : 0;
        legs_[i].done = false;
        legs_[i].refusals = 0;
    }
}

void Bracket::traded(OrderId id, Quantity quantity) noexcept {
    if (id.value == 0) return;
    if (id == proposed_by_) {
        if (!adopted_ || !active_) adopt();  // again, if the position was closed while its entry still filled
        return;
    }
    for (std::size_t i = 0; i < legs; ++i) {
        Leg& leg = legs_[i];
        if (leg.id != id) continue;
        const auto before = leg.quantity;
        leg.quantity = leg.quantity - quantity;
        if (leg.quantity.units > 0) {
            // Its sale ends here; what is left of it is a smaller part of a smaller position.
            if (i != 0 && i == reached_)
                leg.share *= static_cast<double>(leg.quantity.units) / static_cast<double>(before.units);
            return;
        }
        leg.id = {};
        leg.quantity = {};
        leg.done = i != 0;
        if (i == reached_) reached_ = 0;
        return;
    }
}

void Bracket::accepted(OrderId id) noexcept {
    if (id.value == 0) return;
    for (Leg& leg : legs_) {
        if (leg.id != id) continue;
        leg.refusals = 0;
        leg.pause.reset();
    }
}

Bracket::Ended Bracket::ended(OrderId id, End how, core::Nanoseconds now) noexcept {
    if (id.value == 0) return {};
    if (id == proposed_by_) proposed_by_ = {};
    for (std::uint8_t i = 0; i < legs; ++i) {
        Leg& leg = legs_[i];
        if (leg.id != id) continue;
        leg.id = {};
        leg.quantity = {};
        if (how == End::dropped) {
            const bool again = leg.dropped != core::Nanoseconds::min() && now - leg.dropped < 2 * Backoff::longest;
            again ? leg.relapse.refused(now) : leg.relapse.reset();
            leg.dropped = now;
        } else if (how != End::over || (i != 0 && i == reached_)) {  // or the bid was gone already
            leg.pause.refused(now);
        }
        if (i == reached_) reached_ = 0;
        if (how == End::refused) ++leg.refusals;
        const bool exhausted = leg.refusals >= patience;
        leg.done = leg.done || (i != 0 && exhausted);
        return {.leg = i, .exhausted = i == 0 && how == End::refused && exhausted};
    }
    return {};
}

void Bracket::fall_back(std::uint8_t leg, const Order& order, Quantity left) noexcept {
    legs_[leg].id = order.id;
    legs_[leg].quantity = left;
    legs_[leg].price = leg == 0 ? order.trigger : order.price;
}

bool Bracket::owns(OrderId id) const noexcept {
    return id.value != 0 && std::ranges::any_of(legs_, [id](const Leg& leg) { return leg.id == id; });
}

void Bracket::change(const core::Instrument& instrument, std::uint8_t leg, Quantity quantity, core::Nanoseconds now,
                     Changes& changes) const noexcept {
    if (quantity.units == 0 && legs_[leg].id.value == 0) return;
    if (quantity.units != 0 && legs_[leg].waits(now)) {  // what works, works on
        changes.retry = std::min(changes.retry, legs_[leg].until());
        return;
    }
    Change& change = changes.change[changes.count++];
    change = Change{.leg = leg, .send = quantity.units != 0, .replaces = legs_[leg].id};
    if (!change.send) return;
    Order& order = change.order;
    order.instrument = instrument.id;
    order.venue = venue_;
    order.side = core::opposite(side_);
    order.bot = bot_;
    order.reduce_only = true;
    order.quantity = quantity;
    order.type = leg == 0 ? OrderType::stop_market : OrderType::limit;
    order.purpose = leg == 0 ? Purpose::stop : Purpose::target;
    (leg == 0 ? order.trigger : order.price) = leg == 0 ? stop_ : legs_[leg].wanted;
}

void Bracket::placed(const Change& change, OrderId id) noexcept {
    if (change.send && id.value == 0) return;
    Leg& leg = legs_[change.leg];
    leg.id = id;
    leg.quantity = change.send ? change.order.quantity : Quantity{};
    leg.price = change.leg == 0 ? change.order.trigger : change.order.price;
}

void Bracket::restore(const Order& order) noexcept {
    if (!active_) {
        legs_ = {};
        active_ = adopted_ = true;
        side_ = core::opposite(order.side);
        venue_ = order.venue;
        bot_ = order.bot;
        stop_ = {};
    }
    if (order.side == side_) return;
    std::size_t at = 0;
    if (order.type != OrderType::stop_market)
        for (at = 1; at < legs && legs_[at].id.value != 0;) ++at;
    // Of two stops the newer is the plan's: it was to replace the other.
    if (at == legs || (at == 0 && legs_[at].id > order.id)) return;
    const auto price = at == 0 ? order.trigger : order.price;
    legs_[at] = {.id = order.id, .quantity = order.quantity, .price = price, .wanted = price};
    if (at == 0) stop_ = price;
}

void Bracket::restore(const core::Instrument& instrument, Side side, core::Price entry, Quantity quantity,
                      double stop_bps, std::uint8_t bot) noexcept {
    if (!active_ || side_ != side) {
        legs_ = {};
        stop_ = {};
    }
    active_ = adopted_ = true;
    side_ = side;
    venue_ = instrument.venue;
    bot_ = bot;
    if (remembered_.active && remembered_.side == side) {
        follow(remembered_);
    } else {  // what each takes of the position is its share in the plan
        for (std::size_t i = 1; i < legs; ++i)
            if (legs_[i].id.value != 0)
                legs_[i].share = static_cast<double>(legs_[i].quantity.units) / static_cast<double>(quantity.units);
    }
    remembered_ = {};
    if (stop_.units > 0) return;
    const int way = core::sign(side);
    const double tick = static_cast<double>(instrument.tick_size.units);
    const double wanted = static_cast<double>(entry.units) * (1 - way * stop_bps * 1e-4) / tick;
    stop_ = {static_cast<std::int64_t>(way > 0 ? std::floor(wanted + 1e-9) : std::ceil(wanted - 1e-9)) *
             instrument.tick_size.units};
}

/// The tighter stop of plan and order; targets as planned, with the orders that already work at their prices.
void Bracket::follow(const PlanMemory& plan) noexcept {
    bot_ = plan.bot;
    best_gain_bps_ = plan.best_gain_bps;
    const bool tighter = side_ == Side::buy ? plan.stop > stop_ : plan.stop < stop_;
    if (stop_.units == 0 || (plan.stop.units > 0 && tighter)) stop_ = plan.stop;
    const auto old = legs_;
    for (std::size_t i = 1; i < legs; ++i) {
        const auto& target = plan.targets[i - 1];
        legs_[i] = {.wanted = target.price, .share = target.share};
        if (target.share <= 0) continue;
        for (std::size_t j = 1; j < legs; ++j)
            if (old[j].id.value != 0 && old[j].price == target.price && !owns(old[j].id)) {
                legs_[i].id = old[j].id;
                legs_[i].quantity = old[j].quantity;
                legs_[i].price = old[j].price;
                break;
            }
    }
}

void Bracket::remember(std::uint8_t leg, Side side, std::uint8_t bot, core::Price price, double value) noexcept {
    if (leg >= legs) return;
    remembered_.active = true;
    remembered_.side = side;
    remembered_.bot = bot;
    if (leg == 0) {
        remembered_.stop = price;
        remembered_.best_gain_bps = value;
    } else {
        remembered_.targets[leg - 1U] = {price, value};
    }
}

PlanMemory Bracket::memory() const noexcept {
    if (!active_) return {};
    PlanMemory memory{
        .active = true, .side = side_, .bot = bot_, .stop = stop_, .best_gain_bps = best_gain_bps_, .targets = {}};
    for (std::size_t i = 1; i < legs; ++i)
        if (!legs_[i].done && legs_[i].share > 0) memory.targets[i - 1] = {legs_[i].wanted, legs_[i].share};
    return memory;
}

void Bracket::spread_targets(const core::Instrument& instrument, Quantity position,
                             std::array<Quantity, legs>& wanted) const noexcept {
    wanted.fill({});
    double shares = 0;
    std::size_t last = 0;
    for (std::size_t i = 1; i < legs; ++i) {
        if (legs_[i].done || legs_[i].share <= 0) continue;
        shares += legs_[i].share;
        last = i;
    }
    if (last == 0) return;
    std::int64_t left = position.units;
    for (std::size_t i = 1; i < last; ++i) {
        if (legs_[i].done || legs_[i].share <= 0) continue;
        const double part = static_cast<double>(position.units) * legs_[i].share / shares /
                            static_cast<double>(instrument.lot_size.units);
        Quantity quantity{static_cast<std::int64_t>(std::floor(part + 1e-9)) * instrument.lot_size.units};
        const auto value = instrument.notional(legs_[i].wanted, quantity);
        if (!value || *value < instrument.min_notional || quantity < instrument.min_quantity)
            quantity = {};  // too small for the venue: goes to the last
        wanted[i] = quantity;
        left -= quantity.units;
    }
    wanted[last] = {left};
}

void Bracket::protect(const core::Instrument& instrument, Quantity position, bool entering, core::Nanoseconds now,
                      Changes& changes) noexcept {
    changes.count = 0;
    changes.retry = core::Nanoseconds::max();
    if (!active_) return;
    if (position != seen_)
        for (Leg& leg : legs_) leg.try_at_once();
    seen_ = position;
    if (!suits(position)) {
        legs_ = {};
        reached_ = 0;
        active_ = false;
        return;
    }
    const auto held = position.units < 0 ? -position.units : position.units;
    const Quantity size{held - held % instrument.lot_size.units};  // what can be ordered of it
    if (legs_[0].id.value == 0 || legs_[0].quantity != size || legs_[0].price != stop_)
        change(instrument, 0, size, now, changes);
    if (entering) return;

    std::array<Quantity, legs> wanted;
    std::int64_t working = 0;
    bool astray = false;  // a target that is not where, or whether, the plan wants it
    for (std::size_t i = 1; i < legs; ++i) {
        working += legs_[i].quantity.units;
        astray |= legs_[i].id.value != 0 && (legs_[i].price != legs_[i].wanted || legs_[i].share <= 0);
    }
    if (working == size.units && !astray) return;
    spread_targets(instrument, size, wanted);
    for (std::uint8_t i = 1; i < legs; ++i)
        if (wanted[i] != legs_[i].quantity || (legs_[i].id.value != 0 && legs_[i].price != legs_[i].wanted))
            change(instrument, i, wanted[i], now, changes);
}

bool Bracket::reach(core::Price bid, core::Nanoseconds now) noexcept {
    if (!active_ || reached_ != 0) return false;
    for (std::uint8_t i = 1; i < legs; ++i) {
        const Leg& leg = legs_[i];
        if (leg.done || leg.share <= 0 || bid < leg.wanted || leg.waits(now)) continue;
        reached_ = i;
        return true;
    }
    return false;
}

void Bracket::aim(const core::Instrument& instrument, Quantity position, core::Nanoseconds now,
                  Changes& changes) noexcept {
    changes.count = 0;
    changes.retry = core::Nanoseconds::max();
    if (position != seen_)
        for (Leg& leg : legs_) leg.try_at_once();
    seen_ = position;
    Quantity guarded{position.units - position.units % instrument.lot_size.units};  // by the stop
    if (reached_ != 0) {
        std::array<Quantity, legs> wanted;
        spread_targets(instrument, guarded, wanted);
        change(instrument, reached_, wanted[reached_], now, changes);
        if (changes.count != 0) {
            changes.change[0].order.time_in_force = core::TimeInForce::ioc;
            guarded = guarded - wanted[reached_];
        } else {
            legs_[reached_].done = wanted[reached_].units == 0;  // too small for the venue: a later one takes it along
            reached_ = 0;
        }
    }
    if (guarded.units == 0) return;
    if (legs_[0].id.value == 0 || legs_[0].quantity != guarded || legs_[0].price != stop_)
        change(instrument, 0, guarded, now, changes);
    if (changes.count == 2) std::swap(changes.change[0], changes.change[1]);  // protection first
}

bool Bracket::trail(const core::Instrument& instrument, core::Price entry, core::Price price) noexcept {
    if (entry.units <= 0) return false;
    const int way = core::sign(side_);
    const double gain = way * core::bps(static_cast<double>(price.units), static_cast<double>(entry.units));
    if (gain <= best_gain_bps_) return false;
    best_gain_bps_ = gain;
    const double keep = gain >= 300 ? gain / 2 : gain >= 150 ? 50 : 0;
    if (keep == 0) return false;
    const double wanted =
        static_cast<double>(entry.units) * (1 + way * keep * 1e-4) / static_cast<double>(instrument.tick_size.units);
    const core::Price stop{static_cast<std::int64_t>(way > 0 ? std::floor(wanted + 1e-9) : std::ceil(wanted - 1e-9)) *
                           instrument.tick_size.units};
    if (way > 0 ? stop <= stop_ : stop >= stop_) return false;
    stop_ = stop;
    return true;
}

}  // namespace strategies
