#include "strategies/risk/bracket.hpp"

#include <algorithm>
#include <cmath>

namespace strategies {

using core::Order;
using core::OrderType;
using core::Purpose;
using core::Quantity;
using core::Side;

void Bracket::plan(const Intent& intent, Side position_side) noexcept {
    if (!active_) *this = Bracket{};
    active_ = true;
    bot_ = intent.order.bot;
    venue_ = intent.order.venue;
    side_ = position_side;
    stop_ = intent.stop_price;
    targets_ = std::min<std::uint8_t>(intent.target_count, max_targets);
    for (std::uint8_t i = 0; i < targets_; ++i) {
        legs_[1u + i].price = intent.targets[i].price;
        legs_[1u + i].share = intent.targets[i].share;
    }
}

void Bracket::leg_order(const core::Instrument& instrument, std::uint8_t slot, Quantity quantity, Changes& changes) noexcept {
    Leg& leg = legs_[slot];
    if (leg.id.value != 0) changes.cancel[changes.cancel_count++] = leg.id;
    leg.id = {};
    leg.quantity = quantity;
    if (quantity.units == 0) return;
    Order& order = changes.send[changes.send_count];
    order = Order{};
    order.instrument = instrument.id;
    order.venue = venue_;
    order.side = core::opposite(side_);
    order.bot = bot_;
    order.reduce_only = true;
    order.quantity = quantity;
    if (slot == 0) {
        order.type = OrderType::stop_market;
        order.purpose = Purpose::stop;
        order.trigger = stop_;
        leg.price = stop_;
    } else {
        order.type = OrderType::limit;
        order.purpose = Purpose::target;
        order.price = leg.price;
    }
    changes.slot[changes.send_count++] = slot;
}

void Bracket::spread_targets(const core::Instrument& instrument, Quantity position, std::array<Quantity, max_targets>& wanted) const noexcept {
    wanted.fill({});
    double shares = 0;
    std::size_t last = max_targets;
    for (std::size_t i = 0; i < targets_; ++i) {
        if (legs_[1 + i].done) continue;
        shares += legs_[1 + i].share;
        last = i;
    }
    if (last == max_targets || shares <= 0) return;
    std::int64_t left = position.units;
    for (std::size_t i = 0; i < last; ++i) {
        if (legs_[1 + i].done) continue;
        const double part = static_cast<double>(position.units) * legs_[1 + i].share / shares / static_cast<double>(instrument.lot_size.units);
        Quantity quantity{static_cast<std::int64_t>(std::floor(part + 1e-9)) * instrument.lot_size.units};
        const auto value = instrument.notional(legs_[1 + i].price, quantity);
        if (!value || *value < instrument.min_notional || quantity < instrument.min_quantity) quantity = {};   // too small for the venue: goes to the last
        wanted[i] = quantity;
        left -= quantity.units;
    }
    wanted[last] = {left};
}

void Bracket::protect(const core::Instrument& instrument, Quantity position, bool entering, Changes& changes) noexcept {
    changes.send_count = changes.cancel_count = 0;
    if (!active_) return;
    const bool ours = position.units != 0 && (position.units > 0) == (side_ == Side::buy);
    const Quantity size = ours ? (position.units < 0 ? -position : position) : Quantity{};
    if (size.units == 0) {
        for (std::uint8_t slot = 0; slot <= targets_; ++slot) {
            leg_order(instrument, slot, {}, changes);
            legs_[slot].done = false;
        }
        active_ = entering;
        return;
    }
    if (legs_[0].quantity != size || legs_[0].id.value == 0 || legs_[0].price != stop_) leg_order(instrument, 0, size, changes);

    std::int64_t working = 0;
    bool missing = false;
    for (std::size_t i = 0; i < targets_; ++i) {
        working += legs_[1 + i].quantity.units;
        missing |= legs_[1 + i].quantity.units > 0 && legs_[1 + i].id.value == 0;
    }
    if (working == size.units && !missing) return;
    std::array<Quantity, max_targets> wanted;
    spread_targets(instrument, size, wanted);
    for (std::uint8_t i = 0; i < targets_; ++i)
        if (wanted[i] != legs_[1u + i].quantity || (wanted[i].units > 0 && legs_[1u + i].id.value == 0))
            leg_order(instrument, static_cast<std::uint8_t>(1 + i), wanted[i], changes);
}

bool Bracket::traded(core::OrderId id, Quantity quantity) noexcept {
    for (std::size_t slot = 0; slot <= targets_; ++slot) {
        Leg& leg = legs_[slot];
        if (leg.id != id) continue;
        leg.quantity = leg.quantity - quantity;
        if (leg.quantity.units <= 0) {
            leg.id = {};
            leg.quantity = {};
            leg.done = slot != 0;
        }
        return true;
    }
    return false;
}

bool Bracket::ended(core::OrderId id) noexcept {
    if (id.value == 0) return false;
    for (std::size_t slot = 0; slot <= targets_; ++slot) {
        if (legs_[slot].id != id) continue;
        legs_[slot].id = {};
        legs_[slot].quantity = {};
        return true;
    }
    return false;
}

bool Bracket::refused(core::OrderId id) noexcept {
    const bool stop = legs_[0].id == id && id.value != 0;
    for (std::size_t slot = 1; slot <= targets_; ++slot)
        if (legs_[slot].id == id) legs_[slot].done = true;
    ended(id);
    return stop && ++stop_refusals_ >= patience;
}

bool Bracket::trail(const core::Instrument& instrument, core::Price entry, core::Price price) noexcept {
    const int way = core::sign(side_);
    const double gain = way * core::bps(static_cast<double>(price.units), static_cast<double>(entry.units));
    if (gain <= best_gain_bps_) return false;
    best_gain_bps_ = gain;
    const double keep = gain >= 300 ? gain / 2 : gain >= 150 ? 50 : 0;
    if (keep == 0) return false;
    const double wanted = static_cast<double>(entry.units) * (1 + way * keep * 1e-4) / static_cast<double>(instrument.tick_size.units);
    const core::Price stop{static_cast<std::int64_t>(way > 0 ? std::floor(wanted + 1e-9) : std::ceil(wanted - 1e-9)) * instrument.tick_size.units};
    if (way > 0 ? stop <= stop_ : stop >= stop_) return false;
    stop_ = stop;
    return true;
}

}  // namespace strategies
