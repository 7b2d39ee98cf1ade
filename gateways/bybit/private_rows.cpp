#include "gateways/bybit/private_rows.hpp"

namespace gateways::bybit {

using streams::Row;

namespace {

core::TimeInForce time_in_force(std::string_view text) noexcept {
    if (text == "IOC") return core::TimeInForce::ioc;
    if (text == "FOK") return core::TimeInForce::fok;
    return text == "PostOnly" || text == "RPI" ? core::TimeInForce::post_only : core::TimeInForce::gtc;
}

bool any_of(std::string_view text, std::initializer_list<std::string_view> words) noexcept {
    for (const auto word : words)
        if (word == text) return true;
    return false;
}

OrderOrigin origin_of(std::string_view create_type) noexcept {
    if (any_of(create_type, {"CreateByLiq", "CreateByTakeOver_PassThrough"})) return OrderOrigin::liquidation;
    if (create_type == "CreateByAdl_PassThrough") return OrderOrigin::deleveraging;
    return create_type == "CreateBySettle" ? OrderOrigin::settlement : OrderOrigin::account;
}

/// Who made a trade, by its execType; nothing for what is no trade of an order (Funding, MovePosition, …).
std::optional<OrderOrigin> origin_of_execution(std::string_view type) noexcept {
    if (any_of(type, {"", "Trade", "BlockTrade", "FutureSpread"})) return OrderOrigin::account;  // fast ones do not say
    if (type == "BustTrade") return OrderOrigin::liquidation;
    if (type == "AdlTrade") return OrderOrigin::deleveraging;
    if (any_of(type, {"Delivery", "Settle"})) return OrderOrigin::settlement;
    return std::nullopt;
}

std::optional<VenueStatus> open_status(std::string_view text) noexcept {
    if (text == "New") return VenueStatus::working;
    if (text == "PartiallyFilled") return VenueStatus::partially_filled;
    if (text == "Untriggered" || text == "Triggered") return VenueStatus::pending;
    if (text == "Filled") return VenueStatus::filled;
    return std::nullopt;
}

/// How an order left the book that is not filled: by a cancel, or by itself and why.
struct End {
    VenueEventKind kind{};
    Refusal refusal{};
};
End end_of(const Row& row) noexcept {
    const auto reason = row.text("rejectReason");
    const auto how = row.text("cancelType");
    if (const auto refusal = refusal_of_reason(reason); refusal != Refusal::other)
        return {VenueEventKind::expired, refusal};
    if (how == "CancelByReduceOnly") return {VenueEventKind::expired, Refusal::reduce_only};
    if (how == "CancelBySettle" || how == "CancelByDelivery") return {VenueEventKind::expired, Refusal::no_market};
    if (how == "CancelByCannotAffordOrderCost") return {VenueEventKind::expired, Refusal::insufficient_balance};
    if (row.text("orderStatus") == "Expired") return {VenueEventKind::expired, Refusal::other};
    if (any_of(how, {"CancelByUser", "CancelByAdmin", "CancelByDCP"}) || reason == "EC_PerCancelRequest")
        return {VenueEventKind::cancelled, Refusal::other};
    if (any_of(row.text("timeInForce"), {"IOC", "FOK"})) return {VenueEventKind::expired, Refusal::would_not_fill};
    if (any_of(how, {"", "UNKNOWN"})) return {VenueEventKind::cancelled, Refusal::other};
    return {VenueEventKind::expired, Refusal::other};  // self-trade prevention, the other leg of a pair, liquidation
}

/// The currency of a contract's fee where the row does not name it: what the contract is settled in, by its name.
std::string_view settle_coin(const core::Instrument& instrument) noexcept {
    const std::string_view symbol = instrument.symbol;
    if (instrument.market == core::Market::spot) return {};
    if (instrument.market == core::Market::linear) {
        if (symbol.find("USDT") != symbol.npos) return "USDT";
        return symbol.ends_with("PERP") || symbol.find('-') != symbol.npos ? "USDC" : "";
    }
    const auto quote = symbol.find("USD");
    return quote == symbol.npos ? std::string_view{} : symbol.substr(0, quote);
}

}  // namespace

const core::Instrument* Reader::instrument_of(const Row& row) noexcept {
    auto category = row.text("category");
    if (category.empty()) category = topic_category;
    const auto market = core::parse_market(category);
    const auto* found = market ? instruments->find(venue, *market, row.text("symbol")) : nullptr;
    if (found == nullptr) ++reading.foreign;
    return found;
}

bool Reader::identify(const Row& row, VenueEvent& event) noexcept {
    const auto side = row.text("side");
    event.side = side == "Sell" ? core::Side::sell : core::Side::buy;
    event.order = streams::order_id(row.text("orderLinkId"));
    if (side != "Buy" && side != "Sell") {
        refuse(core::Error::missing_field);
        return false;
    }
    return take(VenueId::of(row.text("orderId")), event.venue_order);
}

void Reader::order(const Row& row) {
    const auto* instrument = instrument_of(row);
    if (instrument == nullptr) return;
    auto event = this->event(VenueEventKind::order_update, EventSource::stream);
    event.instrument = instrument->id;
    event.origin = origin_of(row.text("createType"));
    event.venue_time = streams::time_of_ms(row.integer("updatedTime"), message_time);
    core::Quantity filled;
    if (!identify(row, event) || !take(streams::quantity(row.text("cumExecQty"), *instrument), filled)) return;

    const auto text = row.text("orderStatus");
    if (const auto status = open_status(text)) {
        OrderUpdate update{.status = *status, .time_in_force = time_in_force(row.text("timeInForce"))};
        const bool market = row.text("orderType") == "Market";
        // the quantity of a spot market buy is the money to be spent
        const bool in_quote = instrument->market == core::Market::spot && market &&
                              (row.text("marketUnit") == "quoteCoin" ||
                               (event.side == core::Side::buy && row.text("marketUnit") != "baseCoin"));
        if (!take(streams::quantity(in_quote ? "" : row.text("qty"), *instrument), update.quantity) ||
            !take(streams::price(market ? "" : row.text("price"), *instrument), update.price) ||
            !take(streams::price(row.text("triggerPrice"), *instrument), update.trigger) ||
            !take(streams::amount(row.text("avgPrice")), update.average_price))
            return;
        update.filled = filled;
        update.reduce_only = row.truth("reduceOnly").value_or(false);
        if (market) update.type = update.trigger.units != 0 ? core::OrderType::stop_market : core::OrderType::market;
        event.update = update;
        return append(event);
    }
    if (!any_of(text, {"Cancelled", "PartiallyFilledCanceled", "Deactivated", "Rejected", "Expired"}))
        return refuse(core::Error::unknown_message);
    const auto end = end_of(row);
    if (text == "Rejected" && filled.units == 0) {
        event.kind = VenueEventKind::rejected;
        event.rejected = {.refusal = end.refusal, .code = 0};
        return append(event);
    }
    // rejected with a filled part: it was in the book, and left it by itself
    event.kind = text == "Rejected" ? VenueEventKind::expired : end.kind;
    event.closed = {.filled = filled, .filled_known = !row.text("cumExecQty").empty(), .refusal = end.refusal};
    append(event);
}

void Reader::execution(const Row& row) {
    const auto origin = origin_of_execution(row.text("execType"));
    if (!origin) return;
    const auto* instrument = instrument_of(row);
    if (instrument == nullptr) return;
    auto event = this->event(VenueEventKind::fill, EventSource::stream);
    event.instrument = instrument->id;
    event.origin = *origin;
    event.venue_time = streams::time_of_ms(row.integer("execTime"), message_time);
    if (!identify(row, event)) return;
    Fill fill;
    if (!take(VenueId::of(row.text("execId")), fill.trade) ||
        !take(streams::price(row.text("execPrice"), *instrument), fill.price) ||
        !take(streams::quantity(row.text("execQty"), *instrument), fill.quantity))
        return;
    if (fill.trade.empty() || fill.price.units == 0 || fill.quantity.units == 0)
        return refuse(core::Error::missing_field);
    // The order's sum so far is the order topic's to tell: leavesQty is 0 also of an order whose rest was cancelled.
    if (!row.text("execFee").empty()) {
        auto coin = row.text("feeCurrency");
        if (coin.empty()) coin = settle_coin(*instrument);
        if (!take(streams::amount(row.text("execFee")), fill.fee) || !take(Asset::of(coin), fill.fee_asset)) return;
    }
    if (const auto maker = row.truth("isMaker")) fill.liquidity = *maker ? Liquidity::maker : Liquidity::taker;
    if (*origin == OrderOrigin::liquidation || *origin == OrderOrigin::deleveraging) {
        auto closing = event;
        closing.kind = VenueEventKind::liquidation;
        closing.liquidation = {.quantity = fill.quantity, .price = fill.price};
        append(closing);
    }
    event.fill = fill;
    append(event);
}

void Reader::position(const Row& row) {
    const auto* instrument = instrument_of(row);
    if (instrument == nullptr) return;
    auto event = this->event(VenueEventKind::position, EventSource::stream);
    event.instrument = instrument->id;
    event.venue_time = streams::time_of_ms(row.integer("updatedTime"), message_time);
    PositionUpdate update;
    const auto entry = row.text("entryPrice");
    if (!take(streams::quantity(row.text("size"), *instrument), update.quantity) ||
        !take(streams::amount(entry.empty() ? row.text("avgPrice") : entry), update.entry))
        return;
    const auto side = row.text("side");
    if (update.quantity.units != 0 && side != "Buy" && side != "Sell") return refuse(core::Error::missing_field);
    if (side == "Sell") update.quantity = -update.quantity;
    const auto index = row.integer("positionIdx").value_or(0);
    if (index < 0 || index > 2) return refuse(core::Error::out_of_range);
    update.side = index == 1 ? PositionSide::long_only : index == 2 ? PositionSide::short_only : PositionSide::net;
    event.side = side == "Sell" ? core::Side::sell : core::Side::buy;
    event.position = update;
    append(event);
    if (row.text("positionStatus") == "Liq") {
        event.kind = VenueEventKind::liquidation;
        event.origin = OrderOrigin::liquidation;
        event.side = side == "Sell" ? core::Side::buy : core::Side::sell;
        event.liquidation = {};
        append(event);
    }
}

void Reader::wallet(const Row& row) {
    const bool listed = row.for_each("coin", [&](const Row& coin) {
        auto event = this->event(VenueEventKind::balance, EventSource::stream);
        BalanceUpdate update;
        Amount orders, positions, locked;
        if (!take(Asset::of(coin.text("coin")), update.asset) ||
            !take(streams::amount(coin.text("walletBalance")), update.wallet) ||
            !take(streams::amount(coin.text("totalOrderIM")), orders) ||
            !take(streams::amount(coin.text("totalPositionIM")), positions) ||
            !take(streams::amount(coin.text("locked")), locked) ||
            // availableToWithdraw is deprecated for unified accounts, so what is not bound is what is available
            !take(streams::rest(update.wallet, {orders, positions, locked}), update.available))
            return;
        if (update.asset.empty()) return refuse(core::Error::missing_field);
        event.balance = update;
        append(event);
    });
    if (!listed) refuse(core::Error::missing_field);
}

}  // namespace gateways::bybit
