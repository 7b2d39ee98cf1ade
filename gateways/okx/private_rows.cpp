#include "gateways/okx/private_rows.hpp"

namespace gateways::okx {

using streams::Row;

namespace {

OrderOrigin origin_of(std::string_view category) noexcept {
    if (category == "full_liquidation" || category == "partial_liquidation") return OrderOrigin::liquidation;
    if (category == "adl") return OrderOrigin::deleveraging;
    return category == "delivery" ? OrderOrigin::settlement : OrderOrigin::account;
}

std::optional<VenueStatus> open_status(std::string_view state) noexcept {
    if (state == "live") return VenueStatus::working;
    if (state == "partially_filled") return VenueStatus::partially_filled;
    if (state == "filled") return VenueStatus::filled;
    return std::nullopt;
}

/// Of an order that waits for a price: `pending` until then, `working` when it has become an order of its own.
std::optional<VenueStatus> algo_status(std::string_view state) noexcept {
    if (state == "live" || state == "pause") return VenueStatus::pending;
    if (state == "partially_effective" || state == "effective" || state == "order_placed") return VenueStatus::working;
    if (state == "filled") return VenueStatus::filled;
    return std::nullopt;
}

void set_type(std::string_view type, OrderUpdate& update) noexcept {
    if (type == "market" || type == "optimal_limit_ioc") update.type = core::OrderType::market;
    if (type == "ioc" || type == "optimal_limit_ioc") update.time_in_force = core::TimeInForce::ioc;
    if (type == "fok") update.time_in_force = core::TimeInForce::fok;
    if (type == "post_only" || type == "mmp_and_post_only") update.time_in_force = core::TimeInForce::post_only;
}

/// Why an order left the book that is not filled, by its cancelSource. Source: OKX API v5, "Order channel".
struct End {
    VenueEventKind kind{};
    Refusal refusal{};
};
End end_of(std::optional<std::int64_t> source) noexcept {
    using enum Refusal;
    switch (source.value_or(1)) {
        case 1:   // by the user
        case 20:  // cancel all after
            return {VenueEventKind::cancelled, other};
        case 2:   // not enough margin in the position
        case 21:  // a take profit or stop loss of a position that is closed
        case 22:
        case 23: return {VenueEventKind::expired, reduce_only};
        case 7: return {VenueEventKind::expired, no_market};  // delivered
        case 9: return {VenueEventKind::expired, insufficient_balance};
        case 13:  // fill or kill
        case 14: return {VenueEventKind::expired, would_not_fill};
        case 15:
        case 27: return {VenueEventKind::expired, price_band};
        case 31: return {VenueEventKind::expired, post_only_would_cross};
        default: return {VenueEventKind::expired, other};  // by the venue: risk control, self-trade prevention, …
    }
}

/// An algo order's price once triggered; -1 is the market's.
std::string_view order_price(const Row& row) noexcept {
    for (const auto* key : {"ordPx", "slOrdPx", "tpOrdPx"})
        if (const auto text = row.text(key); !text.empty()) return text == "-1" ? std::string_view{} : text;
    return {};
}
std::string_view trigger_price(const Row& row) noexcept {
    for (const auto* key : {"triggerPx", "slTriggerPx", "tpTriggerPx"})
        if (const auto text = row.text(key); !text.empty()) return text;
    return {};
}

}  // namespace

const core::Instrument* Reader::instrument_of(const Row& row) noexcept {
    const auto type = row.text("instType");
    const auto id = row.text("instId");
    const core::Instrument* found = nullptr;
    // a margin position of a pair is none of the spot instrument
    if (type == "SPOT" || type.empty()) found = instruments->find(venue, core::Market::spot, id);
    if (found == nullptr && type != "SPOT" && type != "MARGIN" && type != "OPTION") {
        found = instruments->find(venue, core::Market::linear, id);
        if (found == nullptr) found = instruments->find(venue, core::Market::inverse, id);
    }
    if (found == nullptr) ++reading.foreign;
    return found;
}

bool Reader::identify(const Row& row, VenueEvent& event) noexcept {
    const auto side = row.text("side");
    if (side != "buy" && side != "sell") {
        refuse(core::Error::missing_field);
        return false;
    }
    event.side = side == "sell" ? core::Side::sell : core::Side::buy;
    event.order = streams::order_id(row.text("clOrdId"));
    if (event.order == core::OrderId{}) event.order = streams::order_id(row.text("algoClOrdId"));
    event.origin = origin_of(row.text("category"));
    const auto id = row.text("ordId");
    return take(VenueId::of(id.empty() ? row.text("algoId") : id), event.venue_order);
}

/// The trade in a row of orders or fills. The fee is negative when it is paid.
bool Reader::trade_of(const Row& row, const core::Instrument& instrument, VenueEvent& event) noexcept {
    Fill fill;
    if (!take(VenueId::of(row.text("tradeId")), fill.trade) ||
        !take(streams::price(row.text("fillPx"), instrument), fill.price) ||
        !take(streams::quantity(row.text("fillSz"), instrument), fill.quantity) ||
        !take(streams::quantity(row.text("accFillSz"), instrument), fill.filled))
        return false;
    if (fill.price.units == 0 || fill.quantity.units == 0) {
        refuse(core::Error::missing_field);
        return false;
    }
    // `fee` is the order's so far, fillFee the trade's
    if (!row.text("fillFee").empty()) {
        if (!take(streams::amount(row.text("fillFee")), fill.fee) ||
            !take(Asset::of(row.text("fillFeeCcy")), fill.fee_asset))
            return false;
        fill.fee = streams::negated(fill.fee);
    }
    const auto liquidity = row.text("execType");
    fill.liquidity = liquidity == "M" ? Liquidity::maker : liquidity == "T" ? Liquidity::taker : Liquidity::unknown;
    event.kind = VenueEventKind::fill;
    event.fill = fill;
    return true;
}

void Reader::end(const Row& row, VenueEvent& event, core::Quantity filled) {
    const auto end = end_of(row.integer("cancelSource"));
    event.kind = end.kind;
    event.closed = {.filled = filled, .filled_known = true, .refusal = end.refusal};
    append(event);
}

void Reader::order(const Row& row) {
    const auto* instrument = instrument_of(row);
    if (instrument == nullptr) return;
    auto event = this->event(VenueEventKind::order_update, EventSource::stream);
    event.instrument = instrument->id;
    if (!identify(row, event)) return;
    if (!row.text("tradeId").empty()) {
        auto traded = event;
        traded.venue_time = streams::time_of_ms(row.integer("fillTime"), message_time);
        if (!trade_of(row, *instrument, traded)) return;
        if (event.origin == OrderOrigin::liquidation || event.origin == OrderOrigin::deleveraging) {
            auto closing = traded;
            closing.kind = VenueEventKind::liquidation;
            closing.liquidation = {.quantity = traded.fill.quantity, .price = traded.fill.price};
            append(closing);
        }
        append(traded);
    }
    event.venue_time = streams::time_of_ms(row.integer("uTime"), message_time);
    OrderUpdate update;
    if (!take(streams::quantity(row.text("accFillSz"), *instrument), update.filled)) return;
    const auto state = row.text("state");
    if (state == "canceled" || state == "mmp_canceled") return end(row, event, update.filled);
    const auto status = open_status(state);
    if (!status) return refuse(core::Error::unknown_message);
    update.status = *status;
    set_type(row.text("ordType"), update);
    update.reduce_only = row.truth("reduceOnly").value_or(false);
    // the quantity of a spot market order may be the money to be spent
    const bool in_quote = row.text("tgtCcy") == "quote_ccy";
    if (!take(streams::quantity(in_quote ? "" : row.text("sz"), *instrument), update.quantity) ||
        !take(streams::price(row.text("px"), *instrument), update.price) ||
        !take(streams::amount(row.text("avgPx")), update.average_price))
        return;
    event.update = update;
    append(event);
}

void Reader::algo_order(const Row& row) {
    const auto* instrument = instrument_of(row);
    if (instrument == nullptr) return;
    auto event = this->event(VenueEventKind::order_update, EventSource::stream);
    event.instrument = instrument->id;
    event.venue_time = streams::time_of_ms(row.integer("uTime"), message_time);
    if (!identify(row, event)) return;
    if (const auto own = streams::order_id(row.text("algoClOrdId")); own != core::OrderId{}) event.order = own;
    OrderUpdate update{.type = core::OrderType::stop_market};
    if (!take(streams::quantity(row.text("actualSz"), *instrument), update.filled)) return;
    const auto state = row.text("state");
    if (state == "canceled") return end(row, event, update.filled);
    if (state == "order_failed" || state == "partially_failed") {
        const auto meaning = meaning_of(row.integer("failCode").value_or(0));
        event.kind = VenueEventKind::rejected;
        event.rejected = {.refusal = meaning.refusal, .code = meaning.code};
        return append(event);
    }
    const auto status = algo_status(state);
    if (!status) return refuse(core::Error::unknown_message);
    update.status = *status;
    update.reduce_only = row.truth("reduceOnly").value_or(false);
    if (!take(streams::quantity(row.text("sz"), *instrument), update.quantity) ||
        !take(streams::price(order_price(row), *instrument), update.price) ||
        !take(streams::price(trigger_price(row), *instrument), update.trigger) ||
        !take(streams::amount(row.text("actualPx")), update.average_price))
        return;
    if (update.price.units != 0) update.type = core::OrderType::limit;
    event.update = update;
    append(event);
}

void Reader::fill(const Row& row) {
    const auto* instrument = instrument_of(row);
    if (instrument == nullptr) return;
    auto event = this->event(VenueEventKind::fill, EventSource::stream);
    event.instrument = instrument->id;
    event.venue_time = streams::time_of_ms(row.integer("ts"), message_time);
    if (identify(row, event) && trade_of(row, *instrument, event)) append(event);
}

void Reader::position(const Row& row) {
    const auto* instrument = instrument_of(row);
    if (instrument == nullptr || instrument->market == core::Market::spot) return;
    auto event = this->event(VenueEventKind::position, EventSource::stream);
    event.instrument = instrument->id;
    event.venue_time = streams::time_of_ms(row.integer("uTime"), message_time);
    PositionUpdate update;
    if (!take(streams::signed_quantity(row.text("pos"), *instrument), update.quantity) ||
        !take(streams::amount(row.text("avgPx")), update.entry))
        return;
    const auto side = row.text("posSide");
    if (side == "short") {  // counted without sign in long/short mode
        update.side = PositionSide::short_only;
        if (update.quantity.units > 0) update.quantity = -update.quantity;
    } else if (side == "long") {
        update.side = PositionSide::long_only;
    } else if (side != "net" && !side.empty()) {
        return refuse(core::Error::unknown_message);
    }
    event.side = update.quantity.units < 0 ? core::Side::sell : core::Side::buy;
    event.position = update;
    append(event);
}

void Reader::account(const Row& row) {
    const bool listed = row.for_each("details", [&](const Row& detail) {
        auto event = this->event(VenueEventKind::balance, EventSource::stream);
        event.venue_time = streams::time_of_ms(detail.integer("uTime"), message_time);
        BalanceUpdate update;
        const auto equity = detail.text("availEq");  // "" in spot mode
        if (!take(Asset::of(detail.text("ccy")), update.asset) ||
            !take(streams::amount(detail.text("cashBal")), update.wallet) ||
            !take(streams::amount(equity.empty() ? detail.text("availBal") : equity), update.available))
            return;
        if (update.asset.empty()) return refuse(core::Error::missing_field);
        event.balance = update;
        append(event);
    });
    if (!listed) refuse(core::Error::missing_field);
}

void Reader::balance_and_position(const Row& row) {
    // its balances do not say what is available: the account channel does
    row.for_each("posData", [&](const Row& one) { position(one); });
}

}  // namespace gateways::okx
