// Orders and executions as the venue writes them, by REST and by socket alike.
#include "tools/venue/bybit/bybit.hpp"

namespace venue::bybit {

std::string Bybit::order_id(ListingId listing, OrderNumber number) const {
    return rules(listing).spot() ? std::to_string(number) : uuid_of(number);
}

std::string Bybit::order_id(const Order& order) const {
    return order_id(order.listing, order.number);
}

std::string Bybit::trade_id(ListingId listing, std::uint64_t trade) const {
    return rules(listing).spot() ? std::to_string(trade) : uuid_of(trade);
}

Json Bybit::order_json(const Order& order) const {
    const auto& rule = rules(order.listing);
    const bool spot = rule.spot();
    const bool by_amount = order.quote_amount.units != 0;
    const bool conditional = triggered_kind(order.kind);
    const bool ended = !live(order.state);
    const auto left = ended ? core::Quantity{} : order.left();
    const auto stop = stop_types_.find(order.number);
    const auto preset = presets_.find(order.number);
    const bool has_preset = preset != presets_.end();
    const auto fee = core::to_text(order.fee, 8);
    const auto fee_coin = spot && order.side == core::Side::buy ? rule.base : rule.quote;
    Json fees = Json::object();
    if (order.fee != 0) fees[fee_coin] = fee;
    Json made{{"category", category_text(rule.instrument.market)},
              {"symbol", rule.instrument.symbol},
              {"orderId", order_id(order)},
              {"orderLinkId", link_id(order)},
              {"blockTradeId", ""},
              {"side", side_text(order.side)},
              {"positionIdx", index_of(order.position_side)},
              {"orderStatus", status_text(order, spot)},
              {"cancelType", !ended || order.state == OrderState::filled ? "UNKNOWN"
                             : order.state == OrderState::cancelled      ? "CancelByUser"
                             : order.reason == Refusal::reduce_only      ? "CancelByReduceOnly"
                                                                         : "UNKNOWN"},
              {"rejectReason", reject_reason_text(order)},
              {"timeInForce", time_in_force_text(order)},
              {"isLeverage", spot ? "0" : ""},
              {"price", market_kind(order.kind) ? "0" : price_text(rule, order.price)},
              {"qty", by_amount ? core::to_text(order.quote_amount) : quantity_text(rule, order.quantity)},
              {"avgPrice",
               order.filled.units == 0 ? "" : price_text(rule, average_price(rule, order.filled_quote, order.filled))},
              {"leavesQty", quantity_text(rule, left)},
              {"leavesValue", core::to_text(rule.instrument.notional(order.price, left).value_or(core::Notional{}))},
              {"cumExecQty", quantity_text(rule, order.filled)},
              {"cumExecValue", core::to_text(order.filled_quote)},
              {"cumExecFee", fee},
              {"cumFeeDetail", std::move(fees)},
              {"closedPnl", core::to_text(order.realised)},
              {"feeCurrency", spot ? fee_coin : ""},
              {"orderType", market_kind(order.kind) ? "Market" : "Limit"},
              {"stopOrderType", stop == stop_types_.end() ? (conditional ? "Stop" : "") : stop->second},
              {"orderIv", ""},
              {"triggerPrice", conditional ? price_text(rule, order.trigger) : ""},
              {"takeProfit", has_preset ? preset->second.take_profit : ""},
              {"stopLoss", has_preset ? preset->second.stop_loss : ""},
              {"triggerBy", conditional ? (order.trigger_by == TriggerBy::mark ? "MarkPrice" : "LastPrice") : ""},
              {"tpTriggerBy", has_preset ? "LastPrice" : ""},
              {"slTriggerBy", has_preset ? "LastPrice" : ""},
              {"triggerDirection", conditional ? (rises(order) ? 1 : 2) : 0},
              {"placeType", ""},
              {"lastPriceOnCreated", ""},
              {"closeOnTrigger", order.close_position},
              {"reduceOnly", order.reduce_only || order.close_position},
              {"smpGroup", 0},
              {"smpType", "None"},
              {"smpOrderId", ""},
              {"marketUnit", spot && market_kind(order.kind) ? (by_amount ? "quoteCoin" : "baseCoin") : ""},
              {"createType", order.liquidation ? "CreateByLiq" : "CreateByUser"},
              {"createdTime", time_text(order.created)},
              {"updatedTime", time_text(order.updated)}};
    if (!spot) {
        made["tpslMode"] = has_preset ? (preset->second.whole ? "Full" : "Partial") : "";
        made["tpLimitPrice"] = has_preset ? preset->second.take_profit_limit : "";
        made["slLimitPrice"] = has_preset ? preset->second.stop_loss_limit : "";
    }
    return made;
}

Json Bybit::execution_json(const Fill& fill) const {
    const auto& state = engine().market(fill.listing);
    const auto& rule = state.rules;
    const auto* order = engine().order(fill.order);
    const bool conditional = order != nullptr && triggered_kind(order->kind);
    const auto mark = price_text(rule, state.mark());
    const bool closes = fill.realised.units != 0;
    return {{"category", category_text(rule.instrument.market)},
            {"symbol", rule.instrument.symbol},
            {"orderId", order_id(fill.listing, fill.order)},
            {"orderLinkId", order == nullptr ? std::string{} : link_id(*order)},
            {"side", side_text(fill.side)},
            {"orderPrice", order == nullptr || market_kind(order->kind) ? "0" : price_text(rule, order->price)},
            {"orderQty", order == nullptr ? "" : quantity_text(rule, order->quantity)},
            {"leavesQty", order == nullptr ? "" : quantity_text(rule, order->left())},
            {"createType", order != nullptr && order->liquidation ? "CreateByLiq" : "CreateByUser"},
            {"orderType", order != nullptr && market_kind(order->kind) ? "Market" : "Limit"},
            {"stopOrderType", conditional ? "Stop" : ""},
            {"execFee", core::to_text(fill.fee, 8)},
            {"execId", trade_id(fill.listing, fill.trade)},
            {"execPrice", price_text(rule, fill.price)},
            {"execQty", quantity_text(rule, fill.quantity)},
            {"execType", order != nullptr && order->liquidation ? "BustTrade" : "Trade"},
            {"execValue", core::to_text(fill.quote)},
            {"execTime", time_text(fill.time)},
            {"feeCurrency", fill.fee_asset},
            {"isMaker", fill.maker},
            {"feeRate", core::to_text((fill.maker ? rule.maker_fee : rule.taker_fee).units, Rate::decimals)},
            {"tradeIv", ""},
            {"markIv", ""},
            {"markPrice", mark},
            {"indexPrice", mark},
            {"underlyingPrice", ""},
            {"blockTradeId", ""},
            {"closedSize", quantity_text(rule, closes ? fill.quantity : core::Quantity{})},
            {"execPnl", core::to_text(fill.realised)},
            {"seq", fill.trade}};
}

}  // namespace venue::bybit
