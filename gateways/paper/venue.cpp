#include "gateways/paper/venue.hpp"

#include "gateways/paper/fee.hpp"

namespace gateways::paper {

using core::Execution;
using core::Nanoseconds;
using core::Notional;
using core::Order;
using core::OrderType;
using core::Price;
using core::Quantity;
using core::RejectReason;
using core::Side;
using core::Tick;
using core::TickKind;
using core::TimeInForce;

namespace {

Nanoseconds microseconds(double us) noexcept {
    return Nanoseconds{static_cast<std::int64_t>(us * 1000)};
}

Nanoseconds least(double constant_us, const std::vector<double>& samples_us) noexcept {
    return microseconds(samples_us.empty() ? constant_us : *std::min_element(samples_us.begin(), samples_us.end()));
}

bool within(const Order& order, Price price) noexcept {
    if (order.type != OrderType::limit) return true;
    return order.side == Side::buy ? price <= order.price : price >= order.price;
}

/// Whether a venue takes the coins of a stop out of the free balance when it is placed. Binance: "STOP_LOSS" orders
/// lock like any other. Bybit v5, "Place Order": of orderFilter StopOrder "the assets will not be occupied until the
/// price of the underlying asset reaches the trigger price"; Bitget's plan orders and OKX's algo orders neither.
bool stop_holds_coins(core::Venue venue) noexcept {
    return venue != core::Venue::bybit && venue != core::Venue::bitget && venue != core::Venue::okx;
}

/// Whether a trade at `price` releases a stop order.
bool reached(const Order& stop, Price price) noexcept {
    return price.units > 0 && (stop.side == Side::buy ? price >= stop.trigger : price <= stop.trigger);
}

}  // namespace

Venue::Venue(const Settings& settings, const core::InstrumentTable& instruments)
    : settings_{settings},
      instruments_{&instruments},
      lookahead_{least(settings.entry_latency_us, settings.entry_samples_us)},
      entry_draws_{settings.seed},
      response_draws_{settings.seed + 1} {
    listings_.reserve(instruments.size());
    for (std::size_t i = 0; i < instruments.size(); ++i) listings_.push_back({.book = Book{settings.window, 64}});
    working_.reserve(settings.max_working);
}

Nanoseconds Venue::latency(double constant_us, const std::vector<double>& samples_us, core::Xoshiro& draws) noexcept {
    if (samples_us.empty()) return microseconds(constant_us);
    return microseconds(samples_us[draws.next() % samples_us.size()]);
}

void Venue::submit(const Order& order, Nanoseconds now) noexcept {
    last_arrival_ =
        std::max(last_arrival_, now + latency(settings_.entry_latency_us, settings_.entry_samples_us, entry_draws_));
    arrivals_.push({last_arrival_, order, false});
}

void Venue::refuse(const Order& order, Nanoseconds now) noexcept {
    last_arrival_ =
        std::max(last_arrival_, now + latency(settings_.entry_latency_us, settings_.entry_samples_us, entry_draws_));
    arrivals_.push({last_arrival_, order, true});
}

void Venue::report(const Order& order, Execution what, RejectReason why, Price price, Quantity quantity,
                   Notional fee) noexcept {
    last_due_ = std::max(last_due_,
                         now_ + latency(settings_.response_latency_us, settings_.response_samples_us, response_draws_));
    Tick tick;
    tick.venue_time = now_;
    if (order.instrument.value < listings_.size()) tick.venue_time += listings_[order.instrument.value].clock_offset;
    tick.receive_time = last_due_;
    tick.instrument = order.instrument;
    tick.venue = order.venue;
    tick.kind = TickKind::execution;
    tick.side = order.side;
    tick.code = static_cast<std::uint16_t>(static_cast<unsigned>(what) | static_cast<unsigned>(why) << 8);
    tick.execution = {order.id.value, price, quantity, fee};
    reports_.push(tick);
}

void Venue::arrive(const Order& order) noexcept {
    if (order.instrument.value >= listings_.size())
        return report(order, Execution::rejected, RejectReason::unknown_order, {}, order.quantity, {});
    if (order.type == OrderType::cancel) return cancel(order);
    const auto why = check(order, listings_[order.instrument.value]);
    if (why != RejectReason::none) return report(order, Execution::rejected, why, {}, order.quantity, {});
    newest_id_ = std::max(newest_id_, order.id.value);
    report(order, Execution::accepted, RejectReason::none, {}, order.quantity, {});
    execute(order);
}

RejectReason Venue::check(const Order& order, const Listing& listing) const noexcept {
    const auto& instrument = (*instruments_)[order.instrument];
    if (order.id.value <= newest_id_) return RejectReason::duplicate_id;
    const Price named = order.type == OrderType::stop_market ? order.trigger : order.price;
    if (order.type != OrderType::market && (named.units <= 0 || named.units % instrument.tick_size.units != 0))
        return RejectReason::tick_size;
    if (order.quantity.units <= 0 || order.quantity.units % instrument.lot_size.units != 0 ||
        order.quantity < instrument.min_quantity)
        return RejectReason::lot_size;
    const bool sells_coins = instrument.market == core::Market::spot && order.side == Side::sell;
    if (sells_coins && listing.position.units > 0 && free_coins(order) < order.quantity &&
        (order.type != OrderType::stop_market || stop_holds_coins(order.venue)))
        return core::reject_reason::balance;
    if (capped(order, order.quantity).units == 0) return RejectReason::reduce_only;
    if (working_.size() >= settings_.max_working) return RejectReason::too_many;
    if (order.type == OrderType::stop_market) return RejectReason::none;
    if (!listing.book.valid()) return RejectReason::no_market;

    const Price touch = listing.book.touch(order.side);
    if (order.type == OrderType::market && touch.units == 0) return RejectReason::no_market;
    const auto value = instrument.notional(order.type == OrderType::limit ? order.price : touch, order.quantity);
    if (!order.reduce_only && (!value || *value < instrument.min_notional)) return RejectReason::min_notional;
    if (order.time_in_force == TimeInForce::post_only && touch.units != 0 && within(order, touch))
        return RejectReason::post_only_would_cross;
    return RejectReason::none;
}

Quantity Venue::free_coins(const Order& order) const noexcept {
    Quantity coins = listings_[order.instrument.value].position;
    for (const Working& waiting : working_) {
        const Order& other = waiting.order;
        if (other.instrument != order.instrument || other.side != Side::sell || other.id == order.id) continue;
        if (other.type != OrderType::stop_market || waiting.triggered || stop_holds_coins(other.venue))
            coins = coins - waiting.left;
    }
    return coins;
}

Quantity Venue::capped(const Order& order, Quantity wanted) const noexcept {
    const bool spot = (*instruments_)[order.instrument].market == core::Market::spot;
    if (spot && order.side == Side::sell) return {std::clamp<std::int64_t>(free_coins(order).units, 0, wanted.units)};
    if (!order.reduce_only) return wanted;
    const auto position = listings_[order.instrument.value].position.units;
    const auto open = order.side == Side::sell ? position : -position;
    return {std::clamp<std::int64_t>(open, 0, wanted.units)};
}

Quantity Venue::fillable(const Order& order, Quantity wanted) const noexcept {
    Quantity found{};
    listings_[order.instrument.value].book.offers(order.side, [&](Price price, Quantity available) {
        if (!within(order, price)) return false;
        found = found + available;
        return found < wanted;
    });
    return std::min(found, wanted);
}

void Venue::execute(const Order& order) noexcept {
    if (order.type == OrderType::stop_market) {
        rest(order, order.quantity);
        if (reached(order, listings_[order.instrument.value].book.last_trade())) {
            trigger(working_.size() - 1);
            sweep(order.instrument);
        }
        return;
    }
    const Quantity wanted = capped(order, order.quantity);
    if (order.time_in_force == TimeInForce::fok && fillable(order, wanted) < wanted)
        return report(order, Execution::expired, RejectReason::would_not_fill, {}, order.quantity, {});
    const Quantity left = order.quantity - walk(order, wanted);
    if (left.units == 0) return;
    const bool rests = order.type == OrderType::limit &&
                       (order.time_in_force == TimeInForce::gtc || order.time_in_force == TimeInForce::post_only);
    if (rests && capped(order, left).units > 0) return rest(order, left);
    report(order, Execution::expired, RejectReason::none, {}, left, {});
}

Quantity Venue::walk(const Order& order, Quantity wanted) noexcept {
    Quantity done{};
    listings_[order.instrument.value].book.take(order.side, [&](Price price, Quantity available) {
        if (!within(order, price)) return Quantity{};
        const Quantity taken = std::min(available, wanted - done);
        if (taken.units > 0) {
            fill(order, price, taken, false);
            done = done + taken;
        }
        return taken;
    });
    return done;
}

void Venue::rest(const Order& order, Quantity left) noexcept {
    Working waiting{.order = order, .left = left};
    if (order.type == OrderType::limit) {
        const auto shown = listings_[order.instrument.value].book.displayed(order.side, order.price);
        waiting.place = {.ahead = shown, .displayed = shown};
    }
    working_.push_back(waiting);
    ++listings_[order.instrument.value].working;
}

void Venue::cancel(const Order& order) noexcept {
    for (auto it = working_.begin(); it != working_.end(); ++it) {
        if (it->order.id != order.id) continue;
        report(it->order, Execution::cancelled, RejectReason::none, {}, it->left, {});
        --listings_[order.instrument.value].working;
        working_.erase(it);
        return;
    }
    report(order, Execution::cancel_rejected, RejectReason::unknown_order, {}, {}, {});
}

void Venue::fill(const Order& order, Price price, Quantity quantity, bool maker) noexcept {
    const auto& instrument = (*instruments_)[order.instrument];
    const bool spot = instrument.market == core::Market::spot;
    const double bps = maker ? (spot ? settings_.spot_maker_fee_bps : settings_.contract_maker_fee_bps)
                             : (spot ? settings_.spot_taker_fee_bps : settings_.contract_taker_fee_bps);
    auto& position = listings_[order.instrument.value].position;
    position = position + (order.side == Side::buy ? quantity : -quantity);
    report(order, maker ? Execution::filled_maker : Execution::filled_taker, RejectReason::none, price, quantity,
           fee_of(instrument, price, quantity, bps));
}

void Venue::on_market(const Tick& tick) noexcept {
    if (tick.instrument.value >= listings_.size()) {
        if (tick.is(TickKind::session))  // a whole venue
            for (const auto& instrument : *instruments_)
                if (instrument.venue == tick.venue) listings_[instrument.id.value].book.on(tick);
        return;
    }
    auto& listing = listings_[tick.instrument.value];
    if (tick.is(TickKind::trade) || tick.is(TickKind::level))
        listing.clock_offset = tick.venue_time - tick.receive_time;
    const bool top = listing.book.on(tick);
    if (listing.working == 0) [[likely]]
        return;
    now_ = std::max(now_, tick.receive_time);
    if (tick.is(TickKind::trade)) on_trade(tick);
    if (tick.is(TickKind::level) || tick.is(TickKind::quote)) on_display(tick);
    if (top) on_top(tick.instrument);
}

void Venue::on_trade(const Tick& tick) noexcept {
    Quantity left = tick.trade.quantity;  // what of this trade can still have been ours
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& waiting = working_[i];
        const Order& order = waiting.order;
        if (order.instrument != tick.instrument) continue;
        const Price at = tick.trade.price;
        if (order.type == OrderType::stop_market) {
            if (waiting.triggered || reached(order, at)) trigger(i);
            continue;
        }
        if (order.side == tick.side) continue;  // it hit the other side
        Quantity reached{};
        if (at == order.price)
            reached = waiting.place.on_trade(left);
        else if (order.side == Side::buy ? at < order.price : at > order.price)
            reached = left;
        const Quantity quantity = std::min(reached, waiting.left);
        if (quantity.units <= 0) continue;
        left = left - fill_maker(i, quantity);
    }
    sweep(tick.instrument);
}

