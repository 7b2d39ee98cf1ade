#include "gateways/live/reading.hpp"

#include "gateways/exchange/decimal_text.hpp"
#include "gateways/exchange/stream_reading.hpp"
#include "gateways/streams/fields.hpp"

namespace gateways::live {

using core::Error;
using exchange::Gather;

namespace {

VenueEvent event_of(const Origin& origin, VenueEventKind kind, const core::Instrument& instrument,
                    const exchange::Time& time) {
    VenueEvent event;
    event.kind = kind;
    event.source = origin.source;
    event.venue = origin.desk.venue;
    event.instrument = instrument.id;
    event.receive_time = origin.receive_time;
    event.venue_time = time.value_or(origin.receive_time);
    return event;
}

core::Result<core::Side> side_of(const std::string& text) {
    if (text == "buy") return core::Side::buy;
    if (text == "sell") return core::Side::sell;
    return Error::missing_field;
}

core::TimeInForce force_of(const exchange::Order& order) noexcept {
    if (order.post_only.value_or(false) || order.time_in_force == "PO" || order.time_in_force == "GTX")
        return core::TimeInForce::post_only;
    if (order.time_in_force == "IOC") return core::TimeInForce::ioc;
    return order.time_in_force == "FOK" ? core::TimeInForce::fok : core::TimeInForce::gtc;
}

const std::string& trigger_of(const exchange::Order& order) noexcept {
    return order.trigger_price.empty() ? order.stop_loss_price : order.trigger_price;
}

core::Result<VenueStatus> status_of(const exchange::Order& order, bool conditional, core::Quantity filled) {
    if (order.status == "open" || order.status == "canceling")
        return filled.units > 0 ? VenueStatus::partially_filled
               : conditional    ? VenueStatus::pending
                                : VenueStatus::working;
    if (order.status == "closed") return VenueStatus::filled;
    if (order.status == "canceled") return VenueStatus::cancelled;
    if (order.status == "expired") return VenueStatus::expired;
    if (order.status == "rejected") return VenueStatus::rejected;
    return Error::unknown_message;
}

core::Result<core::Quantity> signed_quantity(std::string_view text, bool negative, const core::Instrument& instrument) {
    const auto size = streams::quantity(text, instrument);
    if (!size) return size.error();
    return negative ? -*size : *size;
}

}  // namespace

Reading order_event(const Origin& origin, const exchange::Order& order, bool conditional) {
    const auto* instrument = origin.desk.find(order.symbol);
    if (instrument == nullptr) return std::optional<VenueEvent>{};
    Gather got;
    auto event = event_of(origin, VenueEventKind::order_update, *instrument,
                          order.last_update_time ? order.last_update_time : order.time);
    event.side = got(side_of(order.side));
    event.order = streams::order_id(order.client_order_id);
    event.venue_order = got(VenueId::of(order.id));
    if (event.venue_order.empty()) return Error::missing_field;
    OrderUpdate update;
    update.filled = got(streams::quantity(order.filled, *instrument));
    update.status = got(status_of(order, conditional, update.filled));
    update.trigger = got(streams::price(trigger_of(order), *instrument));
    update.price = got(streams::price(order.price, *instrument));
    const bool market = order.type == "market" || (conditional && update.price.units == 0);
    update.type = !market                                    ? core::OrderType::limit
                  : conditional || update.trigger.units != 0 ? core::OrderType::stop_market
                                                             : core::OrderType::market;
    update.time_in_force = force_of(order);
    update.reduce_only = order.reduce_only.value_or(false);
    update.conditional = conditional;
    update.quantity = got(streams::quantity(order.amount, *instrument));
    // for people; Bitget's open spot orders call their limit price the average one
    if (const auto average = streams::amount(order.average); average && update.filled.units > 0)
        update.average_price = *average;
    if (update.status == VenueStatus::rejected) update.refusal = Refusal::other;
    if (!got.ok()) return got.error();
    event.update = update;
    return std::optional{event};
}

Reading fill_event(const Origin& origin, const exchange::Trade& trade) {
    const auto* instrument = origin.desk.find(trade.symbol);
    if (instrument == nullptr) return std::optional<VenueEvent>{};
    Gather got;
    auto event = event_of(origin, VenueEventKind::fill, *instrument, trade.time);
    event.side = got(side_of(trade.side));
    event.order = streams::order_id(trade.client_order_id);
    event.venue_order = got(VenueId::of(trade.order));
    Fill fill;
    fill.trade = got(VenueId::of(trade.id));
    fill.price = got(streams::price(trade.price, *instrument));
    fill.quantity = got(streams::quantity(trade.amount, *instrument));
    if (!trade.fee.cost.empty() && !trade.fee.currency.empty()) {
        fill.fee = got(streams::amount(trade.fee.cost));
        fill.fee_asset = got(Asset::of(trade.fee.currency));
    }
    fill.liquidity = trade.taker_or_maker == "maker"   ? Liquidity::maker
                     : trade.taker_or_maker == "taker" ? Liquidity::taker
                                                       : Liquidity::unknown;
    if (!got.ok()) return got.error();
    const bool named = !event.venue_order.empty() || event.order.value != 0;
    if (fill.trade.empty() || !named || fill.price.units <= 0 || fill.quantity.units <= 0) return Error::missing_field;
    event.fill = fill;
    return std::optional{event};
}

Reading position_event(const Origin& origin, const exchange::Position& position) {
    const auto* instrument = origin.desk.find(position.symbol);
    if (instrument == nullptr || instrument->market == core::Market::spot) return std::optional<VenueEvent>{};
    if (position.contracts.empty()) return Error::missing_field;
    Gather got;
    auto event = event_of(origin, VenueEventKind::position, *instrument, position.last_update_time);
    const bool is_short = position.side == "short";
    PositionUpdate update;
    update.quantity = got(signed_quantity(position.contracts, is_short, *instrument));
    if (!got.ok()) return got.error();
    if (update.quantity.units != 0 && !is_short && position.side != "long") return Error::missing_field;
    if (const auto entry = streams::amount(position.entry_price)) update.entry = *entry;  // for people
    update.side = !position.hedged.value_or(false) ? PositionSide::net
                  : is_short                       ? PositionSide::short_only
                                                   : PositionSide::long_only;
    event.side = is_short ? core::Side::sell : core::Side::buy;
    event.position = update;
    return std::optional{event};
}

Reading holding_event(const Origin& origin, const core::Instrument& instrument, const exchange::Balances& balances) {
    auto event = event_of(origin, VenueEventKind::position, instrument, balances.time);
    PositionUpdate update;
    const auto& base = origin.desk.market(instrument).base;
    for (const auto& balance : balances.all) {
        if (balance.currency != base) continue;
        const bool negative = balance.total.starts_with('-');
        const auto whole = exchange::to_amount(negative ? exchange::absolute(balance.total) : balance.total,
                                               exchange::step_of_decimals(instrument.quantity_decimals));
        if (whole.empty()) return Error::malformed;
        const auto held = signed_quantity(whole, negative, instrument);
        if (!held) return held.error();
        update.quantity = *held;
    }
    event.side = update.quantity.units < 0 ? core::Side::sell : core::Side::buy;
    event.position = update;
    return std::optional{event};
}

}  // namespace gateways::live
