#include "strategies/risk/gate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strategies {

using core::OrderType;

namespace {

/// Limits are inclusive; the slack covers only the rounding of the comparison itself.
bool exceeds(double value, double limit) noexcept {
    return value > limit * (1 + 1e-12) + 1e-9;
}

core::Quantity magnitude(core::Quantity q) noexcept {
    return q.units < 0 ? -q : q;
}

}  // namespace

Gate::Gate(const RiskSettings& settings, const core::InstrumentTable& instruments, bool live)
    : settings_{settings},
      instruments_{&instruments},
      live_{live},
      per_second_{settings.orders_per_s, settings.orders_burst},
      per_minute_{settings.orders_per_min / 60, settings.orders_per_min},
      doubtful_(instruments.size()) {}

Verdict Gate::judge(const Intent& intent, core::Order& order, const pipeline::Market& market, const Account& account,
                    WorkingOrders& working, const Protections& protections) noexcept {
    const Verdict verdict = check(intent, order, market, account, working, protections);
    ++answers_[static_cast<std::size_t>(verdict.denial)];
    reduced_ += verdict.reduced;
    return verdict;
}

Verdict Gate::check(const Intent& intent, core::Order& order, const pipeline::Market& market, const Account& account,
                    WorkingOrders& working, const Protections& protections) noexcept {
    const auto& instrument = (*instruments_)[order.instrument];
    if (protections.mode() != Mode::active)
        return {.denial = Denial::mode, .value = static_cast<double>(protections.mode())};
    if (live_ && !settings_.live_enabled) return {.denial = Denial::not_live};
    const auto age = std::max(market.time - market.book_time, market.book_silence);
    const double age_ms = static_cast<double>(age.count()) * 1e-6;
    if (!market.valid || exceeds(age_ms, settings_.max_book_age_ms))
        return {.denial = Denial::book_invalid, .value = age_ms, .limit = settings_.max_book_age_ms};
    const auto mark = account.mark(order.instrument, market.time);
    if (!mark) return {.denial = Denial::mark_unknown};
    if (doubtful_[order.instrument.value]) return {.denial = Denial::reconcile};

    if (order.type == OrderType::limit &&
        (order.price.units <= 0 || order.price.units % instrument.tick_size.units != 0))
        return {.denial = Denial::tick_size,
                .value = static_cast<double>(order.price.units),
                .limit = static_cast<double>(instrument.tick_size.units)};
    if (order.quantity.units <= 0 || order.quantity.units % instrument.lot_size.units != 0 ||
        order.quantity < instrument.min_quantity)
        return {.denial = Denial::lot_size,
                .value = static_cast<double>(order.quantity.units),
                .limit = static_cast<double>(instrument.lot_size.units)};

    Verdict verdict = check_money(intent, order, *mark, account, working);
    if (verdict.denial != Denial::none) return verdict;

    if (working.size() >= settings_.max_open_orders)
        return {.denial = Denial::open_orders,
                .value = static_cast<double>(working.size()),
                .limit = static_cast<double>(settings_.max_open_orders)};
    // One working entry per instrument: a second one of the same bot is a repeated wish, and one of another bot would
    // take the place of the first's plan in the bracket, whose fill would then stand without a stop.
    for (const WorkingOrder& other : working)
        if (other.order.instrument == order.instrument && other.order.purpose == core::Purpose::entry)
            return {.denial = Denial::open_orders, .value = 1, .limit = 1};
    if (!per_second_.has(market.time)) return {.denial = Denial::rate, .limit = settings_.orders_per_s};
    if (!per_minute_.has(market.time)) return {.denial = Denial::rate, .limit = settings_.orders_per_min};
    for (const WorkingOrder& other : working) {
        if (other.order.instrument != order.instrument || other.order.side == order.side ||
            other.order.type != OrderType::limit)
            continue;
        const bool crosses =
            order.type == OrderType::market ||
            (order.side == core::Side::buy ? order.price >= other.order.price : order.price <= other.order.price);
        if (crosses)
            return {.denial = Denial::self_cross,
                    .value = static_cast<double>(order.price.units),
                    .limit = static_cast<double>(other.order.price.units)};
    }
    if (protections.entries_locked(order.instrument, order.venue, order.bot, market.time))
        return {.denial = Denial::protection};
    per_second_.take();
    per_minute_.take();
    return verdict;
}