void Venue::on_display(const Tick& tick) noexcept {
    const auto& book = listings_[tick.instrument.value].book;
    // A snapshot's end tells all levels, also those it does not name; a lone quote tells the best ones.
    const bool level = tick.is(TickKind::level);
    const bool all = level ? (tick.flags & core::tick_flag::snapshot) != 0 && (tick.flags & core::tick_flag::last) != 0
                           : !book.has_depth();
    if (!all && !level) return;
    for (Working& waiting : working_) {
        const auto& order = waiting.order;
        if (order.instrument != tick.instrument || order.type != OrderType::limit) continue;
        const bool named = level && order.side == tick.side && order.price == tick.level.price;
        if (!all && !named) continue;
        const auto shown = book.displayed(order.side, order.price);
        if (shown != Book::hidden) waiting.place.on_display(shown, settings_.queue, settings_.queue_power);
    }
}

void Venue::on_top(core::InstrumentId id) noexcept {
    auto& book = listings_[id.value].book;
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& waiting = working_[i];
        if (waiting.order.instrument != id) continue;
        if (waiting.order.type == OrderType::stop_market) {
            if (waiting.triggered) trigger(i);
            continue;
        }
        // The other side now shows a price at or through ours: it would have met us, at our price, for what it shows.
        book.take(waiting.order.side, [&](Price price, Quantity available) {
            if (!within(waiting.order, price)) return Quantity{};
            const Quantity quantity = std::min(available, waiting.left);
            return quantity.units > 0 ? fill_maker(i, quantity) : Quantity{};
        });
    }
    sweep(id);
}

