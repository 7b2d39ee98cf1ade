// Orders as the venue writes them.
#include "tools/venue/binance/binance.hpp"

namespace venue::binance {

Json Binance::order_json(const Order& order) const {
    return rules(order.listing).spot() ? spot_order(order) : futures_order(order);
}

Json Binance::spot_order(const Order& order) const {
    const auto& listing = rules(order.listing);
    Json made{{"symbol", listing.instrument.symbol},
              {"orderId", order.number},
              {"orderListId", -1},
              {"clientOrderId", order.client_id},
              {"price", price_text(listing, order.price)},
              {"origQty", quantity_text(listing, order.quantity)},
              {"executedQty", quantity_text(listing, order.filled)},
              {"origQuoteOrderQty", fixed(order.quote_amount)},
              {"cummulativeQuoteQty", fixed(order.filled_quote)},
              {"status", status_text(order)},
              {"timeInForce", time_in_force_text(order, true)},
              {"type", type_text(order, true)},
              {"side", side_text(order.side)}};
    if (triggered_kind(order.kind)) made["stopPrice"] = price_text(listing, order.trigger);
    made["time"] = milliseconds(order.created);
    made["updateTime"] = milliseconds(order.updated);
    made["isWorking"] = order.state != OrderState::untriggered;
    made["workingTime"] = order.state == OrderState::untriggered ? -1 : milliseconds(order.created);
    made["selfTradePreventionMode"] = "EXPIRE_MAKER";
    return made;
}

Json Binance::futures_order(const Order& order) const {
    const auto& listing = rules(order.listing);
    return {
        {"orderId", order.number},
        {"symbol", listing.instrument.symbol},
        {"status", status_text(order)},
        {"clientOrderId", order.client_id},
        {"price", price_text(listing, order.price)},
        {"avgPrice", price_text(listing, average_price(listing, order.filled_quote, order.filled))},
        {"origQty", quantity_text(listing, order.quantity)},
        {"executedQty", quantity_text(listing, order.filled)},
        {"cumQty", quantity_text(listing, order.filled)},
        {"cumQuote", fixed(order.filled_quote)},
        {"timeInForce", time_in_force_text(order, false)},
        {"type", triggered_kind(order.kind) ? (market_kind(order.kind) ? "MARKET" : "LIMIT") : type_text(order, false)},
        {"reduceOnly", order.reduce_only},
        {"closePosition", order.close_position},
        {"side", side_text(order.side)},
        {"positionSide", position_side_text(order.position_side)},
        {"stopPrice", price_text(listing, order.trigger)},
        {"workingType", order.trigger_by == TriggerBy::mark ? "MARK_PRICE" : "CONTRACT_PRICE"},
        {"priceProtect", false},
        {"origType", type_text(order, false)},
        {"priceMatch", "NONE"},
        {"selfTradePreventionMode", "EXPIRE_MAKER"},
        {"goodTillDate", 0},
        {"time", milliseconds(order.created)},
        {"updateTime", milliseconds(order.updated)}};
}

Json Binance::algo_order(const Order& order) const {
    const auto& listing = rules(order.listing);
    const bool waits = order.state == OrderState::untriggered;
    const char* status = waits                                                     ? "NEW"
                         : !order.released && order.state == OrderState::cancelled ? "CANCELED"
                         : order.state == OrderState::rejected                     ? "REJECTED"
                         : live(order.state)                                       ? "TRIGGERED"
                                                                                   : "FINISHED";
    return {{"algoId", order.number},
            {"clientAlgoId", order.client_id},
            {"algoType", "CONDITIONAL"},
            {"orderType", type_text(order, false)},
            {"symbol", listing.instrument.symbol},
            {"side", side_text(order.side)},
            {"positionSide", position_side_text(order.position_side)},
            {"timeInForce", time_in_force_text(order, false)},
            {"quantity", quantity_text(listing, order.quantity)},
            {"algoStatus", status},
            {"actualOrderId", order.released ? std::to_string(order.number) : std::string{}},
            {"actualPrice", price_text(listing, average_price(listing, order.filled_quote, order.filled))},
            {"triggerPrice", price_text(listing, order.trigger)},
            {"price", price_text(listing, order.price)},
            {"icebergQuantity", nullptr},
            {"selfTradePreventionMode", "EXPIRE_MAKER"},
            {"workingType", order.trigger_by == TriggerBy::mark ? "MARK_PRICE" : "CONTRACT_PRICE"},
            {"priceMatch", "NONE"},
            {"closePosition", order.close_position},
            {"priceProtect", false},
            {"reduceOnly", order.reduce_only},
            {"createTime", milliseconds(order.created)},
            {"updateTime", milliseconds(order.updated)},
            {"triggerTime", order.released ? milliseconds(order.updated) : 0},
            {"goodTillDate", 0}};
}

}  // namespace venue::binance