Verdict Gate::check_money(const Intent& intent, core::Order& order, core::Price mark, const Account& account,
                          WorkingOrders& working) const noexcept {
    const auto& instrument = (*instruments_)[order.instrument];
    const double equity = account.equity().value();
    const core::Price price = order.type == OrderType::limit ? order.price : mark;
    const auto value_of = [&](core::Quantity quantity) {
        const auto value = instrument.notional(price, quantity);
        return value ? value->value() : std::numeric_limits<double>::infinity();
    };
    double value = value_of(order.quantity);
    if (value < instrument.min_notional.value())
        return {.denial = Denial::min_notional, .value = value, .limit = instrument.min_notional.value()};
    const double off = std::abs(core::bps(static_cast<double>(price.units), static_cast<double>(mark.units)));
    if (exceeds(off, settings_.price_band_bps))
        return {.denial = Denial::price_band, .value = off, .limit = settings_.price_band_bps};
    if (exceeds(value, settings_.max_order_notional * equity))
        return {.denial = Denial::order_notional, .value = value, .limit = settings_.max_order_notional * equity};

    Verdict verdict;
    const core::Quantity held = account.position(order.instrument).quantity();
    const core::Quantity after = held + (order.side == core::Side::buy ? order.quantity : -order.quantity);
    const double cap = settings_.max_position * equity;
    if (exceeds(value_of(magnitude(after)), cap)) {
        // Whole lots that still fit, from the value of one lot: the answer is a smaller order or none.
        const bool grows = (held.units >= 0) == (order.side == core::Side::buy);
        const double lot_value = value_of(instrument.lot_size);
        const double room = (cap - (grows ? value_of(magnitude(held)) : -value_of(magnitude(held)))) / lot_value;
        const auto lots = static_cast<std::int64_t>(std::floor(std::max(0.0, room) + 1e-9));
        const core::Quantity fits{lots * instrument.lot_size.units};
        if (fits.units <= 0 || fits < instrument.min_quantity || value_of(fits) < instrument.min_notional.value())
            return {.denial = Denial::position, .value = value_of(magnitude(after)), .limit = cap};
        verdict = {.reduced = true, .value = value_of(magnitude(after)), .limit = cap};
        order.quantity = fits;
        value = value_of(fits);
    }
    double exposure = account.exposure().value() + value;
    for (const WorkingOrder& other : working) {  // entries under way count as if they had filled
        if (other.order.purpose != core::Purpose::entry) continue;
        const auto under_way = (*instruments_)[other.order.instrument].notional(other.order.price, other.left);
        exposure += under_way ? under_way->value() : std::numeric_limits<double>::infinity();
    }
    if (exceeds(exposure, settings_.max_exposure * equity))
        return {.denial = Denial::exposure, .value = exposure, .limit = settings_.max_exposure * equity};

    if (intent.stop_price.units <= 0) return {.denial = Denial::no_stop};
    const double distance =
        std::abs(static_cast<double>((price - intent.stop_price).units)) / static_cast<double>(price.units);
    const double loss = value * (distance + (2 * settings_.fee_bps + settings_.slippage_bps) / 1e4);
    if (exceeds(loss, settings_.max_trade_risk * equity))
        return {.denial = Denial::risk_per_trade, .value = loss, .limit = settings_.max_trade_risk * equity};
    if (exceeds(exposure / equity, settings_.max_leverage))
        return {.denial = Denial::leverage, .value = exposure / equity, .limit = settings_.max_leverage};
    return verdict;
}

}  // namespace strategies