void Venue::trigger(std::size_t index) noexcept {
    Working& waiting = working_[index];
    waiting.triggered = true;
    if (!listings_[waiting.order.instrument.value].book.valid()) return;  // released by the next valid book
    Order market = waiting.order;
    market.type = OrderType::market;
    waiting.left = waiting.left - walk(market, capped(market, waiting.left));
    // What the book has no quantity for waits for the next one; what there is nothing left to reduce with is over.
    if (waiting.left.units == 0 || capped(market, waiting.left).units > 0) return;
    report(waiting.order, Execution::expired, RejectReason::none, {}, waiting.left, {});
    waiting.left = {};
}

Quantity Venue::fill_maker(std::size_t index, Quantity quantity) noexcept {
    Working& waiting = working_[index];
    const Quantity allowed = capped(waiting.order, quantity);
    if (allowed.units > 0) fill(waiting.order, waiting.order.price, allowed, true);
    waiting.left = waiting.left - allowed;
    if (allowed == quantity || waiting.left.units == 0) return allowed;
    report(waiting.order, Execution::expired, RejectReason::reduce_only, {}, waiting.left,
           {});  // nothing left to reduce
    waiting.left = {};
    return allowed;
}

void Venue::sweep(core::InstrumentId id) noexcept {
    const auto gone = std::erase_if(working_, [](const Working& waiting) { return waiting.left.units == 0; });
    listings_[id.value].working -= static_cast<std::uint32_t>(gone);
}

}  // namespace gateways::paper
